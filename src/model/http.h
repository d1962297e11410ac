// One HTTP request and what came back.
#pragma once

#include "model/outcome.h"
#include "model/url.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::model {

struct HttpHeader {
    std::string name; ///< as sent
    std::string value;
    bool operator==(const HttpHeader&) const = default;
};

using HttpHeaders = std::vector<HttpHeader>;

/// The first header of that name (case-insensitive), or null.
const std::string* find_header(const HttpHeaders& headers, std::string_view name);
std::vector<std::string_view> all_headers(const HttpHeaders& headers, std::string_view name);

struct HttpExchange {
    std::string method = "GET";
    Url url;
    std::optional<IpAddress> address; ///< where it was asked; empty when nothing was contacted
    Outcome outcome;                  ///< completed: a whole head was read
    int status = 0;
    std::string version;         ///< HTTP/1.1, as sent
    std::string phrase;          ///< after the status, as sent
    double seconds = 0;          ///< from writing the request to the end of the answer; waiting left out
    HttpHeaders headers;         ///< in order, as sent
    std::string body;            ///< content coding removed, charset not; at most the probe's limit
    bool body_complete = true;   ///< false: cut by the limit, by a reset or a wrong length
    std::string charset;         ///< from Content-Type, BOM or meta; empty: unknown (UTF-8 assumed)
    std::optional<Url> redirect; ///< resolved Location of a 3xx

    [[nodiscard]] const std::string* header(std::string_view name) const {
        return find_header(headers, name);
    }
    [[nodiscard]] bool is_redirect() const;
    [[nodiscard]] bool is_html() const; ///< by Content-Type, or by looking when there is none
    /// The body as UTF-8.
    [[nodiscard]] std::string text() const;
};

/// A request and the redirects followed from it, first hop first. When the last hop is still a redirect
/// it was not followed, and `end` says why (out of scope, loop, too many).
struct HttpChain {
    std::vector<HttpExchange> hops;
    Outcome end; ///< completed: the last hop is the final answer

    [[nodiscard]] bool reached() const { return !hops.empty() && hops.front().outcome.is_completed(); }
    /// The final answer, or null.
    [[nodiscard]] const HttpExchange* final() const {
        return end.is_completed() && reached() ? &hops.back() : nullptr;
    }
};

} // namespace fengsui::model
