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
    std::vector<std::string> unloaded;            ///< ids of those that do not load: said of every target
    /// Templates wait for their products; empty: all are asked at once, as `patrol --template` promises.
    std::optional<templates::Selection> selection;
    bool allows_careful = true; ///< false: class passive only, whatever the asset allows
};

/// What templates call the target. A host or an address is its web site, as far as `seen` shows one. None:
/// templates do not apply (a prefix).
std::optional<templates::Target> template_target(const model::Asset& asset, const model::Observation& seen);

/// A recognised product: an informational hit of a detection.
bool is_detection(const templates::Template& source);
/// Made by a template and not by a check of our own.
bool is_of_template(const model::Finding& finding);
/// The finding that a hit is, in the template's own words; its check is `template.<id>`,
/// of a detection `software.detected`.
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
