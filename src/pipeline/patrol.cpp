#include "pipeline/patrol.h"

#include "net/politeness.h"
#include "net/runtime.h"
#include "pipeline/address_turns.h"
#include "pipeline/task_group.h"

#include <cmath>
#include <random>

namespace fengsui::pipeline {

using base::Json;

/// The targets of one run, taken from the back by whoever is free.
struct Patrol::Queue {
    Queue(net::Runtime& runtime, unsigned at_one_address, model::RunId of, std::vector<PatrolTarget> all)
        : run(std::move(of)), targets(std::move(all)), turns(runtime, at_one_address) {}
    model::RunId run;
    std::vector<PatrolTarget> targets;
    AddressTurns turns;
};

double PatrolProgress::seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_at).count();
}

double PatrolProgress::requests_per_second() const {
    const double elapsed = seconds();
    return elapsed > 0 ? static_cast<double>(requests) / elapsed : 0;
}

std::optional<double> PatrolProgress::seconds_left() const {
    if (targets_done == 0) {
        return std::nullopt;
    }
    return seconds() * static_cast<double>(targets_total - targets_done) / static_cast<double>(targets_done);
}

Patrol::Patrol(const probe::Services& services, Recorder record, PatrolOptions options, PatrolEvents events)
    : services_(services), record_(std::move(record)), options_(options), events_(std::move(events)) {}

net::Task<PatrolProgress> Patrol::run(model::RunId run, std::vector<PatrolTarget> targets) {
    // Neighbours in a registry often share a server: a shuffled order spreads the load over addresses.
    std::shuffle(targets.begin(), targets.end(), std::minstd_rand(static_cast<unsigned>(targets.size())));
    progress_ = {};
    progress_.run = run;
    progress_.targets_total = targets.size();
    progress_.started_at = std::chrono::steady_clock::now();
    requests_before_ = services_.politeness.connection_count() + services_.politeness.request_count();
    bytes_before_ = services_.runtime.bytes_received();

    const auto workers = std::min<std::size_t>(options_.concurrency, targets.size());
    const auto queue =
        std::make_shared<Queue>(services_.runtime, options_.at_one_address, run, std::move(targets));
    queue_ = queue;
    TaskGroup group(services_.runtime);
    for (std::size_t i = 0; i < workers; ++i) {
        group.start("patrol", work(queue));
    }
    co_await group.join();
    co_return progress();
}

void Patrol::abandon() {
    if (const auto queue = queue_.lock()) {
        queue->targets.clear();
    }
}

net::Task<> Patrol::work(std::shared_ptr<Queue> queue) {
    while (!queue->targets.empty()) {
        co_await wait_out_quiet_hours();
        if (queue->targets.empty()) {
            co_return;
        }
        PatrolTarget target = std::move(queue->targets.back());
        queue->targets.pop_back();
        auto flow =
            patrol_target(services_, queue->turns, record_, queue->run, std::move(target), options_.flow);
        const auto report = co_await std::move(flow);
        account(report);
    }
}

net::Task<> Patrol::wait_out_quiet_hours() {
    bool quiet = services_.politeness.is_quiet_now() && !services_.runtime.is_traffic_stopped();
    while (quiet) {
        co_await services_.runtime.sleep_until(std::chrono::steady_clock::now() + std::chrono::seconds(30));
        quiet = services_.politeness.is_quiet_now() && !services_.runtime.is_traffic_stopped();
    }
}

void Patrol::account(const TargetReport& report) {
    ++progress_.targets_done;
    progress_.targets_reached += report.is_reached() ? 1 : 0;
    for (const auto& finding : report.findings) {
        ++progress_.findings[static_cast<std::size_t>(finding.severity)];
    }
    if (events_.on_target) {
        events_.on_target(report);
    }
    if (events_.on_progress) {
        events_.on_progress(progress());
    }
}

PatrolProgress Patrol::progress() const {
    auto now = progress_;
    now.requests =
        services_.politeness.connection_count() + services_.politeness.request_count() - requests_before_;
    now.bytes = services_.runtime.bytes_received() - bytes_before_;
    return now;
}

Json summary_line(const PatrolProgress& progress) {
    Json findings = Json::object();
    for (std::size_t i = progress.findings.size(); i-- > 0;) {
        findings.set(to_string(static_cast<model::Severity>(i)), std::uint64_t{progress.findings[i]});
    }
    return Json::object({
        {"type", "summary"},
        {"run", progress.run.str()},
        {"targets", std::uint64_t{progress.targets_total}},
        {"completed", std::uint64_t{progress.targets_reached}},
        {"findings", findings},
        {"requests", progress.requests},
        {"bytes", progress.bytes},
        {"seconds", std::round(progress.seconds() * 1000) / 1000},
    });
}

namespace {

Json coverage_line(const CheckReport& judged, const TargetReport& report, const model::RunId& run) {
    Json line = Json::object({
        {"type", "coverage"},
        {"run", run.str()},
        {"target", report.asset.value},
        {"check", judged.check.str()},
        {"status", to_string(judged.outcome.status)},
    });
    if (!judged.outcome.is_completed()) {
        line.set("reason", to_string(judged.outcome.reason));
    }
    line.set("at", base::format_rfc3339(report.at));
    return line;
}

} // namespace

std::vector<Json> result_lines(const TargetReport& report, const model::RunId& run) {
    std::vector<Json> lines;
    for (const auto* list : {&report.checks, &report.templates}) {
        for (const auto& judged : *list) {
            lines.push_back(coverage_line(judged, report, run));
        }
    }
    for (const auto& hit : report.hits) {
        lines.push_back(hit.line);
    }
    for (const auto& finding : report.findings) {
        lines.push_back(finding.to_json());
    }
    return lines;
}

} // namespace fengsui::pipeline
