#include "pipeline/template_answers.h"
#include "pipeline/template_flow.h"
#include "template/loader.h"

#include <gtest/gtest.h>

namespace fengsui::pipeline {
namespace {

using model::Reason;
using templates::Redirects;

model::Asset asset_of(const std::string& text) {
    model::Asset asset;
    asset.value = text;
    asset.target = model::AssetTarget::parse(text).value();
    asset.id = model::asset_id_of(asset.target);
    asset.unit = model::UnitId("u1");
    return asset;
}

templates::PlannedRequest request_to(const std::string& path, Redirects redirects) {
    templates::PlannedRequest request;
    request.http.host = "www.town.test";
    request.http.target = path;
    request.http.redirects = redirects;
    request.http.headers = {{"X-Test", "1"}};
    return request;
}

model::HttpExchange redirect_to(const std::string& location) {
    model::HttpExchange answer;
    answer.outcome = model::completed();
    answer.status = 302;
    answer.headers = {{"Location", location}, {"Set-Cookie", "a=b; Path=/"}};
    return answer;
}

TEST(NextHop, GoesWhereTheTemplateAllowsIt) {
    const auto first = request_to("/x", Redirects::same_host);
    const auto next = next_hop(first, first, redirect_to("/y?z=1"));
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->http.target, "/y?z=1");
    EXPECT_EQ(next->http.cookies, "a=b");
    EXPECT_EQ(next->http.headers.size(), 1U);
    EXPECT_FALSE(next_hop(first, first, redirect_to("http://other.test/")).has_value());
    const auto none = request_to("/x", Redirects::none);
    EXPECT_FALSE(next_hop(none, none, redirect_to("/y")).has_value());
}

TEST(NextHop, TakesNothingAlongToAnotherHost) {
    const auto first = request_to("/x", Redirects::any);
    const auto next = next_hop(first, first, redirect_to("https://other.test/"));
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->http.host, "other.test");
    EXPECT_EQ(next->http.port, 443);
    EXPECT_TRUE(next->http.headers.empty());
    EXPECT_TRUE(next->http.cookies.empty());
}

TEST(NextHop, IsGuardedAgain) {
    const auto first = request_to("/x", Redirects::any);
    EXPECT_FALSE(next_hop(first, first, redirect_to("/%2e%2e/%2e%2e/etc/passwd")).has_value());
    EXPECT_FALSE(next_hop(first, first, redirect_to("/?password=geheim")).has_value());
    EXPECT_FALSE(next_hop(first, first, redirect_to("http://user@other.test/")).has_value());
}

TEST(TemplateTarget, IsTheAssetAsWritten) {
    const auto target = template_target(asset_of("http://www.town.test:81/app?x=1"), {});
    ASSERT_TRUE(target.has_value());
    EXPECT_EQ(target->input, "http://www.town.test:81/app?x=1");
    EXPECT_EQ(target->path, "/app");
    EXPECT_EQ(target->query, "x=1");
    EXPECT_FALSE(template_target(asset_of("10.0.0.0/8"), {}).has_value());
    EXPECT_EQ(template_target(asset_of("mail:town.test"), {})->host, "town.test");
}

TEST(TemplateOutcome, RefusalsAndInterruptionsAreNamed) {
    templates::TemplateOutcome ended;
    ended.outcome = model::not_reached(Reason::private_address);
    EXPECT_EQ(outcome_of_template(ended, model::completed()), model::refused(Reason::private_address));
    ended.outcome = model::skipped(Reason::not_applicable);
    EXPECT_EQ(outcome_of_template(ended, model::skipped(Reason::stopped)), model::skipped(Reason::stopped));
    ended.outcome = model::not_reached(Reason::timeout);
    EXPECT_EQ(outcome_of_template(ended, model::completed()), model::not_reached(Reason::timeout));
}

TEST(DnsAnswers, ReadLikeDig) {
    net::DnsMessage message;
    message.is_response = true;
    message.questions = {{"town.test", net::DnsType::mx}};
    message.answers = {
        {"town.test", net::DnsType::mx, 60, net::dns_rdata(net::DnsType::mx, "10 mx.town.test")}};
    const auto answer = dns_answer_of({"town.test", "MX"}, message);
    EXPECT_EQ(answer.answer, "town.test.\t60\tIN\tMX\t10 mx.town.test.");
    EXPECT_EQ(answer.question, ";town.test.\tIN\t MX");
    EXPECT_NE(answer.raw.find("status: NOERROR"), std::string::npos);
    EXPECT_EQ(answer.records.at("mx"), std::vector<std::string>{"10 mx.town.test"});
}

TEST(TlsFacts, HaveTheNamesOfTlsx) {
    model::TlsEndpoint endpoint;
    endpoint.host = "www.town.test";
    endpoint.version = "TLSv1.2";
    model::CertificateFacts leaf;
    leaf.subject = "CN=old.test,O=Town\\, Office";
    leaf.common_name = "old.test";
    leaf.dns_names = {"*.town.test"};
    endpoint.chain = {leaf};
    const auto facts = tls_facts_of(endpoint, base::parse_rfc3339("2026-11-24T00:00:00Z").value());
    EXPECT_EQ(facts["tls_version"].as_string(), "tls12");
    EXPECT_TRUE(facts["expired"].as_bool());
    EXPECT_FALSE(facts["mismatched"].as_bool());
    EXPECT_TRUE(facts["wildcard_certificate"].as_bool());
    EXPECT_EQ(facts["subject_org"].items().front().as_string(), "Town, Office");
}

TEST(BlindTemplates, RefusedOnesStayRefused) {
    const auto load = [](const std::string& id, const std::string& method) {
        templates::LoadOptions options;
        return templates::load_template(
                   "id: " + id + "\ninfo: {name: n, author: a, severity: low}\nhttp:\n  - method: " + method
                       + "\n    path: ['{{BaseURL}}']\n    matchers: [{type: status, status: [200]}]\n",
                   options
        )
            .value;
    };
    const auto good = load("good", "GET");
    const auto bad = load("bad", "DELETE");
    const TemplateSet set({good, bad}, {templates::judge(*good), templates::judge(*bad)});
    TargetReport report;
    report.asset = asset_of("http://www.town.test/");
    add_blind_templates(set, model::skipped(Reason::stopped), report);
    ASSERT_EQ(report.templates.size(), 2U);
    EXPECT_EQ(report.templates[0].check.str(), "template/good");
    EXPECT_EQ(report.templates[0].outcome, model::skipped(Reason::stopped));
    EXPECT_EQ(report.templates[1].outcome, model::refused(Reason::policy));
    EXPECT_TRUE(report.is_stopped());
}

} // namespace
} // namespace fengsui::pipeline
