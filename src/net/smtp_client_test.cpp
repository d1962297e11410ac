#include "base/text.h"
#include "net/service_client.h"
#include "net/service_pass_for_test.h"
#include "net/service_peers_for_test.h"
#include "net/smtp_client.h"
#include "net/smtp_reply.h"

#include <gtest/gtest.h>

namespace fengsui::net {
namespace {

using namespace std::chrono_literals;
using test::SmtpPeer;

SmtpReply reply_of(std::string_view bytes) {
    SmtpReplyReader reader;
    EXPECT_EQ(reader.feed(bytes), bytes.size());
    EXPECT_EQ(reader.state(), SmtpReplyReader::State::done) << bytes;
    return reader.take();
}

SmtpReplyReader::State state_after(std::string_view bytes) {
    SmtpReplyReader reader;
    reader.feed(bytes);
    return reader.state();
}

TEST(SmtpReplyTest, ReadsOneAndSeveralLines) {
    EXPECT_EQ(reply_of("250 2.1.0 Ok\r\n").text(), "250 2.1.0 Ok");
    EXPECT_EQ(reply_of("550-no\r\n550 such user\n").text(), "550 no such user");
    EXPECT_EQ(reply_of("354\r\n").code, 354);
    SmtpReplyReader reader;
    EXPECT_EQ(reader.feed("250 a\r\n354 b\r\n"), 7U) << "the next reply is left alone";
}

TEST(SmtpReplyTest, RefusesWhatIsNone) {
    EXPECT_EQ(state_after("HTTP/1.1 200 OK\r\n"), SmtpReplyReader::State::invalid);
    EXPECT_EQ(state_after("250-a\r\n251 b\r\n"), SmtpReplyReader::State::invalid);
    EXPECT_EQ(state_after("250+a\r\n"), SmtpReplyReader::State::invalid);
    EXPECT_EQ(state_after(std::string(40000, '2')), SmtpReplyReader::State::invalid);
    std::string endless;
    for (int i = 0; i < 200; ++i) {
        endless += "250-x\r\n";
    }
    EXPECT_EQ(state_after(endless), SmtpReplyReader::State::invalid);
    EXPECT_EQ(state_after("250-a\r\n"), SmtpReplyReader::State::reading);
}

TEST(SmtpReplyTest, Extensions) {
    const auto found = read_smtp_extensions(reply_of(
        "250-relay STARTTLS\r\n250-size 1000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH LOGIN plain\r\n"
    ));
    EXPECT_FALSE(found.starttls) << "the first line is a greeting";
    EXPECT_EQ(found.size_limit, 1000U);
    EXPECT_TRUE(found.utf8);
    EXPECT_TRUE(found.auth_login);
    EXPECT_TRUE(found.auth_plain);
}

TEST(SmtpReplyTest, DotsAreStuffed) {
    EXPECT_EQ(stuff_dots("a\r\n.\r\nRSET\r\n"), "a\r\n..\r\nRSET\r\n.\r\n");
    EXPECT_EQ(stuff_dots("a\n.\nb"), "a\r\n..\r\nb\r\n.\r\n") << "no bare LF gets through";
    EXPECT_EQ(stuff_dots(".."), "...\r\n.\r\n");
}

MailEnvelope mail(std::vector<std::string> to = {"b@example.org"}) {
    return {"a@example.org", std::move(to), "Subject: x\r\n\r\n.hidden\r\nend\r\n", false};
}

Task<> send_into(
    ServiceClient& client,
    model::ServicePass pass,
    SmtpRelay relay,
    MailEnvelope what,
    Deadline deadline,
    SmtpOutcome& outcome
) {
    outcome = co_await send_mail(client, std::move(pass), std::move(relay), std::move(what), deadline);
}

class SmtpClientTest : public testing::Test {
protected:
    SmtpOutcome send(SmtpRelay relay, MailEnvelope what = mail(), Deadline deadline = Deadline::in(20s)) {
        ServiceClient client(runtime, trust);
        auto pass = registry::ServiceScope::pass(model::ServiceKind::mail_relay, host, peer.port());
        SmtpOutcome outcome;
        runtime.run(send_into(client, std::move(pass), std::move(relay), std::move(what), deadline, outcome));
        return outcome;
    }
    SmtpOutcome send_plain(MailEnvelope what = mail()) {
        return send({SmtpSecurity::none, "", "", "us.test"}, what);
    }
    /// The peer speaks TLS under that identity, which is trusted.
    void give_tls(const test::Identity& identity, bool is_trusted = true) {
        server.emplace(TlsServer::Settings{});
        server->add_identity("", identity.certificate_pem, identity.key_pem);
        peer.tls = &*server;
        peer.extensions = "250-peer.test\r\n250 STARTTLS\r\n";
        if (is_trusted) {
            roots.emplace(identity.certificate_pem);
            trust = roots->path();
        }
    }
    bool was_said(std::string_view verb) {
        return std::any_of(peer.commands.begin(), peer.commands.end(), [&](const auto& command) {
            return command.starts_with(verb);
        });
    }

    Runtime runtime;
    SmtpPeer peer{runtime};
    std::optional<TlsServer> server;
    std::optional<test::TemporaryFile> roots;
    std::optional<std::filesystem::path> trust;
    std::string host = "127.0.0.1";
};

TEST_F(SmtpClientTest, DeliversAndSaysSoInTheRelaysWords) {
    const auto outcome = send_plain();
    EXPECT_EQ(outcome.result, SmtpResult::delivered) << outcome.detail;
    EXPECT_EQ(outcome.detail, "250 2.0.0 Ok: queued as Q1");
    ASSERT_EQ(peer.mails.size(), 1U);
    EXPECT_EQ(peer.mails[0], mail().bytes);
    const std::vector<std::string> expected = {
        "EHLO us.test",
        "MAIL FROM:<a@example.org> SIZE=" + std::to_string(mail().bytes.size()),
        "RCPT TO:<b@example.org>",
        "DATA",
        "QUIT"};
    EXPECT_EQ(peer.commands, expected);
}

TEST_F(SmtpClientTest, ANameIsResolved) {
    host = "localhost";
    EXPECT_EQ(send_plain().result, SmtpResult::delivered);
}

TEST_F(SmtpClientTest, ARelayThatIsDownIsTemporary) {
    ServiceClient client(runtime, {});
    SmtpOutcome outcome;
    auto pass = registry::ServiceScope::pass(model::ServiceKind::mail_relay, "127.0.0.1", 1);
    runtime.run(send_into(client, pass, {SmtpSecurity::none, "", "", "x"}, mail(), Deadline::in(5s), outcome)
    );
    EXPECT_EQ(outcome.result, SmtpResult::temporary);
    EXPECT_TRUE(outcome.is_relay_trouble);
    EXPECT_EQ(outcome.detail, "relay: 127.0.0.1:1: connection refused");
}

TEST_F(SmtpClientTest, PermanentAndTemporaryRefusals) {
    peer.replies["RCPT"] = "550 5.1.1 no such user\r\n";
    auto outcome = send_plain();
    EXPECT_EQ(outcome.result, SmtpResult::rejected);
    EXPECT_EQ(outcome.detail, "RCPT TO: 550 5.1.1 no such user");
    EXPECT_FALSE(outcome.is_relay_trouble);
    ASSERT_EQ(outcome.refused.size(), 1U);
    EXPECT_EQ(outcome.refused[0].address, "b@example.org");
    EXPECT_TRUE(outcome.refused[0].is_permanent);

    peer.replies["RCPT"] = "450 4.2.0 greylisted\r\n";
    EXPECT_EQ(send_plain().result, SmtpResult::temporary);
    peer.replies.clear();
    peer.replies["."] = "554 5.7.1 spam\r\n";
    EXPECT_EQ(send_plain().result, SmtpResult::rejected);
    peer.replies["."] = "452 4.3.1 disk full\r\n";
    EXPECT_EQ(send_plain().result, SmtpResult::temporary);
    peer.replies["banner"] = "554 no service\r\n";
    EXPECT_EQ(send_plain().result, SmtpResult::temporary) << "the relay's trouble is not the mail's";
    EXPECT_TRUE(peer.mails.empty());
}

TEST_F(SmtpClientTest, ARelayThatWantsALoginKeepsTheMail) {
    peer.replies["MAIL"] = "530 5.7.0 Must issue a STARTTLS command first\r\n";
    const auto outcome = send_plain();
    EXPECT_EQ(outcome.result, SmtpResult::temporary);
    EXPECT_TRUE(outcome.is_relay_trouble);
}

TEST_F(SmtpClientTest, SilenceEndsAtTheDeadline) {
    peer.replies["banner"] = test::kSilence;
    const auto outcome = send({SmtpSecurity::none, "", "", "x"}, mail(), Deadline::in(200ms));
    EXPECT_EQ(outcome.result, SmtpResult::temporary);
    EXPECT_FALSE(outcome.detail.empty());
    EXPECT_TRUE(outcome.is_relay_trouble);
}

TEST_F(SmtpClientTest, ADropInTheMiddleOfTheMailIsTemporary) {
    peer.drop_after_bytes = 100;
    auto what = mail();
    for (int i = 0; i < 20000; ++i) {
        what.bytes += "a line of the mail\r\n";
    }
    peer.extensions = "250 peer.test\r\n";
    const auto outcome = send_plain(what);
    EXPECT_EQ(outcome.result, SmtpResult::temporary) << outcome.detail;
    EXPECT_FALSE(outcome.is_relay_trouble) << "it may be the mail that the relay cannot bear";
}

TEST_F(SmtpClientTest, GarbageAndEndlessRepliesEnd) {
    peer.replies["banner"] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    EXPECT_EQ(send_plain().detail, "greeting: the relay's answer is no SMTP reply");
    peer.replies["banner"] = std::string(1000000, 'x');
    EXPECT_EQ(send_plain().result, SmtpResult::temporary);
}

TEST_F(SmtpClientTest, TooLargeForTheRelayIsPermanent) {
    peer.extensions = "250-peer\r\n250 SIZE 10\r\n";
    const auto outcome = send_plain();
    EXPECT_EQ(outcome.result, SmtpResult::rejected);
    EXPECT_FALSE(was_said("MAIL"));
}

TEST_F(SmtpClientTest, Utf8AddressesNeedSmtpUtf8) {
    auto what = mail({"联系@example.org"});
    what.needs_utf8 = true;
    EXPECT_EQ(send_plain(what).result, SmtpResult::rejected);
    peer.extensions = "250-peer\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n";
    EXPECT_EQ(send_plain(what).result, SmtpResult::delivered);
    EXPECT_TRUE(was_said("MAIL FROM:<a@example.org> BODY=8BITMIME SMTPUTF8"));
}

TEST_F(SmtpClientTest, OneReceiverOfTwo) {
    peer.replies["RCPT"] = "250 ok\r\n";
    const auto outcome = send_plain(mail({"b@example.org", "c@example.org"}));
    EXPECT_EQ(outcome.result, SmtpResult::delivered);
    EXPECT_TRUE(outcome.refused.empty());
}

TEST_F(SmtpClientTest, StartTlsThenPassword) {
    give_tls(test::make_identity("IP:127.0.0.1"));
    const auto outcome = send({SmtpSecurity::starttls, "user", "secret", "us.test"});
    EXPECT_EQ(outcome.result, SmtpResult::delivered) << outcome.detail;
    const std::vector<std::string> beginning(peer.commands.begin(), peer.commands.begin() + 4);
    const std::vector<std::string> expected = {
        "EHLO us.test",
        "STARTTLS",
        "EHLO us.test",
        "AUTH PLAIN " + base::base64(std::string("\0user\0secret", 12))};
    EXPECT_EQ(beginning, expected);
}

TEST_F(SmtpClientTest, TlsFromTheStartAndAuthLogin) {
    give_tls(test::make_identity("DNS:localhost"));
    host = "localhost";
    peer.is_tls_from_the_start = true;
    peer.extensions_under_tls = "250-peer\r\n250 AUTH LOGIN\r\n";
    peer.replies["AUTH"] = "334 VXNlcm5hbWU6\r\n";
    peer.replies[base::base64("user")] = "334 UGFzc3dvcmQ6\r\n";
    peer.replies[base::base64("secret")] = "235 ok\r\n";
    const auto outcome = send({SmtpSecurity::tls, "user", "secret", "us.test"});
    EXPECT_EQ(outcome.result, SmtpResult::delivered) << outcome.detail;
}

TEST_F(SmtpClientTest, NoFallBackToPlainText) {
    const auto outcome = send({SmtpSecurity::starttls, "", "", "us.test"});
    EXPECT_EQ(outcome.result, SmtpResult::temporary);
    EXPECT_FALSE(was_said("MAIL"));
    EXPECT_TRUE(peer.mails.empty());
}

TEST_F(SmtpClientTest, AStrangersCertificateGetsNothing) {
    give_tls(test::make_identity("IP:127.0.0.1"), false);
    auto outcome = send({SmtpSecurity::starttls, "user", "secret", "us.test"});
    EXPECT_EQ(outcome.result, SmtpResult::temporary);
    EXPECT_NE(outcome.detail.find("TLS certificate"), std::string::npos) << outcome.detail;
    EXPECT_FALSE(was_said("AUTH"));
}

TEST_F(SmtpClientTest, AnotherNamesOrAnExpiredCertificateGetsNothing) {
    give_tls(test::make_identity("DNS:other.test"));
    EXPECT_NE(
        send({SmtpSecurity::starttls, "", "", "x"}).detail.find("IP address mismatch"), std::string::npos
    );
    give_tls(test::make_identity("IP:127.0.0.1", -1));
    EXPECT_NE(send({SmtpSecurity::starttls, "", "", "x"}).detail.find("expired"), std::string::npos);
    EXPECT_TRUE(peer.mails.empty());
}

TEST_F(SmtpClientTest, WordsBeforeTheHandshakeAreNotTaken) {
    give_tls(test::make_identity("IP:127.0.0.1"));
    peer.replies["STARTTLS"] = "220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n";
    const auto outcome = send({SmtpSecurity::starttls, "user", "secret", "us.test"});
    EXPECT_EQ(outcome.result, SmtpResult::temporary);
    EXPECT_FALSE(was_said("AUTH"));
}

TEST_F(SmtpClientTest, NoPasswordWithoutTls) {
    peer.extensions = "250-peer\r\n250 AUTH PLAIN\r\n";
    EXPECT_EQ(send({SmtpSecurity::none, "user", "secret", "x"}).result, SmtpResult::temporary);
    EXPECT_FALSE(was_said("AUTH"));
}

TEST_F(SmtpClientTest, AWrongPasswordKeepsTheMail) {
    give_tls(test::make_identity("IP:127.0.0.1"));
    peer.replies["AUTH"] = "535 5.7.8 no\r\n";
    const auto outcome = send({SmtpSecurity::starttls, "user", "secret", "x"});
    EXPECT_EQ(outcome.result, SmtpResult::temporary);
    EXPECT_TRUE(outcome.is_relay_trouble);
}

Task<> stop_soon(Runtime& runtime, ServiceClient& client) {
    co_await runtime.sleep_until(Deadline::Clock::now() + 20ms);
    client.stop();
}

TEST_F(SmtpClientTest, StopEndsWhatIsUnderWay) {
    peer.replies["banner"] = test::kSilence;
    ServiceClient client(runtime, {});
    SmtpOutcome outcome;
    auto pass = registry::ServiceScope::pass(model::ServiceKind::mail_relay, "127.0.0.1", peer.port());
    runtime.spawn("stop", stop_soon(runtime, client));
    runtime.run(send_into(client, pass, {SmtpSecurity::none, "", "", "x"}, mail(), Deadline(), outcome));
    EXPECT_EQ(outcome.result, SmtpResult::temporary);
    EXPECT_NE(outcome.detail.find("stopped"), std::string::npos);
    runtime.run(send_into(client, pass, {SmtpSecurity::none, "", "", "x"}, mail(), Deadline(), outcome));
    EXPECT_EQ(peer.connections, 1) << "nothing is opened any more";
}

TEST_F(SmtpClientTest, APausedPatrolDoesNotHoldMailBack) {
    runtime.stop_traffic();
    EXPECT_EQ(send_plain().result, SmtpResult::delivered);
}

} // namespace
} // namespace fengsui::net
