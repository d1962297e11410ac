#include "range/pki/authority.h"
#include "range/pki/identity.h"
#include "range/pki/keys.h"
#include "range/pki/test_keys.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <fstream>
#include <sstream>

namespace fengsui::range {
namespace {

std::vector<Certificate> read_all(const std::string& pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::vector<Certificate> all;
    while (auto* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        all.emplace_back(one);
    }
    return all;
}

Site site_with(Fault fault) {
    Site site;
    site.seed = 12345;
    site.district = "fengqiao.test";
    site.zone = "water1.fengqiao.test";
    site.host = "www.water1.fengqiao.test";
    site.faults.add(fault);
    return site;
}

class RangeAuthority : public ::testing::Test {
protected:
    std::vector<Certificate> chain_with(Fault fault) const {
        return read_all(authority_.issue(order_for(site_with(fault), now_)).chain_pem);
    }
    bool is_issued_by_next(const std::vector<Certificate>& chain) const {
        for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
            if (X509_verify(chain[i].get(), X509_get0_pubkey(chain[i + 1].get())) != 1) {
                return false;
            }
        }
        return true;
    }

    Authority authority_;
    base::Instant now_ = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
};

TEST_F(RangeAuthority, roots_are_the_same_each_time) {
    EXPECT_EQ(authority_.trust_pem(), Authority().trust_pem());
    EXPECT_EQ(read_all(authority_.trust_pem()).size(), 1U);
}

TEST_F(RangeAuthority, a_good_chain_leads_to_the_root) {
    auto chain = chain_with(Fault::header_csp_missing);
    ASSERT_EQ(chain.size(), 2U);
    chain.push_back(std::move(read_all(authority_.trust_pem()).front()));
    EXPECT_TRUE(is_issued_by_next(chain));
    EXPECT_EQ(
        X509_check_host(
            chain[0].get(), "www.water1.fengqiao.test", 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr
        ),
        1
    );
    EXPECT_EQ(EVP_PKEY_get_base_id(X509_get0_pubkey(chain[0].get())), EVP_PKEY_EC);
}

TEST_F(RangeAuthority, keys_follow_from_seeds) {
    EXPECT_EQ(key_pem_of(derive_p256_key(1).get()), key_pem_of(derive_p256_key(1).get()));
    EXPECT_NE(key_pem_of(derive_p256_key(1).get()), key_pem_of(derive_p256_key(2).get()));
}

TEST_F(RangeAuthority, chains_are_wrong_as_ordered) {
    EXPECT_EQ(chain_with(Fault::tls_certificate_chain_incomplete).size(), 1U);
    const auto reversed = chain_with(Fault::tls_certificate_chain_order);
    ASSERT_EQ(reversed.size(), 3U);
    EXPECT_FALSE(is_issued_by_next(reversed));
    const auto own = chain_with(Fault::tls_certificate_self_signed);
    ASSERT_EQ(own.size(), 1U);
    EXPECT_EQ(X509_verify(own[0].get(), X509_get0_pubkey(own[0].get())), 1);
    const auto stranger = chain_with(Fault::tls_certificate_untrusted);
    ASSERT_EQ(stranger.size(), 2U);
    EXPECT_TRUE(is_issued_by_next(stranger));
    EXPECT_NE(X509_cmp(stranger[1].get(), read_all(authority_.trust_pem())[0].get()), 0);
}

TEST_F(RangeAuthority, dates_are_wrong_as_ordered) {
    const auto time = std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch()).count();
    auto at = static_cast<time_t>(time);
    EXPECT_LT(X509_cmp_time(X509_get0_notAfter(chain_with(Fault::tls_certificate_expired)[0].get()), &at), 0);
    EXPECT_GT(
        X509_cmp_time(X509_get0_notBefore(chain_with(Fault::tls_certificate_not_yet_valid)[0].get()), &at), 0
    );
    const auto expiring = chain_with(Fault::tls_certificate_expiring);
    EXPECT_GT(X509_cmp_time(X509_get0_notAfter(expiring[0].get()), &at), 0);
    at += 30L * 86400;
    EXPECT_LT(X509_cmp_time(X509_get0_notAfter(expiring[0].get()), &at), 0);
    EXPECT_GT(X509_cmp_time(X509_get0_notAfter(chain_with(Fault::header_csp_missing)[0].get()), &at), 0);
}

TEST_F(RangeAuthority, names_and_keys_are_wrong_as_ordered) {
    const auto mismatch = chain_with(Fault::tls_certificate_name_mismatch);
    EXPECT_EQ(X509_check_host(mismatch[0].get(), "www.water1.fengqiao.test", 0, 0, nullptr), 0);
    EXPECT_EQ(
        X509_get_ext_by_NID(chain_with(Fault::tls_certificate_no_san)[0].get(), NID_subject_alt_name, -1), -1
    );
    EXPECT_EQ(
        EVP_PKEY_get_bits(X509_get0_pubkey(chain_with(Fault::tls_certificate_weak_key)[0].get())), 1024
    );
    EXPECT_EQ(EVP_PKEY_get_bits(X509_get0_pubkey(chain_with(Fault::tls_cipher_static_rsa)[0].get())), 2048);
    auto site = site_with(Fault::tls_certificate_weak_signature);
    EXPECT_EQ(
        X509_get_signature_nid(read_all(authority_.issue(order_for(site, now_)).chain_pem)[0].get()),
        NID_sha1WithRSAEncryption
    );
    site.seed = 8;
    EXPECT_EQ(
        X509_get_signature_nid(read_all(authority_.issue(order_for(site, now_)).chain_pem)[0].get()),
        NID_md5WithRSAEncryption
    );
}

TEST_F(RangeAuthority, the_published_key_is_the_one_of_our_content) {
    std::ifstream in(FENGSUI_SOURCE_DIR "/content/test_keys/published_key.pem");
    std::stringstream text;
    text << in.rdbuf();
    const auto key = read_key(text.str());
    EXPECT_EQ(key_pem_of(key.get()), key_pem_of(read_key(test_key_pem(TestKey::published)).get()));
}

} // namespace
} // namespace fengsui::range
