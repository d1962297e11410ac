#include "range/range.h"

#include "range/serve/listeners.h"
#include "range/world/mend.h"

#include <fmt/format.h>

#include <fstream>

namespace fengsui::range {

namespace {

void write_whole(const std::filesystem::path& path, const std::string& text) {
    auto beside = path;
    beside += ".part";
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    std::error_code error;
    if (out) {
        std::filesystem::rename(beside, path, error); // readers see all of it or nothing
    }
    if (!out || error) {
        std::error_code ignored;
        std::filesystem::remove(beside, ignored);
        throw base::Error(
            base::ErrorCode::io,
            fmt::format("cannot write {}: is the folder there, and writable?", path.string())
        );
    }
}

void check_options(const RangeOptions& options) {
    const auto refuse = [](std::string message) {
        throw base::Error(base::ErrorCode::invalid_argument, std::move(message));
    };
    if (options.sites == 0 || options.sites > kMaxSites) {
        refuse(fmt::format("a range has 1 to {} sites, not {}", kMaxSites, options.sites));
    }
    const auto is_loopback = [](const model::IpAddress& address) {
        return address.is_v4() && address.to_v4() >> 24 == 127;
    };
    if (options.base_address
        && (!is_loopback(*options.base_address) || (options.base_address->to_v4() & 0xffff) != 0)) {
        refuse("the sites' first address must be 127.x.0.0");
    }
    if (!is_loopback(options.resolver_address) && options.resolver_address.str() != "::1") {
        refuse("the range's resolver listens on loopback only, not on " + options.resolver_address.str());
    }
    if (options.language != "zh" && options.language != "en") {
        refuse("the range's language is zh or en, not '" + options.language + "'");
    }
}

WorldPlan plan_of(net::Runtime& runtime, const RangeOptions& options) {
    check_options(options);
    WorldPlan plan;
    plan.sites = options.sites;
    plan.seed = options.seed;
    plan.base = options.base_address;
    plan.language = options.language;
    plan.has_low_ports = may_use_low_ports(runtime, plan.first_address());
    plan.has_ipv6 = has_ipv6_loopback(runtime);
    return plan;
}

} // namespace

struct Range::State {
    State(net::Runtime& runtime, RangeOptions given)
        : options(std::move(given)),
          premises(std::make_shared<Premises>(runtime, plan_of(runtime, options))),
          listeners(premises) {}

    void listen() {
        raise_file_limit();
        resolver_port = listeners.open_resolver(options.resolver_address, options.resolver_port);
        if (premises->world.plan.has_low_ports) {
            listeners.open_name_servers();
        }
        for (const auto& site : premises->world.sites) {
            listeners.open_site(site);
        }
    }

    void write_files() const {
        const auto& world = premises->world;
        if (options.registry_file) {
            write_whole(*options.registry_file, registry_csv(world));
        }
        if (options.truth_file) {
            write_whole(*options.truth_file, truth_jsonl(world));
        }
        if (options.trust_file) {
            write_whole(*options.trust_file, premises->authority.trust_pem());
        }
    }

    RangeOptions options;
    std::shared_ptr<Premises> premises; ///< also owned by the connections under way
    Listeners listeners;
    std::uint16_t resolver_port = 0;
};

Range::Range(net::Runtime& runtime, RangeOptions options)
    : state_(std::make_unique<State>(runtime, std::move(options))) {}

Range::~Range() {
    stop();
}

void Range::start() {
    try {
        state_->listen();
        state_->write_files();
    } catch (const base::Error& error) {
        state_->listeners.close();
        throw error.context("the practice range");
    }
}

void Range::stop() {
    state_->listeners.close();
}

base::Json Range::ready_line() const {
    const auto& options = state_->options;
    const auto& world = state_->premises->world;
    auto line =
        base::Json::object({{"type", "ready"}, {"sites", static_cast<std::uint64_t>(world.sites.size())}});
    line.set("resolver", fmt::format("{}:{}", options.resolver_address.url_host(), state_->resolver_port));
    const auto add = [&](std::string_view name, const std::optional<std::filesystem::path>& path) {
        if (path) {
            line.set(name, path->string());
        }
    };
    add("registry", options.registry_file);
    add("truth", options.truth_file);
    add("trust", options.trust_file);
    base::JsonArray districts;
    for (const auto& district : world.districts) {
        districts.emplace_back(district.name);
    }
    line.set("districts", std::move(districts));
    return line;
}

std::string Range::truth() const {
    return truth_jsonl(state_->premises->world);
}

bool Range::mend(std::string_view target, std::string_view check) {
    auto& premises = *state_->premises;
    auto* site = find_site(premises.world, target);
    const auto fault = find_fault(check);
    if (site == nullptr || !fault || !mend_fault(*site, *fault)) {
        return false;
    }
    // Handshakes under way keep the identity they began with.
    auto& place = premises.places[site->address];
    place.web_tls.reset();
    place.mail_tls.reset();
    state_->listeners.open_site(*site);
    return true;
}

std::uint64_t Range::connection_count() const {
    return state_->premises->counters.connections;
}
std::uint64_t Range::request_count() const {
    return state_->premises->counters.requests;
}
std::uint64_t Range::query_count() const {
    return state_->premises->counters.queries;
}

} // namespace fengsui::range
