#include "workflow/expression.h"

#include <gtest/gtest.h>

namespace fengsui::workflow {
namespace {

using base::Json;

bool holds(std::string_view text) {
    const Json facts = Json::object(
        {{"grade", 3},
         {"cii", true},
         {"drill", false},
         {"name", "a and b"},
         {"loss", 2.5},
         {"order", 1}, // a name that begins like a word of the language
         {"unit", Json::object({{"tier", "city"}, {"kind", Json::object({{"code", 7}})}})}}
    );
    auto expression = Expression::parse(text);
    EXPECT_TRUE(expression.has_value()) << text << ": " << (expression ? "" : expression.error().message());
    return expression && expression->eval(facts);
}

TEST(Expression, Compares) {
    EXPECT_TRUE(holds("grade==3"));
    EXPECT_TRUE(holds("grade <= 3"));
    EXPECT_FALSE(holds("grade<3"));
    EXPECT_FALSE(holds("grade!=3"));
    EXPECT_TRUE(holds("grade>2.5"));
    EXPECT_TRUE(holds("loss>=2.5"));
    EXPECT_TRUE(holds("grade > -1"));
    EXPECT_TRUE(holds("3==grade"));
    EXPECT_TRUE(holds("unit.tier=='city'"));
    EXPECT_TRUE(holds("unit.kind.code==7"));
    EXPECT_FALSE(holds("unit.tier=='town'"));
    EXPECT_TRUE(holds("unit.tier!='town'"));
    EXPECT_TRUE(holds("name=='a and b'"));
    EXPECT_TRUE(holds("cii==true"));
    EXPECT_TRUE(holds("drill==false"));
}

TEST(Expression, NotBindsCloserThanAndCloserThanOr) {
    EXPECT_TRUE(holds("true or true and false"));
    EXPECT_FALSE(holds("(true or true) and false"));
    EXPECT_TRUE(holds("not drill and cii"));
    EXPECT_FALSE(holds("not (drill or cii)"));
    EXPECT_TRUE(holds("not not cii"));
    EXPECT_TRUE(holds("not grade==4"));
    EXPECT_TRUE(holds("order==1 or false"));
    EXPECT_TRUE(holds("grade<=3 and cii and not unit.tier=='central'"));
}

TEST(Expression, WhatIsNotThereComparesFalse) {
    EXPECT_FALSE(holds("absent==1"));
    EXPECT_FALSE(holds("absent!=1"));
    EXPECT_FALSE(holds("absent<1"));
    EXPECT_FALSE(holds("absent==absent"));
    EXPECT_FALSE(holds("absent"));
    EXPECT_TRUE(holds("not absent"));
    EXPECT_FALSE(holds("unit.absent.deeper=='x'"));
    EXPECT_FALSE(holds("grade.deeper==3"));
}

TEST(Expression, KindsThatDoNotFitAreNotOrdered) {
    EXPECT_FALSE(holds("name<3"));
    EXPECT_FALSE(holds("name>=3"));
    EXPECT_FALSE(holds("grade=='3'"));
    EXPECT_TRUE(holds("grade!='3'"));
    EXPECT_FALSE(holds("grade")); // only true is true
}

TEST(Expression, OfNothingIsTrue) {
    EXPECT_TRUE(Expression().eval(Json()));
    EXPECT_EQ(Expression().text(), "true");
}

TEST(Expression, NamesTheColumnOfTheMistake) {
    struct Bad {
        std::string_view text;
        std::string_view message;
    };
    const Bad bad[] = {
        {"", "column 1: a name"},
        {"   ", "column 4: a name"},
        {"grade <", "column 8: a name"},
        {"grade = 3", "column 7: nothing more"},
        {"grade == 3 )", "column 12: nothing more"},
        {"(grade == 3", "column 12: a closing parenthesis"},
        {"grade == 'x", "column 10: the closing '"},
        {"and grade", "column 1: a name"},
        {"grade == 3 and", "column 15: a name"},
        {"grade == 3 or or cii", "column 15: a name"},
        {"not", "column 4: a name"},
        {"3", "column 2: a comparison"},
        {"'text'", "column 7: a comparison"},
        {"grade == 3x", "column 10: not a number"},
        {"grade == 1.2.3", "column 10: not a number"},
        {"grade == -", "column 10: not a number"},
        {"unit. == 3", "column 1: a name may not end"},
        {"unit..tier", "column 1: a name may not end"},
        {"grade & 3", "column 7: nothing more"},
        {"grade == \"x\"", "column 10: a name"},
        {"a == b == c", "column 8: nothing more"},
        {"\xff\xfe", "column 1: a name"},
    };
    for (const auto& test : bad) {
        const auto parsed = Expression::parse(test.text);
        ASSERT_FALSE(parsed.has_value()) << test.text;
        EXPECT_EQ(parsed.error().message().substr(0, test.message.size()), test.message) << test.text;
    }
}

TEST(Expression, IsBounded) {
    const std::string deep = std::string(33, '(') + "cii" + std::string(33, ')');
    EXPECT_NE(Expression::parse(deep).error().message().find("nested too deeply"), std::string::npos);
    EXPECT_TRUE(Expression::parse(std::string(32, '(') + "cii" + std::string(32, ')')).has_value());
    std::string nots;
    for (int i = 0; i < 100; ++i) {
        nots += "not ";
    }
    EXPECT_FALSE(Expression::parse(nots + "cii").has_value());
    std::string chain = "b";
    while (chain.size() + 6 <= 2000) {
        chain += " or b";
    }
    EXPECT_FALSE(holds(chain));
    EXPECT_TRUE(holds("cii or " + chain.substr(0, 996) + "==b or cii"));
    EXPECT_FALSE(Expression::parse(std::string(2001, ' ')).has_value());
}

} // namespace
} // namespace fengsui::workflow
