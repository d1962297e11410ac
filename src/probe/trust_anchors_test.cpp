#include "base/error.h"
#include "base/temp_directory_for_test.h"
#include "base/text.h"
#include "probe/trust_anchors.h"

#include <gtest/gtest.h>

#include <fstream>

namespace fengsui::probe {

namespace {

TEST(TrustAnchors, ZoneFileForm) {
    const auto anchors = parse_trust_anchors(
        "; the root\n"
        ".\t86400\tIN\tDS\t20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D084 58E880409BBC683457104237C7F8EC8D\n"
        "Good.Test. IN DNSKEY 257 3 13 ( AAEC\n   AwQF ) ;{id = 1 (ksk)}\n"
    );
    ASSERT_TRUE(anchors);
    ASSERT_EQ(anchors->size(), 2U);
    EXPECT_EQ(anchors->at(0).zone, "");
    EXPECT_TRUE(anchors->at(0).is_ds);
    EXPECT_EQ(base::hex(anchors->at(0).data).substr(0, 16), "4f660802e06d44b8");
    EXPECT_EQ(anchors->at(1).zone, "good.test");
    EXPECT_EQ(base::hex(anchors->at(1).data), "0101030d000102030405");
}

TEST(TrustAnchors, BindsForm) {
    const auto anchors = parse_trust_anchors(
        "trust-anchors {\n  // made here\n  \"good.test.\" static-key 257 3 13 \"AAEC\n    AwQF\";\n"
        "  bad.test initial-ds 1 13 2 \"0102\"; # another\n};\n"
    );
    ASSERT_TRUE(anchors);
    ASSERT_EQ(anchors->size(), 2U);
    EXPECT_EQ(anchors->at(0).zone, "good.test");
    EXPECT_EQ(base::hex(anchors->at(0).data), "0101030d000102030405");
    EXPECT_EQ(anchors->at(1).zone, "bad.test");
}

TEST(TrustAnchors, WhatIsNone) {
    for (const auto* text :
         {"",
          "good.test. IN A 127.0.0.1",
          "good.test. IN DS 1 13",
          "good.test. IN DS 1 13 2 XY",
          "good.test. IN DNSKEY 257 3 13 ?",
          "good.test. IN DS 70000 13 2 01",
          "DS 1 13 2 01"}) {
        EXPECT_FALSE(parse_trust_anchors(text)) << text;
    }
}

TEST(TrustAnchors, TheNearestZoneCounts) {
    const TrustAnchors anchors({{"test", true, "a"}, {"b.test", true, "b"}, {"b.test", true, "c"}});
    EXPECT_EQ(anchors.nearest("www.b.test").size(), 2U);
    EXPECT_EQ(anchors.nearest("xb.test").size(), 1U);
    EXPECT_TRUE(anchors.nearest("b.example").empty());
    EXPECT_EQ(TrustAnchors({{"", true, "r"}}).nearest("b.example").size(), 1U);
}

TEST(TrustAnchors, AFileThatIsMissing) {
    const base::TempDirectory folder;
    EXPECT_THROW(TrustAnchors(folder.path() / "none"), base::Error);
    EXPECT_TRUE(TrustAnchors(std::optional<std::filesystem::path>()).nearest("a.test").empty());
}

} // namespace

} // namespace fengsui::probe
