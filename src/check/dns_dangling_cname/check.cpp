#include "model/check.h"

#include "check/common/web_chain.h"

namespace fengsui::check {

model::Verdict dns_dangling_cname(const model::Observation& seen, const base::Json&) {
    using model::AssetKind;
    using model::completed;
    using model::not_reached;
    using model::Reason;
    using model::skipped;
    if (seen.target.kind == AssetKind::mail || !names_a_host(seen.target)) {
        return {skipped(Reason::not_applicable), {}};
    }
    const auto& resolution = seen.name.resolution;
    const bool ends_nowhere =
        resolution.outcome == not_reached(Reason::dns_nxdomain) && !resolution.cnames.empty();
    if (!ends_nowhere) {
        return {seen.name.outcome, {}};
    }
    base::JsonArray chain(resolution.cnames.begin(), resolution.cnames.end());
    const auto evidence = base::Json::object({
        {"name", seen.target.host},
        {"cname_chain", std::move(chain)},
        {"dns", "NXDOMAIN or no address"},
    });
    return {completed(), {{seen.target.host, evidence, {}}}};
}

} // namespace fengsui::check
