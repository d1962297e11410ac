#include "store/audit_store.h"
#include "store/test/fixture.h"
#include "store/user_store.h"

#include <gtest/gtest.h>

namespace fengsui::store {
namespace {

using test::at;

class Users : public ::testing::Test {
protected:
    User make(const std::string& name) {
        return users_.create({"", name, "hash", {"officer"}, {}, false, at(0)}, "admin");
    }

    test::TempDirectory temp_;
    std::unique_ptr<Database> database_ = Database::open(temp_.path(), OpenMode::read_write);
    UserStore users_{*database_};
};

TEST_F(Users, AreMadeChangedAndFound) {
    EXPECT_EQ(users_.count(), 0U);
    auto user = make("wang");
    EXPECT_FALSE(user.id.empty());
    user.roles = {"officer", "auditor"};
    user.unit = model::UnitId("u1");
    users_.update(user, "admin", base::now());
    const auto found = users_.find_by_name("wang");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->roles, user.roles);
    EXPECT_EQ(found->unit.str(), "u1");
    EXPECT_FALSE(users_.find_by_name("li"));
    EXPECT_EQ(AuditStore(*database_).verify().entries, 2);
}

TEST_F(Users, NamesAreUnique) {
    make("wang");
    try {
        make("wang");
        ADD_FAILURE() << "made twice";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.code(), base::ErrorCode::conflict);
    }
    EXPECT_EQ(users_.count(), 1U);
}

TEST_F(Users, TokensExpireAndAreWithdrawn) {
    auto user = make("wang");
    const auto token = users_.create_token({"", user.id, "script", "h1", at(10), at(0)}, "admin");
    EXPECT_TRUE(users_.find_by_token("h1", at(9)));
    EXPECT_FALSE(users_.find_by_token("h1", at(10)));
    EXPECT_FALSE(users_.find_by_token("other", at(9)));
    user.disabled = true;
    users_.update(user, "admin", base::now());
    EXPECT_FALSE(users_.find_by_token("h1", at(9)));
    user.disabled = false;
    users_.update(user, "admin", base::now());
    users_.delete_token(token.user, token.id, "admin", base::now());
    EXPECT_FALSE(users_.find_by_token("h1", at(9)));
    EXPECT_THROW(users_.delete_token(token.user, token.id, "admin", base::now()), base::Error);
}

TEST_F(Users, ANewPasswordEndsTheSessions) {
    auto user = make("wang");
    users_.create_session({"s1", user.id, "csrf", at(0), at(10)});
    user.roles = {"duty"};
    users_.update(user, "admin", base::now());
    EXPECT_TRUE(users_.find_session("s1", at(1)));
    user.password_hash = "another";
    users_.update(user, "admin", base::now());
    EXPECT_FALSE(users_.find_session("s1", at(1)));
}

TEST_F(Users, SessionsEnd) {
    const auto user = make("wang");
    users_.create_session({"s1", user.id, "csrf", at(0), at(10)});
    users_.create_session({"s2", user.id, "csrf", at(0), at(20)});
    EXPECT_EQ(users_.find_session("s1", at(9))->csrf, "csrf");
    EXPECT_FALSE(users_.find_session("s1", at(10)));
    EXPECT_EQ(users_.delete_expired_sessions(at(10)), 1U);
    users_.delete_session("s2");
    EXPECT_FALSE(users_.find_session("s2", at(1)));
}

} // namespace
} // namespace fengsui::store
