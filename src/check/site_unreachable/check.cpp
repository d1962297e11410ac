#include "model/check.h"

namespace fengsui::check {

namespace {

using model::HttpChain;
using model::Observation;
using model::Reason;

/// Answers that say something about the target and not about our own resolver or network.
bool is_final(Reason reason) {
    return reason == Reason::refused || reason == Reason::timeout || reason == Reason::reset;
}

base::Json attempt(const HttpChain& chain) {
    const auto& hop = chain.hops.front();
    return base::Json::object({
        {"url", hop.url.str()},
        {"address", hop.address ? hop.address->str() : std::string()},
        {"result", to_string(hop.outcome.reason)},
    });
}

} // namespace

model::Verdict site_unreachable(const Observation& seen, const base::Json&) {
    using model::AssetKind, model::CoverageStatus, model::Reason;
    using model::completed, model::not_reached, model::skipped;
    if (seen.target.kind == AssetKind::mail || seen.target.kind == AssetKind::prefix) {
        return {skipped(Reason::not_applicable), {}};
    }
    if (seen.name.outcome == not_reached(Reason::dns_nxdomain)) {
        return {
            completed(),
            {{"", base::Json::object({{"name", seen.target.host}, {"dns", "NXDOMAIN or no address"}}), {}}}};
    }
    if (seen.web.outcome.status != CoverageStatus::not_reached) {
        return {seen.web.outcome, {}};
    }
    base::Json attempts = base::Json::array();
    for (const auto* chain : {&seen.web.plain, &seen.web.secure}) {
        if (chain->hops.empty()) {
            continue;
        }
        if (!is_final(chain->hops.front().outcome.reason)) {
            return {chain->hops.front().outcome, {}};
        }
        attempts.push(attempt(*chain));
    }
    if (attempts.items().empty()) {
        return {seen.web.outcome, {}};
    }
    return {completed(), {{"", base::Json::object({{"attempts", attempts}}), {}}}};
}

} // namespace fengsui::check
