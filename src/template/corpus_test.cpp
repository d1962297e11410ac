// The community's real templates, when they are at hand: every one is run, refused with a reason, or invalid.
#include "template/compiled_set.h"
#include "template/loader.h"
#include "template/policy.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>

namespace fengsui::templates {
namespace {

std::filesystem::path corpus() {
    const char* given = std::getenv("FENGSUI_TEMPLATE_CORPUS");
    return given != nullptr ? std::filesystem::path(given)
                            : std::filesystem::path(FENGSUI_SOURCE_DIR) / "../shared/corpora/templates";
}

TEST(Corpus, EveryTemplateIsRunOrRefusedWithAReason) {
    const auto root = corpus();
    if (!std::filesystem::is_directory(root)) {
        GTEST_SKIP() << "no corpus of templates here";
    }
    std::map<std::string, std::size_t> counts;
    std::map<std::string, std::string> examples;
    const bool prints_all = std::getenv("FENGSUI_TEMPLATE_VERBOSE") != nullptr;
    std::size_t verified = 0;
    const auto files = template_files(root);
    for (const auto& file : files) {
        LoadOptions options;
        options.path = file.lexically_relative(root).string();
        options.read_helper = helper_reader(root, file);
        const auto yaml = read_template_file(file, options.max_bytes);
        ASSERT_TRUE(yaml.has_value()) << file;
        const auto loaded = load_template(*yaml, options);
        std::string key = "invalid";
        std::string why;
        if (loaded.value == nullptr) {
            ASSERT_FALSE(loaded.faults.empty()) << file;
            why = loaded.faults.front().str();
            // The corpus comes without its word lists; everything else in it must load.
            EXPECT_NE(why.find("the helper file is not there"), std::string::npos) << file << ": " << why;
        } else {
            verified += loaded.value->signature == SignatureStatus::verified ? 1 : 0;
            const auto judgement = judge(*loaded.value);
            key = std::string(to_string(judgement.send_class));
            if (judgement.refusal) {
                key += " " + std::string(to_string(judgement.refusal.rule));
                why = judgement.refusal.message;
                EXPECT_FALSE(why.empty());
            }
        }
        ++counts[key];
        if (!why.empty()) {
            if (prints_all) {
                std::cout << options.path << ": " << key << ": " << why << "\n";
            }
            examples.emplace(key, options.path + ": " + why);
        }
    }
    for (const auto& [key, count] : counts) {
        std::cout << count << "\t" << key << (examples.contains(key) ? "\t" + examples[key] : "") << "\n";
    }
    std::cout << verified << "\tsignatures verified\n";
    EXPECT_GT(counts["careful"] + counts["passive"], files.size() * 8 / 10);
}

} // namespace
} // namespace fengsui::templates
