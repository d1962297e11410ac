// How the hostile kinds of site behave. All of it is bounded: in bytes, in time, and by the peer's leaving.
#pragma once

#include "net/connection.h"
#include "range/pages/wire.h"

#include <memory>

namespace fengsui::net {
class Runtime;
}

namespace fengsui::range {

/// Kinds that never come to an answer, on this cover. `false`: this kind talks.
bool is_mute(Hostile kind, bool is_secure);
/// Serves such a connection to its end.
net::Task<> stay_mute(Hostile kind, net::Connection& connection);

/// Whether this kind has its own way with this request; `answered` is how many the site has answered.
bool has_own_way(const Site& site, const PageRequest& request, unsigned answered);
/// Sends the answer in that way; the connection is to be closed afterwards.
net::Task<> answer_badly(
    const Site& site, WireAnswer sound, net::Connection& connection, net::Runtime& runtime
);
/// 429 or 503 in place of the answer.
Page busy_page(const Site& site);
/// Where the kind that never arrives sends its visitors.
Page loop_page(const Site& site, std::string_view path);

} // namespace fengsui::range
