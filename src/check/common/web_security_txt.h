// security.txt (RFC 9116) as it was answered.
#pragma once

#include "model/observation.h"

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::check {

struct SecurityTxt {
    model::Outcome outcome;                      ///< completed: there is an answer, and it tells something
    const model::HttpExchange* answer = nullptr; ///< the final one
    bool is_there = false;                       ///< 200 and not a web page that says "not found"
    std::vector<std::string> contacts;
    std::vector<std::string> expires;
};

/// Reads the final answer. A cleartext signature around the fields is passed over (section 2.3), and so is a
/// byte order mark, which editors put there unasked.
SecurityTxt read_security_txt(const model::Observation& seen);

/// Which rules the file breaks, by the names that other checkers use; empty when it is valid.
std::vector<std::string> security_txt_faults(const SecurityTxt& file);

} // namespace fengsui::check
