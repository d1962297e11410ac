#include "probe/dns/decode.h"

#include <gtest/gtest.h>

namespace fengsui::probe::dns {

namespace {

using net::DnsType;

net::DnsRecord record(std::string name, DnsType type, std::string data) {
    return {std::move(name), type, 60, std::move(data)};
}

/// RRSIG RDATA that covers SOA; the rest is of no matter here.
std::string signature_of_soa() {
    return std::string("\x00\x06", 2) + std::string(40, 's');
}

TEST(Zone, ApexFromAnswerOrAuthority) {
    net::DnsMessage message;
    message.authorities = {
        record("site.test", DnsType::soa, ""), record("site.test", DnsType::rrsig, signature_of_soa())};
    const auto apex = find_apex(message, "www.site.test");
    ASSERT_TRUE(apex);
    EXPECT_EQ(apex->zone, "site.test");
    EXPECT_TRUE(apex->is_signed);
    EXPECT_FALSE(apex->is_answer);
    message.answers = {record("www.site.test", DnsType::soa, "")};
    EXPECT_EQ(find_apex(message, "www.site.test")->zone, "www.site.test");
    EXPECT_FALSE(find_apex(message, "www.site.test")->is_signed);
}

TEST(Zone, AnAliasLeadsElsewhere) {
    net::DnsMessage message;
    message.authorities = {record("cdn.test", DnsType::soa, "")};
    EXPECT_FALSE(find_apex(message, "www.site.test"));
    EXPECT_FALSE(find_apex(message, "evilcdn.test"));
    EXPECT_FALSE(find_apex({}, "www.site.test"));
    EXPECT_EQ(names_upward("a.b.test", 9), (std::vector<std::string>{"a.b.test", "b.test", "test"}));
    EXPECT_EQ(names_upward("a.b.test", 2).size(), 2U);
}

TEST(Zone, ASignatureOfAnotherTypeIsNone) {
    net::DnsMessage message;
    message.answers = {
        record("site.test", DnsType::soa, ""),
        record("site.test", DnsType::rrsig, std::string("\x00\x01", 2) + std::string(40, 's')),
        record("site.test", DnsType::rrsig, std::string("\x00\x06", 2)),
    };
    EXPECT_FALSE(find_apex(message, "site.test")->is_signed);
}

TEST(Mail, SpfIsAVersionAndASpace) {
    EXPECT_EQ(
        spf_of({"v=spf1", "V=SPF1 -all", "v=spf10 -all", "v=spf1-all", " v=spf1 ~all", "other"}),
        (std::vector<std::string>{"v=spf1", "V=SPF1 -all"})
    );
}

TEST(Mail, SpfMayLeaveTheDecisionToAnother) {
    EXPECT_EQ(spf_redirect_of("v=spf1 redirect=_spf.b.test"), "_spf.b.test");
    EXPECT_EQ(spf_redirect_of("v=spf1 mx REDIRECT=B.test."), "b.test");
    EXPECT_FALSE(spf_redirect_of("v=spf1 redirect=b.test ~all")) << "all decides (RFC 7208 6.1)";
    EXPECT_FALSE(spf_redirect_of("v=spf1 redirect=%{d}.b.test")) << "a macro";
    EXPECT_FALSE(spf_redirect_of("v=spf1 redirect=")) << "no name";
    EXPECT_FALSE(spf_redirect_of("v=spf1 mx -all"));
    EXPECT_FALSE(spf_redirect_of("v=spf1"));
}

TEST(Mail, DmarcIsAVersionTag) {
    EXPECT_EQ(
        dmarc_of(
            {"v=DMARC1",
             "v=DMARC1; p=none",
             "V = DMARC1 ;p=none",
             "v=DMARC10; p=none",
             "v=dmarc1; p=none",
             "p=none; v=DMARC1"}
        ),
        (std::vector<std::string>{"v=DMARC1", "v=DMARC1; p=none", "V = DMARC1 ;p=none"})
    );
}

TEST(Mail, WalkIsEightQuestionsAtMost) {
    EXPECT_EQ(
        dmarc_walk("mail.site.test"), (std::vector<std::string>{"mail.site.test", "site.test", "test"})
    );
    const auto deep =
        dmarc_walk("a.b.c.d.e.f.g.h.i.j.mail.test"); // RFC 9989 4.10's own example has this form
    ASSERT_EQ(deep.size(), 8U);
    EXPECT_EQ(deep[1], "f.g.h.i.j.mail.test");
    EXPECT_EQ(deep.back(), "test");
    EXPECT_EQ(dmarc_walk("a.b.c.d.e.f.g.test").size(), 8U);
    EXPECT_TRUE(dmarc_walk("").empty());
}

TEST(Mail, PolicyIsTheDomainsOrTheOrganizations) {
    const std::string none = "v=DMARC1; p=none";
    const DmarcStep own{"a.b.test", {none}};
    const DmarcStep middle{"b.test", {none}};
    EXPECT_EQ(choose_policy({{"a.b.test", {none, none}}, middle})->domain, "a.b.test")
        << "several count as found there";
    EXPECT_EQ(choose_policy({{"a.b.test", {}}, middle, {"test", {}}})->domain, "b.test");
    EXPECT_EQ(choose_policy({{"a.b.test", {}}, {"b.test", {none, none}}, {"test", {}}})->records.size(), 2U);
    EXPECT_EQ(choose_policy({{"a.b.test", {}}, {"b.test", {none, none}}, {"test", {none}}})->domain, "test");
    EXPECT_EQ(choose_policy({{"x.a.b.test", {}}, own, middle})->domain, "b.test") << "fewest labels";
    const DmarcStep suffix{"test", {"v=DMARC1; p=reject; psd=y"}};
    EXPECT_TRUE(ends_walk(suffix));
    EXPECT_FALSE(ends_walk(own));
    EXPECT_EQ(choose_policy({{"a.b.test", {}}, middle, suffix})->domain, "b.test");
    EXPECT_EQ(choose_policy({{"a.b.test", {}}, {"b.test", {}}, suffix})->domain, "test");
    EXPECT_EQ(choose_policy({}), nullptr);
}

TEST(Mail, TheOrganizationIsTheHighestThatSpeaks) {
    const std::string none = "v=DMARC1; p=none";
    EXPECT_EQ(organization_in({{"a.b.test", {}}, {"b.test", {}}, {"test", {}}}), "a.b.test");
    EXPECT_EQ(organization_in({{"a.b.test", {none}}, {"b.test", {none}}, {"test", {}}}), "b.test");
    EXPECT_EQ(
        organization_in({{"a.b.test", {none}}, {"b.test", {}}, {"test", {none + "; psd=y"}}}), "b.test"
    );
    EXPECT_EQ(organization_in({{"a.b.test", {}}, {"b.test", {none + "; psd=n"}}}), "b.test");
}

TEST(Mail, MisspeltDmarc) {
    EXPECT_EQ(
        dmarc_misspelt(
            {"v=DMARC1; p=none", "v=dmarc1; p=none", "v=DMARC1 p=none", "v=spf1 -all", "DMARC1; p=none"}
        ),
        (std::vector<std::string>{"v=dmarc1; p=none", "v=DMARC1 p=none", "DMARC1; p=none"})
    );
}

} // namespace

} // namespace fengsui::probe::dns
