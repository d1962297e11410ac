#include "model/check.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using model::LinkBlock;

constexpr std::size_t kMaxListed = 10;

base::Json to_json(const LinkBlock& block) {
    base::Json domains = base::Json::array();
    for (std::size_t i = 0; i < std::min(block.domains.size(), kMaxListed); ++i) {
        domains.push(block.domains[i]);
    }
    base::Json json = base::Json::object(
        {{"how", block.how},
         {"hiding", to_string(block.hiding)},
         {"links", std::uint64_t{block.links}},
         {"domains_count", std::uint64_t{block.domains.size()}},
         {"domains", std::move(domains)}}
    );
    if (block.is_outside_document) {
        json.set("outside_document", true);
    }
    if (block.is_written_by_script) {
        json.set("written_by_script", true);
    }
    return json;
}

} // namespace

/// Believed when a second fetch shows it as well: a page that an advertisement server once spoilt is none.
model::Verdict integrity_hidden_link(const model::Observation& seen, const base::Json&) {
    const auto* page = seen.web.document();
    if (page == nullptr) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    const auto& baseline = seen.integrity.baseline;
    const auto planted = planted_by(baseline, model::link_blocks(*page));
    if (planted.empty()) {
        return {};
    }
    const auto& again = seen.integrity.visitor_again;
    if (!again || !again->outcome.is_completed()) {
        return {again ? again->outcome : model::skipped(model::Reason::stopped), {}};
    }
    if (planted_by(baseline, model::link_blocks(*again)).empty()) {
        return {};
    }
    base::Json blocks = base::Json::array();
    for (std::size_t i = 0; i < std::min(planted.size(), kMaxListed); ++i) {
        blocks.push(to_json(planted[i]));
    }
    const auto evidence = base::Json::object({{"url", page->url.str()}, {"blocks", std::move(blocks)}});
    return {model::completed(), {{page->url.str(), evidence, {}}}};
}

} // namespace fengsui::check
