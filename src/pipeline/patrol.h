// A run: many targets through the probe flow, so many at once, in an order that spreads the load.
#pragma once

#include "pipeline/probe_flow.h"

#include <array>
#include <memory>

namespace fengsui::net {
class Politeness;
}

namespace fengsui::pipeline {

struct PatrolOptions {
    FlowOptions flow;
    unsigned concurrency = 512;  ///< targets under way at once
    unsigned at_one_address = 2; ///< and on one destination address
};

/// Where a run stands. Copied freely.
struct PatrolProgress {
    model::RunId run;
    std::size_t targets_total = 0;
    std::size_t targets_done = 0;
    std::size_t targets_reached = 0;
    std::array<std::size_t, 5> findings{}; ///< by severity
    std::uint64_t requests = 0;            ///< connections and requests to targets
    std::uint64_t bytes = 0;               ///< received from targets
    std::chrono::steady_clock::time_point started_at{};

    [[nodiscard]] double seconds() const;
    [[nodiscard]] double requests_per_second() const;
    /// By the pace so far; nothing before the first target is done.
    [[nodiscard]] std::optional<double> seconds_left() const;
};

/// Called on the I/O thread.
struct PatrolEvents {
    std::function<void(const TargetReport&)> on_target;
    std::function<void(const PatrolProgress&)> on_progress; ///< after each target
};

class Patrol {
public:
    Patrol(const probe::Services& services, Recorder record, PatrolOptions options, PatrolEvents events);

    /// Ends when every target has been looked at, or traffic was stopped: then the rest is skipped/stopped.
    net::Task<PatrolProgress> run(model::RunId run, std::vector<PatrolTarget> targets);

    /// Forgets the targets not begun yet; `run` ends with those under way.
    void abandon();
    [[nodiscard]] PatrolProgress progress() const;

private:
    struct Queue;
    net::Task<> work(std::shared_ptr<Queue> queue);
    net::Task<> wait_out_quiet_hours();
    void account(const TargetReport& report);

    probe::Services services_;
    Recorder record_;
    PatrolOptions options_;
    PatrolEvents events_;
    PatrolProgress progress_;
    std::weak_ptr<Queue> queue_;
    std::uint64_t requests_before_ = 0;
    std::uint64_t bytes_before_ = 0;
};

/// The summary line of contracts.md section 3.
base::Json summary_line(const PatrolProgress& progress);
/// Coverage lines, then lines of templates, then finding lines.
std::vector<base::Json> result_lines(const TargetReport& report, const model::RunId& run);

} // namespace fengsui::pipeline
