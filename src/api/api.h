// The HTTP API and the web pages: routing, sign-in, scope, errors.
#pragma once

#include "api/check_requests.h"
#include "api/events.h"
#include "api/login_guard.h"
#include "api/route.h"
#include "api/self_check.h"
#include "base/clock.h"

#include <filesystem>
#include <optional>

namespace fengsui::store {
class Database;
}
namespace fengsui::net {
class Runtime;
}

namespace fengsui::api {

/// The patrol, as the pages steer it. I/O thread.
struct PatrolControl {
    std::function<base::Json()> status;
    std::function<void()> start;
    std::function<void()> stop;
    std::function<void(std::string asset)>
        look_at{}; ///< at its next turn, whenever it was looked at. Any thread
};

class OidcSignIn;

/// One figure of /metrics.
struct Metric {
    std::string_view name;
    std::string_view type; ///< counter or gauge
    std::string_view help;
    double value = 0;
};
using MetricsSource = std::function<std::vector<Metric>()>;

struct Services {
    net::Runtime& runtime;
    store::Database& database;
    workflow::Engine& engine;
    const base::Clock& clock;
    EventHub& events;
    PatrolControl patrol;
    MetricsSource metrics;
    std::filesystem::path web_root;                ///< where the built pages are; may be absent
    base::StandingClock* standing_clock = nullptr; ///< with --test-clock
    std::function<void()> on_write{};              ///< after each request that may have written; any thread
    std::string site{};                            ///< URL of the office, for what it hands out
    LoginGuard logins{};
    CheckRequests check_requests{};
    bool offers_self_check = false; ///< the public page, `serve --self-check`
    VisitorLimit self_check_visitors{};
    OidcSignIn* oidc = nullptr; ///< sign-in through the organisation's provider; null: not configured
};

class Api {
public:
    explicit Api(Services& services);

    /// Answers one request; what goes wrong becomes problem+json.
    net::Task<net::ServerResponse> handle(net::ServerRequest request);
    /// The body for a request that could not even be read.
    static std::string unreadable(int status);

private:
    net::Task<net::ServerResponse> dispatch(const net::ServerRequest& request);
    net::Task<net::ServerResponse> pick_route(
        std::span<const Route> routes, const net::ServerRequest& request, std::string path
    );
    net::Task<net::ServerResponse> run_route(
        const Route& route, const net::ServerRequest& request, std::vector<std::string> values
    );
    net::Task<Caller> identify(const net::ServerRequest& request, Access access);
    net::Task<net::ServerResponse> steer_patrol(const net::ServerRequest& request, std::string path);
    net::Task<net::ServerResponse> sign_in_elsewhere(const net::ServerRequest& request, std::string path);
    net::Task<net::ServerResponse> open_stream(const net::ServerRequest& request);
    net::Task<net::ServerResponse> outside_api(const net::ServerRequest& request);
    net::Task<net::ServerResponse> readiness();
    [[nodiscard]] net::ServerResponse metrics() const;

    Services& services_;
    std::vector<Route> routes_;
};

/// Lists the procedures that the program ships among the workflows, as active ones. Blocking.
void keep_shipped_workflows(store::Database& database, const workflow::Engine& engine, base::Instant now);

/// The first user, `admin`, when there is none yet: its password, shown once. Blocking.
std::optional<std::string> make_first_administrator(store::Database& database, base::Instant now);

} // namespace fengsui::api
