#include "net/route.h"

#include "net/socket/endpoint.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace fengsui::net {

bool has_route(const model::IpAddress& address) {
    using boost::asio::ip::udp;
    constexpr std::uint16_t kAnyPort = 443; // connect() of a datagram socket only chooses a route
    boost::asio::io_context io;
    udp::socket socket(io);
    const udp::endpoint endpoint(to_asio(address), kAnyPort);
    boost::system::error_code error;
    socket.open(endpoint.protocol(), error);
    if (!error) {
        socket.connect(endpoint, error);
    }
    return !error;
}

} // namespace fengsui::net
