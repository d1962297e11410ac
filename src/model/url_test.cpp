#include "model/finding.h"
#include "model/registry.h"

#include <gtest/gtest.h>

namespace fengsui::model {
namespace {

struct UrlCase {
    const char* text;
    const char* normal;
};

TEST(Url, Normalises) {
    const UrlCase cases[] = {
        {"HTTP://WWW.Example.CN", "http://www.example.cn/"},
        {"https://example.cn:443/a/../b?q=1#f", "https://example.cn/b?q=1"},
        {"http://example.cn:8080", "http://example.cn:8080/"},
        {"http://例子.中国/", "http://xn--fsqu00a.xn--fiqs8s/"},
        {"http://[2001:DB8::1]:80/x", "http://[2001:db8::1]/x"},
        {"http://example.cn./", "http://example.cn/"},
        {"http://example.cn/空 格", "http://example.cn/%E7%A9%BA%20%E6%A0%BC"},
        {"http://example.cn\\evil", "http://example.cn/evil"},
        {"http://example.cn?x=1", "http://example.cn/?x=1"},
    };
    for (const auto& one : cases) {
        const auto url = Url::parse(one.text);
        ASSERT_TRUE(url.has_value()) << one.text << ": " << (url ? "" : url.error().what());
        EXPECT_EQ(url->str(), one.normal);
    }
}

TEST(Url, RefusesWhatCannotBeAskedFor) {
    for (const char* text :
         {"",
          "example.cn",
          "ftp://example.cn/",
          "http://",
          "http:///x",
          "http://user:pw@example.cn/",
          "http://example.cn:0/",
          "http://example.cn:65536/",
          "http://example.cn:x/",
          "http://a b/",
          "http://[::1/",
          "http://-bad.cn/",
          "http://1.2.3/",
          "http://256.1.1.1/",
          "http://a..b/",
          "javascript:alert(1)"}) {
        EXPECT_FALSE(Url::parse(text).has_value()) << text;
    }
}

struct ResolveCase {
    const char* reference;
    const char* expected;
};

TEST(Url, ResolvesReferences) {
    const auto base = Url::parse("https://a.cn/b/c/d?q").value();
    const ResolveCase cases[] = {
        {"g", "https://a.cn/b/c/g"},
        {"./g", "https://a.cn/b/c/g"},
        {"/g", "https://a.cn/g"},
        {"//h.cn/x", "https://h.cn/x"},
        {"?y", "https://a.cn/b/c/d?y"},
        {"g?y", "https://a.cn/b/c/g?y"},
        {"../g", "https://a.cn/b/g"},
        {"../../../g", "https://a.cn/g"},
        {"", "https://a.cn/b/c/d?q"},
        {"http://z.cn", "http://z.cn/"},
        {"g/", "https://a.cn/b/c/g/"},
        {"..", "https://a.cn/b/"},
        {"  /g\t", "https://a.cn/g"},
    };
    for (const auto& one : cases) {
        EXPECT_EQ(base.resolve(one.reference).value().str(), one.expected) << one.reference;
    }
    EXPECT_FALSE(base.resolve("javascript:alert(1)").has_value());
    EXPECT_FALSE(base.resolve("mailto:a@b.cn").has_value());
}

TEST(AssetTarget, ReadsEveryKind) {
    EXPECT_EQ(AssetTarget::parse("https://A.cn").value().canonical(), "https://a.cn/");
    EXPECT_EQ(AssetTarget::parse("WWW.a.cn").value().kind, AssetKind::host);
    EXPECT_EQ(AssetTarget::parse("mail: A.cn").value().canonical(), "mail:a.cn");
    EXPECT_EQ(AssetTarget::parse("192.0.2.7").value().kind, AssetKind::address);
    EXPECT_EQ(AssetTarget::parse("fd00::/8").value().kind, AssetKind::prefix);
    EXPECT_TRUE(AssetTarget::parse("http://127.0.0.1:8080/").value().prefix.has_value());
    for (const char* text : {"", "mail:", "mail:10.0.0.1", "10.0.0.1/8", "bad_host!", "ftp://a.cn"}) {
        EXPECT_FALSE(AssetTarget::parse(text).has_value()) << text;
    }
}

TEST(Asset, AuthorisationIncludesBothDays) {
    Asset asset;
    asset.authorised_from = base::parse_date("2026-11-01").value();
    asset.authorised_until = base::parse_date("2026-11-30").value();
    EXPECT_TRUE(asset.is_authorised_on(base::parse_date("2026-11-01").value()));
    EXPECT_TRUE(asset.is_authorised_on(base::parse_date("2026-11-30").value()));
    EXPECT_FALSE(asset.is_authorised_on(base::parse_date("2026-12-01").value()));
    EXPECT_FALSE(asset.is_authorised_on(base::parse_date("2026-10-31").value()));
    EXPECT_TRUE(Asset().is_authorised_on(base::parse_date("2026-10-31").value()));
}

TEST(Finding, FingerprintFollowsFamilyAssetAndPlaceOnly) {
    const AssetId asset("a1");
    const auto print = finding_fingerprint("tls.tls10", asset, "https://a.cn:443/x");
    EXPECT_EQ(print, finding_fingerprint("tls.tls10", asset, "https://A.cn/x"));
    EXPECT_NE(print, finding_fingerprint("tls.tls11", asset, "https://a.cn/x"));
    EXPECT_NE(print, finding_fingerprint("tls.tls10", AssetId("a2"), "https://a.cn/x"));
    EXPECT_NE(print, finding_fingerprint("tls.tls10", asset, "https://a.cn/y"));
}

} // namespace
} // namespace fengsui::model
