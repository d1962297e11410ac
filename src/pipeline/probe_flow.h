// One target from registry to stored findings: probe → Observation → checks → store.
#pragma once

#include "check/catalog.h"
#include "probe/observe.h"
#include "store/finding_store.h"

#include <functional>
#include <memory>

namespace fengsui::pipeline {

class AddressTurns;
struct TemplateSet;

/// An asset and what is to be judged of it.
struct PatrolTarget {
    model::Asset asset;
    std::vector<const check::Check*> checks;
    /// Run beside the checks. Shared with the schedule, which may take up newer ones meanwhile.
    std::vector<std::shared_ptr<const TemplateSet>> templates{};
};

struct CheckReport {
    model::CheckId check;
    model::Outcome outcome;
    std::vector<std::string> unseen{}; ///< locators that it could not see although it completed
};

/// One template that matched, as our own line and as nuclei's.
struct TemplateHit {
    base::Json line;
    base::Json nuclei_line;
};

/// What one target came to, as stored.
struct TargetReport {
    model::Asset asset;
    base::Instant at{};
    std::vector<CheckReport> checks;
    std::vector<model::Finding> findings;
    std::vector<store::FindingChange> changes; ///< empty when nothing is stored
    std::vector<CheckReport> templates;        ///< coverage, check `template/<id>`
    std::vector<TemplateHit> hits;
    std::vector<store::CheckResult> template_results; ///< those of templates that can make findings

    /// A check that connects was completed; where none was asked for, any check, and nothing says
    /// unreachable.
    [[nodiscard]] bool is_reached() const;
    [[nodiscard]] bool is_stopped() const;
    /// The first reason why a check could not be made, or none.
    [[nodiscard]] model::Outcome obstacle() const;
};

/// Stores a target's results; blocking, called on the pool.
using Recorder = std::function<store::RecordedTarget(const store::TargetResult&)>;

/// Where baselines of pages are kept; blocking, called on the pool. Empty: nowhere.
struct PageMemory {
    std::function<model::PageBaseline(const model::AssetId&)> recall;
    std::function<void(const model::AssetId&, const model::PageBaseline&)> keep;
    bool is_relearning = false; ///< the operator has confirmed that what is there now is right
};

struct FlowOptions {
    std::chrono::milliseconds target_deadline{180'000};
    std::optional<base::Instant> judged_at; ///< `--now`; else the time of looking
    PageMemory memory{};
    const TemplateSet* templates = nullptr; ///< run on every target beside its own; outlives the run
};

/// The parts and paths that these checks need to see.
probe::Plan plan_for(const std::vector<const check::Check*>& checks, base::Instant judged_at);

/// The baseline after this visit: one visit more when nothing about the page is doubtful, else unchanged.
model::PageBaseline learned_from(const model::Observation& seen, base::Instant at);

/// Asks every check; findings carry the unit, target and texts.
TargetReport judge_target(const PatrolTarget& target, const model::Observation& seen, base::Instant at);

/// Coverage for a target that may not be contacted, or that was not come to.
TargetReport blind_report(const PatrolTarget& target, model::Outcome outcome, base::Instant at);

/// Runs the whole flow for one target. Stored before it is returned.
net::Task<TargetReport> patrol_target(
    const probe::Services& services,
    AddressTurns& turns,
    const Recorder& record,
    model::RunId run,
    PatrolTarget target,
    FlowOptions options
);

} // namespace fengsui::pipeline
