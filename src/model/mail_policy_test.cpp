#include "base/text.h"
#include "model/mail_policy.h"

#include <gtest/gtest.h>

namespace fengsui::model {

namespace {

TEST(Dmarc, WhatARecordSays) {
    const auto policy =
        parse_dmarc("v=DMARC1; p=Reject; sp=none;t=y; rua=mailto:a@b.test!10m,mailto:c@D.test");
    EXPECT_EQ(policy.p, "reject");
    EXPECT_EQ(policy.sp, "none");
    EXPECT_TRUE(policy.is_testing);
    ASSERT_EQ(policy.reports.size(), 2U);
    EXPECT_EQ(policy.reports[0].domain, "b.test");
    EXPECT_EQ(policy.reports[1].domain, "d.test");
    EXPECT_TRUE(policy.faults.empty());
    EXPECT_TRUE(parse_dmarc("v=DMARC1; p=none; pct=20; ri=86400; rf=afrf; x_own=1;").faults.empty())
        << "what is unknown or was removed is ignored";
}

TEST(Dmarc, WhatIsWrongWithOne) {
    EXPECT_TRUE(parse_dmarc("v=DMARC1").is_void);
    EXPECT_FALSE(parse_dmarc("v=DMARC1; rua=mailto:a@b.test").is_void);
    EXPECT_TRUE(parse_dmarc("v=DMARC1; rua=mailto:a@b.test").faults.empty());
    EXPECT_TRUE(parse_dmarc("v=DMARC1; rua=https://b.test/r").is_void);
    for (const auto* text :
         {"p=block",
          "p=none; sp=all",
          "p=none; adkim=strict",
          "p=none; t=yes",
          "p=none; psd=x",
          "p=none; rua=a@b.test",
          "p=none; rua=mailto:b.test",
          "p=none p=reject",
          "p=none; p=reject",
          "p=none; reject"}) {
        EXPECT_FALSE(parse_dmarc("v=DMARC1; " + std::string(text)).faults.empty()) << text;
    }
}

TEST(MtaSts, Record) {
    EXPECT_EQ(parse_mta_sts_record("v=STSv1; id=20260101T000000;"), "20260101T000000");
    EXPECT_EQ(parse_mta_sts_record("v=STSv1;id=1"), "1");
    for (const auto* text :
         {"v=STSv1",
          "v=STSv1;",
          "v=STSv1; id=",
          "v=STSv2; id=1",
          "v=STSv1; id=a-b",
          "id=1; v=STSv1",
          "v=STSv1; id=123456789012345678901234567890123"}) {
        EXPECT_FALSE(parse_mta_sts_record(text)) << text;
    }
}

TEST(MtaSts, Policy) {
    const auto policy = parse_mta_sts_policy(
        "version: STSv1\r\nmode: enforce\r\nmx: MX.b.test\r\nmx: *.c.test\r\nmax_age: 604800\r\n"
    );
    EXPECT_TRUE(policy.faults.empty());
    EXPECT_EQ(policy.mode, "enforce");
    EXPECT_EQ(policy.max_age, 604800U);
    EXPECT_TRUE(mta_sts_covers(policy, "mx.b.test"));
    EXPECT_TRUE(mta_sts_covers(policy, "a.c.test"));
    EXPECT_FALSE(mta_sts_covers(policy, "c.test"));
    EXPECT_FALSE(mta_sts_covers(policy, "a.b.c.test"));
    EXPECT_FALSE(mta_sts_covers(policy, "b.test"));
    EXPECT_TRUE(parse_mta_sts_policy("version: STSv1\nmode: none\nmax_age: 86400\n").faults.empty());
}

TEST(MtaSts, PolicyFaults) {
    for (const auto* text :
         {"",
          "mode: enforce\nmx: a.test\nmax_age: 1\n",
          "version: STSv1\nmode: on\nmx: a.test\nmax_age: 1\n",
          "version: STSv1\nmode: enforce\nmax_age: 1\n",
          "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 31557601\n",
          "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 1d\n",
          "version: STSv1\nmode: enforce\nmx: a.*.test\nmax_age: 1\n",
          "version: STSv1\nmode: enforce\nmx a.test\nmx: a.test\nmax_age: 1\n"}) {
        EXPECT_FALSE(parse_mta_sts_policy(text).faults.empty()) << text;
    }
    EXPECT_FALSE(parse_mta_sts_policy(std::string(kMtaStsLimit + 1, '\n')).faults.empty());
}

TEST(TlsRpt, Record) {
    EXPECT_TRUE(is_tls_rpt("v=TLSRPTv1; rua=mailto:tls@b.test"));
    EXPECT_TRUE(is_tls_rpt("v=TLSRPTv1;rua=https://b.test/r,mailto:tls@b.test"));
    EXPECT_FALSE(is_tls_rpt("v=TLSRPTv1"));
    EXPECT_FALSE(is_tls_rpt("v=TLSRPTv1; rua=tls@b.test"));
    EXPECT_FALSE(is_tls_rpt("v=TLSRPTv2; rua=mailto:tls@b.test"));
}

/// An RSAPublicKey whose modulus has so many bits; nobody could use it.
std::string rsa_key(std::size_t bits) {
    const auto element = [](char tag, const std::string& content) {
        const auto size = content.size();
        return std::string{tag, '\x82', static_cast<char>(size >> 8), static_cast<char>(size & 0xff)}
               + content;
    };
    const auto modulus = std::string(1, '\0') + std::string(bits / 8, '\xc1');
    const auto key = element(0x30, element(0x02, modulus) + std::string("\x02\x03\x01\x00\x01", 5));
    return element(
        0x30,
        std::string("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15)
            + element(0x03, std::string(1, '\0') + key)
    );
}

TEST(Dkim, KeysAreMeasured) {
    const auto text = [](std::size_t bits) {
        return "v=DKIM1; k=rsa; p=" + base::base64(rsa_key(bits));
    };
    EXPECT_EQ(parse_dkim(text(1024)).key_bits, 1024);
    EXPECT_EQ(parse_dkim(text(2048)).key_bits, 2048);
    EXPECT_EQ(parse_dkim("k=ed25519; p=" + base::base64(std::string(32, 'x'))).key_bits, 256);
    EXPECT_TRUE(parse_dkim("v=DKIM1; p=").is_revoked);
    EXPECT_EQ(
        parse_dkim("v=DKIM1; h=sha1 : SHA256; t=y:s; p=").hashes, (std::vector<std::string>{"sha1", "sha256"})
    );
    EXPECT_TRUE(parse_dkim("v=DKIM1; t=s:y; p=").is_testing);
    EXPECT_FALSE(parse_dkim("v=DKIM1").fault.empty());
    EXPECT_FALSE(parse_dkim("v=DKIM2; p=").fault.empty());
    EXPECT_FALSE(parse_dkim("v=DKIM1; p=AAAA").fault.empty());
    EXPECT_FALSE(parse_dkim("v=DKIM1; p=?").fault.empty());
}

TEST(Dkim, NoLengthIsTrusted) {
    const auto key = rsa_key(2048);
    for (std::size_t size = 0; size < key.size(); ++size) {
        EXPECT_EQ(rsa_key_bits(std::string_view(key).substr(0, size)), 0) << size;
    }
}

} // namespace

} // namespace fengsui::model
