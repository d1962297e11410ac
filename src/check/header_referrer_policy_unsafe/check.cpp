#include "model/check.h"

#include "base/text.h"
#include "check/common/web_chain.h"
#include "model/html.h"

#include <algorithm>

namespace fengsui::check {

namespace {

constexpr std::string_view kSafe[] = {
    "no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"};
constexpr std::string_view kUnsafe[] = {
    "unsafe-url", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin"};

template <std::size_t N>
bool is_in(std::string_view value, const std::string_view (&list)[N]) {
    return std::find(std::begin(list), std::end(list), value) != std::end(list);
}

bool is_recognised(std::string_view value) {
    return is_in(value, kSafe) || is_in(value, kUnsafe);
}

/// Unknown words are passed over so that new ones can be put last (Referrer Policy 11.1).
std::string policy_of_headers(const model::HttpExchange& page) {
    std::string policy;
    for (const auto header : all_headers(page.headers, "Referrer-Policy")) {
        for (const auto piece : base::split(header, ',')) {
            auto value = base::to_lower(base::trim(piece));
            if (is_recognised(value)) {
                policy = std::move(value);
            }
        }
    }
    return policy;
}

/// A meta element overrides the header; older words are still understood (HTML standard 4.2.5.1).
std::string policy_of_metas(const model::HtmlFacts& html) {
    std::string policy;
    for (const auto& meta : html.metas) {
        auto value = base::to_lower(base::trim(meta.content));
        if (value == "always") {
            value = "unsafe-url";
        } else if (value == "never") {
            value = "no-referrer";
        } else if (value == "default") {
            value = "strict-origin-when-cross-origin";
        } else if (value == "origin-when-crossorigin") {
            value = "origin-when-cross-origin";
        }
        if (meta.name == "referrer" && is_recognised(value)) {
            policy = std::move(value);
        }
    }
    return policy;
}

} // namespace

model::Verdict header_referrer_policy_unsafe(const model::Observation& seen, const base::Json&) {
    const auto& page = *seen.web.document();
    if (const auto why = why_not_judged(page, PageKind::html)) {
        return {*why, {}};
    }
    const auto of_meta = policy_of_metas(model::read_html(page.text()));
    const auto policy = of_meta.empty() ? policy_of_headers(page) : of_meta;
    if (!is_in(policy, kUnsafe)) {
        return {};
    }
    const auto evidence = base::Json::object({
        {"url", page.url.str()},
        {"policy", policy},
        {"source", of_meta.empty() ? "header" : "meta"},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
