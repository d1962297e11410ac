#include "range/dns/zones.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fengsui::range {
namespace {

using net::DnsCode;
using net::DnsMessage;
using net::DnsType;

class RangeZones : public ::testing::Test {
protected:
    RangeZones() {
        District district{"", "fengqiao.test", 0};
        world_.base = model::IpAddress::v4(0x7f410000);
        world_.districts.push_back(district);
        add("plain", [](Site& site) { site.faults.add(Fault::dns_dnssec_missing); });
        add("signed.edu", [](Site& site) { site.has_cname_chain = true; });
        add("dangling", [](Site& site) { site.faults.add(Fault::dns_dangling_cname); });
        add("private", [](Site& site) { site.faults.add(Fault::dns_private_address); });
        add("gone", [](Site& site) { site.trouble = NameTrouble::nxdomain; });
        add("broken", [](Site& site) { site.trouble = NameTrouble::server_failure; });
        add("silent", [](Site& site) { site.trouble = NameTrouble::silent; });
        add("mail", [](Site& site) { site.mail_target = "mail:" + site.zone; });
        zones_ = std::make_unique<Zones>(world_);
    }

    template <class Change>
    void add(const std::string& label, Change change) {
        Site site;
        site.index = world_.sites.size();
        site.seed = 1000 + site.index;
        site.district = "fengqiao.test";
        site.zone = label + ".fengqiao.test";
        site.host = "www." + site.zone;
        site.address = model::IpAddress::v4(0x7f410101 + static_cast<std::uint32_t>(site.index));
        change(site);
        world_.sites.push_back(site);
    }

    static DnsMessage query(const std::string& name, DnsType type, bool dnssec) {
        DnsMessage message;
        message.id = 77;
        message.has_edns = true;
        message.dnssec_ok = dnssec;
        message.questions.push_back({name, type});
        return message;
    }

    DnsMessage ask(
        const std::string& name, DnsType type, bool dnssec = false, ServerKind kind = ServerKind::resolver
    ) {
        const auto answer = zones_->answer(query(name, type, dnssec), kind);
        EXPECT_TRUE(answer.has_value()) << name;
        return answer.value_or(DnsMessage());
    }

    static bool has_signature(const std::vector<net::DnsRecord>& records) {
        return std::any_of(records.begin(), records.end(), [](const auto& record) {
            return record.type == DnsType::rrsig;
        });
    }

    World world_;
    std::unique_ptr<Zones> zones_;
};

TEST_F(RangeZones, gives_the_address) {
    const auto answer = ask("www.plain.fengqiao.test", DnsType::a);
    ASSERT_EQ(answer.answers.size(), 1U);
    EXPECT_EQ(answer.answers[0].text(), "127.65.1.1");
    EXPECT_TRUE(answer.recursion_available);
    EXPECT_FALSE(answer.is_authenticated);
}

TEST_F(RangeZones, no_data_comes_with_the_zones_soa) {
    const auto answer = ask("www.plain.fengqiao.test", DnsType::aaaa, true);
    EXPECT_EQ(answer.code, DnsCode::no_error);
    EXPECT_TRUE(answer.answers.empty());
    ASSERT_EQ(answer.authorities.size(), 1U);
    EXPECT_EQ(answer.authorities[0].name, "plain.fengqiao.test");
    EXPECT_EQ(answer.authorities[0].type, DnsType::soa);
}

TEST_F(RangeZones, signed_zones_are_authenticated_and_show_signatures_when_asked) {
    auto answer = ask("signed.edu.fengqiao.test", DnsType::soa, true);
    EXPECT_TRUE(answer.is_authenticated);
    EXPECT_TRUE(has_signature(answer.answers));
    answer = ask("signed.edu.fengqiao.test", DnsType::soa, false);
    EXPECT_FALSE(answer.is_authenticated);
    EXPECT_FALSE(has_signature(answer.answers));
    answer = ask("plain.fengqiao.test", DnsType::soa, true);
    EXPECT_FALSE(answer.is_authenticated);
    EXPECT_FALSE(has_signature(answer.answers));
}

TEST_F(RangeZones, follows_the_chain) {
    const auto answer = ask("www.signed.edu.fengqiao.test", DnsType::a);
    ASSERT_EQ(answer.answers.size(), 3U);
    EXPECT_EQ(answer.answers[0].text(), "web.signed.edu.fengqiao.test");
    EXPECT_EQ(answer.answers[1].text(), "node1.signed.edu.fengqiao.test");
    EXPECT_EQ(answer.answers[2].text(), "127.65.1.2");
}

TEST_F(RangeZones, a_dangling_chain_ends_in_nxdomain) {
    const auto answer = ask("www.dangling.fengqiao.test", DnsType::a);
    EXPECT_EQ(answer.code, DnsCode::name_error);
    ASSERT_EQ(answer.answers.size(), 1U);
    EXPECT_TRUE(answer.answers[0].text().ends_with(".cloudstage.test"));
}

TEST_F(RangeZones, private_addresses_are_private) {
    const auto answer = ask("www.private.fengqiao.test", DnsType::a);
    ASSERT_EQ(answer.answers.size(), 1U);
    const auto address = model::IpAddress::parse(answer.answers[0].text());
    ASSERT_TRUE(address);
    EXPECT_FALSE(model::is_public(*address));
    EXPECT_FALSE(model::Prefix(world_.base, 16).contains(*address));
    EXPECT_EQ(ask("www.private.fengqiao.test", DnsType::aaaa).answers.size(), 1U);
}

TEST_F(RangeZones, names_fail_in_their_three_ways) {
    EXPECT_EQ(ask("www.gone.fengqiao.test", DnsType::a).code, DnsCode::name_error);
    EXPECT_EQ(ask("gone.fengqiao.test", DnsType::soa).answers.size(), 1U);
    EXPECT_EQ(ask("www.broken.fengqiao.test", DnsType::a).code, DnsCode::server_failure);
    EXPECT_FALSE(
        zones_->answer(query("www.silent.fengqiao.test", DnsType::a, false), ServerKind::resolver).has_value()
    );
    EXPECT_EQ(ask("silent.fengqiao.test", DnsType::soa).answers.size(), 1U);
}

TEST_F(RangeZones, names_outside_and_between) {
    EXPECT_EQ(ask("www.example.com", DnsType::a).code, DnsCode::name_error);
    EXPECT_EQ(ask("nosuch.fengqiao.test", DnsType::a).code, DnsCode::name_error);
    EXPECT_EQ(ask("edu.fengqiao.test", DnsType::a).code, DnsCode::no_error);
    EXPECT_EQ(ask("ns2.fengqiao.test", DnsType::a).answers[0].text(), "127.65.0.3");
    EXPECT_EQ(ask("plain.fengqiao.test", DnsType::soa, false, ServerKind::stranger).code, DnsCode::refused);
    EXPECT_EQ(ask("www.example.com", DnsType::a, false, ServerKind::authoritative).code, DnsCode::refused);
    EXPECT_EQ(
        ask("plain.fengqiao.test", static_cast<DnsType>(252), false, ServerKind::authoritative).code,
        DnsCode::refused
    );
}

TEST_F(RangeZones, mail_records) {
    EXPECT_EQ(ask("mail.fengqiao.test", DnsType::mx).answers[0].text(), "10 mail.mail.fengqiao.test");
    EXPECT_TRUE(ask("_dmarc.mail.fengqiao.test", DnsType::txt).answers[0].text().starts_with("v=DMARC1; p="));
    const auto spf = [&] {
        const auto texts = ask("mail.fengqiao.test", DnsType::txt).answers;
        return std::count_if(texts.begin(), texts.end(), [](const auto& record) {
            return record.text().starts_with("v=spf1 ");
        });
    };
    EXPECT_EQ(spf(), 1);
    world_.sites.back().faults.add(Fault::mail_spf_missing);
    world_.sites.back().faults.add(Fault::mail_dmarc_missing);
    EXPECT_EQ(spf(), 0) << "the answer follows the site as it is now";
    EXPECT_EQ(ask("_dmarc.mail.fengqiao.test", DnsType::txt).code, DnsCode::name_error);
}

TEST_F(RangeZones, faults_of_mail_policies) {
    auto& site = world_.sites.back();
    const auto texts = [&](const std::string& name) {
        std::vector<std::string> all;
        for (const auto& record : ask(name, DnsType::txt).answers) {
            all.push_back(record.text());
        }
        return all;
    };
    site.has_mta_sts = true;
    EXPECT_EQ(texts("_mta-sts.mail.fengqiao.test").at(0), "v=STSv1; id=20260101T000000;");
    EXPECT_EQ(texts("_smtp._tls.mail.fengqiao.test").size(), 1U);
    EXPECT_EQ(texts("s2026._domainkey.mail.fengqiao.test").size(), 1U);
    site.faults.add(Fault::mail_spf_multiple);
    site.faults.add(Fault::mail_dmarc_multiple);
    site.faults.add(Fault::mail_tls_rpt_missing);
    site.faults.add(Fault::dns_dangling_mx);
    EXPECT_EQ(texts("_dmarc.mail.fengqiao.test").size(), 2U);
    EXPECT_TRUE(texts("_smtp._tls.mail.fengqiao.test").empty());
    EXPECT_EQ(ask("mail.fengqiao.test", DnsType::mx).answers.size(), 2U);
    EXPECT_EQ(ask(site.lost_domain(), DnsType::a).code, DnsCode::name_error);
}

TEST_F(RangeZones, an_open_transfer_goes_over_tcp_only) {
    auto& site = world_.sites.front();
    site.has_name_servers = true;
    site.faults.add(Fault::dns_zone_transfer_open);
    const auto bytes = net::encode_dns(query(site.zone, DnsType::axfr, false));
    const auto open = net::decode_dns(zones_->answer(bytes, ServerKind::authoritative, 0));
    ASSERT_TRUE(open);
    ASSERT_GT(open->answers.size(), 3U);
    EXPECT_EQ(open->answers.front().type, DnsType::soa);
    EXPECT_EQ(open->answers.back().type, DnsType::soa);
    EXPECT_EQ(
        net::decode_dns(zones_->answer(bytes, ServerKind::authoritative, 1232))->code, DnsCode::refused
    );
    EXPECT_EQ(net::decode_dns(zones_->answer(bytes, ServerKind::stranger, 0))->code, DnsCode::refused);
}

TEST_F(RangeZones, a_bogus_zone_is_answered_only_unchecked) {
    auto& site = world_.sites[1];
    site.faults.add(Fault::dns_dnssec_bogus);
    auto question = query(site.zone, DnsType::soa, true);
    EXPECT_EQ(zones_->answer(question, ServerKind::resolver)->code, DnsCode::server_failure);
    EXPECT_EQ(zones_->answer(question, ServerKind::authoritative)->code, DnsCode::no_error);
    question.checking_disabled = true;
    const auto unchecked = zones_->answer(question, ServerKind::resolver);
    EXPECT_EQ(unchecked->code, DnsCode::no_error);
    EXPECT_FALSE(unchecked->is_authenticated);
    EXPECT_TRUE(has_signature(unchecked->answers));
}

TEST_F(RangeZones, caa_stands_at_the_apex_or_nowhere) {
    EXPECT_EQ(ask("plain.fengqiao.test", DnsType::caa).answers.size(), 2U);
    world_.sites.front().faults.add(Fault::dns_caa_missing);
    EXPECT_TRUE(ask("plain.fengqiao.test", DnsType::caa).answers.empty());
    EXPECT_TRUE(ask("fengqiao.test", DnsType::caa).answers.empty()) << "nothing to climb to";
}

TEST_F(RangeZones, bytes_in_bytes_out) {
    const auto answer = zones_->answer(
        net::encode_dns(query("www.plain.fengqiao.test", DnsType::a, true)), ServerKind::resolver, 1232
    );
    const auto message = net::decode_dns(answer);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->id, 77);
    EXPECT_EQ(message->answers.at(0).text(), "127.65.1.1");
    EXPECT_TRUE(zones_->answer("xx", ServerKind::resolver, 0).empty());
}

} // namespace
} // namespace fengsui::range
