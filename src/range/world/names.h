// Made-up names: districts, units, people, systems. None of them exists.
#pragma once

#include "range/world/random.h"

#include <string>

namespace fengsui::range {

/// One word in the two languages of the range.
struct Word {
    const char* zh;
    const char* en;
    [[nodiscard]] std::string in(std::string_view language) const { return language == "en" ? en : zh; }
};

struct DistrictName {
    Word name;
    const char* slug;
};
std::span<const DistrictName> district_names();

enum class UnitKind : std::uint8_t { bureau, school, hospital, water_works, company, street };
inline constexpr std::size_t kUnitKindCount = 6;

struct UnitName {
    std::string name;
    std::string label; ///< its zone below the district's: `school3.edu`
};

/// The `number`-th unit (from 0) of that kind in a district: never the same twice.
UnitName unit_name(UnitKind kind, std::size_t number, const Word& district, std::string_view language);
/// Number of different bureaus before their names repeat with a number.
std::size_t bureau_count();
/// Which bureau looks after units of that kind; an index below bureau_count().
std::size_t parent_bureau(UnitKind kind);

struct SystemName {
    const char* label; ///< host label
    Word name;
    int protection_level;
};
/// The first is the portal, which every unit has.
std::span<const SystemName> system_names();

std::string person_name(Random& random, std::string_view language);

} // namespace fengsui::range
