#include "model/integrity.h"

#include <gtest/gtest.h>

namespace fengsui::model {
namespace {

HttpExchange page_of(std::string body) {
    HttpExchange page;
    page.url = Url::parse("https://www.example.cn/").or_throw();
    page.outcome = completed();
    page.status = 200;
    page.headers = {{"Content-Type", "text/html"}};
    page.body = std::move(body);
    return page;
}

TEST(PageShape, DatesAndCountersAreNoChange) {
    const auto a = shape_of(page_of("<title>t</title><p>visits: 1234 on 2026-01-01</p>"));
    const auto b = shape_of(page_of("<title>t</title><p>visits: 99 on 2026-11-24</p>"));
    EXPECT_EQ(difference(a, b, 'b'), 0);
    EXPECT_EQ(a.count('b'), 1U);
}

TEST(PageShape, DomainsByWhatTheyAreUsedFor) {
    const auto shape = shape_of(
        page_of("<a href='http://x.a.com.cn/'>a</a><a href='/own'>b</a><script src='//js.b.org/1'></script>"
                "<form action='https://c.net/'></form><a href='https://m.example.cn/'>own</a>")
    );
    EXPECT_TRUE(shape.has("d:a.com.cn"));
    EXPECT_TRUE(shape.has("r:b.org"));
    EXPECT_TRUE(shape.has("f:c.net"));
    EXPECT_EQ(shape.count('d'), 1U);
}

TEST(PageShape, NoPageNoShape) {
    auto error = page_of("<p>some words here</p>");
    error.status = 404;
    EXPECT_FALSE(shape_of(error).is_page);
    EXPECT_FALSE(shape_of(page_of("")).is_page);
}

TEST(PageBaseline, WhatComesAndGoesIsNotStable) {
    PageBaseline baseline;
    const auto at = base::Instant{};
    for (int i = 0; i < 20; ++i) {
        const std::string news(static_cast<std::size_t>(i) + 6, 'x');
        baseline = baseline.learn(
            shape_of(page_of("<title>t</title><p>always there</p><p>" + news + "</p><p>end</p>")), at
        );
    }
    EXPECT_EQ(baseline.visits, 20U);
    std::size_t stable = 0;
    for (const auto& feature : baseline.features) {
        stable += baseline.is_stable(feature) ? 1 : 0;
    }
    EXPECT_EQ(stable, 2U);                         // the title and one block
    EXPECT_LE(baseline.features.size(), 2U + 16U); // older rotations are forgotten
}

TEST(PageBaseline, SurvivesBeingStored) {
    const auto learned = PageBaseline().learn(
        shape_of(page_of("<title>标题</title><p>words of it</p>")), base::Instant(std::chrono::hours(24))
    );
    const auto read = PageBaseline::from_json(learned.to_json());
    ASSERT_TRUE(read.has_value()) << read.error().what();
    EXPECT_EQ(to_text(read->to_json()), to_text(learned.to_json()));
    EXPECT_EQ(read->structure, learned.structure);
    EXPECT_FALSE(PageBaseline::from_json(base::Json::object({{"visits", "x"}})).has_value());
    auto broken = learned.to_json();
    broken.set("features", base::Json::array({"no-space"}));
    EXPECT_FALSE(PageBaseline::from_json(broken).has_value());
}

TEST(LinkBlocks, HostilePagesEnd) {
    std::string deep;
    for (int i = 0; i < 60'000; ++i) {
        deep += "<div style='display:none'><a href='http://a" + std::to_string(i) + ".example/'>";
    }
    EXPECT_LE(link_blocks(page_of(deep)).size(), 200U);
    EXPECT_EQ(link_blocks(page_of("<script>document.write('")).size(), 1U);
    EXPECT_EQ(link_blocks(page_of("<script>document.write(String.fromCharCode(60,97")).size(), 1U);
    EXPECT_EQ(link_blocks(page_of("<style>.a{")).size(), 1U);
}

} // namespace
} // namespace fengsui::model
