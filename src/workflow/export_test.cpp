#include "workflow/export.h"

#include <gtest/gtest.h>

namespace fengsui::workflow {
namespace {

using base::Json;

const ExportContext kContext = {
    "x1",
    "District office",
    "https://office.example.test/",
    "Vendor",
    base::parse_rfc3339("2026-11-02T01:00:00Z").or_throw()};

std::vector<Json> findings() {
    return {Json::object({
        {"id", "f1"},
        {"check", "exposure.git_repository"},
        {"severity", "high"},
        {"target", "https://a.example.test"},
        {"locator", "/.git/HEAD"},
        {"title", Json::object({{"zh", "题"}, {"en", "Title"}})},
        {"references", Json::array({"https://cwe.mitre.org/data/definitions/538.html", "RFC 9110"})},
    })};
}

TEST(Export, CsafIsAnInformationalAdvisory) {
    const auto document = base::parse_json(to_csaf(findings(), kContext)).or_throw();
    const auto& head = document["document"];
    EXPECT_EQ(head["category"].as_string(), "csaf_informational_advisory");
    EXPECT_EQ(head["csaf_version"].as_string(), "2.0");
    EXPECT_EQ(head["publisher"]["category"].as_string(), "coordinator");
    EXPECT_EQ(head["publisher"]["namespace"].as_string(), kContext.site);
    EXPECT_EQ(head["tracking"]["id"].as_string(), "x1");
    EXPECT_EQ(head["tracking"]["revision_history"].items().size(), 1U);
    EXPECT_EQ(head["references"].items().size(), 2U); // RFC 9110 is no address
    EXPECT_EQ(document.find("vulnerabilities"), nullptr);
    ASSERT_EQ(head["notes"].items().size(), 2U);
    EXPECT_NE(head["notes"].items()[1]["text"].as_string().find("f1"), std::string::npos);
}

TEST(Export, MispHasAnAttributeForEachTarget) {
    const auto event = base::parse_json(to_misp(findings(), kContext)).or_throw()["Event"];
    EXPECT_EQ(event["threat_level_id"].as_string(), "1");
    EXPECT_EQ(event["timestamp"].as_string(), "1793581200");
    ASSERT_EQ(event["Attribute"].items().size(), 1U);
    const auto& attribute = event["Attribute"].items()[0];
    EXPECT_EQ(attribute["type"].as_string(), "url");
    EXPECT_EQ(attribute["uuid"].as_string().size(), 36U);
    EXPECT_NE(attribute["comment"].as_string().find("f1"), std::string::npos);
    EXPECT_EQ(to_misp(findings(), kContext), to_misp(findings(), kContext));
}

TEST(Export, JsonlIsTheContractsLine) {
    const auto file = write_export("jsonl", findings(), kContext);
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->bytes.back(), '\n');
    const auto line = base::parse_json(file->bytes.substr(0, file->bytes.size() - 1)).or_throw();
    EXPECT_EQ(line["type"].as_string(), "finding");
    EXPECT_EQ(line["id"].as_string(), "f1");
    EXPECT_FALSE(write_export("docx", findings(), kContext).has_value());
}

} // namespace
} // namespace fengsui::workflow
