#include "registry/export.h"
#include "registry/import.h"

#include <gtest/gtest.h>

namespace fengsui::registry {
namespace {

model::RegistryData sample() {
    auto reading =
        read_registry_bytes("unit,unit_name,parent,contact,phone,system,system_name,protection_level,"
                            "critical,asset,authorised_from,probe_class,note\n"
                            "u1,\"Bureau, \"\"first\"\"\",,Wang,+86 "
                            "10,s1,Portal,3,yes,http://www.example.cn/a?b=1,2026-01-01,careful,'=1+1\n"
                            "u1,,,Li,010,,,,,mail:example.cn,,,\"two\nlines\"\n"
                            "u1,,,Zhao,,s2,Empty,,no,,,,\n"
                            "u2,School,u1,,,,,,,2001:db8::/32,,,@x\n"
                            "u3,Nothing,u2,A,1,,,,,,,,\n");
    EXPECT_TRUE(reading.is_usable()) << reading.problems.at(0).message.en;
    return std::move(reading.data);
}

void expect_same(const model::RegistryData& a, const model::RegistryData& b) {
    ASSERT_EQ(a.units.size(), b.units.size());
    for (std::size_t i = 0; i < a.units.size(); ++i) {
        EXPECT_EQ(a.units[i].id, b.units[i].id);
        EXPECT_EQ(a.units[i].name, b.units[i].name);
        EXPECT_EQ(a.units[i].parent, b.units[i].parent);
        EXPECT_EQ(a.units[i].contacts, b.units[i].contacts);
    }
    ASSERT_EQ(a.systems.size(), b.systems.size());
    for (std::size_t i = 0; i < a.systems.size(); ++i) {
        EXPECT_EQ(a.systems[i].id, b.systems[i].id);
        EXPECT_EQ(a.systems[i].name, b.systems[i].name);
        EXPECT_EQ(a.systems[i].protection_level, b.systems[i].protection_level);
        EXPECT_EQ(a.systems[i].critical, b.systems[i].critical);
    }
    ASSERT_EQ(a.assets.size(), b.assets.size());
    for (std::size_t i = 0; i < a.assets.size(); ++i) {
        EXPECT_EQ(a.assets[i].id, b.assets[i].id);
        EXPECT_EQ(a.assets[i].value, b.assets[i].value);
        EXPECT_EQ(a.assets[i].unit, b.assets[i].unit);
        EXPECT_EQ(a.assets[i].system, b.assets[i].system);
        EXPECT_EQ(a.assets[i].authorised_from, b.assets[i].authorised_from);
        EXPECT_EQ(a.assets[i].probe_class, b.assets[i].probe_class);
        EXPECT_EQ(a.assets[i].custom, b.assets[i].custom);
    }
}

TEST(Export, CsvComesBackTheSame) {
    const auto text = to_csv(sample());
    const auto reading = read_registry_bytes(text);
    ASSERT_TRUE(reading.is_usable()) << reading.problems[0].message.en << "\n" << text;
    EXPECT_EQ(reading.encoding, "UTF-8 with BOM");
    expect_same(sample(), reading.data);
    EXPECT_EQ(to_csv(reading.data), text);
}

TEST(Export, JsonComesBackTheSame) {
    const auto reading = read_registry_bytes(to_json_text(sample()));
    ASSERT_TRUE(reading.is_usable()) << reading.problems[0].message.en;
    expect_same(sample(), reading.data);
}

TEST(Export, NoCellIsAFormula) {
    const auto text = to_csv(sample());
    for (const std::string formula : {",=", ",+", ",-", ",@", "\"=", "\"+", "\"@"}) {
        EXPECT_EQ(text.find(formula), std::string::npos) << formula;
    }
    EXPECT_NE(text.find("\"'=1+1\""), std::string::npos);
}

TEST(Export, AnEmptyRegistryIsAHeader) {
    EXPECT_EQ(to_json_text({}), "[\n]\n");
    EXPECT_TRUE(to_csv({}).ends_with("probe_class\r\n"));
}

} // namespace
} // namespace fengsui::registry
