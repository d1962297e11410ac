#include "registry/import.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

namespace fengsui::registry {
namespace {

std::filesystem::path testdata(const std::string& name) {
    return std::filesystem::path(FENGSUI_SOURCE_DIR) / "src/registry/testdata" / name;
}

std::string bytes_of(const std::string& name) {
    std::ifstream file(testdata(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The problems as `row column code`, one after another.
std::string codes(const ImportReading& reading) {
    std::string text;
    for (const auto& problem : reading.problems) {
        EXPECT_FALSE(problem.message.zh.empty());
        EXPECT_FALSE(problem.message.en.empty());
        text += (text.empty() ? "" : "; ") + std::to_string(problem.row) + " " + problem.column + " "
                + problem.code;
    }
    return text;
}

std::string codes_of(const std::string& csv, const model::RegistryData& existing = {}) {
    return codes(read_registry_bytes(csv, existing));
}

constexpr const char* kHeader =
    "unit,unit_name,parent,system,system_name,protection_level,critical,asset,email,"
    "authorised_from,authorised_until,probe_class\n";

std::string rows(const std::string& text) {
    return kHeader + text;
}

void expect_good(const ImportReading& reading) {
    ASSERT_EQ(codes(reading), "");
    const auto& data = reading.data;
    ASSERT_EQ(data.units.size(), 3U);
    EXPECT_EQ(data.units[0].name, "某某区网信办");
    EXPECT_EQ(data.units[1].name, "实验小学, 东校区");
    EXPECT_EQ(data.units[1].parent.str(), "u1");
    ASSERT_EQ(data.units[0].contacts.size(), 1U);
    EXPECT_EQ(data.units[0].contacts[0].phone, "+86 10 12345678");
    ASSERT_EQ(data.systems.size(), 1U);
    EXPECT_EQ(data.systems[0].protection_level, 3);
    EXPECT_TRUE(data.systems[0].critical);
    ASSERT_EQ(data.assets.size(), 4U);
    EXPECT_EQ(data.assets[0].system.str(), "s1");
    EXPECT_EQ(data.assets[0].probe_class, model::ProbeClass::careful);
    EXPECT_EQ(data.assets[0].custom, (model::CustomFields{{"区域", "东区"}}));
    EXPECT_EQ(data.assets[1].target.kind, model::AssetKind::mail);
    EXPECT_EQ(data.assets[3].authorised_from, base::Date(std::chrono::year(2026) / 1 / 4));
    EXPECT_EQ(reading.custom_columns, std::vector<std::string>{"区域"});
    EXPECT_EQ(reading.rows, 5U);
}

TEST(Import, ReadsCsvInEachEncodingAndSaysWhich) {
    for (const auto& [file, encoding] : std::vector<std::pair<std::string, std::string>>{
             {"good.csv", "UTF-8"}, {"bom.csv", "UTF-8 with BOM"}, {"gb18030.csv", "GB18030"}}) {
        const auto reading = read_registry_file(testdata(file));
        EXPECT_EQ(reading.encoding, encoding);
        EXPECT_EQ(reading.format, "csv");
        expect_good(reading);
    }
}

TEST(Import, ReadsTheFirstSheetOfXlsx) {
    const auto reading = read_registry_file(testdata("good.xlsx"));
    ASSERT_EQ(codes(reading), "");
    EXPECT_EQ(reading.format, "xlsx");
    const auto& data = reading.data;
    ASSERT_EQ(data.units.size(), 1U);
    EXPECT_EQ(data.units[0].id.str(), "1001");
    EXPECT_EQ(data.units[0].name, "某单位");
    EXPECT_EQ(data.units[0].contacts.at(0).phone, "13800000000");
    ASSERT_EQ(data.assets.size(), 2U);
    EXPECT_EQ(data.assets[0].value, "www.example.cn");
    EXPECT_EQ(data.assets[0].authorised_from, base::Date(std::chrono::year(2026) / 1 / 1));
}

TEST(Import, ReadsJson) {
    const auto reading = read_registry_bytes(
        R"([{"unit":"u1","asset":"www.example.cn","protection_level":3,"critical":true,"system":"s1","floor":2},{"unit":"u1","asset":null}])"
    );
    ASSERT_EQ(codes(reading), "");
    EXPECT_EQ(reading.format, "json");
    EXPECT_EQ(reading.data.systems.at(0).protection_level, 3);
    EXPECT_TRUE(reading.data.systems.at(0).critical);
    EXPECT_EQ(reading.data.assets.at(0).custom, (model::CustomFields{{"floor", "2"}}));
}

TEST(Import, RefusesBadJson) {
    EXPECT_EQ(codes_of(R"([{"unit":"u1")"), "0  bad_json");
    EXPECT_EQ(codes_of(R"({"unit":"u1"})"), "0  bad_json");
    EXPECT_EQ(codes_of(R"([{"unit":"u1","asset":["a"]},7])"), "2 asset not_a_text; 3  not_an_object");
    EXPECT_EQ(codes_of("[]"), "1 unit missing_column; 1 asset missing_column");
}

TEST(Import, RefusesHostileXlsx) {
    for (const std::string file :
         {"bomb.xlsx", "ratio.xlsx", "laughs.xlsx", "no_sheet.xlsx", "bad_string.xlsx", "many_parts.xlsx"}) {
        const auto reading = read_registry_file(testdata(file));
        EXPECT_EQ(codes(reading).substr(0, 11), "0  bad_xlsx") << file;
    }
    const auto message = read_registry_file(testdata("laughs.xlsx")).problems.at(0).message.en;
    EXPECT_NE(message.find("document type"), std::string::npos) << message;
    EXPECT_NE(
        read_registry_file(testdata("bomb.xlsx")).problems.at(0).message.en.find("unpacks to far more"),
        std::string::npos
    );
    EXPECT_NE(
        read_registry_file(testdata("many_parts.xlsx")).problems.at(0).message.en.find("1000 parts"),
        std::string::npos
    );
}

TEST(Import, SaysWhereAFileIsCutOrMixed) {
    const auto cut = read_registry_file(testdata("cut.csv"));
    EXPECT_EQ(codes(cut), "0  cut_off; 4  unterminated_quote");
    EXPECT_NE(cut.problems.back().message.en.find("begins in line 4"), std::string::npos);
    const auto mixed = read_registry_file(testdata("mixed.csv"));
    EXPECT_EQ(codes(mixed), "0  encoding");
    EXPECT_NE(mixed.problems[0].message.en.find("line 4"), std::string::npos) << mixed.problems[0].message.en;
}

TEST(Import, SaysWhatItIsInstead) {
    EXPECT_EQ(codes_of(""), "0  empty");
    EXPECT_EQ(codes_of("unit,asset\n"), "0  empty");
    EXPECT_EQ(codes_of(std::string("u\0n", 3)), "0  binary");
    EXPECT_EQ(codes_of("\xFF\xFEu"), "0  encoding");
    EXPECT_EQ(codes_of("unit,asset\nu\xFF\xFF,www.example.cn\n"), "0  encoding");
    EXPECT_EQ(codes_of("name,address\na,b\n"), "1 unit missing_column; 1 asset missing_column");
    EXPECT_EQ(codes_of("unit,asset,Asset\nu1,a.cn,b.cn\n"), "1 asset duplicate_column");
}

TEST(Import, TakesWhatSpreadsheetsDoToCsv) {
    const auto reading = read_registry_bytes(" Unit ;ASSET;note;\r\nu1;www.example.cn;\"two\r\nlines; "
                                             "\"\"quoted\"\"\";\r\n\r\n;;;\r\nu1;mail:example.cn;'=1;\r\n");
    ASSERT_EQ(codes(reading), "");
    ASSERT_EQ(reading.data.assets.size(), 2U);
    EXPECT_EQ(reading.data.assets[0].custom.at(0).second, "two\r\nlines; \"quoted\"");
    EXPECT_EQ(reading.data.assets[1].custom.at(0).second, "=1");
    EXPECT_EQ(codes_of("单位,单位名称,资产\nu1,某单位,www.example.cn\n"), "");
    EXPECT_EQ(codes_of("unit,asset\nu1,a.example.cn"), "");
}

TEST(Import, CountsRowsAsASpreadsheetDoes) {
    EXPECT_EQ(codes_of("unit,asset,note\nu1,a.example.cn,\"x\ny\"\n\nu1,-bad-,\n"), "4 asset formula");
}

TEST(Import, RefusesRowsOfAnotherWidth) {
    EXPECT_EQ(
        codes_of("unit,asset,note\nu1,a.example.cn\nu1,b.example.cn,x,y\nu1,c.example.cn,x,,\n"),
        "2  wrong_width; 3  wrong_width"
    );
    EXPECT_EQ(codes_of("unit,asset\nu1,\"a\"b\n"), "2  stray_quote");
}

TEST(Import, ListsAllProblemsOfCells) {
    EXPECT_EQ(
        codes_of(rows(",,,,,,,a.example.cn,,,,\n"
                      "u1,,,s1,,6,maybe,b.example.cn,not an address,,,\n"
                      "u1,,,,,,,10.0.0.1/8,,,,\n"
                      "u1,,,,,,,http://user@a.cn/,,,,\n"
                      "u1,,,,,,,d.example.cn,,2026-13-01,,brave\n"
                      "u1,,,,,,,e.example.cn,,2026-02-02,2026-01-01,\n"
                      "u1,,,,,3,,f.example.cn,,,,\n"
                      "u1,,,,,,,,,2026-01-01,,\n"
                      "u1,=cmd(),,,,,,g.example.cn,,,,\n"
                      "u1,,,,,,,h\x01.example.cn,,,,\n")),
        "2 unit missing; 3 email bad_email; 3 protection_level bad_protection_level; 3 critical "
        "bad_critical; 4 asset bad_asset; "
        "5 asset bad_asset; 6 probe_class bad_probe_class; 6 authorised_from bad_date; 7 authorised_until "
        "date_order; "
        "8 protection_level system_missing; 9 asset missing; 10 unit_name formula; 11 asset control_character"
    );
}

TEST(Import, ABadAssetHidesNoOtherProblemOfItsRow) {
    EXPECT_EQ(
        codes_of(rows("u1,,,,,,,http://a b/,,2026-02-02,2026-01-01,brave\n")),
        "2 asset bad_asset; 2 probe_class bad_probe_class; 2 authorised_until date_order"
    );
}

TEST(Import, AHostBitErrorNamesTheMend) {
    const auto reading = read_registry_bytes("unit,asset\nu1,10.0.0.1/8\n");
    EXPECT_NE(reading.problems.at(0).message.en.find("10.0.0.0/8"), std::string::npos);
}

TEST(Import, ListsProblemsBetweenRows) {
    EXPECT_EQ(
        codes_of(rows("u1,One,u9,,,,,a.example.cn,,,,\nu1,Other,,,,,,b.example.cn,,,,\nu1,,,,,,,A.example.CN."
                      ",,,,\nu2,,,,,,,a.example.cn,,,,\n")),
        "2 parent unknown_parent; 3 unit_name name_conflict; 4 asset duplicate_asset; 5 asset "
        "asset_of_two_units"
    );
    EXPECT_EQ(
        codes_of(rows("u1,,u3,,,,,,,,,\nu2,,u1,,,,,,,,,\nu3,,u2,,,,,,,,,\nu4,,u4,,,,,,,,,\nu5,,u1,,,,,,,,,\n")
        ),
        "2 parent cycle; 3 parent cycle; 4 parent cycle; 5 parent cycle"
    );
    EXPECT_EQ(
        codes_of(
            rows("u1,,,s1,A,,,a.example.cn,,,,\nu2,,,s1,,,,b.example.cn,,,,\nu1,,,s1,B,,,c.example.cn,,,,\n")
        ),
        "3 system system_of_two_units; 4 system_name name_conflict"
    );
}

TEST(Import, PrefixesOfDifferentUnitsMustNotOverlap) {
    EXPECT_EQ(
        codes_of(rows("u1,,,,,,,10.0.0.0/8,,,,\nu1,,,,,,,10.1.0.0/16,,,,\nu2,,,,,,,10.1.2.0/"
                      "24,,,,\nu2,,,,,,,11.0.0.0/8,,,,\nu1,,,,,,,11.0.0.1,,,,\n"
                      "u1,,,,,,,2001:db8::/32,,,,\nu2,,,,,,,2001:db8:1::/48,,,,\n")),
        "4 asset overlapping_prefix; 6 asset overlapping_prefix; 8 asset overlapping_prefix"
    );
}

model::RegistryData existing_registry() {
    return read_registry_bytes("unit,unit_name,parent,contact,system,asset\nu1,Bureau,,Wang,s1,10.0.0.0/"
                               "8\nu2,School,u1,Li,,www.example.cn\n")
        .data;
}

TEST(Import, RegardsWhatIsRegisteredAlready) {
    EXPECT_EQ(codes_of("unit,parent,asset\nu3,u1,a.example.cn\n", existing_registry()), "");
    EXPECT_EQ(
        codes_of("unit,parent,asset\nu3,u2,www.example.cn\nu3,u2,10.1.0.0/16\n", existing_registry()),
        "2 asset asset_of_two_units; 3 asset overlapping_prefix"
    );
    EXPECT_EQ(
        codes_of("unit,system,asset\nu3,s1,a.example.cn\n", existing_registry()),
        "0 system system_of_two_units"
    );
    EXPECT_EQ(codes_of("unit,parent,asset\nu1,u2,a.example.cn\n", existing_registry()), "2 parent cycle");
    // The asset's old unit is listed and gives it up.
    EXPECT_EQ(codes_of("unit,asset\nu2,\nu3,www.example.cn\n", existing_registry()), "");
}

TEST(Import, KeepsWhatTheFileHasNoColumnFor) {
    const auto reading = read_registry_bytes("unit,asset\nu2,b.example.cn\n", existing_registry());
    ASSERT_EQ(codes(reading), "");
    EXPECT_EQ(reading.data.units.at(0).name, "School");
    EXPECT_EQ(reading.data.units.at(0).parent.str(), "u1");
    EXPECT_EQ(reading.data.units.at(0).contacts.at(0).name, "Li");
}

TEST(Import, RefusesAHugeFileAtOnce) {
    const auto file =
        std::filesystem::temp_directory_path() / ("fengsui_huge_" + std::to_string(getpid()) + ".csv");
    std::ofstream(file) << "unit,asset\n";
    std::filesystem::resize_file(file, std::uintmax_t{1} << 30U); // sparse: takes no room
    const auto reading = read_registry_file(file);
    std::filesystem::remove(file);
    EXPECT_EQ(codes(reading), "0  file_too_large");
    EXPECT_THROW(read_registry_file(file), base::Error);
    EXPECT_THROW(read_registry_file(std::filesystem::temp_directory_path()), base::Error);
}

/// Damaged files never crash the readers; what they say of them does not matter here.
TEST(Import, SurvivesDamage) {
    std::mt19937 random(7);
    for (const std::string file : {"good.csv", "gb18030.csv", "good.xlsx", "laughs.xlsx"}) {
        const auto whole = bytes_of(file);
        ASSERT_FALSE(whole.empty());
        for (int i = 0; i < 400; ++i) {
            auto bytes = whole;
            for (int flips = 0; flips < 1 + i % 4; ++flips) {
                bytes[random() % bytes.size()] = static_cast<char>(random());
            }
            if (i % 3 == 0) {
                bytes.resize(random() % bytes.size());
            }
            const auto reading = read_registry_bytes(bytes);
            EXPECT_TRUE(!reading.is_usable() || !reading.data.units.empty());
        }
    }
}

} // namespace
} // namespace fengsui::registry
