#include "net/dns_exchange.h"

#include "base/hash.h"
#include "base/text.h"
#include "net/dns_wire.h"
#include "net/socket/endpoint.h"
#include "net/socket/socket_connection.h"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace fengsui::net {

namespace {

constexpr std::uint16_t kDnsPort = 53;
constexpr std::size_t kMaxSystemServers = 3;
// 128 small datagrams fit the smallest usual socket buffer; with a quarter of a second each, even
// servers that never answer let 500 questions a second through.
constexpr std::size_t kMaxFresh = 128;
constexpr std::chrono::milliseconds kFresh{250};

base::Error bad_server(std::string_view text) {
    return {
        base::ErrorCode::invalid_argument,
        fmt::format(
            "\"{}\" is not a name server: write ADDR, ADDR:PORT or [IPv6]:PORT", base::scrub_utf8(text)
        )};
}

std::vector<DnsEndpoint> system_servers() {
    std::ifstream file("/etc/resolv.conf");
    std::stringstream text;
    text << file.rdbuf();
    return parse_resolv_conf(text.str());
}

std::vector<DnsEndpoint> servers_of(const std::vector<std::string>& texts) {
    std::vector<DnsEndpoint> servers;
    servers.reserve(texts.size());
    for (const auto& text : texts) {
        servers.push_back(parse_dns_server(text));
    }
    return servers.empty() ? system_servers() : servers;
}

std::string query_bytes(std::uint16_t id, const DnsQuestion& question, bool edns, DnsWish wish) {
    DnsMessage query;
    query.id = id;
    query.has_edns = edns;
    query.dnssec_ok = edns && wish != DnsWish::plain;
    query.checking_disabled = wish == DnsWish::unchecked;
    query.questions.push_back(question);
    return encode_dns(query);
}

} // namespace

Task<std::string> read_dns_frame(Connection& connection) {
    std::string frame(2, '\0');
    std::size_t filled = 0;
    while (filled < frame.size()) {
        const Transfer transfer = co_await connection.read_some(frame.data() + filled, frame.size() - filled);
        if (!transfer.outcome.is_completed() || transfer.bytes == 0) {
            co_return std::string();
        }
        filled += transfer.bytes;
        if (filled == 2 && frame.size() == 2) {
            frame.resize(2U + wire_u16(frame, 0));
        }
    }
    co_return frame.substr(2);
}

model::Outcome dns_objection(const Runtime& runtime, Deadline deadline) {
    if (runtime.is_traffic_stopped()) {
        return model::skipped(model::Reason::stopped);
    }
    return deadline.has_passed() ? model::skipped(model::Reason::deadline) : model::completed();
}

DnsEndpoint parse_dns_server(std::string_view text) {
    const auto whole = model::IpAddress::parse(text);
    if (whole) {
        return {to_asio(*whole), kDnsPort};
    }
    const auto colon = text.rfind(':');
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    const auto address = model::IpAddress::parse(host);
    std::uint16_t port = kDnsPort;
    if (colon != std::string_view::npos) {
        const auto digits = text.substr(colon + 1);
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (failure != std::errc() || end != digits.data() + digits.size() || port == 0) {
            throw bad_server(text);
        }
    }
    if (!address) {
        throw bad_server(text);
    }
    return {to_asio(*address), port};
}

std::vector<DnsEndpoint> parse_resolv_conf(std::string_view text) {
    std::vector<DnsEndpoint> servers;
    for (const auto line : base::lines(text)) {
        if (!line.starts_with("nameserver") || line.size() < 11 || (line[10] != ' ' && line[10] != '\t')) {
            continue;
        }
        const auto word = base::trim(line.substr(10));
        const auto address = model::IpAddress::parse(word.substr(0, word.find_first_of(" \t#;")));
        if (address && servers.size() < kMaxSystemServers) {
            servers.emplace_back(to_asio(*address), kDnsPort);
        }
    }
    if (servers.empty()) {
        servers.emplace_back(boost::asio::ip::address_v4::loopback(), kDnsPort);
    }
    return servers;
}

void DnsGate::Slot::release() {
    if (!is_held_) {
        return;
    }
    is_held_ = false;
    if (gate_.queue_.empty()) {
        --gate_.inside_;
        return;
    }
    const auto next = gate_.queue_.front();
    gate_.queue_.pop_front();
    next.slot->is_held_ = true; // handed on, so that nobody can slip in between
    next.waiter->wake();
}

Task<> DnsGate::enter(Runtime& runtime, DnsWaiter& waiter, Deadline deadline, Slot& slot) {
    if (inside_ < kMaxFresh) {
        ++inside_;
        slot.is_held_ = true;
        co_return;
    }
    queue_.push_back({&waiter, &slot});
    while (!slot.is_held_ && dns_objection(runtime, deadline).is_completed()) {
        co_await waiter.wait(deadline.at());
    }
    if (!slot.is_held_) {
        std::erase_if(queue_, [&slot](const Guest& guest) { return guest.slot == &slot; });
    }
}

DnsExchange::DnsExchange(Runtime& runtime, const ResolverOptions& options)
    : runtime_(runtime),
      pool_(runtime),
      servers_(servers_of(options.servers)),
      attempt_(options.attempt),
      attempts_(std::max<std::size_t>(options.attempts, servers_.size())) {}

std::optional<std::size_t> DnsExchange::next_server(const Progress& progress, std::size_t from) const {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
        const auto server = (from + i) % servers_.size();
        if (!progress.has_failed[server]) {
            return server;
        }
    }
    return std::nullopt;
}

void DnsExchange::send(DnsInquiry& inquiry, Progress& progress, std::size_t server) {
    progress.places.push_back(pool_.enlist(inquiry, server, servers_[server]));
    const auto& place = progress.places.back();
    ++queries_;
    const bool edns = !progress.is_plain[server];
    place.socket().send(query_bytes(place.id(), inquiry.question, edns, progress.wish), servers_[server]);
}

Task<> DnsExchange::wait_for_reply(DnsInquiry& inquiry, Deadline until) {
    while (inquiry.replies.empty() && dns_objection(runtime_, until).is_completed()) {
        co_await inquiry.waiter.wait(until.at());
    }
}

Task<> DnsExchange::attempt(DnsInquiry& inquiry, Progress& progress, std::size_t server, Deadline deadline) {
    DnsGate::Slot slot(gate_);
    co_await gate_.enter(runtime_, inquiry.waiter, deadline, slot);
    if (!dns_objection(runtime_, deadline).is_completed()) {
        co_return;
    }
    send(inquiry, progress, server);
    const Deadline until = deadline.within(attempt_);
    co_await wait_for_reply(inquiry, until.within(kFresh));
    slot.release();
    co_await wait_for_reply(inquiry, until);
    const bool was_whole = until.at() < deadline.at();
    progress.was_silent = progress.was_silent || (inquiry.replies.empty() && was_whole);
}

Task<DnsAnswer> DnsExchange::ask(DnsQuestion question, DnsWish wish, Deadline deadline) {
    std::string wire;
    if (!append_dns_name(question.name, wire)) {
        co_return DnsAnswer{model::not_reached(model::Reason::dns_nxdomain), {}}; // no such name can exist
    }
    DnsInquiry inquiry(runtime_, std::move(question));
    Progress progress;
    progress.has_failed.assign(servers_.size(), false);
    progress.is_plain.assign(servers_.size(), false);
    progress.wish = wish;
    progress.last.outcome = model::not_reached(model::Reason::dns_timeout);
    for (std::size_t i = 0; i < attempts_; ++i) {
        const auto server = next_server(progress, i);
        if (!server) {
            break;
        }
        co_await attempt(inquiry, progress, *server, deadline);
        const bool is_final = co_await judge(inquiry, progress, deadline);
        if (is_final) {
            break;
        }
        const auto objection = dns_objection(runtime_, deadline);
        if (!objection.is_completed()) {
            const bool is_silence = progress.was_silent && objection.reason == model::Reason::deadline;
            co_return is_silence ? progress.last : DnsAnswer{objection, {}};
        }
    }
    co_return std::move(progress.last);
}

Task<bool> DnsExchange::judge(DnsInquiry& inquiry, Progress& progress, Deadline deadline) {
    while (!inquiry.replies.empty()) {
        auto reply = std::move(inquiry.replies.front());
        inquiry.replies.erase(inquiry.replies.begin());
        const bool is_final = co_await judge_one(inquiry, std::move(reply), progress, deadline);
        if (is_final) {
            co_return true;
        }
    }
    co_return false;
}

Task<bool> DnsExchange::judge_one(
    DnsInquiry& inquiry, DnsInquiry::Reply reply, Progress& progress, Deadline deadline
) {
    const auto server = reply.server;
    if (reply.message.is_truncated) {
        const auto wish = progress.is_plain[server] ? DnsWish::plain : progress.wish;
        auto whole = co_await ask_tcp(inquiry.question, wish, server, deadline);
        if (!whole) {
            co_return false; // silence on TCP: another attempt may fare better
        }
        reply.message = std::move(*whole);
    }
    switch (reply.message.code) {
    case DnsCode::no_error:
        progress.last = {model::completed(), std::move(reply.message)};
        co_return true;
    case DnsCode::name_error:
        progress.last = {model::not_reached(model::Reason::dns_nxdomain), std::move(reply.message)};
        co_return true;
    case DnsCode::format_error:
    case DnsCode::not_implemented:
        // Servers from before EDNS stumble over it (RFC 6891 section 7); they fail only when asked without.
        progress.has_failed[server] = progress.is_plain[server];
        progress.is_plain[server] = true;
        break;
    default:
        progress.has_failed[server] = true;
    }
    progress.last = {model::not_reached(model::Reason::dns_servfail), std::move(reply.message)};
    co_return false;
}

Task<std::optional<DnsMessage>> DnsExchange::ask_tcp(
    DnsQuestion question, DnsWish wish, std::size_t server, Deadline deadline
) {
    SocketConnection connection{SocketCore::Socket(runtime_.io())};
    connection.become_client(runtime_, Politeness::Permit());
    connection.set_deadline(deadline.within(attempt_));
    ++queries_;
    const auto& endpoint = servers_[server];
    const model::Outcome connected =
        co_await connection.connect_to(from_asio(endpoint.address()), endpoint.port());
    if (!connected.is_completed()) {
        co_return std::nullopt;
    }
    const auto id = wire_u16(base::random_bytes(2), 0);
    const auto query = query_bytes(id, question, true, wish);
    std::string frame;
    append_u16(frame, static_cast<std::uint16_t>(query.size()));
    frame += query;
    const Transfer sent = co_await connection.write(frame);
    if (!sent.outcome.is_completed()) {
        co_return std::nullopt;
    }
    const std::string answer = co_await read_dns_frame(connection);
    auto message = decode_dns(answer);
    if (!message || message->id != id || !answers_question(*message, question) || message->is_truncated) {
        co_return std::nullopt;
    }
    co_return std::move(*message);
}

} // namespace fengsui::net
