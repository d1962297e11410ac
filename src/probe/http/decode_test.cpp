#include "probe/http/decode.h"

#include <gtest/gtest.h>

namespace fengsui::probe::http {

namespace {

model::Url url(std::string_view text) {
    return model::Url::parse(text).or_throw();
}

/// Knows one URL; admits nothing.
class OneUrl final : public model::ScopeGate {
public:
    std::optional<model::Url> known;

private:
    [[nodiscard]] std::variant<model::ScopeTicket, model::Reason>
    do_admit(const model::AssetId&, std::string_view, const model::IpAddress&) const override {
        return model::Reason::not_registered;
    }
    [[nodiscard]] std::optional<model::Url> do_registered_url(model::Scheme scheme, std::string_view host)
        const override {
        return known && known->scheme == scheme && known->host == host ? known : std::nullopt;
    }
    [[nodiscard]] model::Reason do_permits_host(const model::AssetId&, std::string_view) const override {
        return model::Reason::not_registered;
    }
};

Starts starts_of(const std::string& target, const OneUrl& scope = {}) {
    const auto parsed = model::AssetTarget::parse(target).or_throw();
    return start_urls(parsed, parsed.url ? parsed.url->host : parsed.host, scope);
}

model::HttpExchange answer(std::string_view text, std::string body = "") {
    model::HttpExchange exchange;
    exchange.url = url(text);
    exchange.outcome = model::completed();
    exchange.status = 200;
    exchange.headers = {{"Content-Type", "text/html"}};
    exchange.body = std::move(body);
    return exchange;
}

std::vector<std::string> paths(const std::vector<model::Url>& urls) {
    std::vector<std::string> found;
    found.reserve(urls.size());
    for (const auto& one : urls) {
        found.push_back(one.path);
    }
    return found;
}

TEST(Starts, HostsAreAskedAtBothDefaultPorts) {
    const auto starts = starts_of("www.site.test");
    EXPECT_EQ(starts.plain->str(), "http://www.site.test/");
    EXPECT_EQ(starts.secure->str(), "https://www.site.test/");
    model::AssetTarget address = model::AssetTarget::parse("192.0.2.1").or_throw();
    EXPECT_EQ(start_urls(address, "192.0.2.1", OneUrl()).secure->str(), "https://192.0.2.1/");
}

TEST(Starts, UrlsKeepTheirPathOnTheOtherScheme) {
    const auto starts = starts_of("https://www.site.test/portal/?a=1");
    EXPECT_EQ(starts.secure->str(), "https://www.site.test/portal/?a=1");
    EXPECT_EQ(starts.plain->str(), "http://www.site.test/portal/?a=1");
}

TEST(Starts, AnotherPortHasOnlyARegisteredCounterpart) {
    OneUrl scope;
    EXPECT_FALSE(starts_of("http://www.site.test:8080/", scope).secure);
    scope.known = url("https://www.site.test:8443/x");
    EXPECT_EQ(starts_of("http://www.site.test:8080/", scope).secure->str(), "https://www.site.test:8443/x");
    EXPECT_FALSE(starts_of("http://other.test:8080/", scope).secure);
}

TEST(Hops, LoopsAndTooMany) {
    std::vector<model::HttpExchange> hops = {answer("http://a.test/"), answer("http://a.test/b")};
    EXPECT_TRUE(judge_hop(hops, url("http://a.test/c")).is_completed());
    EXPECT_EQ(judge_hop(hops, url("http://a.test/")), model::not_reached(model::Reason::http_invalid));
    while (hops.size() < 8) {
        hops.push_back(answer("http://a.test/" + std::to_string(hops.size())));
    }
    EXPECT_TRUE(judge_hop(hops, url("http://a.test/eighth")).is_completed());
    hops.push_back(answer("http://a.test/eighth"));
    EXPECT_FALSE(judge_hop(hops, url("http://a.test/ninth")).is_completed());
}

TEST(Hops, AUserInLocationIsRefused) {
    const auto redirect_to = [](const std::string& location) {
        auto hop = answer("http://a.test/");
        hop.status = 302;
        hop.headers = {{"Location", location}};
        return judge_location(hop);
    };
    EXPECT_EQ(redirect_to("https://user:pw@a.test/"), model::refused(model::Reason::policy));
    EXPECT_EQ(redirect_to("//user@a.test"), model::refused(model::Reason::policy));
    EXPECT_TRUE(redirect_to("https://a.test:x/a@b").is_completed()) << "wrong, but without a user";
    EXPECT_TRUE(redirect_to("mailto:user@a.test").is_completed());
    EXPECT_TRUE(judge_location(answer("http://a.test/")).is_completed());
}

TEST(Answers, PathsAreAskedOnTheOwnHostOnly) {
    model::WebObservation web;
    EXPECT_EQ(own_answer(web, "a.test"), nullptr);
    web.plain.hops = {answer("http://a.test/"), answer("https://www.b.test/")};
    web.plain.end = model::completed();
    ASSERT_NE(own_answer(web, "a.test"), nullptr);
    EXPECT_EQ(own_answer(web, "a.test")->url.str(), "http://a.test/");
    web.secure.hops = {answer("https://a.test/")};
    web.secure.end = model::refused(model::Reason::not_registered);
    EXPECT_EQ(own_answer(web, "a.test")->url.str(), "https://a.test/") << "https is better";
    EXPECT_EQ(own_answer(web, "c.test"), nullptr);
}

TEST(Directories, LinkedOnesOfTheSameOrigin) {
    const auto page = answer(
        "https://a.test/news/index.html",
        "<a href='/about/'>1</a><a href='/news/'>own</a><a href='/'>root</a><a href='x.html'>file</a>"
        "<a href='/contact/?q=1'>2</a><a href='https://other.test/upload/'>away</a><a "
        "href='http://a.test/http/'>s</a>"
        "<a href='/uploads/2024/'>3</a><a href='/about/#x'>again</a><img src='/img/a/b.png'>"
    );
    EXPECT_EQ(
        paths(linked_directories(page, 3)),
        (std::vector<std::string>{"/uploads/2024/", "/about/", "/contact/"})
    );
    EXPECT_EQ(linked_directories(page, 1).size(), 1U);
    EXPECT_EQ(paths(resource_directories(page, 3)), (std::vector<std::string>{"/img/a/"}));
}

TEST(Directories, FollowTheBaseAndSurviveGarbage) {
    const auto page = answer(
        "https://a.test/", "<base href='/portal/'><a href='files/'>x</a><a href='//'><a href='http://['>"
    );
    EXPECT_EQ(paths(linked_directories(page, 3)), (std::vector<std::string>{"/portal/files/"}));
    auto picture = answer("https://a.test/", "<a href='/x/'>");
    picture.headers = {{"Content-Type", "image/png"}};
    EXPECT_TRUE(linked_directories(picture, 3).empty());
}

TEST(WantedPaths, ArePlainPaths) {
    const auto origin = url("https://a.test/home?x=1");
    EXPECT_EQ(wanted_url(origin, "/.git/HEAD", "a.test")->str(), "https://a.test/.git/HEAD");
    EXPECT_EQ(wanted_url(origin, "/{host}.zip", "a.test")->str(), "https://a.test/a.test.zip");
    for (const auto* path :
         {"", "x", "/a?b=1", "/a#b", "/../etc", "//other.test/", "/a b", "/a\r\nX: y", "/a\\b", "@evil"}) {
        EXPECT_FALSE(wanted_url(origin, path, "a.test")) << path;
    }
}

} // namespace

} // namespace fengsui::probe::http
