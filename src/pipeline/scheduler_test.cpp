#include "base/temp_directory_for_test.h"
#include "net/politeness.h"
#include "net/resolver.h"
#include "net/runtime.h"
#include "pipeline/registry_gate.h"
#include "pipeline/scheduler.h"
#include "probe/trust_store.h"
#include "registry/scope.h"
#include "store/database.h"
#include "store/registry_store.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

namespace fengsui::pipeline {
namespace {

using namespace std::chrono_literals;

model::Asset asset(const std::string& value) {
    model::Asset asset;
    asset.value = value;
    asset.target = model::AssetTarget::parse(value).or_throw();
    asset.id = model::asset_id_of(asset.target);
    asset.unit = model::UnitId("u1");
    asset.authorised_from = base::Date(std::chrono::year(2020) / 1 / 1);
    asset.authorised_until = base::Date(std::chrono::year(2099) / 1 / 1);
    return asset;
}

/// Accepts (the kernel does) and never answers.
class SilentServer {
public:
    SilentServer() : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {}
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
    }

private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
};

class SchedulerTest : public testing::Test {
protected:
    void list(std::vector<model::Asset> assets) {
        model::RegistryData data;
        data.units = {{model::UnitId("u1"), "Bureau", {}, {}}};
        data.assets = std::move(assets);
        store::RegistryStore(*database_).replace({data, "x.csv", base::now()}, "system");
    }
    bool was_looked_at(const model::AssetId& asset) {
        const auto entries = store::RunStore(*database_).schedule();
        return std::any_of(entries.begin(), entries.end(), [&](const store::ScheduleEntry& entry) {
            return entry.asset == asset && entry.last_completed;
        });
    }
    /// False after a long while.
    static net::Task<bool> wait_for(net::Runtime& runtime, std::function<bool()> condition) {
        for (int i = 0; i < 600; ++i) {
            if (condition()) {
                co_return true;
            }
            co_await runtime.sleep_until(std::chrono::steady_clock::now() + 50ms);
        }
        co_return false;
    }

    /// Lists slow and quick, when quick was looked at also added; ends the scheduler when that was.
    net::Task<> drive(net::Runtime& runtime, Scheduler& scheduler, std::vector<model::Asset> assets) {
        auto first = wait_for(runtime, [&] { return was_looked_at(assets[1].id); });
        seen_.quick = co_await std::move(first);
        list(assets);
        auto second = wait_for(runtime, [&] { return was_looked_at(assets[2].id); });
        seen_.added = co_await std::move(second);
        seen_.slow = was_looked_at(assets[0].id);
        scheduler.end();
    }

    struct Seen {
        bool quick = false;
        bool added = false;
        bool slow = true;
    };
    Seen seen_;
    base::TempDirectory temp_;
    std::unique_ptr<store::Database> database_ =
        store::Database::open(temp_.path(), store::OpenMode::read_write);
};

TEST_F(SchedulerTest, ASlowTargetHoldsUpNeitherOthersNorNewAssets) {
    const SilentServer server;
    const auto slow = asset(server.url());
    const auto quick = asset("http://127.0.0.3:1/");
    const auto added = asset("http://127.0.0.4:1/");
    list({slow, quick});

    net::Runtime runtime;
    net::PolitenessOptions polite;
    polite.requests_per_second = 1000;
    net::Politeness politeness(runtime, polite);
    net::Resolver resolver(runtime, {});
    const probe::TrustStore trust(std::nullopt);
    registry::ScopeAuthority authority(
        {[this] { return store::RegistryStore(*database_).generation(); },
         [this] {
             return store::RegistryStore(*database_).load().data;
         }}
    );
    RegistryGate gate(authority, ContactPolicy::loopback_only);
    PatrolOptions options;
    options.flow.target_deadline = 120s;
    const probe::Services services{runtime, politeness, resolver, gate, trust, {}};
    Scheduler scheduler(services, authority, *database_, options, {}, {});
    runtime.spawn("drive", drive(runtime, scheduler, {slow, quick, added}));
    runtime.run(scheduler.run());
    EXPECT_TRUE(seen_.quick);
    EXPECT_TRUE(seen_.added);
    EXPECT_FALSE(seen_.slow) << "the slow target was to be under way still";
    EXPECT_FALSE(was_looked_at(slow.id)) << "a target cut off stays due";
}

} // namespace
} // namespace fengsui::pipeline
