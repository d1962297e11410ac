// Kill -9 at any moment: what was acknowledged is there, and nothing is half there.
#include "store/audit_store.h"
#include "store/query_store.h"
#include "store/run_store.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

#include <csignal>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace fengsui::store {
namespace {

constexpr int kMostTargets = 100'000; // the writer ends by itself should nobody kill it

model::Asset site(int number) {
    return test::asset("http://s" + std::to_string(number) + ".example.cn/", "u1");
}

/// Records target after target and tells each one's number when `record` has returned.
[[noreturn]] void write_until_killed(
    const std::filesystem::path& directory, const std::string& run, int first, int pipe
) {
    auto database = Database::open(directory, OpenMode::read_write);
    FindingStore findings(*database);
    for (int number = first; number < first + kMostTargets; ++number) {
        findings.record(test::result(
            site(number),
            run,
            number,
            {test::found(
                "a.b",
                {test::finding("a.b", "/1", model::Severity::low),
                 test::finding("a.b", "/2", model::Severity::high)}
            )}
        ));
        if (write(pipe, &number, sizeof number) != sizeof number) {
            break;
        }
    }
    _exit(0);
}

/// Lets a child write for `lifetime`, kills it, and returns the last number it acknowledged.
int run_child(
    const std::filesystem::path& directory,
    const std::string& run,
    int first,
    std::chrono::milliseconds lifetime
) {
    int ends[2] = {};
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        write_until_killed(directory, run, first, ends[1]);
    }
    close(ends[1]);
    int number = first - 1;
    EXPECT_EQ(read(ends[0], &number, sizeof number), static_cast<ssize_t>(sizeof number)); // it is under way
    int acknowledged = number;
    std::this_thread::sleep_for(lifetime);
    kill(child, SIGKILL);
    while (read(ends[0], &number, sizeof number) == sizeof number) {
        acknowledged = number;
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return acknowledged;
}

TEST(Crash, NothingAcknowledgedIsLostAndNothingIsHalf) {
    const test::TempDirectory temp;
    std::string run;
    {
        auto database = Database::open(temp.path(), OpenMode::read_write);
        run = RunStore(*database).begin_run({"all", {}, "0", 0, test::at(0)}).str();
    }
    std::mt19937 random(20261124);
    int first = 0;
    for (int round = 0; round < 10; ++round) {
        const auto lifetime = std::chrono::milliseconds(std::uniform_int_distribution(0, 60)(random));
        const int acknowledged = run_child(temp.path(), run, first, lifetime);
        auto database = Database::open(temp.path(), OpenMode::read_write);
        ASSERT_TRUE(database->check_integrity().empty());
        ASSERT_TRUE(AuditStore(*database).verify().ok) << AuditStore(*database).verify().reason;
        const auto done = static_cast<int>(RunStore(*database).completed_targets(model::RunId(run)).size());
        ASSERT_GE(done, acknowledged + 1);
        ASSERT_LE(done, acknowledged + 2); // at most the one whose acknowledgement was cut off
        QueryStore query(*database);
        for (int number = first; number < done; ++number) {
            ASSERT_EQ(
                query.list("findings", {{{"asset", site(number).id.str()}}, {}, 10, ""}).items.size(), 2U
            ) << number;
        }
        ASSERT_EQ(RunStore(*database).find_unfinished_run("all")->str(), run);
        first = done;
    }
    EXPECT_GE(first, 10);
}

} // namespace
} // namespace fengsui::store
