#include "model/check.h"

#include "check/common/web_chain.h"

namespace fengsui::check {

model::Verdict http_https_downgrade(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::Scheme;
    using model::Verdict;
    for (const auto* hop : answered_hops(seen.web)) {
        const bool is_downgrade =
            hop->url.scheme == Scheme::https && hop->redirect && hop->redirect->scheme == Scheme::http;
        if (!is_downgrade) {
            continue;
        }
        const auto evidence = base::Json::object({
            {"url", hop->url.str()},
            {"status", hop->status},
            {"location", hop->redirect->str()},
        });
        return {completed(), {{hop->url.str(), evidence, {}}}};
    }
    const bool was_tried = seen.web.secure.reached() || seen.web.secure.hops.empty();
    return was_tried ? Verdict{} : Verdict{seen.web.secure.hops.front().outcome, {}};
}

} // namespace fengsui::check
