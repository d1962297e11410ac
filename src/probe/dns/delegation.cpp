#include "base/text.h"
#include "net/dns_direct.h"
#include "net/politeness.h"
#include "probe/dns/ask.h"
#include "probe/dns/decode.h"
#include "probe/dns/probe.h"
#include "probe/name_server_memory.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::probe::dns {

namespace {

using model::Outcome;
using model::Reason;
using net::DnsType;
using Part = model::ObservationPart;

constexpr std::size_t kMaxServers = 8;
constexpr std::size_t kMaxServerAddresses = 4;
/// contracts.md section 4: the SOA and two records.
constexpr std::size_t kTransferRecords = 3;
/// Longer than that a target does not wait for its turn at a server that many zones share.
constexpr std::chrono::seconds kTurn{20};
/// Likewise at the end of a visit, when nothing else waits for the target.
constexpr std::chrono::seconds kTransferTurn{60};
/// For all servers together: eight silent ones must not use up the target's time.
constexpr std::chrono::seconds kAllServers{60};

/// The zone is the target's own: its host is the apex or one label below it. A host deep inside somebody
/// else's zone is no reason to look at that zone's servers.
bool is_own_zone(std::string_view host, std::string_view zone) {
    if (zone.find('.') == std::string_view::npos) {
        return false; // the root, or a top-level domain
    }
    return base::iequals(host, zone) || base::iequals(host.substr(host.find('.') + 1), zone);
}

model::NameServerAnswer judge_answer(const net::DirectAnswer& answer, std::string_view zone) {
    model::NameServerAnswer judged;
    judged.outcome = answer.outcome;
    if (answer.message) {
        judged.code = static_cast<int>(answer.message->code);
        judged.is_authoritative = answer.message->is_authoritative;
        judged.is_signed = find_apex(*answer.message, zone).value_or(Apex()).is_signed;
        judged.has_soa = std::any_of(
            answer.message->answers.begin(),
            answer.message->answers.end(),
            [&](const net::DnsRecord& record) {
                return record.type == DnsType::soa && base::iequals(record.name, zone);
            }
        );
    }
    return judged;
}

/// A server at the resolver's own address is asked at the resolver's port: nothing else is known to listen
/// there.
std::uint16_t port_of(const Visit& visit, const model::IpAddress& address) {
    return visit.services().resolver.port_at(address).value_or(visit.services().dns_port);
}

net::Task<> ask_udp(Visit& visit, std::string zone, std::string name, model::NameServerAddress& server) {
    auto admission = visit.admit(name, server.address);
    if (const auto* reason = std::get_if<Reason>(&admission)) {
        server.outcome = model::refused(*reason);
        co_return;
    }
    server.outcome = visit.may_go_on();
    if (!server.outcome.is_completed()) {
        co_return;
    }
    auto& ticket = std::get<model::ScopeTicket>(admission);
    const net::DnsQuestion question{zone, DnsType::soa};
    const auto answer = co_await net::ask_over_udp(
        visit.services().runtime, ticket, port_of(visit, server.address), question, visit.deadline()
    );
    server.udp = judge_answer(answer, zone);
    server.udp.outcome = visit.settle(server.udp.outcome);
}

net::Task<> ask_tcp(Visit& visit, std::string zone, std::string name, model::NameServerAddress& server) {
    auto* memory = visit.services().name_servers;
    if (memory != nullptr) {
        if (const auto known = memory->recall(server.address)) {
            server.tcp = *known;
            co_return;
        }
    }
    auto admission = visit.admit(name, server.address);
    if (const auto* ticket = std::get_if<model::ScopeTicket>(&admission)) {
        visit.close_conversations();
        const net::DnsQuestion question{zone, DnsType::soa};
        const auto answer = co_await net::ask_over_tcp(
            visit.services().runtime,
            visit.services().politeness,
            *ticket,
            port_of(visit, server.address),
            question,
            visit.deadline().within(kTurn)
        );
        server.tcp = judge_answer(answer, zone);
        server.tcp.outcome = visit.settle(server.tcp.outcome);
    }
    if (memory != nullptr) {
        memory->keep(server.address, server.tcp);
    }
}

std::string record_text(const net::DnsRecord& record) {
    constexpr std::pair<DnsType, std::string_view> kNames[] = {
        {DnsType::a, "A"},
        {DnsType::aaaa, "AAAA"},
        {DnsType::ns, "NS"},
        {DnsType::soa, "SOA"},
        {DnsType::mx, "MX"},
        {DnsType::txt, "TXT"},
        {DnsType::cname, "CNAME"},
        {DnsType::caa, "CAA"},
        {DnsType::rrsig, "RRSIG"},
        {DnsType::dnskey, "DNSKEY"}};
    for (const auto& [type, name] : kNames) {
        if (type == record.type) {
            return fmt::format("{} {}", record.name, name);
        }
    }
    return fmt::format("{} TYPE{}", record.name, static_cast<unsigned>(record.type));
}

net::Task<> try_transfer(Visit& visit, std::string zone, std::string name, model::NameServerAddress& server) {
    server.transfer.outcome = visit.may_go_on();
    auto admission = visit.admit(name, server.address);
    const auto* ticket = std::get_if<model::ScopeTicket>(&admission);
    if (ticket == nullptr || !server.transfer.outcome.is_completed()) {
        co_return;
    }
    visit.close_conversations();
    const auto begun = co_await net::begin_transfer(
        visit.services().runtime,
        visit.services().politeness,
        *ticket,
        port_of(visit, server.address),
        zone,
        kTransferRecords,
        visit.deadline().within(kTransferTurn)
    );
    server.transfer.outcome = visit.settle(begun.outcome);
    server.transfer.code = static_cast<int>(begun.code);
    const bool is_zone = !begun.records.empty() && begun.records.front().type == DnsType::soa;
    for (const auto& record : begun.records) {
        if (is_zone) {
            server.transfer.records.push_back(record_text(record));
        }
    }
}

net::Task<> resolve_servers(Visit& visit, const net::DnsMessage& message, model::DelegationFacts& facts) {
    for (const auto& text : answers_of(message, DnsType::ns)) {
        const auto name = base::to_lower(text);
        const bool is_known =
            std::any_of(facts.servers.begin(), facts.servers.end(), [&](const model::NameServer& server) {
                return server.name == name;
            });
        if (is_known || facts.servers.size() >= kMaxServers) {
            continue;
        }
        model::NameServer server;
        server.name = name;
        auto reached =
            co_await visit.reach_exchanger(name); // like exchangers: their hosts need not be listed
        server.resolution = std::move(reached.resolution);
        if (is_no_name(server.resolution.outcome)) {
            server.nonexistent = co_await highest_missing(visit, name);
        }
        for (const auto& address : server.resolution.addresses) {
            if (server.addresses.size() < kMaxServerAddresses) {
                server.addresses.push_back({address, {}, {}, {}, {}});
            }
        }
        facts.servers.push_back(std::move(server));
    }
}

using OutcomeOf = const Outcome& (*)(const model::NameServerAddress&);

const Outcome& asked_outcome(const model::NameServerAddress& server) {
    return server.outcome;
}
const Outcome& transfer_outcome(const model::NameServerAddress& server) {
    return server.transfer.outcome;
}

/// completed when one could be asked; else why the first could not.
Outcome joint_outcome_of(const model::DelegationFacts& facts, OutcomeOf outcome_of) {
    std::optional<Outcome> first;
    for (const auto& server : facts.servers) {
        for (const auto& address : server.addresses) {
            if (outcome_of(address).is_completed()) {
                return model::completed();
            }
            first = first.value_or(outcome_of(address));
        }
    }
    const bool has_servers = !facts.servers.empty();
    return first.value_or(has_servers ? model::not_reached(Reason::dns_nxdomain) : Outcome());
}

net::Task<> ask_servers(Visit& visit, model::DelegationFacts& facts) {
    const auto until = net::Deadline::in(kAllServers);
    for (auto& server : facts.servers) {
        for (auto& address : server.addresses) {
            if (until.has_passed()) {
                continue; // what is left stays unseen
            }
            co_await ask_udp(visit, facts.zone, server.name, address);
            if (address.outcome.is_completed()) {
                co_await ask_tcp(visit, facts.zone, server.name, address);
            }
        }
    }
    facts.asked_outcome = joint_outcome_of(facts, &asked_outcome);
}

} // namespace

net::Task<model::DelegationFacts> look_at_delegation(Visit& visit, std::string zone) {
    model::DelegationFacts facts;
    facts.zone = std::move(zone);
    if (!is_own_zone(visit.host(), facts.zone)) {
        co_return facts; // skipped/not_applicable, the default
    }
    const auto answer = co_await ask(visit, facts.zone, DnsType::ns);
    facts.outcome = answer.outcome;
    facts.asked_outcome = answer.outcome;
    facts.transfer_outcome = visit.is_careful() ? answer.outcome : model::refused(Reason::policy);
    if (!answer.outcome.is_completed()) {
        co_return facts;
    }
    co_await resolve_servers(visit, answer.message, facts);
    const bool wants_servers = visit.plan().wants(Part::name_servers) || visit.plan().wants(Part::transfer);
    if (wants_servers) {
        co_await ask_servers(visit, facts);
    }
    co_return facts;
}

net::Task<> look_at_transfers(Visit& visit, model::DelegationFacts& facts) {
    if (!visit.is_careful() || !facts.outcome.is_completed()) {
        co_return;
    }
    bool is_crowded = false;
    for (auto& server : facts.servers) {
        for (auto& address : server.addresses) {
            if (is_crowded) { // where many zones wait for one server one wait is enough: another patrol sees
                              // the rest
                address.transfer.outcome = model::skipped(Reason::deadline);
                continue;
            }
            address.transfer.outcome = address.outcome;
            if (address.outcome.is_completed()) {
                co_await try_transfer(visit, facts.zone, server.name, address);
            }
            is_crowded = address.transfer.outcome == model::skipped(Reason::deadline);
        }
    }
    facts.transfer_outcome = joint_outcome_of(facts, &transfer_outcome);
}

} // namespace fengsui::probe::dns
