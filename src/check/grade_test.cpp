#include "check/catalog.h"
#include "check/grade.h"

#include <gtest/gtest.h>

namespace fengsui::check {
namespace {

using base::Json;
using model::CheckStanding;
using model::Severity;

CheckStanding passed(const std::string& check) {
    return {model::CheckId(check), true, {}, false, {}};
}
CheckStanding failed(const std::string& check, Severity severity, bool is_accepted = false) {
    return {model::CheckId(check), true, severity, is_accepted, {"f-" + check}};
}
CheckStanding unknown(const std::string& check) {
    return {model::CheckId(check), false, {}, false, {}};
}

const Json& area(const Json& grade, std::string_view name) {
    for (const auto& one : grade["areas"].items()) {
        if (one["area"].as_string() == name) {
            return one;
        }
    }
    return grade["no such member"];
}

TEST(Grade, AllPassedIsAFull) {
    const auto grade =
        grade_of({passed("tls.tls10"), passed("header.csp_missing"), passed("site.unreachable")});
    EXPECT_EQ(grade["score"].as_int(), 100);
    EXPECT_EQ(grade["grade"].as_string(), "A");
    EXPECT_TRUE(grade["cap"].is_null());
    EXPECT_EQ(grade["seen"].as_int(), 100);
}

TEST(Grade, EveryPointIsALinesOwn) {
    const auto grade = grade_of(
        {failed("tls.tls10", Severity::medium),
         passed("tls.tls11"),
         passed("tls.certificate_expired"),
         failed("header.csp_missing", Severity::low),
         passed("header.hsts_missing")}
    );
    std::int64_t points = 0;
    std::int64_t of = 0;
    for (const auto& line : area(grade, "tls")["lines"].items()) {
        points += line["points"].as_int();
        of += line["of"].as_int();
    }
    EXPECT_EQ(points, area(grade, "tls")["points"].as_int());
    EXPECT_EQ(of, area(grade, "tls")["of"].as_int());
    EXPECT_EQ(area(grade, "tls")["score"].as_int(), 100 * points / of);
    EXPECT_LT(grade["score"].as_int(), 100);
    EXPECT_EQ(area(grade, "tls")["lines"].items()[0]["findings"].items()[0].as_string(), "f-tls.tls10");
    EXPECT_FALSE(area(grade, "tls")["lines"].items()[0]["references"].items().empty());
}

TEST(Grade, AStandingWeaknessCaps) {
    std::vector<CheckStanding> checks;
    for (const auto& check : catalog()) {
        checks.push_back(passed(check.info.id.str()));
    }
    EXPECT_EQ(grade_of(checks)["score"].as_int(), 100);
    checks.front() = failed(checks.front().check.str(), Severity::critical);
    const auto grade = grade_of(checks);
    EXPECT_EQ(grade["score"].as_int(), 39);
    EXPECT_EQ(grade["grade"].as_string(), "E");
    EXPECT_EQ(grade["cap"]["severity"].as_string(), "critical");
}

TEST(Grade, WhatWasNotSeenCostsNothingButTooLittleIsNoGrade) {
    const auto grade = grade_of({passed("tls.tls10"), unknown("header.hsts_missing"), passed("tls.tls11")});
    EXPECT_EQ(grade["score"].as_int(), 100);
    EXPECT_TRUE(area(grade, "header")["score"].is_null());
    EXPECT_EQ(area(grade, "header")["lines"].items()[0]["status"].as_string(), "unknown");
    const auto blind = grade_of({unknown("tls.tls10"), unknown("tls.tls11"), passed("header.csp_missing")});
    EXPECT_TRUE(blind["score"].is_null());
    EXPECT_TRUE(blind["grade"].is_null());
    EXPECT_TRUE(grade_of({})["grade"].is_null());
}

TEST(Grade, AcceptedRiskCostsItsPointsAndSaysSo) {
    const auto grade = grade_of({failed("tls.tls10", Severity::medium, true), passed("tls.tls11")});
    EXPECT_EQ(area(grade, "tls")["lines"].items()[0]["status"].as_string(), "accepted");
    EXPECT_EQ(area(grade, "tls")["score"].as_int(), 50);
}

TEST(Grade, AFactIsNoFault) {
    const auto grade = grade_of({failed("software.detected", Severity::info), passed("tls.tls11")});
    EXPECT_EQ(grade["score"].as_int(), 100);
}

} // namespace
} // namespace fengsui::check
