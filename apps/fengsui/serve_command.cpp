// `serve`: API, web pages, scheduler and patrol in one process.
#include "fengsui/command_line.h"
#include "fengsui/commands.h"
#include "fengsui/dispatch.h"
#include "fengsui/engine.h"
#include "fengsui/output.h"
#include "fengsui/template_packs.h"

#include "api/api.h"
#include "api/oidc_routes.h"
#include "base/log.h"
#include "base/text.h"
#include "check/catalog.h"
#include "net/http_server.h"
#include "pipeline/scheduler.h"
#include "pipeline/timekeeper.h"
#include "pipeline/verification_flow.h"
#include "store/data_dir_lock.h"
#include "store/database.h"
#include "store/record_store.h"
#include "store/registry_store.h"
#include "workflow/engine.h"

#include <fmt/format.h>

#include <cmath>
#include <unistd.h>

namespace fengsui::apps {

namespace {

using base::Json;
using base::message;

struct ServeWords {
    std::optional<std::string> listen;
    bool test_clock = false;
    bool self_check = false;
    std::optional<std::string> format;
};

struct Endpoint {
    model::IpAddress address;
    std::uint16_t port = 8080;
};

Endpoint parse_listen(const std::string& text) {
    const auto url = model::Url::parse("http://" + text);
    const auto address = url ? url->address() : std::nullopt;
    if (!address || text.find(':') == std::string::npos) {
        throw base::Error(
            base::ErrorCode::invalid_argument,
            fmt::format("listen: \"{}\" is not ADDRESS:PORT; write it like 127.0.0.1:8080", text)
        );
    }
    return {*address, url->port};
}

/// Beside the program (an installation), or where the build leaves it.
std::filesystem::path find_web_root(const std::string& configured) {
    if (!configured.empty()) {
        return configured;
    }
    std::error_code failure;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failure).parent_path();
    for (const auto* place : {"web", "../share/fengsui/web", "../../web/dist"}) {
        if (std::filesystem::exists(program / place / "index.html", failure)) {
            return std::filesystem::canonical(program / place, failure);
        }
    }
    base::log_warning("the web pages are not built; run ./run build");
    return {};
}

pipeline::ScheduleOptions schedule_options(const Settings& settings) {
    const auto seconds = [](double count) {
        return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(count)));
    };
    return {
        seconds(settings.interval_availability),
        seconds(settings.interval_standard),
        seconds(settings.interval_careful),
        {},
        seconds(settings.interval_templates),
        {}};
}

Json patrol_json(const pipeline::Scheduler& scheduler) {
    const auto progress = scheduler.progress();
    const auto left = progress.seconds_left();
    const bool runs = scheduler.state() == pipeline::SchedulerState::running;
    return Json::object({
        {"state", to_string(scheduler.state())},
        {"run", runs ? Json(progress.run.str()) : Json()},
        {"targets_total", std::uint64_t{progress.targets_total}},
        {"targets_done", std::uint64_t{progress.targets_done}},
        {"requests", progress.requests},
        {"bytes", progress.bytes},
        {"requests_per_second", runs ? std::round(progress.requests_per_second() * 10) / 10 : 0.0},
        {"seconds_left", left ? Json(std::round(*left)) : Json()},
    });
}

void announce_password(const Settings& settings, const std::string& password) {
    if (settings.format == OutputFormat::jsonl) {
        print_line(Json::object({{"type", "first_password"}, {"user", "admin"}, {"password", password}}));
    } else {
        print_text(fmt::format(fmt::runtime(message(settings.language, "serve.password")), password));
    }
}

bool is_loopback(const model::IpAddress& address) {
    return model::Prefix::parse("127.0.0.0/8").value().contains(address)
           || model::Prefix::parse("::1").value().contains(address);
}

/// Where time stood when the last server with a test clock ended; else now.
base::Instant standing_start(store::Database& database) {
    store::RecordStore records(database);
    if (const auto stored = records.read_value("test_clock")) {
        return base::parse_rfc3339(*stored).or_throw();
    }
    const auto start = base::now();
    records.write_value("test_clock", base::format_rfc3339(start));
    return start;
}

std::string family_of(const std::string& id) {
    const auto* check = check::find_check(id);
    return check == nullptr || check->info.family.empty() ? id : check->info.family;
}

Json texts_of(const std::string& id) {
    const auto* check = check::find_check(id);
    return check == nullptr
               ? Json()
               : Json::object(
                   {{"title", check->info.title.to_json()}, {"advice", check->info.advice.to_json()}}
               );
}

pipeline::PatrolOptions remembering(const Settings& settings, store::Database& database) {
    auto options = patrol_options(settings);
    options.flow.memory = page_memory(database);
    return options;
}

workflow::EngineOptions engine_options(const Settings& settings, const Dispatch& dispatch) {
    workflow::EngineOptions options;
    options.sends_mail = dispatch.sends_mail();
    options.webhooks = dispatch.webhook_names();
    options.public_url = settings.services.public_url;
    options.family_of = family_of;
    options.texts_of = texts_of;
    return options;
}

/// Everything serve is made of, built and destroyed in order.
class Server {
public:
    Server(
        const Settings& settings,
        store::Database& database,
        base::StandingClock* standing_clock,
        bool offers_self_check
    )
        : settings_(settings),
          engine_(settings, registry_source(database)),
          dispatch_(engine_.runtime, settings, database),
          cases_(database, engine_options(settings, dispatch_)),
          events_(engine_.runtime),
          timekeeper_(engine_.runtime, cases_, database),
          packs_(engine_.runtime, settings_),
          scheduler_(
              engine_.services,
              engine_.authority,
              database,
              remembering(settings, database),
              schedule(settings),
              patrol_events()
          ),
          rechecks_(engine_.services, engine_.authority, database, cases_, {remembering(settings, database)}),
          services_{
              engine_.runtime,
              database,
              cases_,
              standing_clock != nullptr ? static_cast<const base::Clock&>(*standing_clock) : system_clock_,
              events_,
              control(),
              [this] { return metrics(); },
              find_web_root(settings.web_root),
              standing_clock,
              [this] {
                  timekeeper_.ring();
                  rechecks_.ring();
                  dispatch_.ring();
              }},
          api_(services_) {
        services_.offers_self_check = offers_self_check;
        if (dispatch_.oidc()) {
            provider_.emplace(dispatch_.client(), dispatch_.scope(), *dispatch_.oidc());
            services_.oidc = &*provider_;
        }
        cases_.set_listener([this](const workflow::Change& change) { events_.announce(change); });
    }

    void run() {
        const auto endpoint = parse_listen(settings_.listen);
        net::HttpServer http(
            engine_.runtime,
            endpoint.address,
            endpoint.port,
            {},
            [this](net::ServerRequest request) { return api_.handle(std::move(request)); },
            [](int status) { return api::Api::unreadable(status); }
        );
        api::keep_shipped_workflows(services_.database, cases_, services_.clock.now());
        // Only once the port is ours: the password is shown a single time.
        if (const auto password = api::make_first_administrator(services_.database, services_.clock.now())) {
            announce_password(settings_, *password);
        }
        announce(endpoint.address, http.port());
        engine_.runtime.on_interrupt([this, &http] {
            scheduler_.end();
            packs_.end();
            timekeeper_.end();
            rechecks_.end();
            dispatch_.end();
            events_.close();
            http.stop();
        });
        if (services_.standing_clock != nullptr) {
            scheduler_.pause(); // with a test clock nothing runs by itself
        } else {
            engine_.runtime.spawn("timekeeper", timekeeper_.run());
            engine_.runtime.spawn("re-checks", rechecks_.run());
            if (!packs_.empty()) {
                engine_.runtime.spawn("templates", packs_.run());
            }
            if (dispatch_.is_configured()) {
                engine_.runtime.spawn("sending", dispatch_.run());
            }
        }
        engine_.runtime.run(scheduler_.run());
    }

private:
    static registry::RegistrySource registry_source(store::Database& database) {
        return {
            [&database] { return store::RegistryStore(database).generation(); },
            [&database] { return store::RegistryStore(database).load().data; },
        };
    }

    pipeline::ScheduleOptions schedule(const Settings& settings) {
        auto options = schedule_options(settings);
        options.record = [this](const store::TargetResult& result) {
            return cases_.record(result);
        };
        if (!packs_.empty()) {
            options.packs = [this](const model::Asset& asset) {
                return packs_.enabled_for(asset);
            };
        }
        return options;
    }

    void announce(const model::IpAddress& address, std::uint16_t port) const {
        const std::string url = fmt::format("http://{}:{}/", address.url_host(), port);
        if (settings_.format == OutputFormat::jsonl) {
            print_line(Json::object({{"type", "ready"}, {"url", url}}));
        } else {
            print_text(fmt::format(fmt::runtime(message(settings_.language, "serve.ready")), url));
            std::fflush(stdout);
        }
    }

    pipeline::PatrolEvents patrol_events() {
        pipeline::PatrolEvents events;
        events.on_target = [this](const pipeline::TargetReport& report) {
            publish_changes(report);
        };
        events.on_progress = [this](const pipeline::PatrolProgress&) {
            events_.publish("patrol", patrol_json(scheduler_), api::Audience::authority);
        };
        return events;
    }

    void publish_changes(const pipeline::TargetReport& report) {
        for (const auto& change : report.changes) {
            if (change.kind == store::ChangeKind::found || change.kind == store::ChangeKind::reappeared) {
                Json finding = change.finding.to_json();
                finding.set("presence", "present");
                events_.publish("finding", finding, change.finding.unit);
            }
        }
    }

    api::PatrolControl control() {
        return {
            [this] { return patrol_json(scheduler_); },
            [this] {
                if (services_.standing_clock == nullptr) {
                    scheduler_.resume();
                }
            },
            [this] { scheduler_.pause(); },
            [this](std::string asset) { scheduler_.look_at(model::AssetId(std::move(asset))); },
        };
    }

    std::vector<api::Metric> metrics() {
        const auto progress = scheduler_.progress();
        const auto gauge = [](std::string_view name, std::string_view help, std::size_t value) {
            return api::Metric{name, "gauge", help, static_cast<double>(value)};
        };
        const auto counter = [](std::string_view name, std::string_view help, std::uint64_t value) {
            return api::Metric{name, "counter", help, static_cast<double>(value)};
        };
        return {
            gauge("fengsui_patrol_targets", "Targets of the round under way.", progress.targets_total),
            gauge("fengsui_patrol_targets_done", "Of these, looked at.", progress.targets_done),
            counter(
                "fengsui_connections_total",
                "Connections opened to targets.",
                engine_.politeness.connection_count()
            ),
            counter(
                "fengsui_requests_total", "HTTP requests sent to targets.", engine_.politeness.request_count()
            ),
            counter(
                "fengsui_received_bytes_total", "Bytes read from targets.", engine_.runtime.bytes_received()
            ),
            counter("fengsui_dns_queries_total", "DNS queries sent.", engine_.resolver.query_count()),
            gauge("fengsui_event_readers", "Readers of the event stream.", events_.reader_count()),
            gauge("fengsui_assets", "Registered assets.", engine_.authority.data().assets.size()),
        };
    }

    const Settings& settings_;
    base::SystemClock system_clock_;
    Engine engine_;
    Dispatch dispatch_;
    workflow::Engine cases_;
    api::EventHub events_;
    pipeline::Timekeeper timekeeper_;
    TemplatePacks packs_;
    pipeline::Scheduler scheduler_;
    pipeline::VerificationFlow rechecks_;
    std::optional<api::OidcSignIn> provider_;
    api::Services services_;
    api::Api api_;
};

int run_serve(const ServeWords& words, TypedOptions& typed) {
    typed.format = words.format;
    Settings settings = resolve_settings(typed);
    settings.listen = words.listen.value_or(settings.listen);
    if (words.test_clock && !is_loopback(parse_listen(settings.listen).address)) {
        throw base::Error(
            base::ErrorCode::invalid_argument, std::string(message(settings.language, "error.test_clock"))
        );
    }
    parse_listen(settings.listen);
    const auto database = store::Database::open(settings.data_dir, store::OpenMode::read_write);
    const store::DataDirLock lock(settings.data_dir);
    std::optional<base::StandingClock> standing_clock;
    if (words.test_clock) {
        standing_clock.emplace(standing_start(*database));
    }
    Server server(settings, *database, standing_clock ? &*standing_clock : nullptr, words.self_check);
    server.run();
    return 3; // contracts.md section 1: ended by a signal
}

} // namespace

void add_serve_command(Command& root, TypedOptions& typed) {
    const auto words = std::make_shared<ServeWords>();
    Command command = root.add("serve", "help.serve");
    command.text("--listen", words->listen, "help.option.listen");
    command.text("--format", words->format, "help.option.format");
    command.flag("--self-check", words->self_check, "help.option.self_check");
    command.flag("--test-clock", words->test_clock, "help.option.test_clock");
    typed.add_network(command);
    command.run([words, &typed] { return run_serve(*words, typed); });
}

} // namespace fengsui::apps
