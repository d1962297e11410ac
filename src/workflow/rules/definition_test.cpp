#include "workflow/definition.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace fengsui::workflow {
namespace {

using base::Json;

Json read_cases() {
    const std::ifstream file(FENGSUI_SOURCE_DIR "/src/workflow/rules/testdata/bad_definitions.yaml");
    std::ostringstream text;
    text << file.rdbuf();
    return base::parse_yaml(text.str()).or_throw();
}

/// The good workflow with what the case changes.
Json changed(const Json& good, const Json& test) {
    if (test.find("replace") != nullptr) {
        return test["replace"];
    }
    Json json = Json::object();
    for (const auto& [name, value] : good.members()) {
        bool dropped = false;
        for (const auto& drop : test["drop"].items()) {
            dropped = dropped || drop.as_string() == name;
        }
        if (!dropped) {
            json.set(name, value);
        }
    }
    for (const auto& [name, value] : test["set"].members()) {
        json.set(name, value);
    }
    if (!test["t"].is_null()) {
        Json list = good["t"];
        for (const auto& transition : test["t"].items()) {
            list.push(transition);
        }
        json.set("t", list);
    }
    return json;
}

TEST(Definition, TheGoodOneOfTheCasesHolds) {
    const Json cases = read_cases();
    const auto parsed = parse_definition(cases["good"]);
    EXPECT_EQ(to_text(parsed.faults), "");
    const auto& definition = parsed.definition;
    EXPECT_EQ(definition.transitions.size(), 4U);
    ASSERT_NE(definition.find("accept", "review"), nullptr);
    EXPECT_EQ(definition.find("accept", "review")->to, "done");
    EXPECT_EQ(definition.find("accept", "done"), nullptr);
    EXPECT_EQ(definition.find("nothing", "draft"), nullptr);
    EXPECT_TRUE(definition.knows_event("note"));
    EXPECT_FALSE(definition.knows_event("nothing"));
    EXPECT_TRUE(definition.is_final("done"));
    EXPECT_FALSE(definition.is_final("draft"));
    EXPECT_EQ(definition.find("reject", "review")->roles, (std::vector<std::string>{"approver", "leader"}));
}

TEST(Definition, GivesBackTheFormItWasReadFrom) {
    const Json good = read_cases()["good"];
    EXPECT_EQ(parse_definition(good).definition.to_json(), good);
}

TEST(Definition, NamesWhatIsWrong) {
    const Json cases = read_cases();
    ASSERT_GE(cases["cases"].items().size(), 25U);
    for (const auto& test : cases["cases"].items()) {
        const auto parsed = parse_definition(changed(cases["good"], test));
        const std::string told = to_text(parsed.faults);
        EXPECT_NE(told.find(test["fault"].as_string()), std::string::npos)
            << test["name"].as_string() << ": told \"" << told << "\", not \"" << test["fault"].as_string()
            << '"';
        EXPECT_EQ(parsed.faults.size(), static_cast<std::size_t>(test["faults"].as_int(1)))
            << test["name"].as_string() << ": " << told;
    }
}

TEST(Definition, IsBounded) {
    Json many = read_cases()["good"];
    Json states = many["states"];
    for (int i = 0; i < 100; ++i) {
        states.push("s" + std::to_string(i));
    }
    many.set("states", states);
    EXPECT_EQ(to_text(parse_definition(many).faults), "states: at most 64 states");

    Json longest = read_cases()["good"];
    Json list = longest["t"];
    for (int i = 0; i < 300; ++i) {
        list.push(list.items()[0]);
    }
    longest.set("t", list);
    EXPECT_EQ(to_text(parse_definition(longest).faults), "t: at most 256 transitions");
    longest.set("wf", std::string(65, 'a'));
    EXPECT_NE(to_text(parse_definition(longest).faults).find("wf: write a name"), std::string::npos);
}

TEST(Guard, IsReadIntoItsParts) {
    const auto less = parse_guard("eq:tries<3");
    ASSERT_TRUE(less);
    EXPECT_EQ(less->kind, GuardKind::eq);
    EXPECT_EQ(less->name, "tries");
    EXPECT_EQ(less->relation, '<');
    EXPECT_EQ(less->bound, 3);
    const auto equal = parse_guard("eq:coverage=full");
    ASSERT_TRUE(equal);
    EXPECT_EQ(equal->relation, '=');
    EXPECT_EQ(equal->value, "full");
    EXPECT_EQ(parse_guard("has:signer")->name, "signer");
    EXPECT_EQ(parse_guard("all:absent")->name, "absent");
    EXPECT_EQ(parse_guard("not_author")->name, "not_author");
    EXPECT_EQ(parse_guard("max_extensions")->kind, GuardKind::max_extensions);
    EXPECT_FALSE(parse_guard("eq:tries<"));
    EXPECT_FALSE(parse_guard("eq:tries<3x"));
    EXPECT_FALSE(parse_guard(""));
}

TEST(Action, IsReadIntoItsParts) {
    const auto open = parse_action("open:notice.fix");
    ASSERT_TRUE(open);
    EXPECT_EQ(open->verb, Verb::open);
    EXPECT_EQ(open->argument, "notice.fix");
    EXPECT_EQ(parse_action("log")->verb, Verb::log);
    EXPECT_EQ(parse_action("spawn:incident")->argument, "incident");
    EXPECT_FALSE(parse_action("send:now"));
    EXPECT_FALSE(parse_action("set"));
    EXPECT_FALSE(parse_action(""));
}

} // namespace
} // namespace fengsui::workflow
