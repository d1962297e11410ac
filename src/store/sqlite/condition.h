// A WHERE clause put together from fixed pieces of SQL, with its values kept apart.
#pragma once

#include "store/sqlite/handle.h"
#include "store/visible_units.h"

#include <string>
#include <variant>
#include <vector>

namespace fengsui::store::sqlite {

class Condition {
public:
    /// `expression` is our own text with one `?` for each value.
    void add(std::string_view expression);
    void add(std::string_view expression, std::string value);
    void add(std::string_view expression, std::int64_t value);
    /// The column is one of the units.
    void add_visible(std::string_view column, const VisibleUnits& units);
    /// One of the two columns is one of the units.
    void add_visible_either(std::string_view column, std::string_view other, const VisibleUnits& units);

    /// ` WHERE a AND b`, or nothing.
    [[nodiscard]] std::string sql() const;
    void bind(Statement& statement) const;

private:
    std::string sql_;
    std::vector<std::variant<std::string, std::int64_t>> values_;
};

} // namespace fengsui::store::sqlite
