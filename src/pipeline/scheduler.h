// Continuous patrol: which assets are due for which checks, round after round, until stopped. A round does
// not wait for the one before: a slow target must not hold up the others, nor a large round a new asset.
#pragma once

#include "pipeline/patrol.h"
#include "store/run_store.h"

#include <boost/asio/steady_timer.hpp>

#include <list>
#include <unordered_map>
#include <unordered_set>

namespace fengsui::registry {
class ScopeAuthority;
}
namespace fengsui::store {
class Database;
}

namespace fengsui::pipeline {

struct ScheduleOptions {
    std::chrono::seconds availability{300};
    std::chrono::seconds standard{86'400};
    std::chrono::seconds careful{604'800};
    Recorder record{}; ///< in place of the store's own
    std::chrono::seconds templates{604'800};
    /// The packs that are enabled for an asset, as they are now; empty: there are none.
    std::function<std::vector<std::shared_ptr<const TemplateSet>>(const model::Asset&)> packs{};
};

/// How often a check is made: by what it costs its target. Templates have their own interval.
enum class CheckGroup : std::uint8_t { availability, standard, careful, templates };
std::string_view to_string(CheckGroup group);
CheckGroup group_of(const check::Check& check);

enum class SchedulerState : std::uint8_t { idle, running, stopped };
std::string_view to_string(SchedulerState state);

/// I/O thread. Remembers in the store what was looked at last, so a restart goes on where it was.
class Scheduler {
public:
    Scheduler(
        const probe::Services& services,
        registry::ScopeAuthority& authority,
        store::Database& database,
        PatrolOptions patrol,
        ScheduleOptions schedule,
        PatrolEvents events
    );
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// Patrols until `end`.
    net::Task<> run();
    /// Ends all traffic at once and starts no further target until `resume`.
    void pause();
    void resume();
    /// Makes all checks of this asset due; the next tick begins with them. Any thread.
    void look_at(model::AssetId asset);
    /// Ends all traffic, and `run`.
    void end();

    [[nodiscard]] SchedulerState state() const;
    [[nodiscard]] PatrolProgress progress() const;

private:
    using GroupKey = std::pair<model::AssetId, CheckGroup>;
    struct GroupKeyHash {
        std::size_t operator()(const GroupKey& key) const noexcept {
            return std::hash<model::AssetId>()(key.first) * 3 + static_cast<std::size_t>(key.second);
        }
    };

    net::Task<> load_schedule();
    net::Task<> wait_tick();
    void cut_round();
    class Round;
    net::Task<> keep_round(std::vector<PatrolTarget> targets);
    net::Task<> run_round(std::vector<PatrolTarget> targets);
    [[nodiscard]] bool may_begin() const;
    [[nodiscard]] PatrolOptions options_of_round(std::size_t targets) const;
    void note_looked_at(const TargetReport& report);
    [[nodiscard]] std::vector<PatrolTarget> due_targets(base::Instant now) const;
    [[nodiscard]] std::chrono::milliseconds interval_of(CheckGroup group) const;
    [[nodiscard]] bool is_due(const model::Asset& asset, CheckGroup group, base::Instant now) const;
    store::RecordedTarget record(const store::TargetResult& result);

    probe::Services services_;
    registry::ScopeAuthority& authority_;
    store::Database& database_;
    ScheduleOptions schedule_;
    PatrolEvents events_;
    PatrolOptions patrol_options_;
    std::unordered_map<GroupKey, base::Instant, GroupKeyHash> last_;
    std::list<Patrol*> rounds_; ///< under way, oldest first
    std::unordered_set<model::AssetId> under_way_;
    std::unique_ptr<boost::asio::steady_timer> tick_;
    bool is_paused_ = false;
    bool is_ended_ = false;
};

} // namespace fengsui::pipeline
