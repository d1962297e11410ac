#include "store/sqlite/condition.h"

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
    std::string marks;
    for (const auto& unit : *units) {
        marks += marks.empty() ? "?" : ", ?";
        values_.emplace_back(unit.str());
    }
    add(marks.empty() ? std::string("1 = 0") : std::string(column) + " IN (" + marks + ")");
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
