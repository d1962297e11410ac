#include "net/socket/endpoint.h"

namespace fengsui::net {

boost::asio::ip::address to_asio(const model::IpAddress& address) {
    if (address.is_v4()) {
        return boost::asio::ip::address_v4(address.to_v4());
    }
    return boost::asio::ip::address_v6(address.bytes());
}

model::IpAddress from_asio(const boost::asio::ip::address& address) {
    if (address.is_v4()) {
        return model::IpAddress::v4(address.to_v4().to_uint());
    }
    return model::IpAddress::v6(address.to_v6().to_bytes());
}

} // namespace fengsui::net
