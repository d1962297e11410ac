// The columns of a registry file (contracts.md section 2) and the names they go by.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fengsui::registry::build {

enum class Column : std::uint8_t {
    unit,
    unit_name,
    parent,
    system,
    system_name,
    protection_level,
    critical,
    asset,
    contact,
    email,
    phone,
    authorised_from,
    authorised_until,
    probe_class,
};

inline constexpr std::array<std::string_view, 14> kColumnNames = {
    "unit",
    "unit_name",
    "parent",
    "system",
    "system_name",
    "protection_level",
    "critical",
    "asset",
    "contact",
    "email",
    "phone",
    "authorised_from",
    "authorised_until",
    "probe_class"};

constexpr std::string_view to_string(Column column) {
    return kColumnNames[static_cast<std::size_t>(column)];
}

/// The column that a header cell means, in any case, also in Chinese; nothing: a custom field.
std::optional<Column> column_named(std::string_view header);

/// A cell that a spreadsheet would run when it opens a file.
constexpr bool is_formula_like(std::string_view cell) {
    return !cell.empty() && (cell[0] == '=' || cell[0] == '+' || cell[0] == '-' || cell[0] == '@');
}

} // namespace fengsui::registry::build
