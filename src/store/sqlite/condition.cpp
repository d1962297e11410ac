#include "store/sqlite/condition.h"

#include "base/json.h"

#include <fmt/format.h>

namespace fengsui::store::sqlite {

void Condition::add(std::string_view expression) {
    sql_ += sql_.empty() ? " WHERE " : " AND ";
    sql_ += expression;
}

void Condition::add(std::string_view expression, std::string value) {
    add(expression);
    values_.emplace_back(std::move(value));
}

void Condition::add(std::string_view expression, std::int64_t value) {
    add(expression);
    values_.emplace_back(value);
}

namespace {

/// One value for any number of units: SQLite binds no more than 32,766.
std::string id_list(const std::vector<model::UnitId>& units) {
    base::JsonArray ids;
    for (const auto& unit : units) {
        ids.emplace_back(unit.str());
    }
    return base::to_text(ids);
}

/// With many units their rows are most rows: walking them in the order of the page, and asking of each, beats
/// gathering and sorting them.
constexpr std::size_t kManyUnits = 64;

std::string is_visible(std::string_view column, const VisibleUnits& units) {
    constexpr std::string_view kOfTops = "v.top IN (SELECT value FROM json_each(?))";
    const auto of_top = units.tops().size() == 1 ? std::string_view("v.top = ?") : kOfTops;
    if (units.count() > kManyUnits) {
        return fmt::format("EXISTS (SELECT 1 FROM unit_below v WHERE {} AND v.unit = {})", of_top, column);
    }
    return fmt::format("{} IN (SELECT v.unit FROM unit_below v WHERE {})", column, of_top);
}

std::string value_of(const VisibleUnits& units) {
    return units.tops().size() == 1 ? units.tops().front().str() : id_list(units.tops());
}

} // namespace

void Condition::add_visible(std::string_view column, const VisibleUnits& units) {
    if (!units.are_all()) {
        add(is_visible(column, units), value_of(units));
    }
}

void Condition::add_visible_either(
    std::string_view column, std::string_view other, const VisibleUnits& units
) {
    if (units.are_all()) {
        return;
    }
    add("(" + is_visible(column, units) + " OR " + is_visible(other, units) + ")", value_of(units));
    values_.emplace_back(value_of(units));
}

std::string Condition::sql() const {
    return sql_;
}

void Condition::bind(Statement& statement) const {
    for (const auto& value : values_) {
        std::visit([&](const auto& held) { statement.bind(held); }, value);
    }
}

} // namespace fengsui::store::sqlite
