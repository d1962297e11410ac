#include "model/http.h"

#include "base/text.h"

namespace fengsui::model {

const std::string* find_header(const HttpHeaders& headers, std::string_view name) {
    for (const auto& header : headers) {
        if (base::iequals(header.name, name)) {
            return &header.value;
        }
    }
    return nullptr;
}

std::vector<std::string_view> all_headers(const HttpHeaders& headers, std::string_view name) {
    std::vector<std::string_view> values;
    for (const auto& header : headers) {
        if (base::iequals(header.name, name)) {
            values.emplace_back(header.value);
        }
    }
    return values;
}

bool HttpExchange::is_redirect() const {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool HttpExchange::is_html() const {
    if (const auto* type = header("Content-Type")) {
        return base::icontains(*type, "text/html") || base::icontains(*type, "application/xhtml");
    }
    const auto start = std::string_view(body).substr(0, 512);
    return base::icontains(start, "<html") || base::icontains(start, "<!doctype html");
}

std::string HttpExchange::text() const {
    return base::to_utf8(body, charset);
}

} // namespace fengsui::model
