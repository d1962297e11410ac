// Names and values as query strings and form bodies carry them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fengsui::api {

/// Everything but the unreserved characters of RFC 3986 as %XX: right in a query, a form and a path segment.
std::string percent_encoded(std::string_view text);

using FormFields = std::vector<std::pair<std::string_view, std::string>>;
/// `name=value&name=value`.
std::string form_text(const FormFields& fields);

} // namespace fengsui::api
