#include "check/common/software_version.h"

#include <gtest/gtest.h>

namespace fengsui::check {
namespace {

TEST(SoftwareVersion, OrderOfUpstreams) {
    const std::vector<std::string> kAscending = {
        "0.9",
        "1.0.0-alpha",
        "1.0.0-beta.2",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.0.2",
        "1.0.2k",
        "1.0.2u",
        "1.1.0",
        "1.9.9",
        "1.10.0",
        "2.4.9",
        "2.4.41",
        "10.0"};
    for (std::size_t i = 0; i < kAscending.size(); ++i) {
        for (std::size_t j = 0; j < kAscending.size(); ++j) {
            const int expected = i < j ? -1 : (i > j ? 1 : 0);
            EXPECT_EQ(compare_versions(kAscending[i], kAscending[j]), expected)
                << kAscending[i] << " against " << kAscending[j];
        }
    }
    EXPECT_EQ(compare_versions("v1.2", "1.2.0"), 0);
    EXPECT_EQ(compare_versions("1.02", "1.2"), 0);
    EXPECT_EQ(compare_versions("", ""), 0);
    EXPECT_LT(compare_versions("99999999999999999998.0", "99999999999999999999.0"), 0);
}

TEST(SoftwareVersion, Spans) {
    EXPECT_TRUE(is_within({"1.0", true, "2.0", false}, "1.0"));
    EXPECT_FALSE(is_within({"1.0", false, "2.0", false}, "1.0"));
    EXPECT_FALSE(is_within({"1.0", true, "2.0", false}, "2.0"));
    EXPECT_TRUE(is_within({"1.0", true, "2.0", true}, "2.0"));
    EXPECT_TRUE(is_within({"", true, "2.0", false}, "0.1"));
    EXPECT_TRUE(is_within({"1.0", true, "", false}, "99"));
    EXPECT_TRUE(is_within({}, "1"));
}

TEST(SoftwareVersion, Distributions) {
    EXPECT_EQ(distribution_of("Apache/2.4.41 (Ubuntu)"), "Ubuntu");
    EXPECT_EQ(distribution_of("PHP/7.4.33-1+deb11u5"), "Debian");
    EXPECT_EQ(distribution_of("2.4.6-97.el7.centos"), "CentOS");
    EXPECT_EQ(distribution_of("8.0.27-1.el9_4"), "Red Hat");
    EXPECT_EQ(distribution_of("nginx/1.24.0"), "");
    EXPECT_EQ(upstream_version("7.4.3-4ubuntu2.18"), "7.4.3");
    EXPECT_EQ(upstream_version("1:8.4p1-5+deb11u1"), "8.4p1");
    EXPECT_EQ(upstream_version("1.0.0-rc.1"), "1.0.0-rc.1");
}

} // namespace
} // namespace fengsui::check
