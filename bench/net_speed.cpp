// How many HTTP requests, or TLS handshakes, our client makes a second on one core. Run by net_speed.py
// beside wrk and openssl s_time, against a server on the other core.
#include "net/http_client.h"
#include "net/politeness.h"
#include "net/runtime.h"
#include "registry/scope.h"

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <string>

namespace base = fengsui::base;
namespace model = fengsui::model;
namespace net = fengsui::net;
namespace registry = fengsui::registry;

namespace {

constexpr int kSessions = 16;

struct Work {
    net::Runtime& runtime;
    net::Politeness& politeness;
    registry::ScopeAuthority& authority;
    model::Asset asset;
    model::Url url;
    net::HttpClientOptions options;
    net::Deadline end;
    std::uint64_t done = 0;
};

net::Task<> request_loop(Work& work) {
    auto admission = work.authority.admit(work.asset.id, work.url.host, *work.url.address());
    const auto ticket = std::get<model::ScopeTicket>(admission);
    net::HttpSession session(
        work.runtime, work.politeness, work.options, ticket, work.url.scheme, work.url.host, work.url.port
    );
    while (!work.end.has_passed()) {
        net::HttpRequest request;
        request.url = work.url;
        const auto exchange = co_await session.fetch(request, work.end);
        work.done += exchange.outcome.is_completed() ? 1 : 0;
    }
}

net::Task<> handshake_loop(Work& work) {
    while (!work.end.has_passed()) {
        auto admission = work.authority.admit(work.asset.id, work.url.host, *work.url.address());
        const auto ticket = std::get<model::ScopeTicket>(admission);
        auto connected =
            co_await net::connect(work.runtime, work.politeness, ticket, work.url.port, work.end);
        if (!connected.connection) {
            continue;
        }
        net::TlsSession session;
        const net::TlsClientOptions options;
        const auto outcome = co_await connected.connection->start_tls(options, session);
        work.done += outcome.is_completed() ? 1 : 0;
    }
}

net::Task<> nothing() {
    co_return;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        fmt::print(stderr, "net_speed http|tls URL SECONDS (URL with a loopback address)\n");
        return 2;
    }
    const auto target = model::AssetTarget::parse(argv[2]).value();
    model::RegistryData data;
    data.units.push_back({model::UnitId("bench"), "bench", {}, {}});
    model::Asset asset;
    asset.target = target;
    asset.value = argv[2];
    asset.id = model::asset_id_of(target);
    asset.unit = model::UnitId("bench");
    data.assets.push_back(asset);

    net::Runtime runtime;
    net::PolitenessOptions unlimited;
    unlimited.requests_per_second = 1'000'000;
    unlimited.connections = kSessions;
    net::Politeness politeness(runtime, unlimited);
    registry::ScopeAuthority authority(std::move(data));
    const double seconds = std::strtod(argv[3], nullptr);
    Work work{
        runtime,
        politeness,
        authority,
        asset,
        *target.url,
        {},
        net::Deadline::in(std::chrono::milliseconds(static_cast<int>(seconds * 1000)))};
    work.options.user_agent = "Fengsui-bench";
    const bool tls = std::strcmp(argv[1], "tls") == 0;
    for (int i = 0; i < (tls ? 1 : kSessions); ++i) {
        runtime.spawn("load", tls ? handshake_loop(work) : request_loop(work));
    }
    runtime.run(nothing());
    fmt::print("{:.0f}\n", static_cast<double>(work.done) / seconds);
    return 0;
}
