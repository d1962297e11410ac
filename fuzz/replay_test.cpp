// Every seed and every input that once found something, through its decoder, in each test run.
#include "fuzz/decoders.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace fengsui::fuzz {
namespace {

class Replay : public testing::TestWithParam<Decoder> {};

TEST_P(Replay, Corpus) {
    const auto folder = std::filesystem::path(FENGSUI_SOURCE_DIR) / "fuzz/corpora" / GetParam().name;
    ASSERT_TRUE(std::filesystem::is_directory(folder)) << folder << " is missing: a decoder needs seeds";
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream in(entry.path(), std::ios::binary);
        std::stringstream bytes;
        bytes << in.rdbuf();
        const std::string input = bytes.str();
        GetParam().run(input);
        for (std::size_t cut = 1; cut < input.size(); cut += input.size() / 16 + 1) {
            GetParam().run(std::string_view(input).substr(0, cut));
        }
        ++count;
    }
    EXPECT_GT(count, 0U) << folder << " is empty";
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Replay,
    testing::ValuesIn(decoders().begin(), decoders().end()),
    [](const auto& instance) { return std::string(instance.param.name); }
);

} // namespace
} // namespace fengsui::fuzz
