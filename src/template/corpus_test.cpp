// The community's real templates, when they are at hand: every one is run, refused with a reason, or invalid.
#include "base/text.h"
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

/// Everything that a block looks for, as one page: most of its matchers hit.
std::string page_for(const Block& block) {
    std::string page = "<title>";
    for (const auto& matcher : block.operators.matchers) {
        for (const auto& word : matcher.words) {
            page += word.source() + "\n";
        }
        for (const auto& expression : matcher.expressions) {
            for (const auto& constant : expression.constants()) {
                page += constant.to_text() + "\n";
            }
        }
        for (const auto& pattern : matcher.patterns) {
            bool ignores_case = false;
            for (const auto& literal : pattern.required_literals(ignores_case)) {
                page += literal + "1.2.3 </title>\n";
            }
        }
    }
    return page;
}

std::vector<std::string> lines_of(
    const std::shared_ptr<const Template>& value,
    const std::shared_ptr<const ResponseFacts>& facts,
    const Scan* scan,
    std::size_t index
) {
    ExecutionOptions options;
    options.index = index;
    Execution execution(value, Target::parse("http://h").or_throw(), options);
    std::vector<std::string> lines;
    if (execution.next() != nullptr) {
        execution.feed({facts}, scan);
        for (const auto& hit : execution.take_hits()) {
            lines.push_back(
                hit.matcher_name + "|" + hit.extractor_name + "|" + std::to_string(hit.extracted.size())
            );
        }
    }
    return lines;
}

TEST(Corpus, GatesNeverChangeAResult) {
    const auto root = corpus();
    if (!std::filesystem::is_directory(root)) {
        GTEST_SKIP() << "no corpus of templates here";
    }
    std::vector<std::shared_ptr<const Template>> templates;
    for (const auto& file : template_files(root)) {
        LoadOptions options;
        options.verifies_signature = false;
        const auto yaml = read_template_file(file, options.max_bytes);
        const bool is_huge =
            yaml.has_value() && yaml->size() > 200000; // thousands of patterns: once is enough
        auto loaded = is_huge ? LoadResult() : load_template(*yaml, options);
        if (loaded.value != nullptr && loaded.value->blocks.front().protocol == Protocol::http) {
            templates.push_back(std::move(loaded.value));
        }
    }
    const CompiledSet set(templates);
    std::size_t with_hits = 0;
    for (std::size_t i = 0; i < templates.size(); ++i) {
        HttpAnswer answer;
        answer.url = "http://h/";
        answer.status = 200;
        answer.body = page_for(templates[i]->blocks.front());
        answer.headers = {{"Content-Type", "text/html"}, {"Server", "Apache/2.4"}};
        if (answer.body.size() < 500) {
            answer.headers.push_back({"X-Words", base::scrub_utf8(answer.body)});
        }
        const auto facts = ResponseFacts::of_http(answer, "", "http://h");
        const Scan scan = set.scan(*facts);
        const auto alone = lines_of(templates[i], facts, nullptr, i);
        EXPECT_EQ(lines_of(templates[i], facts, &scan, i), alone) << templates[i]->id;
        with_hits += alone.empty() ? 0 : 1;
    }
    std::cout << with_hits << " of " << templates.size() << " templates hit on a page of their own words\n";
    EXPECT_GT(with_hits, templates.size() / 2);
}

} // namespace
} // namespace fengsui::templates
