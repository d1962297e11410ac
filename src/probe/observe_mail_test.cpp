#include "base/hash.h"
#include "probe/observe.h"
#include "probe/test_peers.h"

#include <gtest/gtest.h>

namespace fengsui::probe {

namespace {

using model::Offered;
using model::Reason;
using net::DnsType;
using test::MailPeer;
using test::World;
using Part = model::ObservationPart;

class MailDialogue : public testing::Test {
protected:
    World world;
    MailPeer peer{world.runtime};

    MailDialogue() {
        world.services.smtp_port = peer.port();
        world.dns.add("site.test", DnsType::mx, "10 mx.site.test");
        world.dns.add("site.test", DnsType::txt, "v=spf1 -all");
        world.dns.add("site.test", DnsType::txt, "something else");
        world.dns.add("mx.site.test", DnsType::a, "127.0.0.1");
        world.dns.add("_dmarc.site.test", DnsType::txt, "v=DMARC1; p=reject");
    }

    model::MailObservation look() {
        return world.observe("mail:site.test", {{Part::mail_dns, Part::smtp}, {}, {}}).mail;
    }
};

TEST_F(MailDialogue, IsSeenWhole) {
    const auto mail = look();
    EXPECT_TRUE(mail.dns_outcome.is_completed());
    EXPECT_TRUE(mail.smtp_outcome.is_completed());
    EXPECT_EQ(mail.domain, "site.test");
    EXPECT_EQ(mail.spf.records, std::vector<std::string>{"v=spf1 -all"});
    EXPECT_EQ(mail.dmarc.records, std::vector<std::string>{"v=DMARC1; p=reject"});
    EXPECT_EQ(mail.dmarc.name, "_dmarc.site.test");
    ASSERT_EQ(mail.exchangers.size(), 1U);
    const auto& exchanger = mail.exchangers[0];
    EXPECT_EQ(exchanger.name, "mx.site.test");
    EXPECT_EQ(exchanger.preference, 10);
    EXPECT_EQ(exchanger.banner, "mx.site.test ESMTP");
    EXPECT_TRUE(exchanger.offers_starttls);
    EXPECT_EQ(exchanger.starttls_accepted, Offered::yes);
    EXPECT_EQ(peer.commands, (std::vector<std::string>{"EHLO probe.invalid\r\n", "STARTTLS\r\n"}));
}

TEST_F(MailDialogue, TheHandshakeAfterStarttlsIsKept) {
    net::TlsServer server{net::TlsServer::Settings{}};
    world.identify(server);
    peer.tls = &server;
    const auto mail = look();
    ASSERT_TRUE(mail.exchangers[0].tls);
    EXPECT_EQ(mail.exchangers[0].tls->chain.size(), 2U);
    EXPECT_EQ(mail.exchangers[0].tls->trust, model::Trust::trusted);
    EXPECT_EQ(mail.exchangers[0].tls->host, "mx.site.test");
    EXPECT_EQ(peer.commands.back(), "QUIT\r\n") << "within TLS";
}

TEST_F(MailDialogue, AHandshakeThatFailsIsAFact) {
    const auto mail = look();
    ASSERT_TRUE(mail.exchangers[0].tls);
    EXPECT_FALSE(mail.exchangers[0].tls->outcome.is_completed());
    EXPECT_TRUE(mail.exchangers[0].outcome.is_completed());
}

TEST_F(MailDialogue, TlsaRecordsAreHeldAgainstTheChain) {
    net::TlsServer server{net::TlsServer::Settings{}};
    world.identify(server);
    peer.tls = &server;
    const auto own = base::sha256_hex(world.chain.leaf);
    const auto tlsa = [&](const std::string& hex) {
        world.dns.add(
            "_25._tcp.mx.site.test", DnsType::tlsa, "\\# " + std::to_string(hex.size() / 2) + " " + hex
        );
    };
    tlsa("030001" + own);
    tlsa("020001" + base::sha256_hex(world.chain.middle));
    tlsa("030101" + std::string(64, '0'));
    const auto mail = look();
    const auto& records = mail.exchangers[0].tlsa.records;
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[0].usage, 3);
    EXPECT_EQ(records[0].data, own);
    EXPECT_EQ(records[0].matches, std::vector<int>{0});
    EXPECT_EQ(records[1].matches, std::vector<int>{1});
    EXPECT_TRUE(records[2].matches.empty());
    EXPECT_FALSE(mail.exchangers[0].tlsa.is_secure) << "the resolver did not say AD";
}

TEST_F(MailDialogue, SelectorsComeFromTheRegistry) {
    world.custom = {{"Remark", "x"}, {"dkim_selector", "S1, s2"}};
    world.dns.add("s1._domainkey.site.test", DnsType::txt, "v=DKIM1; p=");
    const auto mail = look();
    ASSERT_EQ(mail.dkim_keys.size(), 2U);
    EXPECT_EQ(mail.dkim_keys[0].selector, "s1");
    EXPECT_EQ(mail.dkim_keys[0].lookup.records, std::vector<std::string>{"v=DKIM1; p="});
    EXPECT_TRUE(mail.dkim_keys[1].lookup.outcome.is_completed()) << "there is none";
    EXPECT_TRUE(mail.dkim_keys[1].lookup.records.empty());
}

TEST_F(MailDialogue, ReceiversOfReportsOutsideAreAskedWhetherTheyWantThem) {
    World other;
    other.dns.add("site.test", DnsType::mx, "0 .");
    other.dns.add(
        "_dmarc.site.test",
        DnsType::txt,
        "v=DMARC1; p=reject; rua=mailto:a@yes.example,mailto:b@in.site.test; ruf=mailto:c@no.example"
    );
    other.dns.add("site.test._report._dmarc.yes.example", DnsType::txt, "v=DMARC1");
    const auto mail = other.observe("mail:site.test", {{Part::mail_dns}, {}, {}}).mail;
    ASSERT_EQ(mail.report_destinations.size(), 2U);
    EXPECT_EQ(mail.report_destinations[0].domain, "yes.example");
    EXPECT_EQ(mail.report_destinations[0].authorisation.records.size(), 1U);
    EXPECT_EQ(mail.report_destinations[1].domain, "no.example");
    EXPECT_TRUE(mail.report_destinations[1].authorisation.records.empty());
    EXPECT_TRUE(mail.report_destinations[1].authorisation.outcome.is_completed());
}

TEST(MailPolicy, SpfIsEvaluatedThroughIncludes) {
    World world;
    world.dns.add("site.test", DnsType::txt, "v=spf1 mx include:_spf.other.test -all");
    world.dns.add("_spf.other.test", DnsType::txt, "v=spf1 a:gone.test -all");
    const auto mail = world.observe("mail:site.test", {{Part::mail_dns}, {}, {}}).mail;
    const auto report = model::evaluate_spf("site.test", mail.spf_answers);
    EXPECT_EQ(report.result, "fail");
    EXPECT_EQ(report.look_ups, 3U);
    EXPECT_EQ(report.void_look_ups, 2U) << "no MX, and gone.test";
    EXPECT_FALSE(report.needed);
}

TEST(MailPolicy, ExchangersThatDoNotExist) {
    World world;
    world.dns.add("site.test", DnsType::mx, "10 mx.gone.example");
    world.dns.add("example", DnsType::a, "127.0.0.1");
    const auto mail = world.observe("mail:site.test", {{Part::mail_dns}, {}, {}}).mail;
    EXPECT_EQ(mail.exchangers.at(0).nonexistent, "gone.example");
}

TEST(Delegation, ServersAreAskedThemselves) {
    World world;
    world.dns.add("site.test", DnsType::soa, "ns.site.test admin.site.test 1 2 3 4 5");
    world.dns.add("site.test", DnsType::ns, "ns.site.test");
    world.dns.add("site.test", DnsType::ns, "ns.gone.example");
    world.dns.add("site.test", DnsType::ns, "far.site.test");
    world.dns.add("ns.site.test", DnsType::a, "127.0.0.1");
    world.dns.add("far.site.test", DnsType::a, "127.0.0.99");
    const auto facts =
        world.observe("mail:site.test", {{Part::name_servers, Part::transfer}, {}, {}}).zone.delegation;
    EXPECT_TRUE(facts.asked_outcome.is_completed());
    EXPECT_EQ(facts.transfer_outcome, model::refused(Reason::policy));
    ASSERT_EQ(facts.servers.size(), 3U);
    const auto& own = facts.servers[0].addresses.at(0); // at the resolver's address, hence at its port
    EXPECT_TRUE(own.udp.outcome.is_completed());
    EXPECT_TRUE(own.udp.has_soa);
    EXPECT_FALSE(own.udp.is_authoritative) << "our peer never says AA";
    EXPECT_EQ(own.tcp.outcome, model::not_reached(Reason::refused));
    EXPECT_EQ(facts.servers[1].nonexistent, "example");
    EXPECT_EQ(facts.servers[2].addresses.at(0).outcome, model::refused(Reason::private_address));
}

TEST(Delegation, AnotherDomainsZoneIsLeftAlone) {
    World world;
    world.gate.hosts = {"a.b.site.test"};
    world.dns.add("a.b.site.test", DnsType::a, "127.0.0.1");
    world.dns.add("site.test", DnsType::soa, "ns.site.test admin.site.test 1 2 3 4 5");
    world.dns.add("site.test", DnsType::ns, "ns.site.test");
    const auto facts = world.observe("a.b.site.test", {{Part::name_servers}, {}, {}}).zone.delegation;
    EXPECT_EQ(facts.asked_outcome, model::skipped(Reason::not_applicable));
    EXPECT_TRUE(facts.servers.empty());
}

TEST(MailPolicy, SpfIsReadWhereItIsDecided) {
    World world;
    world.gate.hosts = {"led.test", "lost.test", "round.test"};
    world.dns.add("led.test", DnsType::txt, "v=spf1 redirect=_a.other.test");
    world.dns.add("_a.other.test", DnsType::txt, "v=spf1 redirect=_b.other.test");
    world.dns.add("_b.other.test", DnsType::txt, "v=spf1 +all");
    world.dns.add("lost.test", DnsType::txt, "v=spf1 redirect=none.test");
    world.dns.add("round.test", DnsType::txt, "v=spf1 redirect=round.test");
    const auto spf_of = [&](const char* target) {
        return world.observe(target, {{Part::mail_dns}, {}, {}}).mail.spf;
    };
    const auto led = spf_of("mail:led.test");
    EXPECT_EQ(led.name, "_b.other.test");
    EXPECT_EQ(led.records, std::vector<std::string>{"v=spf1 +all"});
    const auto lost = spf_of("mail:lost.test");
    EXPECT_EQ(lost.name, "lost.test");
    EXPECT_TRUE(lost.outcome.is_completed());
    const auto round = spf_of("mail:round.test");
    EXPECT_EQ(round.records, std::vector<std::string>{"v=spf1 redirect=round.test"});
    EXPECT_TRUE(round.outcome.is_completed());
}

TEST_F(MailDialogue, WithoutStarttlsItTakesItsLeave) {
    peer.replies["EHLO"] = "250 mx.site.test\r\n";
    const auto mail = look();
    EXPECT_FALSE(mail.exchangers[0].offers_starttls);
    EXPECT_EQ(mail.exchangers[0].starttls_accepted, Offered::unknown);
    EXPECT_EQ(peer.commands.back(), "QUIT\r\n");
}

TEST_F(MailDialogue, StarttlsRefusedForGoodOrForNow) {
    peer.replies["STARTTLS"] = "502 no\r\n";
    EXPECT_EQ(look().exchangers[0].starttls_accepted, Offered::no);
    peer.replies["STARTTLS"] = "454 later\r\n";
    EXPECT_EQ(look().exchangers[0].starttls_accepted, Offered::unknown);
}

TEST_F(MailDialogue, AnOldServerKnowsOnlyHelo) {
    peer.replies.erase("EHLO");
    const auto mail = look();
    EXPECT_TRUE(mail.exchangers[0].outcome.is_completed());
    EXPECT_FALSE(mail.exchangers[0].offers_starttls);
    EXPECT_EQ(peer.commands[1], "HELO probe.invalid\r\n");
}

TEST_F(MailDialogue, BannersThatAreNone) {
    peer.banner = "SSH-2.0-OpenSSH\r\n";
    EXPECT_EQ(look().smtp_outcome, model::not_reached(Reason::http_invalid));
    peer.banner = "421 too busy\r\n";
    EXPECT_EQ(look().smtp_outcome, model::not_reached(Reason::rate_limited));
    peer.banner = "554 go away\r\n";
    EXPECT_EQ(look().smtp_outcome, model::not_reached(Reason::refused));
    EXPECT_TRUE(peer.commands.empty());
}

TEST_F(MailDialogue, AnExchangerOutOfScopeIsNotContacted) {
    world.gate.addresses.clear();
    const auto mail = look();
    EXPECT_TRUE(mail.dns_outcome.is_completed());
    EXPECT_EQ(mail.smtp_outcome, model::refused(Reason::private_address));
    EXPECT_EQ(mail.exchangers[0].resolution.refused.size(), 1U);
    EXPECT_EQ(world.politeness.connection_count(), 0U);
}

TEST(MailDomain, NullMx) {
    World world;
    world.dns.add("site.test", DnsType::mx, "0 .");
    const auto mail = world.observe("mail:site.test", {{Part::mail_dns, Part::smtp}, {}, {}}).mail;
    EXPECT_TRUE(mail.has_null_mx);
    EXPECT_TRUE(mail.exchangers.empty());
    EXPECT_EQ(mail.smtp_outcome, model::skipped(Reason::not_applicable));
    EXPECT_TRUE(mail.dmarc.records.empty());
    EXPECT_TRUE(mail.dmarc.outcome.is_completed()) << "there is none";
    EXPECT_EQ(world.dns.asked("_dmarc.test"), 1U) << "the tree was walked";
}

TEST(MailDomain, ImplicitExchanger) {
    World world;
    MailPeer peer(world.runtime);
    world.services.smtp_port = peer.port();
    const auto mail = world.observe("mail:site.test", {{Part::smtp}, {}, {}}).mail;
    ASSERT_EQ(mail.exchangers.size(), 1U);
    EXPECT_EQ(mail.exchangers[0].name, "site.test");
    EXPECT_TRUE(mail.exchangers[0].outcome.is_completed());
}

TEST(MailDomain, NamesThatFail) {
    World world;
    world.gate.hosts = {"gone.test", "sick.test"};
    world.dns.fail("sick.test");
    const auto gone = world.observe("mail:gone.test", {{Part::mail_dns, Part::smtp}, {}, {}}).mail;
    EXPECT_EQ(gone.dns_outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_EQ(gone.smtp_outcome, model::not_reached(Reason::dns_nxdomain));
    const auto sick = world.observe("mail:sick.test", {{Part::mail_dns, Part::smtp}, {}, {}}).mail;
    EXPECT_EQ(sick.mx_outcome, model::not_reached(Reason::dns_servfail));
    EXPECT_EQ(sick.spf.outcome, model::not_reached(Reason::dns_servfail));
}

TEST(Zone, CaaIsLookedForUpwards) {
    World world;
    world.gate.hosts = {"www.site.test"};
    world.dns.add("www.site.test", DnsType::a, "127.0.0.9");
    world.dns.add("site.test", DnsType::caa, "0 issue \"ca.test\"");
    const auto zone = world.observe("www.site.test", {{Part::zone}, {}, {}}).zone;
    EXPECT_EQ(zone.caa.found_at, "site.test");
    EXPECT_EQ(zone.caa.records, std::vector<std::string>{"0 issue \"ca.test\""});
    EXPECT_TRUE(zone.outcome.is_completed());
    EXPECT_FALSE(zone.dnssec.is_signed);
}

TEST(Zone, AServerFailureOnTheWayUpHidesTheAnswer) {
    World world;
    world.gate.hosts = {"a.sick.test"};
    world.dns.fail("sick.test");
    world.dns.add("a.sick.test", DnsType::a, "127.0.0.9");
    const auto sick = world.observe("a.sick.test", {{Part::zone}, {}, {}}).zone;
    EXPECT_EQ(sick.caa.outcome, model::not_reached(Reason::dns_servfail));
    EXPECT_EQ(world.dns.asked("test"), 0U);
}

TEST(Zone, TheApexIsAskedForItsSignature) {
    World world;
    world.gate.hosts = {"www.site.test"};
    const auto soa = net::dns_rdata(DnsType::soa, "ns.site.test admin.site.test 1 2 3 4 5");
    const net::DnsRecord signature{
        "site.test", DnsType::rrsig, 60, std::string("\x00\x06", 2) + std::string(40, '\x01')};
    world.dns.add("www.site.test", DnsType::a, "127.0.0.9");
    world.dns.add_authority("www.site.test", {"site.test", DnsType::soa, 60, soa});
    world.dns.add("site.test", DnsType::soa, "ns.site.test admin.site.test 1 2 3 4 5");
    world.dns.add_authority("site.test", signature);
    const auto bare = world.observe("www.site.test", {{Part::zone}, {}, {}}).zone;
    EXPECT_EQ(bare.dnssec.zone, "site.test");
    EXPECT_FALSE(bare.dnssec.is_signed) << "a signature elsewhere than beside the SOA is none";
    EXPECT_TRUE(bare.dnssec.outcome.is_completed());
    EXPECT_EQ(world.dns.asked("test"), 1U) << "for CAA only";

    World fresh;
    fresh.gate.hosts = {"site.test"};
    fresh.dns.add("site.test", DnsType::soa, "ns.site.test admin.site.test 1 2 3 4 5");
    fresh.dns.sign("site.test", signature);
    const auto zone = fresh.observe("site.test", {{Part::zone}, {}, {}}).zone;
    EXPECT_TRUE(zone.dnssec.is_signed);
    EXPECT_TRUE(zone.dnssec.is_authenticated);
}

} // namespace

} // namespace fengsui::probe
