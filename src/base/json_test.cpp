#include "base/json.h"
#include "base/messages.h"

#include <gtest/gtest.h>

namespace fengsui::base {
namespace {

TEST(Json, RoundTripsKeepingOrder) {
    const std::string text = R"({"z":1,"a":[true,null,-2.5,"x\"\\\n"],"o":{}})";
    EXPECT_EQ(to_text(parse_json(text).value()), text);
}

TEST(Json, RefusesWhatIsNotJson) {
    for (const char* text : {"", "{", "[1,]", "{\"a\":1}x", "nul", "'a'", "[1] [2]"}) {
        EXPECT_FALSE(parse_json(text).has_value()) << text;
    }
    EXPECT_FALSE(parse_json(std::string(100, '[')).has_value()) << "too deep";
    EXPECT_NE(std::string(parse_json("{\n\"a\": x}").error().what()).find("line 2"), std::string::npos);
}

TEST(Json, TheLastOfEqualMembersWins) {
    EXPECT_EQ(parse_json(R"({"a":1,"a":2})").value()["a"].as_int(), 2);
}

TEST(Json, ScrubsBadUtf8WhenWriting) {
    EXPECT_TRUE(parse_json(to_text(Json::object({{"a", std::string("\xFF\x00", 2)}}))).has_value());
}

TEST(Json, MissingMembersAreNull) {
    const Json value = Json::object({{"a", 1}});
    EXPECT_TRUE(value["b"]["c"].is_null());
    EXPECT_EQ(value["a"].as_string(), "");
    EXPECT_EQ(value["a"].as_double(), 1.0);
}

TEST(Yaml, ReadsPlainDataWithLines) {
    const Json value = parse_yaml("a: 1\nb: [x, 'true', true, 2.5]\nc:\n  d: ~\n").value();
    EXPECT_EQ(to_text(value), R"({"a":1,"b":["x","true",true,2.5],"c":{"d":null}})");
    EXPECT_EQ(value["c"]["d"].line(), 4U);
}

TEST(Yaml, RefusesBombsAndMistakes) {
    EXPECT_FALSE(parse_yaml("a: &x [1]\nb: *x\n").has_value()) << "alias";
    EXPECT_FALSE(parse_yaml("a: 1\na: 2\n").has_value()) << "twice";
    EXPECT_FALSE(parse_yaml("a: [1\n").has_value()) << "not closed";
    EXPECT_FALSE(parse_yaml("a: 1\n---\nb: 2\n").has_value()) << "second document";
    EXPECT_FALSE(parse_yaml(std::string(200, '[')).has_value()) << "too deep";
    EXPECT_TRUE(parse_yaml("").value().is_null());
}

TEST(Messages, BothLanguagesHaveTheSameKeys) {
    const Json zh = parse_yaml(message_file(Language::zh)).value();
    const Json en = parse_yaml(message_file(Language::en)).value();
    ASSERT_FALSE(en.members().empty());
    for (const auto& [key, text] : en.members()) {
        EXPECT_NE(zh.find(key), nullptr) << "zh-CN.yaml lacks " << key;
        EXPECT_FALSE(text.as_string().empty()) << key;
    }
    for (const auto& [key, text] : zh.members()) {
        EXPECT_NE(en.find(key), nullptr) << "en.yaml lacks " << key;
        EXPECT_FALSE(text.as_string().empty()) << key;
    }
}

} // namespace
} // namespace fengsui::base
