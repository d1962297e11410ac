// Whether this machine can speak to an address at all.
#pragma once

#include "model/address.h"

namespace fengsui::net {

/// True when the operating system knows a route and a source address. Sends nothing (UDP connect).
bool has_route(const model::IpAddress& address);

} // namespace fengsui::net
