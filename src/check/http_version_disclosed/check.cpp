#include "model/check.h"

#include "base/text.h"
#include "check/common/web_chain.h"

#include <algorithm>
#include <set>

namespace fengsui::check {

namespace {

constexpr std::string_view kHeaders[] = {
    "Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "X-Generator"};
constexpr std::size_t kMaxListed = 20;

/// A digit, a dot, a digit.
bool has_version_number(std::string_view text) {
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '.' && base::is_digit(text[i - 1]) && base::is_digit(text[i + 1])) {
            return true;
        }
    }
    return false;
}

void collect(const model::HttpExchange& answer, std::set<std::string>& found) {
    for (const auto name : kHeaders) {
        for (const auto value : all_headers(answer.headers, name)) {
            if (has_version_number(value) && found.size() < kMaxListed) {
                found.insert(std::string(name) + ": " + base::shorten(base::scrub_utf8(value), 200));
            }
        }
    }
}

} // namespace

model::Verdict http_version_disclosed(const model::Observation& seen, const base::Json&) {
    std::set<std::string> found;
    for (const auto* answer : answered_hops(seen.web)) {
        collect(*answer, found);
    }
    if (seen.web.options) {
        collect(*seen.web.options, found);
    }
    for (const auto& directory : seen.web.directories) {
        collect(directory, found);
    }
    if (found.empty()) {
        return {};
    }
    const auto evidence = base::Json::object({{"headers", base::JsonArray(found.begin(), found.end())}});
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
