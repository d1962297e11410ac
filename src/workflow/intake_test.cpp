#include "workflow/intake.h"

#include <gtest/gtest.h>

namespace fengsui::workflow {
namespace {

std::optional<std::string> find(std::string_view where) {
    if (where.find("a.example.test") != std::string_view::npos) {
        return "asset-a";
    }
    return where == "192.0.2.7" ? std::optional<std::string>("asset-7") : std::nullopt;
}

TEST(Intake, NucleiLinesBecomeResults) {
    const auto intake = read_nuclei(
        R"({"template-id":"git-config","info":{"name":"Git Config","severity":"medium"},"type":"http","host":"https://a.example.test","matched-at":"https://a.example.test/.git/config","extracted-results":["x"]})"
        "\n\n"
        R"({"template-id":"t","info":{"severity":"high"},"host":"https://b.example.test"})"
        "\n{broken\n"
        R"({"template-id":"t","info":{"severity":"odd"},"host":"https://a.example.test"})",
        find
    );
    ASSERT_EQ(intake.results.size(), 1U);
    const auto& result = intake.results[0];
    EXPECT_EQ(result["asset"].as_string(), "asset-a");
    EXPECT_EQ(result["check"].as_string(), "nuclei.git_config");
    EXPECT_EQ(result["locator"].as_string(), "/.git/config");
    EXPECT_EQ(result["severity"].as_string(), "medium");
    EXPECT_EQ(result["title"].as_string(), "Git Config");
    EXPECT_EQ(result["evidence"]["extracted-results"].items().size(), 1U);
    ASSERT_EQ(intake.unmatched.size(), 3U);
    EXPECT_EQ(intake.unmatched[0].line, 3U);
    EXPECT_EQ(intake.unmatched[0].reason, "not_registered");
    EXPECT_EQ(intake.unmatched[1].reason, "malformed");
    EXPECT_EQ(intake.unmatched[2].reason, "unknown_severity");
}

TEST(Intake, DefectDojoNamesEndpoints) {
    const auto intake = read_defectdojo(
        R"({"findings":[{"title":"SQL Injection","severity":"Critical","description":"d","cve":"CVE-2026-1","endpoints":["https://a.example.test/x",{"protocol":"https","host":"a.example.test","path":"y"},"c.example.test"]},{"title":"No place","severity":"Low"}]})",
        find
    );
    ASSERT_TRUE(intake.has_value());
    ASSERT_EQ(intake->results.size(), 2U);
    EXPECT_EQ(intake->results[0]["check"].as_string(), "defectdojo.cve_2026_1");
    EXPECT_EQ(intake->results[1]["locator"].as_string(), "/y");
    EXPECT_EQ(intake->unmatched.size(), 2U);
    EXPECT_EQ(intake->unmatched[1].reason, "no_target");
    EXPECT_FALSE(read_defectdojo("[]", find).has_value());
    EXPECT_FALSE(read_defectdojo("{", find).has_value());
}

TEST(Intake, CsvIsReadByItsHeader) {
    const auto intake = read_csv(
        "\xef\xbb\xbfSeverity,Check,Host,Title\r\n高危,exposure.git_repository,a.example.test,\"a, "
        "\"\"b\"\"\nc\"\r\n"
        "low,weak thing,192.0.2.7,\r\nlow,x,b,\r\n",
        find
    );
    ASSERT_TRUE(intake.has_value());
    ASSERT_EQ(intake->results.size(), 2U);
    EXPECT_EQ(intake->results[0]["title"].as_string(), "a, \"b\"\nc");
    EXPECT_EQ(intake->results[0]["check"].as_string(), "exposure.git_repository");
    EXPECT_EQ(intake->results[1]["check"].as_string(), "csv.weak_thing");
    ASSERT_EQ(intake->unmatched.size(), 1U);
    EXPECT_EQ(intake->unmatched[0].line, 5U);
    EXPECT_FALSE(read_csv("", find).has_value());
    EXPECT_FALSE(read_csv("host,title\n", find).has_value());
    EXPECT_FALSE(read_csv("host,check,severity\n\"open", find).has_value());
}

TEST(Intake, AnUnknownFormatIsRefused) {
    EXPECT_EQ(read_report("sarif", "{}", find).error().code(), base::ErrorCode::unsupported);
    EXPECT_FALSE(read_report("csv", "\xff", find).has_value());
}

} // namespace
} // namespace fengsui::workflow
