#include "check/knowledge.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace fengsui::check {
namespace {

std::string sample(const std::string& name) {
    std::ifstream in(
        std::filesystem::path(FENGSUI_SOURCE_DIR) / "tests/data/software" / name, std::ios::binary
    );
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

base::Result<DataReport> read(std::string_view text, model::Knowledge& into, std::size_t piece = 13) {
    const auto kind = detect_data_kind(text);
    const base::TextSource source = [rest = text, piece]() mutable {
        const auto next = rest.substr(0, piece);
        rest.remove_prefix(next.size());
        return next;
    };
    return read_data(kind, "nginx", source, into);
}

TEST(DataFiles, AreToldByTheirBeginning) {
    EXPECT_EQ(detect_data_kind(sample("nvd.json")), DataKind::nvd);
    EXPECT_EQ(detect_data_kind(sample("kev.json")), DataKind::kev);
    EXPECT_EQ(detect_data_kind(sample("epss.csv")), DataKind::epss);
    EXPECT_EQ(detect_data_kind(sample("cnnvd.xml")), DataKind::cnnvd);
    EXPECT_EQ(detect_data_kind(sample("nginx.json")), DataKind::cycles);
    EXPECT_EQ(detect_data_kind(sample("php.json")), DataKind::cycles);
    EXPECT_EQ(detect_data_kind(sample("libraries.json")), DataKind::libraries);
    EXPECT_EQ(detect_data_kind("hello"), DataKind::unknown);
    EXPECT_EQ(detect_data_kind(""), DataKind::unknown);
    model::Knowledge nothing;
    EXPECT_FALSE(read("hello", nothing).has_value());
}

TEST(DataFiles, ListsKeepWhatConcernsKnownProducts) {
    model::Knowledge knowledge;
    const auto nvd = read(sample("nvd.json"), knowledge);
    ASSERT_TRUE(nvd.has_value()) << nvd.error().what();
    EXPECT_EQ(nvd->entries, 6U);
    EXPECT_EQ(nvd->kept, 4U); // not another product's, not the rejected one
    const auto epss = read(sample("epss.csv"), knowledge);
    ASSERT_TRUE(epss.has_value()) << epss.error().what();
    EXPECT_EQ(epss->entries, 3U);
    EXPECT_EQ(epss->kept, 2U);
    ASSERT_TRUE(read(sample("cnnvd.xml"), knowledge).has_value());
    EXPECT_EQ(knowledge.cnnvd.size(), 1U);
    EXPECT_EQ(knowledge.vulnerabilities["apache:http_server"].size(), 3U);
    // The same file again: nothing twice.
    ASSERT_TRUE(read(sample("nvd.json"), knowledge).has_value());
    EXPECT_EQ(knowledge.vulnerabilities["apache:http_server"].size(), 3U);
}

TEST(DataFiles, PatternsThatNoLinearEngineRunsAreCounted) {
    model::Knowledge knowledge;
    const auto report = read(sample("libraries.json"), knowledge);
    ASSERT_TRUE(report.has_value()) << report.error().what();
    EXPECT_EQ(report->unusable, 1U);
    EXPECT_EQ(knowledge.libraries.size(), 2U);
}

TEST(DataFiles, CutShortIsAnErrorThatNamesThePlace) {
    for (const auto* name : {"nvd.json", "kev.json", "cnnvd.xml", "libraries.json", "nginx.json"}) {
        const auto whole = sample(name);
        const auto kind = detect_data_kind(whole);
        for (std::size_t part = 1; part < 8; ++part) {
            const auto cut = std::string_view(whole).substr(0, whole.size() * part / 8);
            model::Knowledge knowledge;
            std::string_view rest = cut;
            const base::TextSource source = [&rest] {
                const auto next = rest.substr(0, 100);
                rest.remove_prefix(next.size());
                return next;
            };
            const auto report = read_data(kind, "x", source, knowledge);
            ASSERT_FALSE(report.has_value()) << name << " cut to " << cut.size();
            EXPECT_NE(report.error().message().find("line "), std::string::npos) << report.error().what();
        }
    }
    model::Knowledge knowledge;
    const auto half_line = read("cve,epss,percentile\nCVE-2099-1,0.5,0.6\nCVE-2099-2,0.", knowledge);
    ASSERT_FALSE(half_line.has_value());
    EXPECT_NE(half_line.error().message().find("line 3"), std::string::npos) << half_line.error().what();
}

TEST(DataFiles, XmlWithEntitiesIsRefused) {
    model::Knowledge knowledge;
    const auto bomb =
        read("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><cnnvd><entry><name>&a;</name></entry></cnnvd>", knowledge);
    EXPECT_FALSE(bomb.has_value());
}

TEST(KnownProducts, AreThoseThatSignaturesTell) {
    for (const auto& product : known_products()) {
        EXPECT_FALSE(product.cpes.empty()) << product.product;
        for (const auto& cpe : product.cpes) {
            EXPECT_NE(cpe.find(':'), std::string::npos) << cpe;
        }
    }
    EXPECT_NE(find_known_product("NGINX"), nullptr);
}

} // namespace
} // namespace fengsui::check
