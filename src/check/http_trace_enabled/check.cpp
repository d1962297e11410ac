#include "model/check.h"

#include "base/text.h"

namespace fengsui::check {

namespace {

bool lists_trace(std::string_view methods) {
    for (const auto method : base::split(methods, ',')) {
        const auto name = base::trim(method);
        if (base::iequals(name, "TRACE") || base::iequals(name, "TRACK")) {
            return true;
        }
    }
    return false;
}

} // namespace

model::Verdict http_trace_enabled(const model::Observation& seen, const base::Json&) {
    const auto& answer = *seen.web.options;
    for (const std::string_view name : {"Allow", "Public"}) { // IIS uses both
        for (const auto methods : all_headers(answer.headers, name)) {
            if (lists_trace(methods)) {
                const auto evidence = base::Json::object({
                    {"url", answer.url.str()},
                    {"status", answer.status},
                    {"header", name},
                    {"methods", base::shorten(base::scrub_utf8(methods), 200)},
                });
                return {model::completed(), {{"", evidence, {}}}};
            }
        }
    }
    return {};
}

} // namespace fengsui::check
