#include "model/check.h"

#include "check/common/web_chain.h"

namespace fengsui::check {

model::Verdict dns_private_address(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::is_public;
    using model::Reason;
    using model::skipped;
    if (!names_a_host(seen.target)) {
        return {skipped(Reason::not_applicable), {}};
    }
    const auto& resolution = seen.name.resolution;
    base::Json addresses = base::Json::array();
    for (const auto& address : resolution.refused) {
        if (!is_public(address)) {
            addresses.push(address.str());
        }
    }
    if (resolution.refusal != Reason::private_address || addresses.items().empty()) {
        return {};
    }
    const auto evidence = base::Json::object({{"name", seen.target.host}, {"addresses", addresses}});
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
