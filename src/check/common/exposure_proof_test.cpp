#include "check/catalog.h"
#include "check/common/exposure_proof.h"
#include "check/common/exposure_similarity.h"
#include "check/common/exposure_text.h"

#include <gtest/gtest.h>

namespace fengsui::check {
namespace {

using model::HttpExchange;

HttpExchange answer(std::string_view path, std::string body, int status = 200) {
    HttpExchange exchange;
    exchange.url = *model::Url::parse("http://www.example.cn" + std::string(path));
    exchange.outcome = model::completed();
    exchange.status = status;
    exchange.body = std::move(body);
    return exchange;
}

model::Verdict judge_one(std::string_view check, HttpExchange exchange) {
    model::Observation seen;
    seen.probe_class = model::ProbeClass::careful;
    seen.exposure.outcome = model::completed();
    seen.exposure.controls = {answer("/fs-9f3a1c", "nothing here", 404)};
    seen.exposure.paths = {{std::string(check), std::move(exchange)}};
    return judge(*find_check(check), seen);
}

/// cases.yaml cannot hold bytes above 0x7f, so these archives are judged here.
TEST(BackupFile, KnowsArchivesByTheirFirstBytes) {
    const std::string tar = std::string(257, '\0') + "ustar" + std::string(250, '\0');
    for (const std::string& body :
         {std::string("\x1f\x8b\x08\0x", 5), std::string("7z\xbc\xaf\x27\x1c"), tar}) {
        EXPECT_EQ(judge_one("exposure.backup_file", answer("/backup.tar.gz", body)).claims.size(), 1U);
    }
    EXPECT_TRUE(judge_one("exposure.backup_file", answer("/backup.tar.gz", "\x1f\x8b")).claims.empty());
}

TEST(Evidence, HoldsNoSecretInTheClear) {
    const std::string env = "DB_PASSWORD=Winter2026!x\nAPI_TOKEN=abcdef123456\n";
    const auto verdict = judge_one("exposure.environment_file", answer("/.env", env));
    ASSERT_EQ(verdict.claims.size(), 1U);
    const auto text = to_text(verdict.claims.front().evidence);
    EXPECT_EQ(text.find("Winter2026"), std::string::npos) << text;
    EXPECT_EQ(text.find("abcdef"), std::string::npos) << text;
}

TEST(Paths, StayWithinTheBudgetOfOneVisit) {
    std::size_t count = 0;
    for (const auto& check : catalog()) {
        for (const auto& path : check.info.parameters["paths"].items()) {
            EXPECT_EQ(path.as_string().front(), '/') << check.info.id.str();
            ++count;
        }
    }
    EXPECT_GE(count, 15U);
    EXPECT_LE(count, 42U);
}

TEST(Soft404, IsTheSamePageInOtherWords) {
    const std::vector<HttpExchange> controls = {
        answer("/fs-9f3a1c", "Sorry, /fs-9f3a1c was not found on this server at 10:00:01. Please go back."),
    };
    EXPECT_TRUE(is_soft_404(
        answer("/.env", "Sorry, /.env was not found on this server at 10:00:09. Please go back."), controls
    ));
    EXPECT_FALSE(is_soft_404(answer("/.env", "A=1\nB=2\nC=3\n"), controls));
    EXPECT_FALSE(is_soft_404(answer("/.env", controls[0].body, 403), controls));
}

TEST(Soft404, AControlThatFailedIsNoMeasure) {
    auto control = answer("/fs-9f3a1c", "the same words on both pages");
    control.outcome = model::not_reached(model::Reason::timeout);
    EXPECT_FALSE(is_soft_404(answer("/.env", "the same words on both pages"), {control}));
}

TEST(Similar, NeedsFourFifthsOfTheRuns) {
    EXPECT_TRUE(is_similar("", " \n"));
    EXPECT_TRUE(is_similar("one two three four five six seven 1", "one two three four five six seven 2"));
    EXPECT_FALSE(is_similar("one two three four", "one two three four five six seven eight"));
    EXPECT_FALSE(is_similar("a", "b"));
    EXPECT_FALSE(is_similar("-", "+"));
}

TEST(ReadAssignment, KnowsTheUsualSpellings) {
    const std::pair<std::string_view, std::pair<std::string_view, std::string_view>> lines[] = {
        {"DB_PASSWORD=abc", {"DB_PASSWORD", "abc"}},
        {"  password: \"abc\"", {"password", "abc"}},
        {"define('DB_PASSWORD', 'abc');", {"DB_PASSWORD", "abc"}},
        {"$cfg['password'] = 'abc';", {"password", "abc"}},
        {"'password' => 'abc',", {"password", "abc"}},
        {"\"Password\": \"abc\",", {"Password", "abc"}},
        {"key=", {"key", ""}},
    };
    for (const auto& [line, expected] : lines) {
        const auto found = read_assignment(line);
        ASSERT_TRUE(found.has_value()) << line;
        EXPECT_EQ(found->key, expected.first) << line;
        EXPECT_EQ(found->value, expected.second) << line;
    }
    EXPECT_FALSE(read_assignment("no sign here").has_value());
    EXPECT_FALSE(read_assignment("=").has_value());
}

TEST(LooksLikeHtml, GoesByTheBeginning) {
    EXPECT_TRUE(looks_like_html("\xef\xbb\xbf\r\n <!-- x --><HTML>"));
    EXPECT_TRUE(looks_like_html("Warning: x\n<html>"));
    EXPECT_TRUE(looks_like_html("<div>A=1</div>"));
    EXPECT_FALSE(looks_like_html("<?php echo 1;"));
    EXPECT_FALSE(looks_like_html(std::string(300, '-') + "INSERT INTO p VALUES ('<html>')"));
    EXPECT_FALSE(looks_like_html(""));
}

TEST(Masking, TakesOutUsersAndAddresses) {
    EXPECT_EQ(masked_url("https://u:p@git.example.cn/a@b"), "https://…@git.example.cn/a@b");
    EXPECT_EQ(masked_url("https://git.example.cn/a@b"), "https://git.example.cn/a@b");
    EXPECT_EQ(masked_url("git@example.cn:a"), "git@example.cn:a");
    EXPECT_EQ(masked_log_line("203.0.113.77 GET /a?b=c HTTP"), "203.0.x.x GET /a?… HTTP");
    EXPECT_EQ(masked_log_line("version 1.2"), "version 1.2");
}

TEST(HoldsCredential, LeavesPlaceholdersAlone) {
    EXPECT_TRUE(holds_credential({"db_password", "x1"}));
    EXPECT_TRUE(holds_credential({"url", "mysql://u:p@db/x"}));
    EXPECT_FALSE(holds_credential({"db_password", "${PASSWORD}"}));
    EXPECT_FALSE(holds_credential({"db_password", ""}));
    EXPECT_FALSE(holds_credential({"url", "https://example.cn/@a"}));
}

} // namespace
} // namespace fengsui::check
