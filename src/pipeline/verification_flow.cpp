#include "pipeline/verification_flow.h"

#include "base/log.h"
#include "net/runtime.h"
#include "pipeline/grading.h"
#include "registry/scope.h"
#include "store/record_store.h"
#include "store/run_store.h"
#include "workflow/engine.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace fengsui::pipeline {

namespace asio = boost::asio;

struct VerificationFlow::Timer {
    explicit Timer(asio::io_context& io) : bell(io) {}
    asio::steady_timer bell;
};

VerificationFlow::VerificationFlow(
    const probe::Services& services,
    registry::ScopeAuthority& authority,
    store::Database& database,
    workflow::Engine& engine,
    VerificationOptions options
)
    : services_(services),
      authority_(authority),
      database_(database),
      engine_(engine),
      options_(options),
      timer_(std::make_unique<Timer>(services.runtime.io())) {}

VerificationFlow::~VerificationFlow() = default;

net::Task<> VerificationFlow::run() {
    while (!is_ended_) {
        std::vector<Recheck> planned;
        const std::function<void()> read = [&] {
            retry_inconclusive();
            planned = read_planned();
        };
        co_await services_.runtime.offload(read);
        for (auto& recheck : planned) {
            if (is_ended_ || services_.runtime.is_traffic_stopped()) {
                break;
            }
            auto served = serve(std::move(recheck));
            co_await std::move(served);
        }
        auto rest = wait();
        co_await std::move(rest);
    }
}

void VerificationFlow::ring() {
    timer_->bell.cancel();
}

void VerificationFlow::end() {
    is_ended_ = true;
    ring();
}

net::Task<> VerificationFlow::wait() {
    if (is_ended_) {
        co_return;
    }
    boost::system::error_code ignored;
    timer_->bell.expires_after(options_.poll);
    auto waiting = timer_->bell.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_await std::move(waiting);
}

std::vector<VerificationFlow::Recheck> VerificationFlow::read_planned() {
    store::RecordStore records(database_);
    std::vector<Recheck> planned;
    for (const auto& verification : engine_.verifications_in("planned")) {
        Recheck recheck{verification.id, {}};
        const auto record_of_case = records.find("cases", verification["case"].as_string());
        if (record_of_case && verification["asked_at"].is_null()) {
            for (const auto& id : (*record_of_case)["findings"].items()) {
                const auto finding = records.find("findings", id.as_string());
                if (finding && finding->state == "in_case") {
                    recheck.items.push_back(
                        {model::AssetId((*finding)["asset"].as_string()), (*finding)["check"].as_string()}
                    );
                }
            }
            planned.push_back(std::move(recheck));
        }
    }
    return planned;
}

/// contract: inconclusive ones are tried again, up to three times; the workflow's guard counts.
void VerificationFlow::retry_inconclusive() {
    const auto now = base::now();
    for (const auto& verification : engine_.verifications_in("inconclusive")) {
        const auto judged = judged_at_.find(verification.id);
        const bool rests = judged != judged_at_.end() && judged->second + options_.retry_after > now;
        if (verification["tries"].as_int() < 3 && !rests) {
            engine_.act("verifications", verification.id, "retry", {}, {workflow::system_actor(), now, {}});
        }
    }
}

bool VerificationFlow::can_look_for(const Recheck& recheck) const {
    return std::all_of(recheck.items.begin(), recheck.items.end(), [](const Item& item) {
        return check::find_check(item.check) != nullptr;
    });
}

std::vector<PatrolTarget> VerificationFlow::targets_of(const Recheck& recheck) const {
    std::vector<PatrolTarget> targets;
    for (const auto& asset : authority_.data().assets) {
        PatrolTarget target{asset, {}};
        for (const auto& item : recheck.items) {
            const auto* check = item.asset == asset.id ? check::find_check(item.check) : nullptr;
            if (check != nullptr
                && std::find(target.checks.begin(), target.checks.end(), check) == target.checks.end()) {
                target.checks.push_back(check);
            }
        }
        if (!target.checks.empty()) {
            targets.push_back(std::move(target));
        }
    }
    return targets;
}

/// One that cannot be served is told to the log; the others go on.
net::Task<> VerificationFlow::serve(Recheck recheck) {
    const std::string id = recheck.id;
    try {
        if (can_look_for(recheck)) {
            auto looked = look(std::move(recheck));
            co_await std::move(looked);
        } else {
            const std::function<void()> ask = [&] {
                engine_.ask_for_run(id, base::now());
            };
            co_await services_.runtime.offload(ask);
        }
    } catch (const base::Error& error) {
        base::log_error(fmt::format("re-check {}: {}", id, error.message()));
    } catch (const workflow::Refusal& refusal) {
        base::log_warning(fmt::format("re-check {}: {}", id, refusal.what()));
    }
}

net::Task<> VerificationFlow::look(Recheck recheck) {
    auto targets = targets_of(recheck);
    const auto count = targets.size();
    model::RunId run;
    const std::function<void()> begin = [&] {
        const auto scope = base::Json::object({{"by", "verification"}, {"verification", recheck.id}});
        run = store::RunStore(database_).begin_run(
            {"verification/" + recheck.id, scope, FENGSUI_VERSION, count, base::now()}
        );
    };
    co_await services_.runtime.offload(begin);
    const Recorder recorder = [this](const store::TargetResult& result) {
        auto recorded = engine_.record(result);
        keep_grade(database_, result.asset, result.at);
        return recorded;
    };
    Patrol patrol(services_, recorder, options_.patrol, {});
    auto looking = patrol.run(run, std::move(targets));
    const auto progress = co_await std::move(looking);
    const bool is_cut = is_ended_ || services_.runtime.is_traffic_stopped();
    const std::function<void()> settle = [&] {
        store::RunStore(database_).finish_run(
            run, is_cut ? "stopped" : "finished", summary_line(progress), base::now()
        );
        if (!is_cut) { // else it stays planned: nothing was seen, and no try is spent
            engine_.settle_verification(recheck.id, run, base::now());
        }
    };
    co_await services_.runtime.offload(settle);
    judged_at_[recheck.id] = base::now();
}

} // namespace fengsui::pipeline
