#include "check/common/header_hsts.h"

#include "base/text.h"
#include "check/common/web_chain.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace fengsui::check {

namespace {

std::optional<std::int64_t> parse_seconds(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = base::trim(text.substr(1, text.size() - 2));
    }
    if (text.empty() || !std::all_of(text.begin(), text.end(), base::is_digit)) {
        return std::nullopt;
    }
    std::int64_t seconds = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return failure == std::errc() ? seconds : std::numeric_limits<std::int64_t>::max();
}

} // namespace

std::optional<std::int64_t> parse_hsts(std::string_view value) {
    std::optional<std::int64_t> max_age;
    std::vector<std::string> names;
    for (const auto piece : base::split(value, ';')) {
        const auto equals = piece.find('=');
        auto name = base::to_lower(base::trim(piece.substr(0, equals)));
        if (name.empty()) {
            continue;
        }
        if (std::find(names.begin(), names.end(), name) != names.end()) {
            return std::nullopt; // each directive at most once
        }
        if (name == "max-age") {
            max_age =
                parse_seconds(equals == std::string_view::npos ? "" : base::trim(piece.substr(equals + 1)));
            if (!max_age) {
                return std::nullopt;
            }
        }
        names.push_back(std::move(name));
    }
    return max_age;
}

std::optional<HstsFacts> hsts_facts(const model::Observation& seen) {
    const auto* page = seen.web.document();
    const bool is_over_tls = page != nullptr && page->url.scheme == model::Scheme::https;
    if (!is_over_tls || page->url.address() || why_not_judged(*page, PageKind::any)) {
        return std::nullopt;
    }
    HstsFacts facts{page, page->header("Strict-Transport-Security"), {}};
    if (facts.header != nullptr) {
        facts.max_age = parse_hsts(*facts.header);
    }
    return facts;
}

} // namespace fengsui::check
