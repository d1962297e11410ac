#include "base/json_elements.h"

#include <gtest/gtest.h>

namespace fengsui::base {
namespace {

/// In pieces of every size, so that no state is lost between two.
TextSource pieces_of(std::string_view text, std::size_t size) {
    return [rest = text, size]() mutable {
        const auto piece = rest.substr(0, size);
        rest.remove_prefix(piece.size());
        return piece;
    };
}

constexpr std::string_view kText = "{\"a\": {\"list\": [{\"no\": 1}]}, \"b\": \"[{\\\"}\", \"list\": "
                                   "[{\"x\": 1, \"s\": \"}]\\\\\"},\n {\"x\": [2]}, 3], \"z\": []}";

Result<std::uint64_t> read(
    std::string_view text, std::size_t size, std::vector<Json>& out, std::size_t limit = 1000
) {
    return each_json_element(pieces_of(text, size), "list", limit, [&out](const Json& one) {
        out.push_back(one);
        return true;
    });
}

TEST(JsonElements, OnlyThoseOfTheTopLevelMember) {
    for (std::size_t size = 1; size <= kText.size(); ++size) {
        std::vector<Json> out;
        const auto count = read(kText, size, out);
        ASSERT_TRUE(count.has_value()) << count.error().what();
        ASSERT_EQ(*count, 2U);
        EXPECT_EQ(out[0]["s"].as_string(), "}]\\");
        EXPECT_EQ(out[1]["x"].items().size(), 1U);
    }
}

TEST(JsonElements, EveryCutIsAnErrorWithItsPlace) {
    for (std::size_t length = 0; length + 1 < kText.size(); ++length) {
        std::vector<Json> out;
        const auto count = read(kText.substr(0, length), 7, out);
        ASSERT_FALSE(count.has_value()) << length;
        EXPECT_NE(count.error().message().find("byte " + std::to_string(length)), std::string::npos)
            << count.error().what();
    }
}

TEST(JsonElements, BoundsAndBrokenElements) {
    std::vector<Json> out;
    EXPECT_FALSE(read("{\"list\": [{\"x\": \"0123456789\"}]}", 5, out, 10).has_value());
    EXPECT_FALSE(read("{\"list\": [{\"x\": tru}]}", 5, out).has_value());
    EXPECT_FALSE(read("{\"other\": []}", 5, out).has_value());
    EXPECT_FALSE(read("]", 5, out).has_value());
    EXPECT_FALSE(read(std::string(1000, '['), 5, out).has_value());
    EXPECT_TRUE(out.empty());
}

TEST(JsonElements, StopsWhenNoMoreIsWanted) {
    int seen = 0;
    const auto count = each_json_element(pieces_of(kText, 9), "list", 1000, [&seen](const Json&) {
        ++seen;
        return false;
    });
    EXPECT_TRUE(count.has_value());
    EXPECT_EQ(seen, 1);
}

} // namespace
} // namespace fengsui::base
