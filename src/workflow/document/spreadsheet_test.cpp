#include "workflow/document/zip_archive.h"
#include "workflow/spreadsheet.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <zlib.h>

namespace fengsui::workflow {

namespace {

using namespace std::chrono_literals;

std::uint32_t number_at(const std::string& bytes, std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int i = count - 1; i >= 0; --i) {
        value = value << 8U | static_cast<unsigned char>(bytes.at(at + static_cast<std::size_t>(i)));
    }
    return value;
}

std::string inflated(std::string packed, std::size_t size) {
    std::string out(size, '\0');
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, -15), Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(size);
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return out;
}

/// By way of the central directory, as readers do; checksums and both headers must agree.
std::map<std::string, std::string> unzip(const std::string& bytes) {
    std::map<std::string, std::string> parts;
    const auto end = bytes.size() - 22;
    EXPECT_EQ(number_at(bytes, end, 4), 0x06054B50U);
    auto at = number_at(bytes, end + 16, 4);
    for (auto left = number_at(bytes, end + 10, 2); left > 0; --left) {
        EXPECT_EQ(number_at(bytes, at, 4), 0x02014B50U);
        const auto packed = number_at(bytes, at + 20, 4);
        const auto size = number_at(bytes, at + 24, 4);
        const auto name_size = number_at(bytes, at + 28, 2);
        const auto local = number_at(bytes, at + 42, 4);
        const auto name = bytes.substr(at + 46, name_size);
        EXPECT_EQ(bytes.substr(local + 30, name_size), name);
        const auto content = inflated(bytes.substr(local + 30 + name_size, packed), size);
        EXPECT_EQ(
            crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())),
            number_at(bytes, at + 16, 4)
        );
        parts[name] = content;
        at += 46 + name_size;
    }
    EXPECT_EQ(at, end);
    return parts;
}

TEST(Spreadsheet, HasThePartsAReaderLooksFor) {
    const auto parts =
        unzip(to_xlsx({{"通报", {"编号", "单位"}, {{std::string("1"), std::string("数据局")}}, {}}}));
    ASSERT_EQ(parts.size(), 6U);
    EXPECT_NE(parts.at("[Content_Types].xml").find("/xl/worksheets/sheet1.xml"), std::string::npos);
    EXPECT_NE(parts.at("_rels/.rels").find("xl/workbook.xml"), std::string::npos);
    EXPECT_NE(parts.at("xl/_rels/workbook.xml.rels").find("worksheets/sheet1.xml"), std::string::npos);
    EXPECT_NE(parts.at("xl/workbook.xml").find("name=\"通报\""), std::string::npos);
    const auto& sheet = parts.at("xl/worksheets/sheet1.xml");
    EXPECT_NE(sheet.find("state=\"frozen\""), std::string::npos);
    EXPECT_NE(
        sheet.find(R"(<c r="B1" s="1" t="inlineStr"><is><t xml:space="preserve">单位</t></is></c>)"),
        std::string::npos
    );
    EXPECT_NE(
        sheet.find(R"(<c r="B2" s="0" t="inlineStr"><is><t xml:space="preserve">数据局</t></is></c>)"),
        std::string::npos
    );
    // The order of a worksheet's children is part of the schema (18.3.1.99).
    EXPECT_LT(sheet.find("<sheetViews>"), sheet.find("<cols>"));
    EXPECT_LT(sheet.find("<cols>"), sheet.find("<sheetData>"));
}

TEST(Spreadsheet, TextsAreNeverFormulas) {
    const auto parts = unzip(to_xlsx(
        {{"x", {}, {{std::string("=cmd|'/C calc'!A0"), std::string("+1"), std::string("<b>&\"\x01")}}, {}}}
    ));
    const auto& sheet = parts.at("xl/worksheets/sheet1.xml");
    EXPECT_EQ(sheet.find("<f>"), std::string::npos);
    EXPECT_NE(sheet.find(R"(r="A1" s="0" t="inlineStr")"), std::string::npos);
    EXPECT_NE(sheet.find("&lt;b&gt;&amp;&quot;</t>"), std::string::npos);
}

TEST(Spreadsheet, NumbersDatesAndEmptyCells) {
    const auto parts =
        unzip(to_xlsx({{"x", {}, {{3.5, base::Date(2026y / 11 / 2), std::monostate{}, 1.0 / 0.0}}, {12}}}));
    const auto& sheet = parts.at("xl/worksheets/sheet1.xml");
    EXPECT_NE(sheet.find(R"(<c r="A1"><v>3.5</v></c>)"), std::string::npos);
    EXPECT_NE(
        sheet.find(R"(<c r="B1" s="2"><v>46328</v></c>)"), std::string::npos
    ); // 2026-11-02 as Excel counts
    EXPECT_EQ(sheet.find("r=\"C1\""), std::string::npos);
    EXPECT_EQ(sheet.find("r=\"D1\""), std::string::npos) << "infinity has no form in a cell";
    EXPECT_NE(sheet.find(R"(<col min="1" max="1" width="12" customWidth="1"/>)"), std::string::npos);
}

TEST(Spreadsheet, NamesOfSheetsAreMadeLawfulAndDifferent) {
    const std::string long_name(40, 'a');
    const auto parts = unzip(
        to_xlsx({{"a/b:c", {}, {}, {}}, {long_name, {}, {}, {}}, {long_name, {}, {}, {}}, {"", {}, {}, {}}})
    );
    const auto& book = parts.at("xl/workbook.xml");
    EXPECT_NE(book.find("name=\"a_b_c\""), std::string::npos);
    EXPECT_NE(book.find("name=\"" + std::string(31, 'a') + "\""), std::string::npos);
    EXPECT_NE(book.find("name=\"" + std::string(27, 'a') + " (2)\""), std::string::npos);
    EXPECT_NE(book.find("name=\"Sheet4\""), std::string::npos);
}

TEST(Spreadsheet, SameContentSameBytes) {
    const std::vector<Sheet> sheets = {{"x", {"a"}, {{std::string("b")}, {2.0}}, {}}};
    EXPECT_EQ(to_xlsx(sheets), to_xlsx(sheets));
    EXPECT_EQ(unzip(to_xlsx({})).count("xl/worksheets/sheet1.xml"), 1U);
}

TEST(Spreadsheet, ColumnsBeyondZ) {
    const auto parts = unzip(to_xlsx({{"x", {}, {std::vector<SheetCell>(28, 1.0)}, {}}}));
    const auto& sheet = parts.at("xl/worksheets/sheet1.xml");
    EXPECT_NE(sheet.find("r=\"Z1\""), std::string::npos);
    EXPECT_NE(sheet.find("r=\"AB1\""), std::string::npos);
}

} // namespace

} // namespace fengsui::workflow
