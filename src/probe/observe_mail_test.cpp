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
