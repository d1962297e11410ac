#include "fengsui/engine.h"

#include "fengsui/software_data.h"

#include "base/text.h"
#include "probe/name_server_memory.h"
#include "probe/trust_anchors.h"
#include "probe/vantage.h"
#include "store/baseline_store.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::apps {

namespace {

using base::Error;
using base::ErrorCode;

/// `08:00-18:00` into minutes of the day.
net::QuietHours parse_quiet_hours(const std::string& text) {
    if (text.empty()) {
        return {};
    }
    int from_hour = 0;
    int from_minute = 0;
    int until_hour = 0;
    int until_minute = 0;
    char end = 0;
    const int read = std::sscanf(
        text.c_str(), "%2d:%2d-%2d:%2d%c", &from_hour, &from_minute, &until_hour, &until_minute, &end
    );
    const auto is_time = [](int hour, int minute) {
        return hour >= 0 && hour <= 24 && minute >= 0 && minute <= 59;
    };
    if (read != 4 || !is_time(from_hour, from_minute) || !is_time(until_hour, until_minute)) {
        throw Error(
            ErrorCode::invalid_argument,
            fmt::format("quiet_hours: \"{}\" is not a span of the day; write it like 08:00-18:00", text)
        );
    }
    return {
        std::chrono::minutes(from_hour * 60 + from_minute),
        std::chrono::minutes(until_hour * 60 + until_minute)};
}

net::PolitenessOptions politeness_options(const Settings& settings) {
    net::PolitenessOptions options;
    options.requests_per_second = settings.rate;
    options.connections = settings.connections;
    options.quiet_hours = parse_quiet_hours(settings.quiet_hours);
    return options;
}

net::ResolverOptions resolver_options(const Settings& settings) {
    net::ResolverOptions options;
    if (!settings.resolver.empty()) {
        options.servers.push_back(settings.resolver);
    }
    return options;
}

std::optional<std::filesystem::path> file_of(const std::string& name) {
    return name.empty() ? std::nullopt : std::optional<std::filesystem::path>(name);
}

net::HttpClientOptions http_options(const Settings& settings) {
    net::HttpClientOptions options;
    options.user_agent = user_agent(settings.contact);
    return options;
}

pipeline::ContactPolicy contact_policy(const Settings& settings) {
    return settings.contact.empty() ? pipeline::ContactPolicy::loopback_only
                                    : pipeline::ContactPolicy::any_address;
}

bool is_loopback(const model::Prefix& prefix) {
    static const auto v4 = model::Prefix::parse("127.0.0.0/8").value();
    static const auto v6 = model::Prefix::parse("::1").value();
    return v4.contains(prefix) || v6.contains(prefix);
}

bool is_loopback_server(const std::string& server) {
    return base::istarts_with(server, "127.") || base::istarts_with(server, "[::1]") || server == "::1";
}

bool may_leave_machine(const model::AssetTarget& target, const Settings& settings) {
    if (target.prefix) {
        return !is_loopback(*target.prefix);
    }
    const bool local_name = target.host == "localhost" || target.host.ends_with(".localhost");
    return !local_name && !is_loopback_server(settings.resolver);
}

} // namespace

std::string user_agent(const std::string& contact) {
    return contact.empty() ? "Fengsui/" FENGSUI_VERSION
                           : fmt::format("Fengsui/" FENGSUI_VERSION " (+{})", contact);
}

Engine::Engine(const Settings& settings, registry::RegistrySource source)
    : politeness(runtime, politeness_options(settings)),
      resolver(runtime, resolver_options(settings)),
      trust(file_of(settings.trust), file_of(settings.crl)),
      anchors(std::make_unique<probe::TrustAnchors>(file_of(settings.trust_anchor))),
      name_servers(std::make_unique<probe::NameServerMemory>()),
      knowledge(load_software_data(settings.software_data)),
      vantage(std::make_unique<probe::Ipv6Vantage>()),
      authority(std::move(source)),
      gate(authority, contact_policy(settings)),
      services{runtime, politeness, resolver, gate, trust, http_options(settings)} {
    services.anchors = anchors.get();
    services.name_servers = name_servers.get();
    services.knowledge = knowledge.get();
    services.vantage = vantage.get();
}

Engine::~Engine() = default;

pipeline::PatrolOptions patrol_options(const Settings& settings) {
    pipeline::PatrolOptions options;
    options.flow.target_deadline =
        std::chrono::milliseconds(static_cast<std::int64_t>(settings.deadline * 1000));
    options.flow.judged_at = settings.now;
    options.concurrency = settings.concurrency;
    options.at_one_address = std::min(settings.connections, 2U);
    return options;
}

pipeline::PageMemory page_memory(store::Database& database) {
    pipeline::PageMemory memory;
    memory.recall = [&database](const model::AssetId& asset) {
        const auto stored = store::BaselineStore(database).find(asset);
        auto read = model::PageBaseline::from_json(stored.value_or(base::Json()));
        return std::move(read).value_or(model::PageBaseline()); // an older form is learned anew
    };
    memory.keep = [&database](const model::AssetId& asset, const model::PageBaseline& baseline) {
        store::BaselineStore(database).put(asset, baseline.to_json(), base::now());
    };
    return memory;
}

void require_contact(const Settings& settings, const std::vector<pipeline::PatrolTarget>& targets) {
    const bool all_local =
        std::none_of(targets.begin(), targets.end(), [&](const pipeline::PatrolTarget& target) {
            return may_leave_machine(target.asset.target, settings);
        });
    if (settings.contact.empty() && !all_local) {
        throw Error(
            ErrorCode::invalid_argument, std::string(base::message(settings.language, "error.no_contact"))
        );
    }
}

} // namespace fengsui::apps
