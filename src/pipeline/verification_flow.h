// Re-checks: a reply plans one, the patrol's engine looks at exactly its items, the case engine judges.
#pragma once

#include "pipeline/patrol.h"

#include <memory>
#include <unordered_map>

namespace fengsui::registry {
class ScopeAuthority;
}
namespace fengsui::store {
class Database;
}
namespace fengsui::workflow {
class Engine;
}

namespace fengsui::pipeline {

struct VerificationOptions {
    PatrolOptions patrol;
    std::chrono::milliseconds poll{std::chrono::seconds(5)};
    std::chrono::milliseconds retry_after{
        std::chrono::minutes(10)}; ///< an inconclusive one, up to three tries
};

/// I/O thread. One re-check at a time: politeness is worth more than haste here.
class VerificationFlow {
public:
    VerificationFlow(
        const probe::Services& services,
        registry::ScopeAuthority& authority,
        store::Database& database,
        workflow::Engine& engine,
        VerificationOptions options
    );
    ~VerificationFlow();
    VerificationFlow(const VerificationFlow&) = delete;
    VerificationFlow& operator=(const VerificationFlow&) = delete;

    /// Looks after planned re-checks until `end`.
    net::Task<> run();
    void ring();
    void end();

private:
    struct Item {
        model::AssetId asset;
        std::string check;
    };
    struct Recheck {
        std::string id;
        std::vector<Item> items;
    };

    [[nodiscard]] std::vector<Recheck> read_planned();
    [[nodiscard]] bool can_look_for(const Recheck& recheck) const;
    [[nodiscard]] std::vector<PatrolTarget> targets_of(const Recheck& recheck) const;
    net::Task<> serve(Recheck recheck);
    net::Task<> look(Recheck recheck);
    void retry_inconclusive();
    net::Task<> wait();

    probe::Services services_;
    registry::ScopeAuthority& authority_;
    store::Database& database_;
    workflow::Engine& engine_;
    VerificationOptions options_;
    std::unordered_map<std::string, base::Instant> judged_at_; ///< by id; a restart may try at once
    struct Timer;
    std::unique_ptr<Timer> timer_;
    bool is_ended_ = false;
};

} // namespace fengsui::pipeline
