#include "store/audit_store.h"
#include "store/sqlite/handle.h"
#include "store/test/fixture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace fengsui::store {
namespace {

class Audit : public ::testing::Test {
protected:
    void SetUp() override {
        for (int i = 1; i <= 5; ++i) {
            audit_.append(
                {test::at(i),
                 "admin",
                 "thing_done",
                 "units",
                 "u" + std::to_string(i),
                 base::Json::object({{"n", i}})}
            );
        }
    }
    void execute(const std::string& sql) { database_->connection().execute(sql); }

    test::TempDirectory temp_;
    std::unique_ptr<Database> database_ = Database::open(temp_.path(), OpenMode::read_write);
    AuditStore audit_{*database_};
};

TEST_F(Audit, AnUntouchedLogIsSound) {
    const auto verdict = audit_.verify();
    EXPECT_TRUE(verdict.ok) << verdict.reason;
    EXPECT_EQ(verdict.entries, 5);
    EXPECT_EQ(verdict.head.size(), 64U);
    EXPECT_FALSE(verdict.first_broken);
}

TEST_F(Audit, AnyAlteredByteOfAnyColumnIsFound) {
    for (const std::string column : {"body", "hash", "prev_hash"}) {
        for (int seq = 1; seq <= 5; ++seq) {
            const auto id = std::to_string(seq);
            execute("CREATE TEMP TABLE kept AS SELECT * FROM audit WHERE seq = " + id);
            execute(fmt::format("UPDATE audit SET {0} = {0} || ' ' WHERE seq = {1}", column, id));
            const auto verdict = audit_.verify();
            EXPECT_FALSE(verdict.ok) << column << seq;
            EXPECT_EQ(verdict.first_broken, seq) << column;
            execute(
                "DELETE FROM audit WHERE seq = " + id
                + "; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept"
            );
        }
    }
    EXPECT_TRUE(audit_.verify().ok);
}

TEST_F(Audit, AnAlteredHistoryIsFound) {
    const auto data = test::small_registry();
    RegistryStore(*database_).replace({data, "x.csv", test::at(0)}, "admin");
    const auto web = test::finding("a.b", "/", model::Severity::high);
    FindingStore(*database_).record(test::result(data.assets[0], "r1", 1, {test::found("a.b", {web})}));
    ASSERT_TRUE(audit_.verify().ok) << audit_.verify().reason;
    const auto sealing = audit_.verify().entries;
    const auto broken_by = [&](const std::string& change) -> std::int64_t {
        auto& connection = database_->connection();
        const sqlite::Transaction transaction(connection); // never committed
        connection.prepare(change).run();
        return audit_.verify().first_broken.value_or(0);
    };
    const std::string last = " WHERE seq = (SELECT MAX(seq) FROM history)";
    for (const auto* column :
         {"collection", "record", "event", "from_state", "to_state", "reason", "\"by\""}) {
        const std::string name = column;
        EXPECT_EQ(broken_by(fmt::format("UPDATE history SET {0} = {0} || 'x'{1}", name, last)), sealing)
            << name;
    }
    EXPECT_EQ(broken_by("UPDATE history SET at = at + 1" + last), sealing);
    EXPECT_EQ(broken_by("DELETE FROM history" + last), sealing);
    EXPECT_EQ(broken_by("DELETE FROM history WHERE seq = 1"), sealing - 1);
    EXPECT_EQ(
        broken_by(
            "INSERT INTO history SELECT seq + 1, collection, record, at, \"by\", event, from_state, "
            "to_state, reason FROM history"
            + last
        ),
        sealing + 1
    );
    EXPECT_TRUE(audit_.verify().ok);
}

TEST_F(Audit, AZeroByteAtTheEndOfABodyIsFound) {
    execute("UPDATE audit SET body = CAST(CAST(body AS BLOB) || x'00' AS TEXT) WHERE seq = 2");
    EXPECT_EQ(audit_.verify().first_broken, 2);
}

TEST_F(Audit, ADeletedRowIsFound) {
    execute("DELETE FROM audit WHERE seq = 3");
    EXPECT_EQ(audit_.verify().first_broken, 3);
}

TEST_F(Audit, ADeletedFirstRowIsFound) {
    execute("DELETE FROM audit WHERE seq = 1");
    EXPECT_EQ(audit_.verify().first_broken, 1);
}

TEST_F(Audit, ACutTailIsFound) {
    execute("DELETE FROM audit WHERE seq >= 4");
    const auto verdict = audit_.verify();
    EXPECT_FALSE(verdict.ok);
    EXPECT_EQ(verdict.first_broken, 4);
}

TEST_F(Audit, AnEmptiedLogIsFound) {
    execute("DELETE FROM audit");
    EXPECT_FALSE(audit_.verify().ok);
}

TEST_F(Audit, TwoSwappedRowsAreFound) {
    execute("UPDATE audit SET seq = 100 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit "
            "SET seq = 3 WHERE "
            "seq = 100");
    EXPECT_EQ(audit_.verify().first_broken, 2);
}

TEST_F(Audit, AppendingAfterACutDoesNotHideIt) {
    execute("DELETE FROM audit WHERE seq >= 4");
    audit_.append({test::at(9), "admin", "later", "", "", {}});
    EXPECT_FALSE(audit_.verify().ok);
}

} // namespace
} // namespace fengsui::store
