// Runs the cases.yaml of every check folder. FENGSUI_UPDATE is not offered here: a verdict's expectation
// is written by hand, because it is the specification.
#include "base/text.h"
#include "check/catalog.h"
#include "check/knowledge.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace fengsui::check {
namespace {

using base::Json;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string folder_of(const Check& check) {
    std::string name = check.info.id.str();
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

std::string outcome_text(const model::Outcome& outcome) {
    const std::string status(to_string(outcome.status));
    return outcome.is_completed() ? status : status + " " + std::string(to_string(outcome.reason));
}

/// Members of `expected` must be in `actual` with equal values; other members are free.
void expect_members(const Json& expected, const Json& actual, const std::string& where) {
    for (const auto& [name, value] : expected.members()) {
        EXPECT_EQ(to_text(actual[name]), to_text(value)) << where << ": evidence." << name;
    }
}

void expect_claim(const Json& expected, const model::Claim& claim, const std::string& where) {
    if (const Json* locator = expected.find("locator")) {
        EXPECT_EQ(claim.locator, locator->as_string()) << where;
    }
    if (const Json* severity = expected.find("severity")) {
        ASSERT_TRUE(claim.severity.has_value()) << where << ": the check's own severity stands";
        EXPECT_EQ(to_string(*claim.severity), severity->as_string()) << where;
    }
    expect_members(expected["evidence"], claim.evidence, where);
    EXPECT_TRUE(claim.evidence.is_object()) << where << ": a claim needs evidence";
}

/// The data files of tests/data/software that the case names.
model::Knowledge read_knowledge(const Json& names, const std::string& where) {
    model::Knowledge knowledge;
    for (const auto& name : names.items()) {
        const auto path =
            std::filesystem::path(FENGSUI_SOURCE_DIR) / "tests/data/software" / name.as_string();
        const std::string text = read_file(path);
        std::string_view rest = text;
        const base::TextSource source = [&rest] {
            const auto piece = rest.substr(0, 1000);
            rest.remove_prefix(piece.size());
            return piece;
        };
        const auto report = read_data(detect_data_kind(text), path.stem().string(), source, knowledge);
        EXPECT_TRUE(report.has_value()) << where << ": " << (report ? "" : report.error().what());
    }
    return knowledge;
}

void run_case(const Check& check, const Json& one) {
    const std::string where =
        fmt::format("{}/cases.yaml line {} ({})", folder_of(check), one.line(), one["name"].as_string());
    auto observation = model::observation_from_json(one["observation"]);
    ASSERT_TRUE(observation.has_value()) << where << ": " << (observation ? "" : observation.error().what());
    const auto knowledge = read_knowledge(one["knowledge"], where);
    observation->knowledge = one.find("knowledge") == nullptr ? nullptr : &knowledge;
    const auto verdict = judge(check, *observation);
    const Json& expect = one["expect"];
    ASSERT_TRUE(expect.is_object()) << where << ": expect is missing";
    EXPECT_EQ(outcome_text(verdict.outcome), expect["outcome"].as_string()) << where;
    const auto& claims = expect["claims"].items();
    ASSERT_EQ(verdict.claims.size(), claims.size()) << where;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        expect_claim(claims[i], verdict.claims[i], where);
    }
}

class CheckCases : public testing::TestWithParam<const Check*> {};

TEST_P(CheckCases, HoldAndCoverPassFailAndBlindness) {
    const Check& check = *GetParam();
    const auto path =
        std::filesystem::path(FENGSUI_SOURCE_DIR) / "src/check" / folder_of(check) / "cases.yaml";
    auto cases = base::parse_yaml(read_file(path));
    ASSERT_TRUE(cases.has_value()) << path << ": " << (cases ? "" : cases.error().what());
    int passing = 0;
    int failing = 0;
    int blind = 0;
    for (const auto& one : cases->items()) {
        run_case(check, one);
        const bool complete = one["expect"]["outcome"].as_string() == "completed";
        failing += one["expect"]["claims"].items().empty() ? 0 : 1;
        passing += complete && one["expect"]["claims"].items().empty() ? 1 : 0;
        blind += complete ? 0 : 1;
    }
    EXPECT_GE(passing, 1) << path << ": no case that must not trip it";
    EXPECT_GE(failing, 1) << path << ": no case that must trip it";
    EXPECT_GE(blind, 1) << path << ": no case with malformed or missing data";
}

std::vector<const Check*> all_checks() {
    std::vector<const Check*> checks;
    for (const auto& check : catalog()) {
        checks.push_back(&check);
    }
    return checks;
}

INSTANTIATE_TEST_SUITE_P(All, CheckCases, testing::ValuesIn(all_checks()), [](const auto& instance) {
    return folder_of(*instance.param);
});

} // namespace
} // namespace fengsui::check
