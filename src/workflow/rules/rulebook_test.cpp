#include "base/temp_directory_for_test.h"
#include "workflow/rulebook.h"
#include "workflow/rules/article.h"

#include <gtest/gtest.h>

#include <fstream>

namespace fengsui::workflow {
namespace {

using base::Json;
using base::Language;

const Rulebook& shipped() {
    static const LoadedRulebook kLoaded = Rulebook::load();
    return kLoaded.rulebook;
}

base::Instant at(std::string_view text) {
    return base::parse_rfc3339(text).or_throw();
}
base::Date date(std::string_view text) {
    return base::parse_date(text).or_throw();
}

std::vector<std::string> ids(const std::vector<const ObligationRule*>& rules) {
    std::vector<std::string> names;
    for (const auto* rule : rules) {
        names.push_back(rule->id);
    }
    std::sort(names.begin(), names.end());
    return names;
}
using Ids = std::vector<std::string>;

/// The faults of a folder that holds this one file.
std::string faults_of(const std::string& path, const std::string& text) {
    const base::TempDirectory directory;
    std::filesystem::create_directories((directory.path() / path).parent_path());
    std::ofstream(directory.path() / path, std::ios::binary) << text;
    return to_text(Rulebook::load(directory.path()).faults);
}

TEST(Rulebook, EveryShippedFileHolds) {
    const auto loaded = Rulebook::load();
    EXPECT_EQ(to_text(loaded.faults), "");
    for (const std::string_view wf :
         {"finding",
          "case",
          "notice",
          "response",
          "verification",
          "incident",
          "warning",
          "campaign",
          "drill",
          "shift"}) {
        EXPECT_NE(loaded.rulebook.workflow(wf), nullptr) << wf;
        EXPECT_NE(loaded.rulebook.workflow(wf, 1), nullptr) << wf;
    }
    EXPECT_EQ(loaded.rulebook.workflow("nothing"), nullptr);
    EXPECT_EQ(loaded.rulebook.workflow("case", 9), nullptr);
    EXPECT_EQ(loaded.rulebook.obligation_rules().size(), 20U);
}

TEST(Rulebook, EveryStateAndEventHasBothLanguages) {
    for (const auto* definition : shipped().workflows()) {
        for (const Language language : {Language::zh, Language::en}) {
            EXPECT_NE(shipped().label(language, "workflow", definition->wf), definition->wf);
            for (const auto& state : definition->states) {
                const std::string name = definition->wf + "." + state;
                EXPECT_NE(shipped().label(language, "state", name), name);
            }
            for (const auto& transition : definition->transitions) {
                const std::string name = definition->wf + "." + transition.event;
                EXPECT_NE(shipped().label(language, "event", name), name);
            }
        }
    }
}

TEST(Rulebook, RolesFormsRulesAndKindsHaveBothLanguages) {
    const auto has = [&](std::string_view group, const std::string& name) {
        for (const Language language : {Language::zh, Language::en}) {
            const auto text = shipped().label(language, group, name);
            EXPECT_TRUE(text != name || name == "csirt") << group << " " << name;
        }
    };
    for (const auto& rule : shipped().obligation_rules()) {
        has("rule", rule.id);
        has("form", rule.form);
        has("office", rule.debtor);
        for (const auto& creditor : rule.creditors) {
            has("office", creditor);
        }
        for (const auto& copy : rule.cc) {
            has("office", copy);
        }
        for (const auto& step : rule.ladder) {
            has("kind", step.kind);
            for (const auto& receiver : step.to) {
                has("role", receiver.role);
            }
        }
    }
    for (const auto* definition : shipped().workflows()) {
        for (const auto& transition : definition->transitions) {
            for (const auto& role : transition.roles) {
                has("role", role);
            }
        }
    }
    EXPECT_EQ(shipped().label(Language::zh, "kind", "reminder"), "到期提醒");
    EXPECT_EQ(shipped().label(Language::en, "kind", "unheard"), "unheard");
}

TEST(Rules, MatchByPrefixAtADot) {
    EXPECT_TRUE(matches_prefix("notice.fix", "notice.fix"));
    EXPECT_TRUE(matches_prefix("notice.fix", "notice.fix.high"));
    EXPECT_FALSE(matches_prefix("notice.fix", "notice.fixed"));
    EXPECT_FALSE(matches_prefix("notice.fix.high", "notice.fix"));
    EXPECT_FALSE(matches_prefix("", "notice.fix"));
}

TEST(Rules, OfANotice) {
    const auto of = [](std::string_view severity, bool exploited) {
        return ids(shipped().rules_named(
            "notice",
            Json::object({{"type", "rectify"}, {"max_severity", severity}, {"known_exploited", exploited}})
        ));
    };
    EXPECT_EQ(of("critical", false), (Ids{"notice.ack", "notice.fix.critical"}));
    EXPECT_EQ(of("high", false), (Ids{"notice.ack", "notice.fix.high"}));
    EXPECT_EQ(of("medium", false), (Ids{"notice.ack", "notice.fix.medium"}));
    EXPECT_EQ(of("low", false), (Ids{"notice.ack", "notice.fix.low"}));
    EXPECT_EQ(of("info", false), (Ids{"notice.ack", "notice.fix.low"}));
    EXPECT_EQ(of("low", true), (Ids{"notice.ack", "notice.fix.critical"}));
    EXPECT_EQ(of("high", true), (Ids{"notice.ack", "notice.fix.critical"}));
    EXPECT_EQ(
        ids(shipped().rules_named("notice", Json::object({{"type", "risk_tip"}, {"max_severity", "high"}}))),
        Ids{}
    );
    EXPECT_EQ(
        ids(shipped().rules_for("notice.issued", Json::object({{"max_severity", "high"}}))),
        (Ids{"notice.ack", "notice.fix.high"})
    );
}

TEST(Rules, OfAnIncident) {
    const auto facts = [](int grade, bool cii, std::string_view tier) {
        return Json::object({{"grade", grade}, {"cii", cii}, {"unit", Json::object({{"tier", tier}})}});
    };
    EXPECT_EQ(ids(shipped().rules_for("incident.graded", facts(3, true, "city"))), Ids{"cn.r.cii"});
    EXPECT_EQ(ids(shipped().rules_for("incident.graded", facts(1, true, "central"))), Ids{"cn.r.cii"});
    EXPECT_EQ(ids(shipped().rules_for("incident.graded", facts(3, false, "central"))), Ids{"cn.r.central"});
    EXPECT_EQ(ids(shipped().rules_for("incident.graded", facts(3, false, "city"))), Ids{"cn.r.other"});
    EXPECT_EQ(ids(shipped().rules_for("incident.graded", facts(4, false, "city"))), Ids{});
    EXPECT_EQ(ids(shipped().rules_named("report", facts(2, false, "city"))), Ids{"cn.r.other"});
    EXPECT_EQ(ids(shipped().rules_for("report.received", facts(3, false, "city"))), Ids{});
    EXPECT_EQ(ids(shipped().rules_for("report.received", facts(2, false, "city"))), Ids{"cn.r.other.up"});
    EXPECT_EQ(ids(shipped().rules_for("report.received", facts(2, true, "city"))), Ids{"cn.r.cii.up"});
    // A unit whose tier nobody entered still reports.
    EXPECT_EQ(ids(shipped().rules_for("incident.graded", Json::object({{"grade", 3}}))), Ids{"cn.r.other"});
    EXPECT_EQ(
        ids(shipped().rules_named("summary", facts(3, false, "city"))), (Ids{"cn.r.summary", "local.summary"})
    );
    EXPECT_EQ(ids(shipped().rules_named("summary", facts(4, false, "city"))), Ids{"local.summary"});
    EXPECT_TRUE(shipped().obligation_rule("cn.r.cii")->is_statutory);
    EXPECT_FALSE(shipped().obligation_rule("local.summary")->is_statutory);
}

TEST(Rules, SayWhenTheyAreDue) {
    const auto due = [](std::string_view rule, std::string_view start, const Json& facts) {
        const auto when = shipped().obligation_rule(rule)->due_of(at(start), facts, {});
        return when ? base::format_rfc3339(*when, base::Zone::shanghai()) : when.error().message();
    };
    const Json none = Json::object();
    EXPECT_EQ(due("notice.ack", "2026-11-02T10:00:00+08:00", none), "2026-11-03T10:00:00+08:00");
    EXPECT_EQ(due("notice.fix.critical", "2026-11-06T10:00:00+08:00", none), "2026-11-09T10:00:00+08:00");
    EXPECT_EQ(due("notice.fix.high", "2026-11-02T10:00:00+08:00", none), "2026-11-09T18:00:00+08:00");
    EXPECT_EQ(due("notice.fix.medium", "2026-11-02T10:00:00+08:00", none), "2026-11-16T18:00:00+08:00");
    EXPECT_EQ(due("notice.fix.low", "2026-11-02T10:00:00+08:00", none), "2026-11-30T18:00:00+08:00");
    EXPECT_EQ(due("cn.r.other", "2026-11-02T09:00:00+08:00", none), "2026-11-02T13:00:00+08:00");
    EXPECT_EQ(due("cn.r.cii.up", "2026-11-02T09:50:00+08:00", none), "2026-11-02T10:20:00+08:00");
    EXPECT_EQ(due("cn.r.summary", "2026-11-06T17:00:00+08:00", none), "2026-12-06T17:00:00+08:00");
    EXPECT_EQ(due("local.summary", "2026-11-06T17:00:00+08:00", none), "2026-11-13T18:00:00+08:00");
    // A protection campaign has its own limit for signing; a zero report its own time.
    const Json campaign = Json::object(
        {{"campaign", Json::object({{"ack_limit", "PT2H"}})},
         {"tick", Json::object({{"due_at", "2026-11-02T17:00:00+08:00"}})}}
    );
    EXPECT_EQ(due("notice.ack", "2026-11-02T10:00:00+08:00", campaign), "2026-11-02T12:00:00+08:00");
    EXPECT_EQ(due("zero", "2026-11-02T00:00:00+08:00", campaign), "2026-11-02T17:00:00+08:00");
    EXPECT_EQ(due("zero", "2026-11-02T00:00:00+08:00", none), "rule zero: tick.due_at is not given");
}

TEST(Rules, RemindUrgeAndEscalate) {
    const auto* rule = shipped().obligation_rule("notice.fix.high");
    ASSERT_NE(rule, nullptr);
    EXPECT_TRUE(rule->is_workday);
    std::vector<std::string> reminders;
    for (const auto& period : rule->reminders) {
        reminders.push_back(to_text(period));
    }
    EXPECT_EQ(reminders, (Ids{"P3D", "P1D", "PT4H"}));
    ASSERT_EQ(rule->ladder.size(), 2U);
    EXPECT_EQ(rule->ladder[0].after, Period{});
    EXPECT_EQ(rule->ladder[0].kind, "urge");
    EXPECT_EQ(rule->ladder[0].document, "urge");
    ASSERT_EQ(rule->ladder[0].to.size(), 2U);
    EXPECT_EQ(rule->ladder[0].to[0].who + rule->ladder[0].to[0].role, "debtorhead");
    EXPECT_EQ(rule->ladder[0].to[1].who + rule->ladder[0].to[1].role, "authorityleader");
    EXPECT_EQ(to_text(rule->ladder[1].after), "P2WD");
    EXPECT_EQ(rule->ladder[1].kind, "escalation");
}

TEST(Grading, FollowsTheAnnex) {
    struct Case {
        Json incident;
        int grade;
        std::vector<std::string> basis;
        bool verified;
    };
    const Case cases[] = {
        {Json::object({{"pi_people", 1'200'000}}), 3, {"附件 三(5)"}, true},
        {Json::object({{"pi_people", 1'000'000}}), 3, {"附件 三(5)"}, true}, // the number itself counts
        {Json::object({{"pi_people", 999'999}}), 4, {}, true},
        {Json::object({{"pi_people", 12'000'000}}), 2, {"附件 二(5)"}, true},
        {Json::object({{"pi_people", 100'000'000}}), 1, {"附件 一(5)"}, true},
        {Json::object({{"loss_yuan", 5'000'000}}), 3, {"附件 三(7)"}, false},
        {Json::object({{"loss_yuan", 100'000'000}}), 1, {"附件 一(7)"}, true},
        {Json::object({{"loss_yuan", 5'000'000}, {"pi_people", 1'200'000}}),
         3,
         {"附件 三(5)", "附件 三(7)"},
         true},
        {Json::object({{"interrupted_minutes", 600}}), 4, {}, true}, // neither a portal nor critical
        {Json::object({{"interrupted_minutes", 360}, {"cii", true}}), 1, {"附件 一(2)"}, true},
        {Json::object({{"interrupted_minutes", 360}, {"cii", true}, {"interruption", "main"}}),
         2,
         {"附件 二(2)"},
         false},
        {Json::object({{"interrupted_minutes", 1440}, {"portal", "province"}}), 1, {"附件 一(1)"}, true},
        {Json::object({{"interrupted_minutes", 1440}, {"portal", "city"}}), 2, {"附件 二(1)"}, false},
        {Json::object({{"data_threat", "extreme"}}), 1, {"附件 一(4)"}, true},
        {Json::object({{"pi_people", "many"}}), 4, {}, true},
        {Json::object(), 4, {}, true},
    };
    for (const auto& test : cases) {
        const auto proposal = shipped().propose_grade(test.incident);
        const std::string shown = base::to_text(test.incident);
        EXPECT_EQ(proposal.grade, test.grade) << shown;
        EXPECT_EQ(proposal.basis, test.basis) << shown;
        EXPECT_EQ(proposal.verified, test.verified) << shown;
        EXPECT_EQ(proposal.notes, test.verified ? Ids{} : Ids{"未核实"}) << shown;
    }
    const Json json = shipped().propose_grade(Json::object({{"loss_yuan", 20'000'000}})).to_json();
    const Json expected = Json::object(
        {{"grade", 2},
         {"basis", Json::array({"附件 二(7)"})},
         {"verified", false},
         {"notes", Json::array({"未核实"})}}
    );
    EXPECT_EQ(json, expected);
}

TEST(LegalBasis, TheTextInForceOnTheDateIsSuggested) {
    struct Case {
        Citation cited;
        std::string_view on;
        bool in_force;
        std::string_view version;
        std::string_view article;
    };
    const Case cases[] = {
        {{"网络安全法", "2016", "21"}, "2025-12-31", true, "", ""},
        {{"网络安全法", "2016", "21"}, "2026-01-01", false, "2025", "23"},
        {{"网络安全法", "2016", "25"}, "2026-11-02", false, "2025", "27"},
        {{"网络安全法", "2016", "59"}, "2026-11-02", false, "2025", "61"},
        {{"网络安全法", "2016", "2"}, "2026-11-02", false, "2025", "2"},
        {{"网络安全法", "2016", "3"}, "2026-11-02", false, "2025", "4"},
        {{"网络安全法", "2016", "18"}, "2026-11-02", false, "2025", "19"},
        {{"网络安全法", "2016", "19"}, "2026-11-02", false, "2025", "21"},
        {{"网络安全法", "2016", "80"}, "2026-11-02", false, "2025", ""},
        {{"网络安全法", "2025", "23"}, "2026-11-02", true, "", ""},
        {{"网络安全法", "2025", "23"}, "2025-06-01", false, "2016", "21"},
        {{"网络安全法", "2025", "19"}, "2025-06-01", false, "2016", "18"},
        {{"网络安全法", "2025", "3"}, "2025-06-01", false, "2016", ""}, // new articles have no forerunner
        {{"网络安全法", "2025", "20"}, "2025-06-01", false, "2016", ""},
        {{"网络安全法", "2025", "23"}, "2010-01-01", false, "", ""}, // there was none
        {{"《中华人民共和国网络安全法》", "2016", "第二十一条第一款"},
         "2026-11-02",
         false,
         "2025",
         "第二十三条第一款"},
        {{"网络安全法", "2016", "第21条"}, "2026-11-02", false, "2025", "第23条"},
        {{"Cybersecurity Law", "2016", "Art. 21(1)"}, "2026-11-02", false, "2025", "Art. 23(1)"},
        {{"网络安全法", "", "23"}, "2026-11-02", true, "", ""},
        {{"网络安全法", "2019", "21"}, "2026-11-02", false, "2025", "21"},
        {{"国家网络安全事件报告管理办法", "2025", "4"}, "2025-10-31", false, "", ""},
        {{"国家网络安全事件报告管理办法", "2025", "4"}, "2025-11-01", true, "", ""},
    };
    for (const auto& test : cases) {
        const auto verdict = shipped().judge_basis(test.cited, date(test.on));
        const std::string shown = base::to_text(test.cited.to_json()) + " on " + std::string(test.on);
        EXPECT_TRUE(verdict.known) << shown;
        EXPECT_EQ(verdict.in_force, test.in_force) << shown;
        EXPECT_EQ(verdict.suggestion ? verdict.suggestion->version : "", test.version) << shown;
        EXPECT_EQ(verdict.suggestion ? verdict.suggestion->article : "", test.article) << shown;
    }
    EXPECT_FALSE(shipped().judge_basis({"某市规定", "2020", "5"}, date("2026-11-02")).known);
    EXPECT_FALSE(shipped().judge_basis({"", "", ""}, date("2026-11-02")).known);
}

TEST(Article, NumbersInBothScripts) {
    for (int number = 1; number <= 999; ++number) {
        const auto found = find_article_number("第" + chinese_number(number) + "条");
        ASSERT_TRUE(found) << number;
        EXPECT_EQ(found->number, number) << chinese_number(number);
    }
    EXPECT_EQ(chinese_number(10), "十");
    EXPECT_EQ(chinese_number(105), "一百零五");
    EXPECT_EQ(chinese_number(119), "一百一十九");
    EXPECT_FALSE(find_article_number("第一二条"));
    EXPECT_FALSE(find_article_number("0"));
    EXPECT_FALSE(find_article_number("99999999999999999999"));
    EXPECT_FALSE(find_article_number("条"));
}

TEST(Numbers, ByTypeYearAndLanguage) {
    EXPECT_EQ(shipped().format_number("rectify", 2026, 3, Language::zh), "网安整改〔2026〕3号");
    EXPECT_EQ(shipped().format_number("risk_tip", 2026, 12, Language::zh), "网安提示〔2026〕12号");
    EXPECT_EQ(shipped().format_number("rectify", 2026, 3, Language::en), "RECTIFY 2026/3");
    EXPECT_EQ(shipped().format_number("unheard", 2026, 3, Language::zh), "网安〔2026〕3号");
    EXPECT_TRUE(shipped().has_number_series("urge"));
    EXPECT_FALSE(shipped().has_number_series("unheard"));
    EXPECT_NE(Rulebook::series_key("rectify", 2026, "d1"), Rulebook::series_key("rectify", 2027, "d1"));
    EXPECT_NE(Rulebook::series_key("rectify", 2026, "d1"), Rulebook::series_key("rectify", 2026, "d2"));
}

TEST(Calendars, AreOfferedAndNotApplied) {
    ASSERT_EQ(shipped().calendar_templates().size(), 1U);
    const auto& draft = shipped().calendar_templates()[0];
    EXPECT_EQ(draft.name, "cn_2026");
    EXPECT_FALSE(draft.verified);
    EXPECT_FALSE(draft.calendar.is_working_day(date("2026-10-01")));
    EXPECT_TRUE(draft.calendar.is_working_day(date("2026-10-10")));
}

TEST(Folder, AFileTakesThePlaceOfTheBuiltInOneAndOthersAreAdded) {
    const base::TempDirectory directory;
    std::filesystem::create_directories(directory.path() / "workflows");
    std::ofstream(directory.path() / "number_series.yaml")
        << "series: {other: {zh: \"某网办〔{year}〕{n}号\", en: \"No. {n}/{year}\"}}\n";
    std::ofstream(directory.path() / "workflows/case_2.yaml")
        << "{wf: case, v: 2, states: [open, closed], initial: open, final: [closed], "
           "t: [[shut, open, closed, officer, [], [log]]], "
           "labels: {states: {open: {zh: 在办, en: In hand}}}}\n";
    std::ofstream(directory.path() / "workflows/notes.txt") << "not a rule file";
    const auto loaded = Rulebook::load(directory.path());
    EXPECT_EQ(to_text(loaded.faults), "");
    EXPECT_EQ(loaded.rulebook.format_number("rectify", 2026, 3, Language::zh), "某网办〔2026〕3号");
    EXPECT_EQ(loaded.rulebook.workflow("case")->v, 2);
    EXPECT_TRUE(loaded.rulebook.workflow("case", 1)->knows_event("escalate"));
    EXPECT_EQ(loaded.rulebook.label(Language::en, "state", "case.open"), "In hand");
    EXPECT_NE(loaded.rulebook.workflow("notice"), nullptr);
    EXPECT_THROW(Rulebook::load(directory.path() / "missing"), base::Error);
}

TEST(Folder, AddedWorkflowsAreFoundAndPointersStay) {
    auto loaded = Rulebook::load();
    const Definition* before = loaded.rulebook.workflow("case");
    Definition next = *before;
    next.v = 2;
    loaded.rulebook.add_workflow(next);
    EXPECT_EQ(loaded.rulebook.workflow("case")->v, 2);
    EXPECT_EQ(loaded.rulebook.workflow("case", 1), before);
    next.initial = "verifying";
    loaded.rulebook.add_workflow(next);
    EXPECT_EQ(loaded.rulebook.workflow("case", 2)->initial, "verifying");
}

TEST(Folder, FaultsNameFileLineAndField) {
    const std::string head =
        "rules:\n  - id: x.y\n    on: notice.issued\n    debtor: unit\n    creditor: [issuer]\n"
        "    form: receipt\n    from: notice.issued_at\n    basis: 本地规定\n"
        "    label: {zh: 甲, en: A}\n";
    const std::string path = "obligations/mine.yaml";
    const std::string good = head + "    due: P5WD\n    cal: workday\n";
    struct Case {
        std::string path;
        std::string text;
        std::string fault;
    };
    const Case cases[] = {
        {path, good, ""},
        {path, "a: [", "obligations/mine.yaml: line 2: not valid YAML"},
        {path, "[]", "obligations/mine.yaml:1 file: write an object"},
        {path, "rules: []\n", "obligations/mine.yaml:1 rules: write a list of rules"},
        {path,
         head + "    due: soon\n    cal: clock\n",
         "obligations/mine.yaml:10 due: \"soon\" is not a period"},
        {path, head + "    due: P5WD\n    cal: clock\n", "obligations/mine.yaml:11 cal: workday goes with"},
        {path,
         head + "    due: PT4H\n    cal: moon\n",
         "obligations/mine.yaml:11 cal: write clock or workday"},
        {path, good + "    when: grade <\n", "obligations/mine.yaml:12 when: column 8: a name"},
        {path,
         good + "    remind: [P1WD]\n",
         "obligations/mine.yaml:12 remind: \"P1WD\": write a clock time"},
        {path, good + "    weather: fine\n", "obligations/mine.yaml:12 weather: unknown member"},
        {path,
         good + "    overdue: [{kind: urge, to: [everybody]}]\n",
         "obligations/mine.yaml:12 overdue to: \"everybody\""},
        {path, good + "    overdue: [{to: [\"debtor:head\"]}]\n", "obligations/mine.yaml:12 kind: missing"},
        {path,
         good + "    overdue: [{kind: urge, to: [\"debtor:head\"], after: later}]\n",
         "obligations/mine.yaml:12 overdue after"},
        {path, good + good.substr(7), "obligations x.y: two rules have this id"},
        {"workflows/mine.yaml",
         "{wf: mine, v: 1, states: [a], initial: a, final: [b], t: [[e, a, \"*\", officer, [], []]]}",
         "workflows/mine.yaml:1 final[0]: unknown state \"b\""},
        {"workflows/mine.yaml",
         "{wf: mine, v: 1, states: [a], initial: a, final: [a], t: [[e, a, \"*\", officer, [], "
         "[\"open:absent\"]]]}",
         "workflows mine e: no rule answers to \"open:absent\""},
        {"workflows/mine.yaml",
         "{wf: case, v: 1, states: [a], initial: a, final: [a], t: [[e, a, \"*\", officer, [], []]]}",
         "workflows/mine.yaml:1 v: another file has this version"},
        {"grading/mine.yaml",
         "rules: [{grade: 5, field: a, gte: 1, basis: b}]",
         "grading/mine.yaml:1 grade: write 1"},
        {"grading/mine.yaml",
         "rules: [{grade: 2, field: a, basis: b}]",
         "grading/mine.yaml:1 gte: field and gte"},
        {"grading/mine.yaml", "rules: [{grade: 2, basis: b}]", "grading/mine.yaml:1 field: a rule needs"},
        {"legal_bases.yaml",
         "laws: [{names: [a], versions: [{version: \"1\", from: soon}]}]",
         "legal_bases.yaml:1 from: from and until"},
        {"legal_bases.yaml",
         "laws: [{names: [a], versions: [{version: \"1\", from: \"2020-01-01\"}, {version: \"2\", from: "
         "\"2021-01-01\", replaces: \"1\"}]}]",
         "legal_bases.yaml:1 from: two texts would be in force at once"},
        {"number_series.yaml",
         "series: {a: {zh: \"{year}\", en: \"{year} {n}\"}}",
         "number_series.yaml:1 a: {n} is missing"},
        {"number_series.yaml", "series: {a: {zh: \"{year} {n}\"}}", "number_series.yaml:1 a: both zh and en"},
        {"labels.yaml", "labels: {role: {officer: {zh: 甲}}}", "labels.yaml:1 role.officer: both zh and en"},
        {"calendars/mine.yaml",
         "{name: mine, label: {zh: 甲, en: A}, close: \"25:00\"}",
         "calendars/mine.yaml:1 close: write a time of day"},
    };
    for (const auto& test : cases) {
        const std::string told = faults_of(test.path, test.text);
        EXPECT_EQ(told.substr(0, std::max<std::size_t>(test.fault.size(), 1)), test.fault) << test.text;
    }
}

} // namespace
} // namespace fengsui::workflow
