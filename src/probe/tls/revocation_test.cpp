#include "probe/tls/revocation.h"
#include "probe/tls/test_certificates.h"

#include <gtest/gtest.h>
#include <openssl/x509.h>

namespace fengsui::probe::tls {

namespace {

using model::Revocation;
using std::chrono::hours;
using test::TestChain;

constexpr long kDay = 86400;

struct ListOf {
    std::string issuer;
    EVP_PKEY* key = nullptr;
    std::vector<long> serials;
    long from_days = -1;
    long until_days = 7;
};

void set_days(ASN1_TIME* time, long days) {
    X509_gmtime_adj(time, days * kDay);
}

std::string make_list(const ListOf& wanted) {
    const CrlPointer list(X509_CRL_new());
    X509_CRL_set_version(list.get(), 1);
    X509_NAME* name = X509_NAME_new();
    test::set_name(name, wanted.issuer);
    X509_CRL_set_issuer_name(list.get(), name);
    X509_NAME_free(name);
    ASN1_TIME* time = ASN1_TIME_new();
    set_days(time, wanted.from_days);
    X509_CRL_set1_lastUpdate(list.get(), time);
    for (const long serial : wanted.serials) {
        X509_REVOKED* entry = X509_REVOKED_new();
        ASN1_INTEGER* number = ASN1_INTEGER_new();
        ASN1_INTEGER_set(number, serial);
        X509_REVOKED_set_serialNumber(entry, number);
        X509_REVOKED_set_revocationDate(entry, time);
        X509_CRL_add0_revoked(list.get(), entry);
        ASN1_INTEGER_free(number);
    }
    set_days(time, wanted.until_days);
    X509_CRL_set1_nextUpdate(list.get(), time);
    ASN1_TIME_free(time);
    X509_CRL_sort(list.get());
    X509_CRL_sign(list.get(), wanted.key, EVP_sha256());
    unsigned char* bytes = nullptr;
    const int size = i2d_X509_CRL(list.get(), &bytes);
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

class ByList : public testing::Test {
protected:
    TestChain chain{"www.site.test"};
    X509Pointer leaf = parse_certificate(chain.leaf);
    X509Pointer issuer = parse_certificate(chain.middle);
    base::Instant now = base::now();

    [[nodiscard]] model::RevocationFacts judge(ListOf wanted, hours later = hours(0)) const {
        wanted.issuer = wanted.issuer.empty() ? "Test Intermediate" : wanted.issuer;
        wanted.key = wanted.key == nullptr ? chain.middle_key.get() : wanted.key;
        const auto lists = parse_crls(make_list(wanted));
        return lists.size() == 1 ? judge_by_crl(leaf.get(), issuer.get(), lists[0].get(), now + later)
                                 : model::RevocationFacts();
    }
};

TEST_F(ByList, WhoIsOnItIsRevokedAndWhoIsNotIsGood) {
    EXPECT_EQ(judge({{}, nullptr, {4711}}).status, Revocation::revoked);
    EXPECT_EQ(judge({{}, nullptr, {4712}}).status, Revocation::good);
    EXPECT_EQ(judge({{}, nullptr, {}}).status, Revocation::good);
}

TEST_F(ByList, AnOldListStillRevokesButSaysNothingGood) {
    EXPECT_EQ(judge({{}, nullptr, {4711}}, hours(24 * 30)).status, Revocation::revoked);
    const auto stale = judge({{}, nullptr, {}}, hours(24 * 30));
    EXPECT_EQ(stale.status, Revocation::unknown);
    EXPECT_NE(stale.detail.find("renewed"), std::string::npos) << stale.detail;
}

TEST_F(ByList, BeforeTheRevocationItWasNotRevoked) {
    EXPECT_EQ(judge({{}, nullptr, {4711}}, hours(-24 * 10)).status, Revocation::unknown)
        << "the list is of later";
}

TEST_F(ByList, AStrangersListIsNoList) {
    EXPECT_EQ(judge({"Another CA", nullptr, {4711}}).status, Revocation::unknown);
    const auto forged = judge({{}, chain.leaf_key.get(), {4711}});
    EXPECT_EQ(forged.status, Revocation::unknown);
    EXPECT_NE(forged.detail.find("signature"), std::string::npos) << forged.detail;
}

TEST_F(ByList, GarbageIsNeitherListNorAnswer) {
    EXPECT_TRUE(parse_crls("").empty());
    EXPECT_TRUE(parse_crls("garbage").empty());
    EXPECT_TRUE(parse_crls("-----BEGIN X509 CRL-----\ngarbage\n-----END X509 CRL-----\n").empty());
    auto cut = make_list({"Test Intermediate", chain.middle_key.get(), {1}});
    cut.resize(cut.size() / 2);
    EXPECT_TRUE(parse_crls(cut).empty());
    EXPECT_EQ(judge_by_ocsp(leaf.get(), issuer.get(), "garbage", now).status, Revocation::unknown);
    EXPECT_FALSE(ocsp_request(leaf.get(), issuer.get()).empty());
}

} // namespace

} // namespace fengsui::probe::tls
