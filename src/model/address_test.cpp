#include "model/address.h"

#include <gtest/gtest.h>

namespace fengsui::model {
namespace {

TEST(Address, ReadsAndWrites) {
    EXPECT_EQ(IpAddress::parse("192.0.2.1").value().str(), "192.0.2.1");
    EXPECT_EQ(IpAddress::parse("2001:DB8::0:1").value().str(), "2001:db8::1");
    EXPECT_EQ(IpAddress::parse("::1").value().url_host(), "[::1]");
    for (const char* text : {"", "192.0.2", "192.0.2.256", "01.2.3.4", "::g", "1.2.3.4 ", "0x7f.1"}) {
        EXPECT_FALSE(IpAddress::parse(text).has_value()) << text;
    }
}

TEST(Address, AMappedAddressIsItsIpv4Self) {
    EXPECT_EQ(IpAddress::parse("::ffff:10.0.0.1").value(), IpAddress::parse("10.0.0.1").value());
}

TEST(Address, KnowsWhatIsPublic) {
    for (const char* text :
         {"8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2400:3200::1"}) {
        EXPECT_TRUE(is_public(IpAddress::parse(text).value())) << text;
    }
    for (const char* text :
         {"0.0.0.0",
          "10.0.0.1",
          "100.64.0.1",
          "127.0.0.1",
          "169.254.169.254",
          "172.16.0.1",
          "192.168.1.1",
          "198.18.0.1",
          "224.0.0.1",
          "255.255.255.255",
          "::",
          "::1",
          "fe80::1",
          "fd00::1",
          "2001:db8::1",
          "2002:7f00:1::",
          "64:ff9b::a00:1",
          "ff02::1"}) {
        EXPECT_FALSE(is_public(IpAddress::parse(text).value())) << text;
    }
}

TEST(Prefix, RefusesHostBitsAndNamesTheMend) {
    const auto prefix = Prefix::parse("192.0.2.1/24");
    ASSERT_FALSE(prefix.has_value());
    EXPECT_NE(prefix.error().message().find("192.0.2.0/24"), std::string::npos);
    EXPECT_FALSE(Prefix::parse("192.0.2.0/33").has_value());
    EXPECT_FALSE(Prefix::parse("192.0.2.0/").has_value());
    EXPECT_FALSE(Prefix::parse("::ffff:10.0.0.0/104").has_value());
}

TEST(Prefix, Contains) {
    const auto block = Prefix::parse("10.32.0.0/11").value();
    EXPECT_TRUE(block.contains(IpAddress::parse("10.63.255.255").value()));
    EXPECT_FALSE(block.contains(IpAddress::parse("10.64.0.0").value()));
    EXPECT_FALSE(block.contains(IpAddress::parse("::1").value()));
    EXPECT_TRUE(block.contains(Prefix::parse("10.40.0.0/16").value()));
    EXPECT_FALSE(Prefix::parse("10.40.0.0/16").value().contains(block));
    EXPECT_TRUE(Prefix::parse("fd00::/8").value().contains(IpAddress::parse("fdff::1").value()));
    EXPECT_TRUE(Prefix::parse("0.0.0.0/0").value().contains(IpAddress::parse("1.2.3.4").value()));
}

} // namespace
} // namespace fengsui::model
