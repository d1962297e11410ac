#include "check/common/tls_names.h"

#include <gtest/gtest.h>

namespace fengsui::check {
namespace {

TEST(NameCovers, ComparesWholeLabelsWithoutCase) {
    EXPECT_TRUE(name_covers("www.example.cn", "WWW.example.cn"));
    EXPECT_TRUE(name_covers("www.example.cn.", "www.example.cn"));
    EXPECT_FALSE(name_covers("example.cn", "www.example.cn"));
    EXPECT_FALSE(name_covers("", ""));
}

TEST(NameCovers, AWildcardIsTheWholeLeftMostLabelAndStandsForOne) {
    EXPECT_TRUE(name_covers("*.example.cn", "www.example.cn"));
    EXPECT_TRUE(name_covers("*.example.cn", "xn--fiqs8s.example.cn"));
    EXPECT_FALSE(name_covers("*.example.cn", "example.cn"));
    EXPECT_FALSE(name_covers("*.example.cn", "a.b.example.cn"));
    EXPECT_FALSE(name_covers("w*.example.cn", "www.example.cn"));
    EXPECT_FALSE(name_covers("www.*.cn", "www.example.cn"));
    EXPECT_FALSE(name_covers("*.*.cn", "www.example.cn"));
    EXPECT_FALSE(name_covers("*", "localhost"));
    EXPECT_FALSE(name_covers("*.", "a."));
}

TEST(CertificateCovers, AnAddressNeedsAnAddressEntry) {
    model::CertificateFacts facts;
    facts.common_name = "192.0.2.1";
    facts.dns_names = {"192.0.2.1"};
    EXPECT_FALSE(certificate_covers(facts, "192.0.2.1"));
    facts.ip_addresses = {*model::IpAddress::parse("192.0.2.1")};
    EXPECT_TRUE(certificate_covers(facts, "192.0.2.1"));
    EXPECT_FALSE(certificate_covers(facts, "192.0.2.2"));
}

} // namespace
} // namespace fengsui::check
