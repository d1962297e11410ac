#include "base/time.h"
#include "probe/tls/test_certificates.h"
#include "probe/trust_store.h"

#include <gtest/gtest.h>

namespace fengsui::probe {

namespace {

using model::Trust;
using test::make_certificate;
using test::PemFile;
using test::TestChain;

class Judging : public testing::Test {
protected:
    TestChain chain{"www.site.test"};
    PemFile roots{{chain.root}};
    TrustStore store{roots.path()};

    [[nodiscard]] Trust trust(const std::vector<std::string>& sent) const { return store.judge(sent).trust; }
};

model::CertificateFacts facts_of(const std::string& der) {
    return tls::certificate_facts(der, tls::parse_certificate(der).get());
}

TEST_F(Judging, TrustsAKnownRoot) {
    const auto judged = store.judge({chain.leaf, chain.middle});
    EXPECT_EQ(judged.trust, Trust::trusted);
    EXPECT_TRUE(judged.is_ordered);
    ASSERT_EQ(judged.chain.size(), 2U);
    EXPECT_EQ(judged.chain[0].common_name, "www.site.test");
    EXPECT_EQ(judged.chain[0].dns_names, std::vector<std::string>{"www.site.test"});
    EXPECT_EQ(judged.chain[0].issuer, "CN=Test Intermediate");
    EXPECT_TRUE(judged.chain[1].is_ca);
    EXPECT_FALSE(judged.chain[0].is_ca);
}

TEST_F(Judging, ASuperfluousRootIsNoFault) {
    const auto judged = store.judge({chain.leaf, chain.middle, chain.root});
    EXPECT_EQ(judged.trust, Trust::trusted);
    EXPECT_TRUE(judged.is_ordered);
}

TEST_F(Judging, BuildsAReversedChain) {
    const auto judged = store.judge({chain.leaf, chain.root, chain.middle});
    EXPECT_EQ(judged.trust, Trust::trusted);
    EXPECT_FALSE(judged.is_ordered);
    EXPECT_FALSE(store.judge({chain.leaf, chain.middle, chain.middle}).is_ordered);
}

TEST_F(Judging, SeesAMissingIntermediate) {
    const auto judged = store.judge({chain.leaf});
    EXPECT_EQ(judged.trust, Trust::incomplete);
    EXPECT_TRUE(judged.is_ordered);
    EXPECT_NE(judged.detail.find("www.site.test"), std::string::npos);
}

TEST_F(Judging, SeesAnUnknownRoot) {
    const TestChain other("www.site.test", "Other");
    EXPECT_EQ(trust({other.leaf, other.middle, other.root}), Trust::untrusted);
    EXPECT_EQ(trust({other.leaf, other.middle}), Trust::untrusted) << "its issuer calls itself a root";
    EXPECT_EQ(trust({other.leaf}), Trust::incomplete);
}

TEST_F(Judging, CaIssuersSpeakForAMissingIntermediate) {
    const auto key = test::ec_key();
    const auto signer = test::ec_key();
    const auto leaf = make_certificate(
        {"a.test", "Some Root", {{NID_info_access, "caIssuers;URI:http://ca.test/ca.crt"}}},
        key.get(),
        signer.get()
    );
    EXPECT_EQ(trust({leaf}), Trust::incomplete);
    EXPECT_TRUE(facts_of(leaf).has_ca_issuers);
}

TEST_F(Judging, SeesASelfSignedLeaf) {
    const auto key = test::ec_key();
    const auto leaf = make_certificate({"self.test", "", {}}, key.get(), key.get());
    EXPECT_EQ(trust({leaf}), Trust::self_signed);
    EXPECT_TRUE(facts_of(leaf).is_self_signed);
    EXPECT_EQ(trust({leaf, chain.middle}), Trust::self_signed);
    const PemFile known({leaf});
    EXPECT_EQ(TrustStore(known.path()).judge({leaf}).trust, Trust::trusted);
}

TEST_F(Judging, SeesASignatureThatDoesNotVerify) {
    const auto stranger = test::ec_key();
    const auto leaf =
        make_certificate({"a.test", "Test Intermediate", {}}, chain.leaf_key.get(), stranger.get());
    const auto judged = store.judge({leaf, chain.middle});
    EXPECT_EQ(judged.trust, Trust::broken);
    EXPECT_FALSE(judged.is_ordered);
    const TestChain other("b.test", "Other");
    const auto bad =
        make_certificate({"b.test", "Other Intermediate", {}}, chain.leaf_key.get(), stranger.get());
    EXPECT_EQ(trust({bad, other.middle, other.root}), Trust::broken) << "whatever the root";
}

TEST_F(Judging, SeesAnIssuerThatMayNotSign) {
    const auto below =
        make_certificate({"c.test", "www.site.test", {}}, test::ec_key().get(), chain.leaf_key.get());
    EXPECT_EQ(trust({below, chain.leaf, chain.middle}), Trust::broken);
    const auto no_signing = make_certificate(
        {"Clerk", "Test Root", {{NID_key_usage, "digitalSignature"}}},
        chain.middle_key.get(),
        chain.root_key.get()
    );
    const auto leaf = make_certificate({"d.test", "Clerk", {}}, chain.leaf_key.get(), chain.middle_key.get());
    EXPECT_EQ(trust({leaf, no_signing}), Trust::broken);
}

TEST_F(Judging, LeavesDatesAside) {
    test::Wanted wanted{"old.test", "Test Intermediate", {}};
    wanted.from_days = -60;
    wanted.until_days = -30;
    const auto leaf = make_certificate(wanted, chain.leaf_key.get(), chain.middle_key.get());
    const auto judged = store.judge({leaf, chain.middle});
    EXPECT_EQ(judged.trust, Trust::trusted);
    EXPECT_LT(judged.chain[0].not_after, base::now());
    EXPECT_EQ(
        std::chrono::round<std::chrono::days>(judged.chain[0].not_after - judged.chain[0].not_before).count(),
        30
    );
}

TEST_F(Judging, MalformedGivesFewerFacts) {
    const auto cut = chain.leaf.substr(0, chain.leaf.size() / 2);
    for (const auto& bytes : {std::string(), std::string("\x30\x80"), std::string(300, '\xFF'), cut}) {
        const auto judged = store.judge({bytes, chain.middle});
        EXPECT_EQ(judged.trust, Trust::unknown);
        ASSERT_EQ(judged.chain.size(), 2U);
        EXPECT_EQ(judged.chain[0].sha256.size(), 64U);
        EXPECT_EQ(judged.chain[0].subject, "");
    }
    EXPECT_EQ(trust({}), Trust::unknown);
}

TEST(TrustStoreFile, MustBeReadable) {
    EXPECT_THROW(TrustStore(std::filesystem::path("/nonexistent/roots.pem")), base::Error);
}

TEST(CertificateFacts, ReadsKeysAndSignatures) {
    const auto rsa = test::rsa_key(1024);
    test::Wanted weak{"weak.test", "", {}, EVP_sha1()};
    const auto sha1 = facts_of(make_certificate(weak, rsa.get(), rsa.get()));
    EXPECT_EQ(sha1.key_type, "RSA");
    EXPECT_EQ(sha1.key_bits, 1024);
    EXPECT_EQ(sha1.signature_algorithm, "sha1WithRSAEncryption");
    EXPECT_EQ(sha1.signature_hash, "sha1");
    EXPECT_TRUE(sha1.is_self_signed);
    weak.digest = EVP_md5();
    EXPECT_EQ(facts_of(make_certificate(weak, rsa.get(), rsa.get())).signature_hash, "md5");

    const auto edwards = test::ed25519_key();
    const auto eddsa = facts_of(make_certificate({"ed.test", "", {}, nullptr}, edwards.get(), edwards.get()));
    EXPECT_EQ(eddsa.key_type, "Ed25519");
    EXPECT_EQ(eddsa.signature_hash, "");
    EXPECT_TRUE(eddsa.is_self_signed);

    const auto elliptic = test::ec_key("P-384");
    const auto ecdsa = facts_of(make_certificate({"ec.test", "", {}}, elliptic.get(), elliptic.get()));
    EXPECT_EQ(ecdsa.key_type, "EC");
    EXPECT_EQ(ecdsa.key_bits, 384);
    EXPECT_EQ(ecdsa.curve, "secp384r1");
    EXPECT_EQ(ecdsa.spki_sha256.size(), 64U);
}

TEST(CertificateFacts, ReadsSm2) {
    const auto key = test::sm2_key();
    ASSERT_TRUE(key);
    const auto facts = facts_of(make_certificate({"sm.test", "", {}, EVP_sm3()}, key.get(), key.get()));
    EXPECT_EQ(facts.key_type, "SM2");
    EXPECT_EQ(facts.key_bits, 256);
    EXPECT_EQ(facts.signature_hash, "sm3");
    EXPECT_TRUE(facts.is_self_signed);
}

TEST(CertificateFacts, ReadsOddOnes) {
    const auto key = test::ec_key();
    test::Wanted odd{
        "人.test", "", {{NID_subject_alt_name, "DNS:A.Test,DNS:*.b.test,IP:192.0.2.1,IP:2001:db8::1"}}};
    odd.serial = -15;
    const auto facts = facts_of(make_certificate(odd, key.get(), key.get()));
    EXPECT_EQ(facts.common_name, "人.test");
    EXPECT_EQ(facts.subject, "CN=人.test");
    EXPECT_EQ(facts.serial, "-0f");
    EXPECT_EQ(facts.dns_names, (std::vector<std::string>{"a.test", "*.b.test"}));
    ASSERT_EQ(facts.ip_addresses.size(), 2U);
    EXPECT_EQ(facts.ip_addresses[1].str(), "2001:db8::1");
}

TEST(CertificateFacts, ReadsTenThousandNames) {
    std::string names = "DNS:n0.test";
    for (int i = 1; i < 10000; ++i) {
        names += ",DNS:n" + std::to_string(i) + ".test";
    }
    const auto key = test::ec_key();
    const auto facts =
        facts_of(make_certificate({"many.test", "", {{NID_subject_alt_name, names}}}, key.get(), key.get()));
    ASSERT_EQ(facts.dns_names.size(), 10000U);
    EXPECT_EQ(facts.dns_names.back(), "n9999.test");
}

} // namespace

} // namespace fengsui::probe
