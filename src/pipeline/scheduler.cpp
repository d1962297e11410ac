#include "pipeline/scheduler.h"

#include "base/log.h"
#include "net/runtime.h"
#include "pipeline/grading.h"
#include "pipeline/task_group.h"
#include "pipeline/template_flow.h"
#include "registry/scope.h"
#include "store/database.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace fengsui::pipeline {

namespace asio = boost::asio;

namespace {

constexpr std::array kGroups = {
    CheckGroup::availability, CheckGroup::standard, CheckGroup::careful, CheckGroup::templates};
constexpr std::string_view kScopeKey = "scheduler";
/// How often the schedule is looked at: fine enough for intervals of a minute.
constexpr auto kTick = std::chrono::seconds(2);
/// So many slow targets may hold a round each before the others wait.
constexpr std::size_t kMostRounds = 16;
constexpr unsigned kLeastAtOnce = 32;

std::vector<const check::Check*> checks_of(CheckGroup group) {
    std::vector<const check::Check*> checks;
    for (const auto& check : check::catalog()) {
        if (group_of(check) == group) {
            checks.push_back(&check);
        }
    }
    return checks;
}

/// What came of a template is no check of the catalogue.
CheckGroup group_of(const store::CheckResult& result) {
    const auto* check = result.adds_only ? nullptr : check::find_check(result.check.str());
    return check == nullptr ? CheckGroup::templates : pipeline::group_of(*check);
}

/// Up to a tenth of the interval, fixed for each asset, so that rounds spread out and stay spread.
std::chrono::milliseconds jitter_of(const model::AssetId& asset, std::chrono::milliseconds interval) {
    const auto tenth = static_cast<std::uint64_t>(interval.count() / 10);
    return std::chrono::milliseconds(tenth == 0 ? 0 : std::hash<model::AssetId>()(asset) % tenth);
}

} // namespace

std::string_view to_string(CheckGroup group) {
    switch (group) {
    case CheckGroup::availability:
        return "availability";
    case CheckGroup::standard:
        return "standard";
    case CheckGroup::careful:
        return "careful";
    case CheckGroup::templates:
        return "templates";
    }
    return "standard";
}

CheckGroup group_of(const check::Check& check) {
    if (check.info.id.str().starts_with("site.")) {
        return CheckGroup::availability;
    }
    return check.info.probe_class == model::ProbeClass::careful ? CheckGroup::careful : CheckGroup::standard;
}

std::string_view to_string(SchedulerState state) {
    switch (state) {
    case SchedulerState::idle:
        return "idle";
    case SchedulerState::running:
        return "running";
    case SchedulerState::stopped:
        return "stopped";
    }
    return "idle";
}

Scheduler::Scheduler(
    const probe::Services& services,
    registry::ScopeAuthority& authority,
    store::Database& database,
    PatrolOptions patrol,
    ScheduleOptions schedule,
    PatrolEvents events
)
    : services_(services),
      authority_(authority),
      database_(database),
      schedule_(std::move(schedule)),
      events_(std::move(events)),
      patrol_options_(patrol),
      tick_(std::make_unique<asio::steady_timer>(services.runtime.io())) {}

Scheduler::~Scheduler() = default;

/// A round's place among those under way, and its hold on the assets that it has not looked at yet.
class Scheduler::Round {
public:
    Round(Scheduler& scheduler, Patrol& patrol, const std::vector<PatrolTarget>& targets)
        : scheduler_(scheduler), place_(scheduler.rounds_.insert(scheduler.rounds_.end(), &patrol)) {
        for (const auto& target : targets) {
            left_.insert(target.asset.id);
        }
    }
    ~Round() {
        scheduler_.rounds_.erase(place_);
        for (const auto& asset : left_) {
            scheduler_.under_way_.erase(asset);
        }
    }
    Round(const Round&) = delete;
    Round& operator=(const Round&) = delete;
    void release(const model::AssetId& asset) {
        left_.erase(asset);
        scheduler_.under_way_.erase(asset);
    }

private:
    Scheduler& scheduler_;
    std::list<Patrol*>::iterator place_;
    std::unordered_set<model::AssetId> left_;
};

net::Task<> Scheduler::run() {
    auto load = load_schedule();
    co_await std::move(load);
    TaskGroup rounds(services_.runtime);
    while (!is_ended_) {
        auto targets = may_begin() ? due_targets(base::now()) : std::vector<PatrolTarget>();
        if (!targets.empty()) {
            for (const auto& target : targets) {
                under_way_.insert(target.asset.id);
            }
            rounds.start("round", keep_round(std::move(targets)));
        }
        auto rest = wait_tick();
        co_await std::move(rest);
    }
    auto all_ended = rounds.join();
    co_await std::move(all_ended);
}

bool Scheduler::may_begin() const {
    return !is_paused_ && !services_.runtime.is_traffic_stopped() && rounds_.size() < kMostRounds;
}

/// What a round cannot get over ends the patrol: `run` rethrows it.
net::Task<> Scheduler::keep_round(std::vector<PatrolTarget> targets) {
    try {
        auto round = run_round(std::move(targets));
        co_await std::move(round);
    } catch (...) {
        end();
        throw;
    }
}

net::Task<> Scheduler::wait_tick() {
    if (is_ended_) {
        co_return;
    }
    boost::system::error_code ignored;
    tick_->expires_after(kTick);
    auto wait = tick_->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_await std::move(wait);
    if (!is_paused_ && !is_ended_ && rounds_.empty()) {
        services_.runtime.resume_traffic();
    }
}

net::Task<> Scheduler::load_schedule() {
    std::vector<store::ScheduleEntry> entries;
    const std::function<void()> work = [&] {
        store::RunStore runs(database_);
        runs.close_abandoned(kScopeKey, base::now()); // of a process that was killed
        entries = runs.schedule();
    };
    co_await services_.runtime.offload(work);
    for (const auto& entry : entries) {
        for (const auto group : kGroups) {
            if (entry.check_group == to_string(group) && entry.last_completed) {
                last_[{entry.asset, group}] = *entry.last_completed;
            }
        }
    }
}

std::chrono::milliseconds Scheduler::interval_of(CheckGroup group) const {
    switch (group) {
    case CheckGroup::availability:
        return schedule_.availability;
    case CheckGroup::standard:
        return schedule_.standard;
    case CheckGroup::careful:
        return schedule_.careful;
    case CheckGroup::templates:
        return schedule_.templates;
    }
    return schedule_.standard;
}

bool Scheduler::is_due(const model::Asset& asset, CheckGroup group, base::Instant now) const {
    if (group == CheckGroup::careful && asset.probe_class != model::ProbeClass::careful) {
        return false;
    }
    const auto last = last_.find({asset.id, group});
    const auto interval = interval_of(group);
    return last == last_.end() || last->second + interval + jitter_of(asset.id, interval) <= now;
}

std::vector<PatrolTarget> Scheduler::due_targets(base::Instant now) const {
    std::vector<PatrolTarget> targets;
    for (const auto& asset : authority_.data().assets) {
        PatrolTarget target{asset, {}};
        for (const auto group : kGroups) {
            if (asset.target.kind != model::AssetKind::prefix && is_due(asset, group, now)) {
                const auto checks = checks_of(group);
                target.checks.insert(target.checks.end(), checks.begin(), checks.end());
            }
        }
        const bool wants_templates = schedule_.packs && asset.target.kind != model::AssetKind::prefix
                                     && is_due(asset, CheckGroup::templates, now);
        if (wants_templates) {
            target.templates = schedule_.packs(asset);
        }
        const bool is_due_for_any = !target.checks.empty() || !target.templates.empty();
        if (is_due_for_any && !under_way_.contains(asset.id)) {
            targets.push_back(std::move(target));
        }
    }
    return targets;
}

store::RecordedTarget Scheduler::record(const store::TargetResult& result) {
    auto recorded =
        schedule_.record ? schedule_.record(result) : store::FindingStore(database_).record(result);
    if (result.ends_target) {
        keep_grade(database_, result.asset, result.at);
        store::RunStore runs(database_);
        std::array<bool, kGroups.size()> done{};
        for (const auto& entry : result.checks) {
            done[static_cast<std::size_t>(group_of(entry))] = true;
        }
        for (const auto group : kGroups) {
            if (done[static_cast<std::size_t>(group)]) {
                runs.note_completed(result.asset, to_string(group), result.at);
            }
        }
    }
    return recorded;
}

/// All rounds together keep to the number of targets at once, but for a few that a new round always may.
PatrolOptions Scheduler::options_of_round(std::size_t targets) const {
    const auto others = under_way_.size() - targets;
    const auto busy = std::min<std::size_t>(others, patrol_options_.concurrency);
    auto options = patrol_options_;
    const auto least = std::min(kLeastAtOnce, options.concurrency);
    options.concurrency = std::max(least, options.concurrency - static_cast<unsigned>(busy));
    return options;
}

void Scheduler::note_looked_at(const TargetReport& report) {
    if (report.is_stopped()) {
        return;
    }
    if (!report.templates.empty()) {
        last_[{report.asset.id, CheckGroup::templates}] = report.at;
    }
    for (const auto& judged : report.checks) {
        last_[{report.asset.id, group_of(*check::find_check(judged.check.str()))}] = report.at;
    }
}

net::Task<> Scheduler::run_round(std::vector<PatrolTarget> targets) {
    Round* held = nullptr;
    PatrolEvents events = events_;
    events.on_target = [this, &held](const TargetReport& report) {
        note_looked_at(report);
        held->release(report.asset.id);
        if (events_.on_target) {
            events_.on_target(report);
        }
    };
    const Recorder recorder = [this](const store::TargetResult& result) {
        return record(result);
    };
    Patrol patrol(services_, recorder, options_of_round(targets.size()), events);
    std::optional<Round> round(std::in_place, *this, patrol, targets);
    held = &*round;

    model::RunId run;
    const std::size_t count = targets.size();
    const std::function<void()> begin = [&] {
        const auto scope = base::Json::object({{"by", "scheduler"}});
        run = store::RunStore(database_).begin_run(
            {std::string(kScopeKey), scope, FENGSUI_VERSION, count, base::now()}
        );
    };
    co_await services_.runtime.offload(begin);
    if (is_paused_ || is_ended_) {
        targets.clear(); // told to stop while the run was being recorded
    }
    auto look = patrol.run(run, std::move(targets));
    const auto progress = co_await std::move(look);

    const bool is_cut = is_paused_ || services_.runtime.is_traffic_stopped();
    const std::function<void()> finish = [&] {
        store::RunStore(database_).finish_run(
            run, is_cut ? "stopped" : "finished", summary_line(progress), base::now()
        );
    };
    co_await services_.runtime.offload(finish);
    round.reset();
    if (events_.on_progress) {
        events_.on_progress(progress);
    }
}

/// The targets not begun stay due: going through all of them would take long with very many.
void Scheduler::cut_round() {
    services_.runtime.stop_traffic();
    for (Patrol* round : rounds_) {
        round->abandon();
    }
}

void Scheduler::pause() {
    is_paused_ = true;
    cut_round();
}

void Scheduler::resume() {
    is_paused_ = false;
}

void Scheduler::look_at(model::AssetId asset) {
    asio::post(services_.runtime.io(), [this, asset = std::move(asset)] {
        for (const auto group : kGroups) {
            last_.erase({asset, group});
        }
    });
}

void Scheduler::end() {
    is_ended_ = true;
    cut_round();
    tick_->cancel();
}

SchedulerState Scheduler::state() const {
    if (is_paused_) {
        return SchedulerState::stopped;
    }
    return rounds_.empty() ? SchedulerState::idle : SchedulerState::running;
}

PatrolProgress Scheduler::progress() const {
    if (rounds_.empty()) {
        return {};
    }
    // Requests and bytes are counted for the whole process: the oldest round's count holds the others'.
    auto sum = rounds_.front()->progress();
    for (const Patrol* round : rounds_) {
        if (round != rounds_.front()) {
            const auto progress = round->progress();
            sum.targets_total += progress.targets_total;
            sum.targets_done += progress.targets_done;
            sum.targets_reached += progress.targets_reached;
        }
    }
    return sum;
}

} // namespace fengsui::pipeline
