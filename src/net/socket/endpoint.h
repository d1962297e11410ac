// Between our addresses and Asio's. Private to net.
#pragma once

#include "model/address.h"

#include <boost/asio/ip/address.hpp>

namespace fengsui::net {

boost::asio::ip::address to_asio(const model::IpAddress& address);
model::IpAddress from_asio(const boost::asio::ip::address& address);

} // namespace fengsui::net
