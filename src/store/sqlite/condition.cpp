#include "store/sqlite/condition.h"

#include "base/json.h"

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

/// With many units their rows are most rows: walking them in the order of the page beats sorting them. The
/// plus keeps SQLite from the index of the column.
constexpr std::size_t kManyUnits = 64;

} // namespace

void Condition::add_visible(std::string_view column, const std::optional<std::vector<model::UnitId>>& units) {
    if (!units) {
        return;
    }
    const std::string plus = units->size() > kManyUnits ? "+" : "";
    add(plus + std::string(column) + " IN (SELECT value FROM json_each(?))", id_list(*units));
}

void Condition::add_visible_either(
    std::string_view column, std::string_view other, const std::optional<std::vector<model::UnitId>>& units
) {
    if (!units) {
        return;
    }
    const std::string in = " IN (SELECT value FROM json_each(?";
    const auto ids = id_list(*units);
    add("(" + std::string(column) + in + ")) OR " + std::string(other) + in + ")))", ids);
    values_.emplace_back(ids);
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
