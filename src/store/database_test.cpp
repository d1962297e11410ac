#include "store/audit_store.h"
#include "store/data_dir_lock.h"
#include "store/database.h"
#include "store/sqlite/meta.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

namespace fengsui::store {
namespace {

using base::ErrorCode;
using test::TempDirectory;

/// The error of opening, which must mention the text.
ErrorCode open_error(const std::filesystem::path& directory, OpenMode mode, const std::string& mentions) {
    try {
        Database::open(directory, mode);
    } catch (const base::Error& error) {
        EXPECT_NE(error.message().find(mentions), std::string::npos) << error.message();
        return error.code();
    }
    ADD_FAILURE() << "opened";
    return ErrorCode::internal;
}

TEST(Database, MakesItsDirectoryAndOpensAgain) {
    const TempDirectory temp;
    const auto directory = temp.path() / "a" / "b";
    Database::open(directory, OpenMode::read_write);
    EXPECT_TRUE(std::filesystem::exists(database_file(directory)));
    auto again = Database::open(directory, OpenMode::read_write);
    EXPECT_TRUE(again->check_integrity().empty());
    EXPECT_NO_THROW(Database::open(directory, OpenMode::read_only));
}

TEST(Database, SaysWhatIsWrongWithThePlace) {
    const TempDirectory temp;
    const auto file = temp.path() / "file";
    std::ofstream(file) << "x";
    EXPECT_EQ(open_error(file, OpenMode::read_write, "is not a directory"), ErrorCode::io);
    EXPECT_EQ(open_error(file / "below", OpenMode::read_write, "cannot be made"), ErrorCode::io);
    EXPECT_EQ(
        open_error(temp.path() / "none", OpenMode::read_only, "import a registry first"), ErrorCode::not_found
    );
    EXPECT_EQ(open_error(temp.path(), OpenMode::read_only, "import a registry first"), ErrorCode::not_found);
}

TEST(Database, RefusesGarbage) {
    const TempDirectory temp;
    std::ofstream(database_file(temp.path())) << std::string(9000, 'g');
    EXPECT_EQ(open_error(temp.path(), OpenMode::read_write, "is not a Fengsui database"), ErrorCode::corrupt);
}

TEST(Database, RefusesANewerSchemaAndNamesTheVersions) {
    const TempDirectory temp;
    {
        auto database = Database::open(temp.path(), OpenMode::read_write);
        sqlite::Transaction transaction(database->connection());
        sqlite::write_meta(database->connection(), "schema_version", "99");
        transaction.commit();
    }
    EXPECT_EQ(open_error(temp.path(), OpenMode::read_write, "schema version 99"), ErrorCode::unsupported);
    EXPECT_EQ(open_error(temp.path(), OpenMode::read_only, "fengsui.db"), ErrorCode::unsupported);
}

TEST(Database, AReaderRefusesAnOlderSchema) {
    const TempDirectory temp;
    {
        auto database = Database::open(temp.path(), OpenMode::read_write);
        sqlite::Transaction transaction(database->connection());
        sqlite::write_meta(database->connection(), "schema_version", "1");
        transaction.commit();
    }
    EXPECT_EQ(open_error(temp.path(), OpenMode::read_only, "start it once"), ErrorCode::unsupported);
}

TEST(Database, AFullDiskIsAnIoErrorAndLosesNothing) {
    const TempDirectory temp;
    auto database = Database::open(temp.path(), OpenMode::read_write);
    AuditStore audit(*database);
    audit.append({test::at(0), "system", "first", "", "", {}});
    database->connection().execute("PRAGMA max_page_count = 60"); // SQLite's own way to be short of space
    const auto big = base::Json::object({{"text", std::string(400'000, 'x')}});
    try {
        audit.append({test::at(1), "system", "big", "", "", big});
        ADD_FAILURE() << "it fitted";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::io);
        EXPECT_NE(error.message().find("is full"), std::string::npos) << error.message();
        EXPECT_NE(error.message().find(temp.path().string()), std::string::npos) << error.message();
    }
    audit.append({test::at(2), "system", "small", "", "", {}});
    EXPECT_TRUE(audit.verify().ok);
    EXPECT_EQ(audit.verify().entries, 2);
}

TEST(Database, BackupIsWholeAndReplacesTheOldOne) {
    const TempDirectory temp;
    auto database = Database::open(temp.path() / "data", OpenMode::read_write);
    AuditStore(*database).append({test::at(0), "system", "first", "", "", {}});
    const auto copy = temp.path() / "copy";
    std::filesystem::create_directory(copy);
    database->backup(database_file(copy));
    AuditStore(*database).append({test::at(0), "system", "second", "", "", {}});
    database->backup(database_file(copy));
    EXPECT_FALSE(std::filesystem::exists(database_file(copy).string() + ".part"));
    auto restored = Database::open(copy, OpenMode::read_write);
    EXPECT_EQ(AuditStore(*restored).verify().entries, 2);
    EXPECT_THROW(database->backup(temp.path() / "none" / "file"), base::Error);
}

TEST(Database, ARolledBackTransactionLeavesNothing) {
    const TempDirectory temp;
    auto database = Database::open(temp.path(), OpenMode::read_write);
    {
        const sqlite::Transaction outer(database->connection());
        AuditStore(*database).append({test::at(0), "system", "inner", "", "", {}});
    }
    EXPECT_EQ(AuditStore(*database).verify().entries, 0);
}

TEST(DataDirLock, OnlyOneRunnerAtATime) {
    const TempDirectory temp;
    {
        const DataDirLock lock(temp.path());
        try {
            const DataDirLock second(temp.path());
            ADD_FAILURE() << "locked twice";
        } catch (const base::Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::conflict);
            EXPECT_NE(
                error.message().find("in use by process " + std::to_string(getpid())), std::string::npos
            ) << error.message();
        }
    }
    EXPECT_NO_THROW(const DataDirLock again(temp.path()));
}

TEST(DataDirLock, AKilledRunnerLetsGo) {
    const TempDirectory temp;
    const pid_t child = fork();
    if (child == 0) {
        const DataDirLock lock(temp.path());
        _exit(0); // no destructor runs
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_NO_THROW(const DataDirLock again(temp.path()));
}

} // namespace
} // namespace fengsui::store
