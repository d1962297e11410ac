// Requests and answers as bytes.
#pragma once

#include "range/pages/page.h"

#include <optional>

namespace fengsui::range {

struct ParsedRequest {
    PageRequest page;
    std::string host; ///< Host header without its port, lower case
    bool keeps_alive = true;
};

/// Reads a request head that ends with a blank line; nothing when it is none.
std::optional<ParsedRequest> parse_request(std::string_view head);

/// The answer's head lines up to and without the blank line, and its body, coded as the site does.
struct WireAnswer {
    std::string head;
    std::string body;
    bool closes = false; ///< the end of the body is the end of the connection
};
WireAnswer encode_answer(const Site& site, const ParsedRequest& request, Page page, base::Instant now);

std::string gzip(std::string_view bytes);
/// UTF-8 to GBK as Chinese servers send it; what it lacks becomes a question mark.
std::string to_gbk(std::string_view utf8);

} // namespace fengsui::range
