#include "pipeline/probe_flow.h"

#include "net/resolver.h"
#include "net/runtime.h"
#include "pipeline/address_turns.h"
#include "pipeline/template_flow.h"

#include <algorithm>

namespace fengsui::pipeline {

namespace {

using model::ObservationPart;

void add_part(std::vector<ObservationPart>& parts, ObservationPart part) {
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) {
        parts.push_back(part);
    }
}

model::Finding to_finding(
    const check::Check& check, const PatrolTarget& target, model::Claim claim, base::Instant at
) {
    model::Finding finding;
    finding.fingerprint = model::finding_fingerprint(check.info.family, target.asset.id, claim.locator);
    finding.id = model::finding_id_of(finding.fingerprint);
    finding.check = check.info.id;
    finding.severity = claim.severity.value_or(check.info.severity);
    finding.unit = target.asset.unit;
    finding.asset = target.asset.id;
    finding.target = target.asset.value;
    finding.locator = std::move(claim.locator);
    finding.title = check.info.title;
    finding.advice = check.info.advice;
    finding.evidence = std::move(claim.evidence);
    finding.references = check.info.references;
    finding.first_seen = at;
    finding.last_seen = at;
    return finding;
}

/// Two claims about one place are one finding: the worse one stands.
void add_finding(std::vector<model::Finding>& findings, model::Finding finding) {
    const auto same = std::find_if(findings.begin(), findings.end(), [&](const model::Finding& other) {
        return other.fingerprint == finding.fingerprint;
    });
    if (same == findings.end()) {
        findings.push_back(std::move(finding));
    } else if (same->severity < finding.severity) {
        *same = std::move(finding);
    }
}

store::TargetResult to_result(const TargetReport& report, const model::RunId& run) {
    store::TargetResult result;
    result.asset = report.asset.id;
    result.target = report.asset.value;
    result.run = run;
    result.at = report.at;
    result.ends_target = !report.is_stopped();
    for (const auto& judged : report.checks) {
        store::CheckResult entry;
        entry.check = judged.check;
        entry.family = check::find_check(judged.check.str())->info.family;
        entry.outcome = judged.outcome;
        entry.unseen = judged.unseen;
        for (const auto& finding : report.findings) {
            if (finding.check == judged.check && !is_of_template(finding)) {
                entry.findings.push_back(finding);
            }
        }
        result.checks.push_back(std::move(entry));
    }
    result.checks.insert(result.checks.end(), report.template_results.begin(), report.template_results.end());
    return result;
}

/// The address whose turn the target takes; none when the name leads nowhere or may not be asked.
net::Task<std::optional<model::IpAddress>> main_address(
    const probe::Services& services, const model::Asset& asset
) {
    if (asset.target.prefix) {
        co_return asset.target.prefix->address();
    }
    const bool asks =
        asset.target.kind == model::AssetKind::url || asset.target.kind == model::AssetKind::host;
    if (!asks || services.scope.permits_host(asset.id, asset.target.host) != model::Reason::none) {
        co_return std::nullopt;
    }
    auto question = services.resolver.resolve(asset.target.host, net::Deadline::in(std::chrono::seconds(10)));
    const auto resolution = co_await std::move(question);
    if (resolution.addresses.empty()) {
        co_return std::nullopt;
    }
    co_return resolution.addresses.front();
}

std::vector<const TemplateSet*> sets_of(const PatrolTarget& target, const FlowOptions& options) {
    std::vector<const TemplateSet*> sets;
    if (options.templates != nullptr) {
        sets.push_back(options.templates);
    }
    for (const auto& set : target.templates) {
        sets.push_back(set.get());
    }
    return sets;
}

bool wants_integrity(const probe::Plan& plan) {
    return plan.wants(ObservationPart::integrity);
}

net::Task<model::PageBaseline> recall_page(
    const probe::Services& services, const PageMemory& memory, model::AssetId asset
) {
    model::PageBaseline baseline;
    if (memory.recall && !memory.is_relearning) {
        const std::function<void()> work = [&] {
            baseline = memory.recall(asset);
        };
        co_await services.runtime.offload(work);
    }
    co_return baseline;
}

net::Task<> keep_page(
    const probe::Services& services,
    const PageMemory& memory,
    model::AssetId asset,
    const model::Observation& seen
) {
    const auto learned = learned_from(seen, base::now());
    if (!memory.keep || learned.visits == seen.integrity.baseline.visits) {
        co_return;
    }
    const std::function<void()> work = [&] {
        memory.keep(asset, learned);
    };
    co_await services.runtime.offload(work);
}

net::Task<> store_report(
    const probe::Services& services, const Recorder& record, model::RunId run, TargetReport& report
) {
    const auto result = to_result(report, run);
    store::RecordedTarget recorded;
    const std::function<void()> work = [&] {
        recorded = record(result);
    };
    co_await services.runtime.offload(work);
    report.findings = std::move(recorded.findings);
    report.changes = std::move(recorded.changes);
}

} // namespace

bool TargetReport::is_reached() const {
    if (is_stopped()) {
        return false;
    }
    const auto connects = [](const CheckReport& judged) {
        const auto* known = check::find_check(judged.check.str());
        return known != nullptr && known->info.reads != ObservationPart::whole
               && known->info.reads != ObservationPart::name && known->info.reads != ObservationPart::zone
               && known->info.reads != ObservationPart::delegation
               && known->info.reads != ObservationPart::name_servers
               && known->info.reads != ObservationPart::transfer; // the zone's servers are not the site's
    };
    const auto is_completed = [](const CheckReport& judged) {
        return judged.outcome.is_completed();
    };
    if (std::any_of(checks.begin(), checks.end(), connects)) {
        return std::any_of(checks.begin(), checks.end(), [&](const CheckReport& judged) {
            return connects(judged) && is_completed(judged);
        });
    }
    const bool is_unreachable =
        std::any_of(findings.begin(), findings.end(), [](const model::Finding& finding) {
            return finding.check.str() == "site.unreachable";
        });
    return !is_unreachable && std::any_of(checks.begin(), checks.end(), is_completed);
}

bool TargetReport::is_stopped() const {
    const auto is_stopped = [](const CheckReport& judged) {
        return judged.outcome == model::skipped(model::Reason::stopped);
    };
    return std::any_of(checks.begin(), checks.end(), is_stopped)
           || std::any_of(templates.begin(), templates.end(), is_stopped);
}

model::Outcome TargetReport::obstacle() const {
    const auto blind = std::find_if(checks.begin(), checks.end(), [](const CheckReport& judged) {
        return !judged.outcome.is_completed() && judged.outcome.reason != model::Reason::not_applicable
               && judged.outcome.reason != model::Reason::policy;
    });
    return blind == checks.end() ? model::completed() : blind->outcome;
}

probe::Plan plan_for(const std::vector<const check::Check*>& checks, base::Instant judged_at) {
    probe::Plan plan;
    plan.judged_at = judged_at;
    for (const auto* check : checks) {
        add_part(plan.parts, check->info.reads);
        for (const auto part : check->info.needs) {
            add_part(plan.parts, part);
        }
        for (const auto& path : check->info.parameters["paths"].items()) {
            plan.paths.push_back({check->info.id.str(), path.as_string()});
        }
    }
    return plan;
}

model::PageBaseline learned_from(const model::Observation& seen, base::Instant at) {
    const auto& baseline = seen.integrity.baseline;
    const auto* page = seen.web.document();
    if (!seen.integrity.outcome.is_completed() || page == nullptr) {
        return baseline;
    }
    const auto shape = model::shape_of(*page);
    const bool is_doubtful =
        baseline.is_enough()
        && model::judge_departure(model::departure(baseline, shape)) != model::PageChange::none;
    return is_doubtful ? baseline : baseline.learn(shape, at);
}

TargetReport judge_target(const PatrolTarget& target, const model::Observation& seen, base::Instant at) {
    TargetReport report;
    report.asset = target.asset;
    report.at = at;
    for (const auto* check : target.checks) {
        auto verdict = check::judge(*check, seen);
        report.checks.push_back({check->info.id, verdict.outcome, std::move(verdict.unseen)});
        for (auto& claim : verdict.claims) {
            add_finding(report.findings, to_finding(*check, target, std::move(claim), at));
        }
    }
    return report;
}

TargetReport blind_report(const PatrolTarget& target, model::Outcome outcome, base::Instant at) {
    TargetReport report;
    report.asset = target.asset;
    report.at = at;
    for (const auto* check : target.checks) {
        report.checks.push_back({check->info.id, outcome, {}});
    }
    return report;
}

net::Task<TargetReport> patrol_target(
    const probe::Services& services,
    AddressTurns& turns,
    const Recorder& record,
    model::RunId run,
    PatrolTarget target,
    FlowOptions options
) {
    const auto address = co_await main_address(services, target.asset);
    AddressTurns::Turn turn;
    if (address) {
        turn = co_await turns.take(*address);
    }
    const auto sets = sets_of(target, options);
    if (services.runtime.is_traffic_stopped()) {
        auto blind = blind_report(target, model::skipped(model::Reason::stopped), base::now());
        for (const auto* set : sets) {
            add_blind_templates(*set, model::skipped(model::Reason::stopped), blind);
        }
        co_return blind;
    }
    auto plan = plan_for(target.checks, options.judged_at.value_or(base::now()));
    if (!sets.empty()) {
        add_part(plan.parts, ObservationPart::web); // which of its ports a bare host answers on
    }
    const bool is_remembered = wants_integrity(plan);
    if (is_remembered) {
        auto recalled = recall_page(services, options.memory, target.asset.id);
        plan.baseline = co_await std::move(recalled);
    }
    const auto deadline = net::Deadline::in(options.target_deadline);
    auto look = probe::observe(services, target.asset, std::move(plan), deadline);
    const auto seen = co_await std::move(look);
    TargetReport report = judge_target(target, seen, base::now());
    for (const auto* set : sets) {
        auto templates = look_with_templates(services, *set, seen, deadline, report);
        co_await std::move(templates);
    }
    turn = {};
    if (is_remembered) {
        auto kept = keep_page(services, options.memory, target.asset.id, seen);
        co_await std::move(kept);
    }
    if (record) {
        co_await store_report(services, record, run, report);
    }
    co_return report;
}

} // namespace fengsui::pipeline
