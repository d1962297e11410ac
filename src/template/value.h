// What a template expression computes with: nil, bool, number, text or list, as govaluate's values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fengsui::templates {

class Value;
using ValueList = std::vector<Value>;

/// All numbers are doubles; text may be borrowed from a response that outlives the value.
class Value {
public:
    Value() = default; ///< nil
    static Value boolean(bool value) { return Value(Data(value)); }
    static Value number(double value) { return Value(Data(value)); }
    static Value text(std::string value) { return Value(Data(std::move(value))); }
    static Value borrowed(std::string_view value) { return Value(Data(value)); }
    static Value list(ValueList value) { return Value(Data(std::move(value))); }

    [[nodiscard]] bool is_nil() const { return std::holds_alternative<std::monostate>(data_); }
    [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(data_); }
    [[nodiscard]] bool is_number() const { return std::holds_alternative<double>(data_); }
    [[nodiscard]] bool is_text() const {
        return std::holds_alternative<std::string>(data_) || std::holds_alternative<std::string_view>(data_);
    }
    [[nodiscard]] bool is_list() const { return std::holds_alternative<ValueList>(data_); }

    [[nodiscard]] bool as_bool() const;             ///< false when it is none
    [[nodiscard]] double as_number() const;         ///< 0 when it is none
    [[nodiscard]] std::string_view as_text() const; ///< empty when it is none
    [[nodiscard]] const ValueList& items() const;   ///< empty when it is none

    /// As functions see an argument: numbers in plain decimals, nil empty, lists `[a b]`.
    [[nodiscard]] std::string to_text() const;
    /// As `+` and mmh3 see it: Go's `%v`, so 1000000 is `1e+06` and nil `<nil>`.
    [[nodiscard]] std::string to_go_text() const;
    /// The text itself when it is one, otherwise to_text() kept in `storage`.
    [[nodiscard]] std::string_view view(std::string& storage) const;
    /// A copy that borrows from nobody.
    [[nodiscard]] Value owned() const;

    /// Same kind and same content; no coercion ("200" is not 200).
    bool operator==(const Value& other) const;

private:
    using Data = std::variant<std::monostate, bool, double, std::string, std::string_view, ValueList>;
    explicit Value(Data data) : data_(std::move(data)) {}

    Data data_;
};

} // namespace fengsui::templates
