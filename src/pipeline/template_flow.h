// One target through a set of templates: a plan of requests, sent one after another; hits become lines and
// findings, and every template gets its coverage.
#pragma once

#include "pipeline/probe_flow.h"
#include "template/plan.h"

namespace fengsui::pipeline {

/// Templates compiled together, with what may be sent of them. Immutable; shared by all targets of a run.
struct TemplateSet {
    TemplateSet(
        std::vector<std::shared_ptr<const templates::Template>> all, std::vector<templates::Judgement> judged
    )
        : compiled(std::move(all)), judgements(std::move(judged)) {}

    templates::CompiledSet compiled;
    std::vector<templates::Judgement> judgements; ///< in the order of the compiled ones
};

/// What templates call the target. A host or an address is its web site, as far as `seen` shows one. None:
/// templates do not apply (a prefix).
std::optional<templates::Target> template_target(const model::Asset& asset, const model::Observation& seen);

/// The finding that a hit is, in the template's own words; its check is `template.<id>`.
model::Finding finding_of(const templates::Hit& hit, const model::Asset& asset, base::Instant at);

/// How a template ended on a target whose flow was broken off by `broken` (completed: it was not).
model::Outcome outcome_of_template(const templates::TemplateOutcome& ended, const model::Outcome& broken);

/// Runs every runnable template that may be run on the asset and adds what came of it to `report`.
net::Task<> look_with_templates(
    const probe::Services& services,
    const TemplateSet& set,
    const model::Observation& seen,
    net::Deadline deadline,
    TargetReport& report
);

/// Coverage of a target that was not looked at: refused templates stay refused.
void add_blind_templates(const TemplateSet& set, model::Outcome outcome, TargetReport& report);

} // namespace fengsui::pipeline
