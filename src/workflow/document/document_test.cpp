#include "base/embedded.h"
#include "base/temp_directory_for_test.h"
#include "workflow/document.h"
#include "workflow/document/layout.h"
#include "workflow/document/template_text.h"
#include "workflow/document/title_lines.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <thread>

namespace fengsui::workflow {

namespace {

const DocumentTemplates& builtin() {
    static const auto templates = DocumentTemplates::load_builtin();
    return templates;
}

base::Json item(const std::string& title) {
    return base::Json::object(
        {{"asset", "https://a.example.cn/"}, {"title", title}, {"severity", "high"}, {"advice", "换证书"}}
    );
}

base::Json notice_fields(int items) {
    base::Json fields = base::Json::object({
        {"doc_no", "示网信通〔2026〕12号"},
        {"office", "示例市互联网信息办公室"},
        {"unit", "示例市数据局"},
        {"system", "政务平台"},
        {"date", "2026-11-02"},
        {"due", "2026-11-09T10:00:00Z"},
        {"contact", base::Json::object({{"name", "王某"}, {"phone", "0571-55550100"}})},
        {"cc", base::Json::array({"示例省网信办", "示例市公安局"})},
        {"basis",
         base::Json::array(
             {base::Json::object({{"law", "网络安全法"}, {"version", "2025"}, {"article", "第二十三条"}})}
         )},
    });
    for (int i = 0; i < items; ++i) {
        auto list = fields["items"];
        fields.set("items", list.push(item("证书已过期")));
    }
    return fields;
}

int page_count(const std::string& pdf) {
    std::smatch found;
    return std::regex_search(pdf, found, std::regex("/Count (\\d+)")) ? std::stoi(found[1]) : 0;
}

/// Every field and list that any document may name, filled with the same text.
base::Json filled_with(const std::string& text) {
    const auto all = base::parse_yaml(base::embedded_file("notices/fields.yaml")).or_throw();
    base::Json fields = base::Json::object();
    const auto fill = [&](const base::Json& names) {
        for (const auto& name : names.items()) {
            fields.set(name.as_string(), text);
        }
    };
    const auto fill_lists = [&](const base::Json& lists) {
        for (const auto& [name, members] : lists.members()) {
            base::Json entry = base::Json::object();
            for (const auto& member : members.items()) {
                entry.set(member.as_string(), text);
            }
            fields.set(name, base::Json::array({entry, entry}));
        }
    };
    fill(all["common"]["fields"]);
    fill_lists(all["common"]["lists"]);
    for (const auto& [kind, known] : all["kinds"].members()) {
        fill(known["required"]);
        fill(known["optional"]);
        fill_lists(known["lists"]);
    }
    return fields.set("drill", true);
}

std::string paragraphs_of(const DocumentText& text) {
    std::string out;
    for (const auto& block : text.blocks) {
        if (const auto* paragraph = std::get_if<TextParagraph>(&block)) {
            out += paragraph->text + "\n";
        }
    }
    return out;
}

TEST(Document, KnowsEveryKindInBothLanguages) {
    const auto kinds = builtin().kinds();
    EXPECT_EQ(kinds.size(), 15U);
    for (const auto& kind : kinds) {
        EXPECT_TRUE(builtin().knows(kind, "zh-CN")) << kind;
        EXPECT_TRUE(builtin().knows(kind, "en")) << kind;
    }
    EXPECT_THROW(static_cast<void>(builtin().compose("nonsense", "en", {})), base::Error);
}

TEST(Document, ComposesANotice) {
    const auto text = builtin().compose("rectify", "zh-CN", notice_fields(2));
    EXPECT_EQ(text.title, "关于政务平台网络安全问题限期整改的通知");
    EXPECT_EQ(text.recipient, "示例市数据局：");
    EXPECT_EQ(text.date, "2026年11月2日"); // GB/T 9704: no leading zeros
    EXPECT_EQ(text.cc, "示例省网信办、示例市公安局。");
    EXPECT_EQ(text.issued_on, "2026-11-02");
    EXPECT_EQ(text.printed_on, "2026年11月2日印发");
    const auto body = paragraphs_of(text);
    EXPECT_NE(body.find("一、存在的问题"), std::string::npos);
    EXPECT_NE(body.find("1. 《网络安全法》（2025年）第二十三条"), std::string::npos);
    EXPECT_NE(body.find("2026年11月9日18时00分前"), std::string::npos); // told in China's time
}

TEST(Document, TableHasARowForEachItem) {
    const auto text = builtin().compose("rectify", "zh-CN", notice_fields(3));
    const TextTable* table = nullptr;
    for (const auto& block : text.blocks) {
        table = std::get_if<TextTable>(&block) != nullptr ? std::get_if<TextTable>(&block) : table;
    }
    ASSERT_NE(table, nullptr);
    ASSERT_EQ(table->rows.size(), 3U);
    EXPECT_EQ(
        table->rows[2],
        (std::vector<std::string>{"3", "https://a.example.cn/", "证书已过期", "高危", "——", "换证书"})
    );
}

TEST(Document, EmptyFieldsReadAsDashesAndEmptyPartsAreLeftOut) {
    const auto text = builtin().compose("rectify", "en", base::Json::object());
    EXPECT_EQ(text.number, "");
    EXPECT_EQ(text.cc, "");
    EXPECT_TRUE(text.notes.empty());
    EXPECT_EQ(text.issued_on, "1970-01-01"); // never today's
    EXPECT_NE(text.title.find("—"), std::string::npos);
    EXPECT_EQ(page_count(to_pdf(text)), 1);
    const auto named = builtin().compose("rectify", "en", base::Json::object({{"subject", "A matter"}}));
    EXPECT_EQ(named.title, "A matter");
}

TEST(Document, TellsWhatIsMissing) {
    auto fields = notice_fields(1);
    EXPECT_EQ(builtin().missing("rectify", fields), std::vector<std::string>{"approver"});
    fields.set("approver", "李某").set("due", nullptr);
    EXPECT_EQ(builtin().missing("rectify", fields), std::vector<std::string>{"due"});
}

TEST(Document, HostileTextIsOnlyText) {
    const auto fields = filled_with("<script>alert(1)</script>\"'><img src=x onerror=y>&{doc_no}\x01\xff");
    for (const auto& kind : builtin().kinds()) {
        for (const auto* language : {"zh-CN", "en"}) {
            const auto text = builtin().compose(kind, language, fields);
            const auto html = to_html(text);
            EXPECT_EQ(html.find("<script"), std::string::npos) << kind;
            EXPECT_EQ(html.find("<img"), std::string::npos) << kind;
            EXPECT_NE(html.find("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;"), std::string::npos)
                << kind;
            EXPECT_NE(html.find("&amp;{doc_no}"), std::string::npos) << "a value is not a template";
            EXPECT_GT(page_count(to_pdf(text)), 0) << kind;
        }
    }
}

TEST(Document, HtmlIsSelfContainedAndCarriesTheDigest) {
    const auto text = builtin().compose("summary", "zh-CN", filled_with("文字"));
    const auto html = to_html(text);
    EXPECT_EQ(html.rfind("<!DOCTYPE html>", 0), 0U);
    EXPECT_NE(html.find("<meta charset=\"utf-8\">"), std::string::npos);
    EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
    EXPECT_NE(html.find(body_sha256(text)), std::string::npos);
    EXPECT_NE(html.find("<svg"), std::string::npos);
    for (const auto* fetched : {"src=", "href=", "url(", "@import", "onload="}) {
        EXPECT_EQ(html.find(fetched), std::string::npos) << fetched;
    }
}

TEST(Document, DigestFollowsTheContent) {
    auto fields = notice_fields(1);
    const auto digest = body_sha256(builtin().compose("rectify", "zh-CN", fields));
    EXPECT_EQ(digest, body_sha256(builtin().compose("rectify", "zh-CN", fields)));
    fields.set("unit", "别的单位");
    EXPECT_NE(digest, body_sha256(builtin().compose("rectify", "zh-CN", fields)));
}

TEST(Document, DrillIsMarked) {
    auto fields = notice_fields(1);
    EXPECT_EQ(
        to_html(builtin().compose("rectify", "zh-CN", fields)).find("class=\"mark\""), std::string::npos
    );
    fields.set("drill", true);
    EXPECT_NE(to_html(builtin().compose("rectify", "zh-CN", fields)).find(">演练</div>"), std::string::npos);
    EXPECT_NE(to_html(builtin().compose("rectify", "en", fields)).find(">DRILL</div>"), std::string::npos);
    EXPECT_NE(
        to_pdf(builtin().compose("rectify", "en", fields)),
        to_pdf(builtin().compose("rectify", "en", notice_fields(1)))
    );
}

TEST(Document, PdfIsTheSameTwiceAndOnOtherThreads) {
    const auto text = builtin().compose("rectify", "zh-CN", notice_fields(30));
    const auto once = to_pdf(text);
    EXPECT_EQ(once.rfind("%PDF-", 0), 0U);
    EXPECT_NE(once.find("20261102"), std::string::npos) << "the creation date is the document's";
    std::vector<std::string> others(3);
    std::vector<std::thread> threads;
    threads.reserve(others.size());
    for (auto& other : others) {
        threads.emplace_back([&other, &text] { other = to_pdf(text); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    for (const auto& other : others) {
        EXPECT_EQ(once, other);
    }
}

TEST(Document, LongTablesBreakOverPagesAndTheImprintStandsOnAnEvenPage) {
    EXPECT_GE(page_count(to_pdf(builtin().compose("rectify", "zh-CN", notice_fields(200)))), 10);
    EXPECT_EQ(page_count(to_pdf(builtin().compose("withdrawal", "zh-CN", notice_fields(0)))), 2);
    EXPECT_EQ(page_count(to_pdf(builtin().compose("withdrawal", "en", notice_fields(0)))), 1);
}

TEST(Document, ARowTallerThanAPageIsCut) {
    auto fields = notice_fields(0);
    std::string evidence;
    for (int i = 0; i < 3000; ++i) {
        evidence += "很长的证据";
    }
    auto tall = item("证书已过期");
    tall.set("evidence", evidence);
    fields.set("items", base::Json::array({tall}));
    EXPECT_GE(page_count(to_pdf(builtin().compose("rectify", "zh-CN", fields))), 10);
}

class DocumentDirectory : public ::testing::Test {
protected:
    void write(const std::string& path, const std::string& text) {
        const auto file = std::filesystem::path(directory_.path()) / path;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }
    DocumentTemplates load() { return DocumentTemplates::load(directory_.path().string(), faults_); }

    base::TempDirectory directory_;
    Faults faults_;
};

TEST_F(DocumentDirectory, AnEditedTemplateIsUsed) {
    write(
        "notices/withdrawal.en.yaml",
        "kind: withdrawal\nlanguage: en\ntitle: \"Gone: {original_no}\"\nbody: []\n"
    );
    const auto templates = load();
    EXPECT_TRUE(faults_.empty());
    EXPECT_EQ(
        templates.compose("withdrawal", "en", base::Json::object({{"original_no", "7"}})).title, "Gone: 7"
    );
    EXPECT_NE(templates.compose("withdrawal", "zh-CN", {}).title, "");
}

TEST_F(DocumentDirectory, AnUnknownPlaceholderNamesFileAndLine) {
    write(
        "notices/withdrawal.en.yaml",
        "kind: withdrawal\nlanguage: en\ntitle: \"x\"\nbody:\n  - text: \"fine\"\n  - text: \"{reazon}\"\n"
    );
    const auto templates = load();
    ASSERT_EQ(faults_.size(), 1U);
    EXPECT_EQ(faults_[0].where, "notices/withdrawal.en.yaml:6");
    EXPECT_NE(faults_[0].message.find("{reazon}"), std::string::npos);
    // The one built in stays in use.
    EXPECT_NE(templates.compose("withdrawal", "en", {}).title, "x");
}

TEST_F(DocumentDirectory, OtherMistakesAreToldToo) {
    const std::string head = "kind: withdrawal\nlanguage: en\ntitle: x\nbody:\n";
    const std::pair<const char*, const char*> cases[] = {
        {"  - text: \"{reason|colours}\"\n", "colours"},
        {"  - text: \"{reason\"\n", "not closed"},
        {"  - texts: \"x\"\n", "no key"},
        {"  - each: things\n    text: x\n", "no list"},
        {"  - if: nothing\n    text: x\n", "no field"},
        {"  - text: x\n    heading: y\n", "a block is one of"},
        {"  - table: basis\n", "columns are missing"},
    };
    for (const auto& [body, said] : cases) {
        faults_.clear();
        write("notices/withdrawal.en.yaml", head + body);
        load();
        ASSERT_FALSE(faults_.empty()) << body;
        EXPECT_NE(faults_[0].message.find(said), std::string::npos) << faults_[0].message;
    }
    faults_.clear();
    write("notices/withdrawal.en.yaml", head + "  - text: \"x\"\nlayout: none\n");
    load();
    ASSERT_EQ(faults_.size(), 1U);
    EXPECT_EQ(faults_[0].message, "there is no layout 'none'");
}

TEST_F(DocumentDirectory, AnEditedLayoutIsUsed) {
    std::string layout(base::embedded_file("layouts/gbt9704.yaml"));
    const std::string lines = "lines_per_page: 22";
    layout.replace(layout.find(lines), lines.size(), "lines_per_page: 30");
    write("layouts/gbt9704.yaml", layout);
    const auto templates = load();
    EXPECT_TRUE(faults_.empty());
    EXPECT_LT(
        templates.compose("rectify", "zh-CN", {}).layout->pitch,
        builtin().compose("rectify", "zh-CN", {}).layout->pitch
    );
    write("layouts/gbt9704.yaml", "name: x\n");
    load();
    ASSERT_FALSE(faults_.empty());
    EXPECT_NE(faults_[0].message.find("is not a figure"), std::string::npos);
}

TEST(Layout, TheGridIsThatOfTheStandard) {
    const auto& layout = *builtin().compose("rectify", "zh-CN", {}).layout;
    const double mm = 72 / 25.4;
    EXPECT_NEAR(layout.width, 156 * mm, 0.01);
    EXPECT_NEAR(21 * layout.pitch + 16, 225 * mm, 0.01); // 22 lines fill the type area
    EXPECT_NEAR(28 * (16 + layout.role("body").tracking), 156 * mm, 0.01);
}

TEST(TemplateText, FillsPlaceholders) {
    const auto common = base::parse_yaml(base::embedded_file("notices/common.en.yaml")).or_throw();
    const Wording wording(common, "en");
    const auto fields = base::Json::object({
        {"a", ""},
        {"b", "x"},
        {"n", 4.5},
        {"rate", 88},
        {"yes", true},
        {"no_good", false},
        {"when", "2026-11-02"},
        {"both", base::Json::object({{"zh", "中"}, {"en", "english"}})},
        {"list", base::Json::array({"p", "", "q"})},
    });
    const auto say = [&](std::string_view text) {
        return expand(text, Scope{fields}, wording, "-").text;
    };
    EXPECT_EQ(say("{a}|{b}|{a or b}|{{b}"), "-|x|x|{b}");
    EXPECT_EQ(say("{n} {rate|percent} {when|date}"), "4.5 88% 2 November 2026");
    EXPECT_EQ(say("{both} {list} {yes} {no_good|granted}"), "english p, q yes refused");
    EXPECT_FALSE(expand("{a}", Scope{fields}, wording, "-").filled);
}

TEST(TitleLines, LongAboveShortAndWordsUnbroken) {
    const std::string text = "关于示例系统网络安全问题限期整改的通知";
    std::vector<std::pair<std::size_t, double>> breaks;
    for (std::size_t i = 3; i <= text.size(); i += 3) {
        breaks.emplace_back(i, static_cast<double>(i) / 3);
    }
    EXPECT_EQ(title_lines(text, breaks, 20, {}), std::vector<std::string>{text});
    const auto lines = title_lines(text, breaks, 12, {"网络安全", "问题", "限期", "整改"});
    EXPECT_EQ(lines, (std::vector<std::string>{"关于示例系统网络安全", "问题限期整改的通知"}));
}

} // namespace

} // namespace fengsui::workflow
