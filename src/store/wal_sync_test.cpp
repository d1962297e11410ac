// Many who commit at once share the disk's work, and each one's rows are there.
#include "store/sqlite/handle.h"
#include "store/sqlite/wal_sync.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

#include <thread>

namespace fengsui::store::sqlite {
namespace {

TEST(WalSync, ManyThreadsCommitOnOneConnection) {
    const test::TempDirectory directory;
    Connection connection(directory.path() / "x.db", true);
    connection.execute("CREATE TABLE t (who INTEGER, what INTEGER)");
    constexpr int kThreads = 8;
    constexpr int kEach = 50;
    std::vector<std::thread> threads;
    for (int who = 0; who < kThreads; ++who) {
        threads.emplace_back([&connection, who] {
            for (int what = 0; what < kEach; ++what) {
                Transaction transaction(connection);
                auto insert = connection.prepare("INSERT INTO t VALUES (?, ?)");
                insert.bind(std::int64_t{who}).bind(std::int64_t{what}).run();
                transaction.commit();
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    const Reading reading(connection);
    auto count = connection.prepare("SELECT count(DISTINCT who * 1000 + what) FROM t");
    ASSERT_TRUE(count.step());
    EXPECT_EQ(count.integer(0), kThreads * kEach);
}

TEST(WalSync, SaysWhichLogCouldNotBePutOnTheDisk) {
    const test::TempDirectory directory;
    WalSync sync(directory.path() / "absent.db");
    try {
        sync.wait();
        FAIL() << "there is no log";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.code(), base::ErrorCode::io);
        EXPECT_NE(error.message().find("absent.db-wal"), std::string::npos) << error.message();
    }
}

} // namespace
} // namespace fengsui::store::sqlite
