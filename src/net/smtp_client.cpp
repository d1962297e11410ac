#include "net/smtp_client.h"

#include "base/error.h"
#include "base/text.h"
#include "net/service_client.h"
#include "net/smtp_reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::net {

namespace {

// RFC 5321 4.5.3.2: five minutes for most replies, ten for the one after the final dot, for a relay that
// looks into the mail first. Giving up there sooner sends mails twice.
constexpr std::chrono::minutes kReply{5};
constexpr std::chrono::minutes kFinalReply{10};
constexpr std::chrono::seconds kQuit{2};
constexpr int kReady = 220;
constexpr int kGoAhead = 354;
constexpr int kChallenge = 334;
constexpr int kAuthenticated = 235;

/// A reply, or why there is none.
struct Answer {
    SmtpReply reply;
    std::string trouble;

    [[nodiscard]] bool is_positive() const { return trouble.empty() && reply.is_positive(); }
    [[nodiscard]] std::string text() const { return trouble.empty() ? reply.text() : trouble; }
};

SmtpOutcome relay_trouble(SmtpResult result, std::string detail) {
    return {result, std::move(detail), true, {}};
}

/// RFC 4954 section 6, RFC 3207 section 4: the relay wants TLS or a login first. A matter of the options,
/// mended there, and no fault of the mail.
bool asks_for_login(const Answer& answer) {
    static constexpr int kCodes[] = {530, 534, 535, 538};
    return answer.trouble.empty()
           && std::find(std::begin(kCodes), std::end(kCodes), answer.reply.code) != std::end(kCodes);
}

/// What a reply that is not the one hoped for means.
SmtpResult result_of(const Answer& answer) {
    return answer.trouble.empty() && answer.reply.is_permanent() ? SmtpResult::rejected
                                                                 : SmtpResult::temporary;
}

/// One conversation. Its steps run one after another; `end_` is set by the first that cannot go on.
class MailConversation {
public:
    MailConversation(ServiceClient& client, SmtpRelay relay, MailEnvelope mail, Deadline deadline)
        : client_(client), relay_(std::move(relay)), mail_(std::move(mail)), deadline_(deadline) {}

    Task<SmtpOutcome> run(model::ServicePass pass);

private:
    Task<Answer> read_reply(Deadline deadline);
    Task<Answer> say(std::string command, Deadline deadline);
    Task<Answer> say(std::string command);
    Task<> open(model::ServicePass pass);
    Task<> greet();
    Task<> start_tls(std::string host);
    Task<> authenticate();
    Task<Answer> log_in();
    Task<> name_sender();
    Task<> name_receivers();
    Task<> hand_over();
    Task<> prepare(model::ServicePass pass);
    void check_relay();
    void give_up(SmtpOutcome outcome) {
        outcome_ = std::move(outcome);
        has_ended_ = true;
    }

    ServiceClient& client_;
    SmtpRelay relay_;
    MailEnvelope mail_;
    Deadline deadline_;
    std::unique_ptr<Connection> connection_;
    std::string left_over_;
    SmtpExtensions extensions_;
    std::size_t taken_receivers_ = 0;
    SmtpOutcome outcome_;
    bool has_ended_ = false;
    bool is_secure_ = false;
};

Task<Answer> MailConversation::read_reply(Deadline deadline) {
    connection_->set_deadline(deadline);
    SmtpReplyReader reader;
    std::array<char, 4096> buffer{};
    std::string pending = std::move(left_over_);
    left_over_.clear();
    Answer answer;
    for (;;) {
        const auto used = reader.feed(pending);
        if (reader.state() == SmtpReplyReader::State::done) {
            left_over_ = pending.substr(used);
            answer.reply = reader.take();
            co_return answer;
        }
        if (reader.state() == SmtpReplyReader::State::invalid) {
            answer.trouble = "the relay's answer is no SMTP reply";
            co_return answer;
        }
        const Transfer got = co_await connection_->read_some(buffer.data(), buffer.size());
        if (!got.outcome.is_completed() || got.bytes == 0) {
            answer.trouble =
                got.outcome.is_completed() ? "the relay closed the connection" : trouble_text(got.outcome);
            co_return answer;
        }
        pending.assign(buffer.data(), got.bytes);
    }
}

Task<Answer> MailConversation::say(std::string command, Deadline deadline) {
    command += "\r\n";
    connection_->set_deadline(deadline);
    const Transfer sent = co_await connection_->write(command);
    if (!sent.outcome.is_completed()) {
        Answer answer;
        answer.trouble = trouble_text(sent.outcome);
        co_return answer;
    }
    co_return co_await read_reply(deadline);
}

Task<Answer> MailConversation::say(std::string command) {
    co_return co_await say(std::move(command), deadline_.within(kReply));
}

Task<> MailConversation::open(model::ServicePass pass) {
    auto connected = co_await client_.connect(pass, deadline_);
    if (!connected.connection) {
        give_up(relay_trouble(SmtpResult::temporary, "relay: " + connected.trouble));
        co_return;
    }
    connection_ = std::move(connected.connection);
    if (relay_.security == SmtpSecurity::tls) {
        const std::string objection = co_await client_.secure(*connection_, pass.host(), "", deadline_);
        if (!objection.empty()) {
            give_up(relay_trouble(SmtpResult::temporary, "relay: " + objection));
            co_return;
        }
        is_secure_ = true;
    }
    const Answer banner = co_await read_reply(deadline_.within(kReply));
    if (!banner.is_positive() || banner.reply.code != kReady) {
        give_up(relay_trouble(SmtpResult::temporary, "greeting: " + banner.text()));
    }
}

Task<> MailConversation::greet() {
    const Answer answer = co_await say("EHLO " + relay_.hello);
    if (!answer.is_positive()) {
        give_up(relay_trouble(SmtpResult::temporary, "EHLO: " + answer.text()));
        co_return;
    }
    extensions_ = read_smtp_extensions(answer.reply);
}

Task<> MailConversation::start_tls(std::string host) {
    if (!extensions_.starttls) {
        give_up(relay_trouble(
            SmtpResult::temporary, "the relay does not offer STARTTLS, which mail_security asks for"
        ));
        co_return;
    }
    const Answer answer = co_await say("STARTTLS");
    if (!answer.is_positive()) {
        give_up(relay_trouble(SmtpResult::temporary, "STARTTLS: " + answer.text()));
        co_return;
    }
    if (!left_over_.empty()) { // said in the clear, to be taken for something said under TLS
        give_up(relay_trouble(SmtpResult::temporary, "STARTTLS: bytes came before the handshake"));
        co_return;
    }
    const std::string objection = co_await client_.secure(*connection_, std::move(host), "", deadline_);
    if (!objection.empty()) {
        give_up(relay_trouble(SmtpResult::temporary, "relay: " + objection));
        co_return;
    }
    is_secure_ = true;
    co_await greet(); // RFC 3207 4.2: what was said before does not count
}

Task<Answer> MailConversation::log_in() {
    if (extensions_.auth_plain) {
        const std::string secret =
            std::string(1, '\0') + relay_.user + std::string(1, '\0') + relay_.password;
        co_return co_await say("AUTH PLAIN " + base::base64(secret));
    }
    Answer answer = co_await say("AUTH LOGIN");
    for (const auto* word : {&relay_.user, &relay_.password}) {
        if (answer.trouble.empty() && answer.reply.code == kChallenge) {
            answer = co_await say(base::base64(*word));
        }
    }
    co_return answer;
}

Task<> MailConversation::authenticate() {
    if (relay_.user.empty()) {
        co_return;
    }
    if (!is_secure_) {
        give_up(relay_trouble(SmtpResult::temporary, "a password is sent only under TLS; set mail_security"));
        co_return;
    }
    if (!extensions_.auth_plain && !extensions_.auth_login) {
        give_up(relay_trouble(SmtpResult::temporary, "the relay offers neither AUTH PLAIN nor AUTH LOGIN"));
        co_return;
    }
    const Answer answer = co_await log_in();
    if (!answer.trouble.empty() || answer.reply.code != kAuthenticated) {
        // Temporary even for 535: a password is mended, and then the mails wait to be sent.
        give_up(relay_trouble(SmtpResult::temporary, "AUTH: " + answer.text()));
    }
}

void MailConversation::check_relay() {
    if (mail_.needs_utf8 && !extensions_.utf8) {
        give_up({SmtpResult::rejected, "the relay takes no addresses in other scripts (SMTPUTF8)", false, {}}
        );
    } else if (extensions_.size_limit > 0 && mail_.bytes.size() > extensions_.size_limit) {
        give_up(
            {SmtpResult::rejected,
             fmt::format(
                 "the mail has {} bytes, the relay takes {}", mail_.bytes.size(), extensions_.size_limit
             ),
             false,
             {}}
        );
    }
}

Task<> MailConversation::name_sender() {
    std::string command = fmt::format("MAIL FROM:<{}>", mail_.from);
    if (extensions_.has_size) {
        command += fmt::format(" SIZE={}", mail_.bytes.size());
    }
    if (mail_.needs_utf8) {
        command += " BODY=8BITMIME SMTPUTF8";
    }
    const Answer answer = co_await say(std::move(command));
    if (!answer.is_positive()) {
        const bool is_login_missing = asks_for_login(answer);
        const auto result = is_login_missing ? SmtpResult::temporary : result_of(answer);
        give_up({result, "MAIL FROM: " + answer.text(), is_login_missing, {}});
    }
}

Task<> MailConversation::name_receivers() {
    bool is_any_temporary = false;
    for (const auto& receiver : mail_.to) {
        const Answer answer = co_await say(fmt::format("RCPT TO:<{}>", receiver));
        if (!answer.trouble.empty()) {
            give_up({SmtpResult::temporary, "RCPT TO: " + answer.text(), false, {}});
            co_return;
        }
        if (answer.is_positive()) {
            ++taken_receivers_;
        } else {
            is_any_temporary = is_any_temporary || !answer.reply.is_permanent();
            outcome_.refused.push_back({receiver, answer.reply.is_permanent(), answer.text()});
        }
    }
    if (taken_receivers_ == 0) {
        const std::string detail = outcome_.refused.empty() ? "no receiver" : outcome_.refused.front().detail;
        outcome_.result = is_any_temporary ? SmtpResult::temporary : SmtpResult::rejected;
        outcome_.detail = "RCPT TO: " + detail;
        has_ended_ = true;
    }
}

Task<> MailConversation::hand_over() {
    const Answer ready = co_await say("DATA");
    if (!ready.trouble.empty() || ready.reply.code != kGoAhead) {
        give_up({result_of(ready), "DATA: " + ready.text(), false, {}});
        co_return;
    }
    const std::string data = stuff_dots(mail_.bytes);
    connection_->set_deadline(deadline_.within(kReply));
    const Transfer sent = co_await connection_->write(data);
    if (!sent.outcome.is_completed()) {
        give_up({SmtpResult::temporary, "in the middle of the mail: " + trouble_text(sent.outcome), false, {}}
        );
        co_return;
    }
    const Answer answer = co_await read_reply(deadline_.within(kFinalReply));
    outcome_.result = answer.is_positive() ? SmtpResult::delivered : result_of(answer);
    outcome_.detail = answer.text();
    has_ended_ = true;
}

Task<> MailConversation::prepare(model::ServicePass pass) {
    co_await open(pass);
    if (!has_ended_) {
        co_await greet();
    }
    if (!has_ended_ && relay_.security == SmtpSecurity::starttls) {
        co_await start_tls(pass.host());
    }
    if (!has_ended_) {
        co_await authenticate();
    }
    if (!has_ended_) {
        check_relay();
    }
}

Task<SmtpOutcome> MailConversation::run(model::ServicePass pass) {
    co_await prepare(std::move(pass));
    if (!has_ended_) {
        co_await name_sender();
    }
    if (!has_ended_) {
        co_await name_receivers();
    }
    if (!has_ended_) {
        co_await hand_over();
    }
    if (connection_ && connection_->is_open()) {
        co_await say("QUIT", Deadline::in(kQuit));
        connection_->close();
    }
    co_return std::move(outcome_);
}

} // namespace

std::string_view to_string(SmtpSecurity security) {
    switch (security) {
    case SmtpSecurity::none:
        return "none";
    case SmtpSecurity::starttls:
        return "starttls";
    case SmtpSecurity::tls:
        break;
    }
    return "tls";
}

Task<SmtpOutcome> send_mail(
    ServiceClient& client, model::ServicePass pass, SmtpRelay relay, MailEnvelope mail, Deadline deadline
) {
    FENGSUI_CHECK(pass.kind() == model::ServiceKind::mail_relay, "mail goes to the mail relay");
    MailConversation conversation(client, std::move(relay), std::move(mail), deadline);
    co_return co_await conversation.run(std::move(pass));
}

} // namespace fengsui::net
