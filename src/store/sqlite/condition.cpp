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

void Condition::add_visible(std::string_view column, const std::optional<std::vector<model::UnitId>>& units) {
    if (!units) {
        return;
    }
    // One value for any number of units: SQLite binds no more than 32,766.
    base::JsonArray ids;
    for (const auto& unit : *units) {
        ids.emplace_back(unit.str());
    }
    add(std::string(column) + " IN (SELECT value FROM json_each(?))", base::to_text(ids));
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
