#include "net/resolver.h"

#include "base/text.h"
#include "net/dns_cache.h"
#include "net/dns_exchange.h"
#include "net/socket/endpoint.h"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>

namespace fengsui::net {

namespace {

constexpr std::size_t kMaxChain = 16;

/// What one family's question came to, CNAMEs followed.
struct FamilyAnswer {
    model::Outcome outcome;
    std::vector<std::string> cnames;
    std::vector<model::IpAddress> addresses;
};

/// Where a family's answer is left for the coroutine that waits for it.
struct FamilyJoin {
    explicit FamilyJoin(Runtime& runtime) : waiter(runtime) {}
    FamilyAnswer answer;
    std::exception_ptr failure;
    bool is_done = false;
    DnsWaiter waiter;
};

const DnsRecord* find_record(const DnsMessage& message, std::string_view name, DnsType type) {
    for (const auto& record : message.answers) {
        if (record.type == type && record.name == name) {
            return &record;
        }
    }
    return nullptr;
}

/// Follows the CNAMEs in one answer from `name` on; the name they end at. Loops and long chains end.
std::string follow_cnames(const DnsMessage& message, std::string name, std::vector<std::string>& chain) {
    while (chain.size() < kMaxChain) {
        const auto* record = find_record(message, name, DnsType::cname);
        if (record == nullptr) {
            break;
        }
        auto target = record->text();
        if (std::find(chain.begin(), chain.end(), target) != chain.end()) {
            break;
        }
        chain.push_back(target);
        name = std::move(target);
    }
    return name;
}

void add_addresses(
    const DnsMessage& message, const DnsQuestion& at, std::vector<model::IpAddress>& addresses
) {
    for (const auto& record : message.answers) {
        if (record.type != at.type || record.name != at.name) {
            continue;
        }
        auto address = model::IpAddress::parse(record.text());
        if (address && std::find(addresses.begin(), addresses.end(), *address) == addresses.end()) {
            addresses.push_back(*address);
        }
    }
}

bool has_soa(const DnsMessage& message) {
    return std::any_of(message.authorities.begin(), message.authorities.end(), [](const DnsRecord& record) {
        return record.type == DnsType::soa;
    });
}

/// Takes what one answer says; `at` moves to the end of its chain. True when there is no more to ask.
bool take_answer(const DnsAnswer& answer, DnsQuestion& at, FamilyAnswer& found) {
    auto end = follow_cnames(answer.message, at.name, found.cnames);
    const bool has_moved = at.name.compare(end) != 0;
    at.name = std::move(end);
    add_addresses(answer.message, at, found.addresses);
    found.outcome = answer.outcome;
    // A negative answer carries the zone's SOA (RFC 2308 2.2): then the chain's end has no address.
    const bool is_final =
        !found.outcome.is_completed() || !found.addresses.empty() || has_soa(answer.message);
    return is_final || !has_moved || found.cnames.size() >= kMaxChain;
}

/// Nothing to reach is an answer only when both families said so.
model::Outcome joint_outcome(const FamilyAnswer& v4, const FamilyAnswer& v6) {
    if (!v4.addresses.empty() || !v6.addresses.empty()) {
        return model::completed();
    }
    if (!v4.outcome.is_completed()) {
        return v4.outcome;
    }
    return v6.outcome.is_completed() ? model::not_reached(model::Reason::dns_nxdomain) : v6.outcome;
}

model::NameResolution joined(std::string name, FamilyAnswer v4, FamilyAnswer v6) {
    model::NameResolution resolution;
    resolution.name = std::move(name);
    resolution.outcome = joint_outcome(v4, v6);
    resolution.v6_outcome = v6.outcome;
    resolution.cnames = v4.cnames.empty() ? std::move(v6.cnames) : std::move(v4.cnames);
    resolution.addresses = std::move(v4.addresses);
    for (const auto& address : v6.addresses) {
        if (std::find(resolution.addresses.begin(), resolution.addresses.end(), address)
            == resolution.addresses.end()) {
            resolution.addresses.push_back(address);
        }
    }
    return resolution;
}

} // namespace

struct Resolver::State {
    State(Runtime& its_runtime, ResolverOptions options)
        : runtime(its_runtime), exchange(its_runtime, std::move(options)) {}

    Task<DnsAnswer> ask(DnsKey key, Deadline deadline);
    Task<FamilyAnswer> look_up(std::string name, DnsType type, Deadline deadline);
    /// `look_up` whose end is told to `join`, which the waiting coroutine shares.
    Task<> look_up_into(std::shared_ptr<FamilyJoin> join, std::string name, DnsType type, Deadline deadline);

    Runtime& runtime;
    DnsExchange exchange;
    DnsCache cache;
};

Task<DnsAnswer> Resolver::State::ask(DnsKey key, Deadline deadline) {
    while (true) {
        const auto objection = dns_objection(runtime, deadline);
        if (!objection.is_completed()) {
            co_return DnsAnswer{objection, {}};
        }
        if (const auto* known = cache.find(key)) {
            co_return *known;
        }
        auto flight = cache.join(key);
        if (!flight) {
            DnsCache::Lead lead(cache, key);
            DnsAnswer answer = co_await exchange.ask(key.question, key.wish, deadline);
            lead.finish(answer);
            co_return answer;
        }
        DnsWaiter waiter(runtime);
        const DnsCache::Following following(*flight, waiter);
        co_await waiter.wait(deadline.at());
        // A leader whose own time was shorter says nothing about the name: then it is our turn.
        if (flight->answer && flight->answer->outcome.status != model::CoverageStatus::skipped) {
            co_return *flight->answer;
        }
    }
}

Task<FamilyAnswer> Resolver::State::look_up(std::string name, DnsType type, Deadline deadline) {
    FamilyAnswer found;
    DnsQuestion at{std::move(name), type};
    while (true) {
        DnsKey key{at, DnsWish::plain};
        const DnsAnswer answer = co_await ask(std::move(key), deadline);
        if (take_answer(answer, at, found)) {
            co_return found;
        }
    }
}

Task<> Resolver::State::look_up_into(
    std::shared_ptr<FamilyJoin> join, std::string name, DnsType type, Deadline deadline
) {
    try {
        join->answer = co_await look_up(std::move(name), type, deadline);
    } catch (...) {
        join->failure = std::current_exception();
    }
    join->is_done = true;
    join->waiter.wake();
}

Resolver::Resolver(Runtime& runtime, ResolverOptions options)
    : state_(std::make_unique<State>(runtime, std::move(options))) {}

Resolver::~Resolver() = default;

Task<DnsAnswer> Resolver::ask(std::string name, DnsType type, DnsWish wish, Deadline deadline) {
    if (name.ends_with('.')) {
        name.pop_back();
    }
    DnsKey key{{base::to_lower(name), type}, wish};
    co_return co_await state_->ask(std::move(key), deadline);
}

Task<model::NameResolution> Resolver::resolve(std::string name, Deadline deadline) {
    name = base::to_lower(name.ends_with('.') ? name.substr(0, name.size() - 1) : name);
    const auto literal = model::IpAddress::parse(name);
    if (literal) {
        const auto v6_outcome =
            literal->is_v4() ? model::skipped(model::Reason::not_applicable) : model::completed();
        co_return model::NameResolution{
            name, model::completed(), {}, {*literal}, v6_outcome, {}, model::Reason::none};
    }
    if (name == "localhost" || name.ends_with(".localhost")) { // RFC 6761 section 6.3: never asked of anybody
        const auto v4_self = model::IpAddress::v4(0x7f000001);
        const auto v6_self = model::IpAddress::parse("::1").value();
        co_return model::NameResolution{
            name, model::completed(), {}, {v4_self, v6_self}, model::completed(), {}, model::Reason::none};
    }
    // Shared by this coroutine and the one spawned: whichever ends last frees it.
    auto join = std::make_shared<FamilyJoin>(state_->runtime);
    state_->runtime.spawn("resolve AAAA", state_->look_up_into(join, name, DnsType::aaaa, deadline));
    FamilyAnswer v4 = co_await state_->look_up(name, DnsType::a, deadline);
    while (!join->is_done) {
        co_await join->waiter.wait(Deadline().at());
    }
    if (join->failure) {
        std::rethrow_exception(join->failure);
    }
    co_return joined(std::move(name), std::move(v4), std::move(join->answer));
}

std::optional<std::uint16_t> Resolver::port_at(const model::IpAddress& address) const {
    for (const auto& server : state_->exchange.servers()) {
        if (from_asio(server.address()) == address) {
            return server.port();
        }
    }
    return std::nullopt;
}

std::uint64_t Resolver::query_count() const {
    return state_->exchange.query_count();
}

} // namespace fengsui::net
