#include "probe/smtp/probe.h"

#include "net/connection.h"
#include "net/politeness.h"
#include "net/runtime.h"
#include "probe/dns/tlsa.h"
#include "probe/session_facts.h"
#include "probe/smtp/decode.h"

#include <algorithm>
#include <array>

namespace fengsui::probe::smtp {

namespace {

using model::Outcome;
using model::Reason;

constexpr std::chrono::seconds kSmtpConnect{10};
/// RFC 5321 4.5.3.2 gives a banner five minutes; greylisting tarpits use half of one.
constexpr std::chrono::seconds kReply{30};
constexpr std::chrono::seconds kHandshakeTime{20};
/// RFC 6761: never anybody's name, so that nobody's policy is claimed.
constexpr std::string_view kSmtpHello = "EHLO probe.invalid\r\n";
constexpr std::string_view kOldHello = "HELO probe.invalid\r\n";

/// One dialogue: replies may share a segment, so what is left over is kept.
struct Dialogue {
    std::unique_ptr<net::Connection> connection;
    std::string left_over;
};

struct Answer {
    Outcome outcome;
    Reply reply;
};

net::Task<Answer> read_reply(Dialogue& dialogue, net::Deadline deadline) {
    dialogue.connection->set_deadline(deadline);
    ReplyReader reader;
    std::array<char, 2048> buffer{};
    std::string pending = std::move(dialogue.left_over);
    for (;;) {
        const auto used = reader.feed(pending);
        if (reader.state() == ReplyReader::State::done) {
            dialogue.left_over = pending.substr(used);
            co_return Answer{model::completed(), reader.reply()};
        }
        if (reader.state() == ReplyReader::State::invalid) {
            co_return Answer{
                model::not_reached(Reason::http_invalid), {}}; // the one reason for a broken protocol
        }
        const auto got = co_await dialogue.connection->read_some(buffer.data(), buffer.size());
        if (!got.outcome.is_completed() || got.bytes == 0) {
            co_return Answer{
                got.outcome.is_completed() ? model::not_reached(Reason::reset) : got.outcome, {}};
        }
        pending.assign(buffer.data(), got.bytes);
    }
}

net::Task<Answer> say(Dialogue& dialogue, std::string_view command, net::Deadline deadline) {
    dialogue.connection->set_deadline(deadline);
    const auto sent = co_await dialogue.connection->write(command);
    if (!sent.outcome.is_completed()) {
        co_return Answer{sent.outcome, {}};
    }
    co_return co_await read_reply(dialogue, deadline);
}

Outcome judge_banner(const Answer& banner) {
    if (!banner.outcome.is_completed()) {
        return banner.outcome;
    }
    if (banner.reply.code == 220) {
        return model::completed();
    }
    // RFC 5321 3.8, 4.2.3: 421 and 4yz mean later, 554 and 5yz no service for us.
    return model::not_reached(banner.reply.code / 100 == 4 ? Reason::rate_limited : Reason::refused);
}

net::Task<Outcome> greet(Dialogue& dialogue, model::MailExchanger& exchanger, net::Deadline deadline) {
    const auto hello = co_await say(dialogue, kSmtpHello, deadline.within(kReply));
    if (hello.outcome.is_completed() && hello.reply.code == 250) {
        exchanger.extensions = read_extensions(hello.reply);
        exchanger.offers_starttls = has_extension(exchanger.extensions, "STARTTLS");
        co_return model::completed();
    }
    if (!hello.outcome.is_completed()) {
        co_return hello.outcome;
    }
    if (hello.reply.code / 100 == 4) {
        co_return model::not_reached(Reason::rate_limited);
    }
    // A server of RFC 821: it knows no extensions, so it offers none.
    const auto old = co_await say(dialogue, kOldHello, deadline.within(kReply));
    if (old.outcome.is_completed() && old.reply.code != 250) {
        co_return model::not_reached(old.reply.code / 100 == 4 ? Reason::rate_limited : Reason::refused);
    }
    co_return old.outcome;
}

net::Task<> ask_starttls(Dialogue& dialogue, model::MailExchanger& exchanger, net::Deadline deadline) {
    const auto answer = co_await say(dialogue, "STARTTLS\r\n", deadline.within(kReply));
    // RFC 3207 section 4: 454 is "temporarily not", which is not a no.
    if (answer.outcome.is_completed() && answer.reply.code == 220) {
        exchanger.starttls_accepted = model::Offered::yes;
    } else if (answer.outcome.is_completed() && answer.reply.code / 100 == 5) {
        exchanger.starttls_accepted = model::Offered::no;
    }
}

/// The one normal handshake (RFC 3207 section 4); whether there is a protected dialogue after it.
net::Task<bool> shake_hands_with(Visit& visit, model::MailExchanger& exchanger, Dialogue& dialogue) {
    net::TlsClientOptions options;
    options.server_name = exchanger.name; // RFC 7672 8.1: TLSA owners choose their chain by it
    options.alpn.clear();
    net::TlsSession session;
    dialogue.left_over.clear(); // nothing said in the clear counts any longer
    dialogue.connection->set_deadline(visit.deadline().within(kHandshakeTime));
    const auto outcome = co_await dialogue.connection->start_tls(options, session);
    if (outcome.is_completed()) {
        exchanger.tls = endpoint_of(visit.services().trust, session);
        dns::match_tlsa(exchanger.tlsa.records, session.certificates);
    } else {
        exchanger.tls.emplace();
        exchanger.tls->outcome = visit.settle(outcome);
    }
    exchanger.tls->host = exchanger.name;
    exchanger.tls->address = *exchanger.address;
    exchanger.tls->port = visit.services().smtp_port;
    co_return outcome.is_completed();
}

net::Task<> converse(Visit& visit, model::MailExchanger& exchanger, Dialogue& dialogue) {
    const auto deadline = visit.deadline();
    const auto banner = co_await read_reply(dialogue, deadline.within(kReply));
    exchanger.outcome = visit.settle(judge_banner(banner));
    if (!banner.reply.lines.empty()) {
        exchanger.banner = banner.reply.lines.front();
    }
    if (!exchanger.outcome.is_completed()) {
        co_return;
    }
    const auto greeted = co_await greet(dialogue, exchanger, deadline);
    exchanger.outcome = visit.settle(greeted);
    if (!exchanger.outcome.is_completed()) {
        co_return;
    }
    if (exchanger.offers_starttls) {
        co_await ask_starttls(dialogue, exchanger, deadline);
    }
    bool may_speak = true;
    if (exchanger.starttls_accepted == model::Offered::yes) { // after a yes only a handshake may follow
        may_speak = co_await shake_hands_with(visit, exchanger, dialogue);
    }
    if (may_speak) {
        co_await say(dialogue, "QUIT\r\n", deadline.within(std::chrono::seconds(2)));
    }
}

net::Task<> look_at_exchanger(Visit& visit, model::MailExchanger& exchanger) {
    exchanger.outcome = visit.may_go_on();
    if (!exchanger.outcome.is_completed()) {
        co_return;
    }
    auto admission = visit.admit(exchanger.name, *exchanger.address);
    if (const auto* reason = std::get_if<Reason>(&admission)) {
        exchanger.outcome = model::refused(*reason);
        co_return;
    }
    const auto& services = visit.services();
    auto connected = co_await net::connect(
        services.runtime,
        services.politeness,
        std::get<model::ScopeTicket>(admission),
        services.smtp_port,
        visit.deadline(),
        kSmtpConnect
    );
    exchanger.outcome = visit.settle(connected.outcome);
    if (!connected.outcome.is_completed()) {
        co_return;
    }
    Dialogue dialogue{std::move(connected.connection), {}};
    co_await converse(visit, exchanger, dialogue);
    dialogue.connection->close();
}

Outcome smtp_outcome(const model::MailObservation& mail) {
    if (mail.exchangers.empty()) {
        return mail.mx_outcome.is_completed() ? model::skipped(Reason::not_applicable) : mail.mx_outcome;
    }
    for (const auto& exchanger : mail.exchangers) {
        if (exchanger.outcome.is_completed()) {
            return model::completed();
        }
    }
    return mail.exchangers.front().outcome;
}

} // namespace

net::Task<> look_at_exchangers(Visit& visit, model::MailObservation& mail) {
    for (auto& exchanger : mail.exchangers) {
        if (exchanger.address) {
            co_await look_at_exchanger(visit, exchanger);
        }
    }
    mail.smtp_outcome = smtp_outcome(mail);
}

} // namespace fengsui::probe::smtp
