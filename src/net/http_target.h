// A request target taken apart, strictly. Private to net.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fengsui::net {

struct HttpTarget {
    std::string path; ///< decoded
    std::vector<std::pair<std::string, std::string>> query;
};

/// Origin form, absolute form or `*` (RFC 9112 3.2). False for bad escapes, NUL, or what is not UTF-8.
bool decode_target(std::string_view target, HttpTarget& decoded);

} // namespace fengsui::net
