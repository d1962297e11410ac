#include "model/check.h"

#include "check/common/web_chain.h"

#include <algorithm>
#include <array>

namespace fengsui::check {

namespace {

/// Addresses that no visitor can use: 6to4 (RFC 7526), documentation (RFC 3849, RFC 9637), link-local, and
/// IPv4-compatible or -mapped ones. The parser has already folded mapped addresses into IPv4.
bool is_unusable(const model::IpAddress& address) {
    constexpr std::array<std::string_view, 5> kBlocks = {
        "2002::/16", "2001:db8::/32", "3fff::/20", "fe80::/10", "::ffff:0:0/96"};
    return std::any_of(kBlocks.begin(), kBlocks.end(), [&](std::string_view text) {
        const auto block = model::Prefix::parse(text);
        return block.has_value() && block->contains(address);
    });
}

} // namespace

model::Verdict ipv6_aaaa_missing(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::IpFamily;
    using model::Reason;
    using model::skipped;
    const auto& resolution = seen.name.resolution;
    if (!names_a_host(seen.target) || resolution.addresses.empty()) {
        return {skipped(Reason::not_applicable), {}};
    }
    if (!resolution.v6_outcome.is_completed()) {
        return {resolution.v6_outcome, {}};
    }
    base::Json unusable = base::Json::array();
    for (const auto& address : resolution.of_family(IpFamily::v6)) {
        if (!is_unusable(address)) {
            return {};
        }
        unusable.push(address.str());
    }
    const auto evidence = base::Json::object({{"name", seen.target.host}, {"unusable_aaaa", unusable}});
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
