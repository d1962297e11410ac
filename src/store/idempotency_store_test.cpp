#include "store/audit_store.h"
#include "store/idempotency_store.h"
#include "store/sqlite/handle.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace fengsui::store {
namespace {

class IdempotencyTest : public testing::Test {
protected:
    std::optional<KeptAnswer> run(
        const std::string& key, const std::string& request, const std::string& user = "u"
    ) {
        return answers_.run({user, key, request}, test::at(0), [this] {
            ++calls_;
            AuditStore(*database_).append({test::at(0), "u", "worked", "", "", {}});
            return KeptAnswer{201, {{"ETag", "\"1\""}}, "answer " + std::to_string(calls_)};
        });
    }
    test::TempDirectory directory_;
    std::unique_ptr<Database> database_ = Database::open(directory_.path(), OpenMode::read_write);
    IdempotencyStore answers_{*database_};
    int calls_ = 0;
};

TEST_F(IdempotencyTest, ARepetitionIsAnsweredAsTheFirstTime) {
    const auto first = run("k", "POST /a");
    const auto again = run("k", "POST /a");
    ASSERT_TRUE(first && again);
    EXPECT_EQ(again->body, first->body);
    EXPECT_EQ(again->status, 201);
    EXPECT_EQ(again->headers, first->headers);
    EXPECT_EQ(calls_, 1);
    EXPECT_FALSE(run("k", "POST /b"));
    EXPECT_EQ(run("k", "POST /a", "another")->body, "answer 2");
}

TEST_F(IdempotencyTest, WhatFailsIsNotKept) {
    const auto fail = [this] {
        return answers_.run({"u", "k", "r"}, test::at(0), [this]() -> KeptAnswer {
            AuditStore(*database_).append({test::at(0), "u", "half", "", "", {}});
            throw base::Error(base::ErrorCode::conflict, "no");
        });
    };
    EXPECT_THROW((void)fail(), base::Error);
    EXPECT_EQ(AuditStore(*database_).verify().entries, 0);
    EXPECT_EQ(run("k", "r")->body, "answer 1");
}

TEST_F(IdempotencyTest, NeitherKeyNorAnswerLieOpenInTheStore) {
    (void)run("a-long-and-secret-key", "POST /a");
    auto row = database_->connection().prepare("SELECT idempotency_key || request || body FROM idempotency");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.text(0).find("answer"), std::string::npos);
    EXPECT_EQ(row.text(0).find("secret"), std::string::npos);
}

TEST_F(IdempotencyTest, OldOnesAreForgotten) {
    (void)run("k", "r");
    EXPECT_EQ(answers_.forget_before(test::at(0)), 0U);
    EXPECT_EQ(answers_.forget_before(test::at(1)), 1U);
    EXPECT_EQ(run("k", "other")->body, "answer 2");
}

TEST_F(IdempotencyTest, WorkInPartsIsKeptAtItsEnd) {
    const std::function<KeptAnswer()> work = [this] {
        return KeptAnswer{200, {}, std::to_string(++calls_)};
    };
    const KeyedRequest request{"u", "k", "r"};
    EXPECT_EQ(answers_.run_in_parts(request, test::at(0), work)->body, "1");
    EXPECT_EQ(answers_.run_in_parts(request, test::at(0), work)->body, "1");
}

} // namespace
} // namespace fengsui::store
