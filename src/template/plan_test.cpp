#include "template/loader.h"
#include "template/plan.h"

#include <gtest/gtest.h>

namespace fengsui::templates {
namespace {

std::shared_ptr<const Template> make(std::string_view id, std::string_view info, std::string_view rest) {
    const std::string yaml = "id: " + std::string(id) + "\ninfo: {name: n, author: a" + std::string(info)
                             + "}\n" + std::string(rest);
    auto loaded = load_template(yaml, {});
    EXPECT_NE(loaded.value, nullptr) << (loaded.faults.empty() ? "" : loaded.faults.front().str());
    return loaded.value;
}

std::string get(std::string_view path, std::string_view word, std::string_view more = "") {
    return "http:\n  - method: GET\n    path: ['{{BaseURL}}" + std::string(path) + "']\n" + std::string(more)
           + "    matchers: [{type: word, words: [" + std::string(word) + "]}]\n";
}

struct Run {
    std::vector<std::string> sent;
    std::vector<std::string> hits;
    std::vector<TemplateOutcome> outcomes;
    std::size_t wanted = 0;
    std::size_t controls = 0;
};

Run run(
    const std::vector<std::shared_ptr<const Template>>& templates,
    const std::map<std::string, std::string>& pages,
    PlanOptions options
) {
    const CompiledSet set(templates);
    std::vector<Judgement> judgements;
    for (const auto& value : templates) {
        judgements.push_back(judge(*value));
    }
    Plan plan(set, judgements, Target::parse("http://h").or_throw(), std::move(options));
    Run out;
    while (const auto* request = plan.next()) {
        out.sent.push_back(request->http.target.empty() ? "/" : request->http.target);
        HttpAnswer answer;
        answer.url = request->http.url();
        auto page = pages.find(out.sent.back());
        page = page == pages.end() ? pages.find("*") : page; // what the site says to everything else
        answer.status = page == pages.end() ? 404 : 200;
        answer.body = page == pages.end() ? "" : page->second;
        plan.feed({ResponseFacts::of_http(answer, request->http.dump(), "http://h")});
    }
    for (const auto& hit : plan.take_hits()) {
        out.hits.push_back(hit.source->id);
    }
    out.outcomes = plan.outcomes();
    out.wanted = plan.wanted();
    out.controls = plan.controls();
    return out;
}

PlanOptions careful() {
    PlanOptions options;
    options.allows_careful = true;
    return options;
}

/// As run(), but templates wait for their products.
Run select_and_run(
    const std::vector<std::shared_ptr<const Template>>& templates,
    const std::map<std::string, std::string>& pages
) {
    std::vector<Judgement> judgements;
    for (const auto& value : templates) {
        judgements.push_back(judge(*value));
    }
    const Selection selection(templates, judgements);
    PlanOptions options = careful();
    options.selection = &selection;
    return run(templates, pages, options);
}

TEST(Plan, SendsIdenticalRequestsOnce) {
    const auto out =
        run({make("a", "", get("", "x")),
             make("b", "", get("/", "y")),
             make("c", "", get("", "x", "    redirects: true\n")),
             make("d", "", get("/p", "x"))},
            {{"/", "x y"}, {"/p", "x"}},
            careful());
    EXPECT_EQ(out.sent.size(), 2U + out.controls);
    EXPECT_EQ(out.sent[1], "/p");
    EXPECT_EQ(out.hits, (std::vector<std::string>{"a", "b", "c", "d"}));
    EXPECT_EQ(out.wanted, 4U);
}

TEST(Plan, AsksForProductsOnlyWhenSeen) {
    const std::vector<std::shared_ptr<const Template>> templates = {
        make("shop-cve", ", tags: 'cve,shop', metadata: {vendor: v, product: shop}", get("/cve", "x")),
        make("blog-cve", ", tags: cve, metadata: {vendor: v, product: blog}", get("/blog", "x")),
        make("shop-detect", ", tags: 'tech,detect', metadata: {product: shop}", get("", "Shop"))};
    const auto seen = select_and_run(templates, {{"/", "Shop"}, {"/cve", "x"}});
    EXPECT_EQ(seen.sent.size(), 2U + seen.controls);
    EXPECT_EQ(seen.sent[1], "/cve");
    EXPECT_EQ(seen.hits, (std::vector<std::string>{"shop-detect", "shop-cve"}));
    EXPECT_EQ(seen.outcomes[1].outcome, model::skipped(model::Reason::not_applicable));
    const auto none = select_and_run(templates, {{"/", "Other"}});
    EXPECT_EQ(none.sent, (std::vector<std::string>{"/"}));
    const auto all = run(templates, {{"/", "Other"}}, careful());
    EXPECT_EQ(all.sent.size(), 3U);
}

TEST(Plan, RefusesByClassAndPolicy) {
    const std::vector<std::shared_ptr<const Template>> templates = {
        make("careful-one", "", get("/x", "x")),
        make("bad-one", ", tags: dos", get("", "x")),
        make("passive-one", "", get("", "x"))};
    PlanOptions passive;
    const auto out = run(templates, {}, passive);
    EXPECT_EQ(out.sent, (std::vector<std::string>{"/"}));
    EXPECT_EQ(out.outcomes[0].outcome, model::refused(model::Reason::policy));
    EXPECT_EQ(out.outcomes[1].outcome, model::refused(model::Reason::policy));
    EXPECT_EQ(out.outcomes[2].outcome, model::completed());
}

TEST(Plan, WhatTheSiteSaysToEverythingIsUnknown) {
    const std::vector<std::shared_ptr<const Template>> templates = {
        make("file", "", get("/a/b.zip", "x")), make("other", "", get("/c/d.zip", "x"))};
    const auto lies = run(templates, {{"*", "x"}}, careful());
    EXPECT_TRUE(lies.hits.empty());
    EXPECT_EQ(lies.controls, 1U); // the same page in the root speaks for all directories
    EXPECT_EQ(lies.outcomes[0].outcome, model::completed());
    EXPECT_EQ(lies.outcomes[0].unknown, (std::vector<std::string>{"http://h/a/b.zip"}));
    const auto honest = run(templates, {{"/a/b.zip", "x"}}, careful());
    EXPECT_EQ(honest.hits, (std::vector<std::string>{"file"}));
    EXPECT_EQ(honest.controls, 2U); // in the root, and a sibling
    EXPECT_EQ(honest.sent.size(), 4U);
    EXPECT_TRUE(honest.sent.back().starts_with("/a/") || honest.sent[2].starts_with("/a/"));
}

TEST(Plan, TheAssetsOwnPageNeedsNoControl) {
    const auto out = run({make("front", "", get("", "x"))}, {{"*", "x"}}, careful());
    EXPECT_EQ(out.hits, (std::vector<std::string>{"front"}));
    EXPECT_EQ(out.controls, 0U);
}

TEST(Plan, PassiveComparesWithTheFrontPage) {
    const std::vector<std::shared_ptr<const Template>> templates = {
        make("robots", "", get("/robots.txt", "x")), make("front", "", get("", "never"))};
    const auto lies = run(templates, {{"*", "x"}}, {});
    EXPECT_TRUE(lies.hits.empty());
    EXPECT_EQ(lies.controls, 0U);
    const auto honest = run(templates, {{"/robots.txt", "x"}, {"/", "y"}}, {});
    EXPECT_EQ(honest.hits, (std::vector<std::string>{"robots"}));
}

TEST(Plan, FailuresAreNotReached) {
    const std::vector<std::shared_ptr<const Template>> templates = {make("a", "", get("", "x"))};
    const CompiledSet set(templates);
    Plan plan(set, {judge(*templates[0])}, Target::parse("http://h").or_throw(), {});
    ASSERT_NE(plan.next(), nullptr);
    plan.fail(model::Reason::timeout);
    EXPECT_EQ(plan.next(), nullptr);
    EXPECT_EQ(plan.outcomes()[0].outcome, model::not_reached(model::Reason::timeout));
}

} // namespace
} // namespace fengsui::templates
