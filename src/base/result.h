// Result<T>: for functions that turn untrusted bytes into values, where the caller must choose what a
// bad input means. Everything else throws `Error`.
#pragma once

#include "base/error.h"

#include <utility>
#include <variant>

namespace fengsui::base {

/// Either a value or an Error. Asking for the one that is not there breaks an invariant.
template <class T>
class [[nodiscard]] Result {
public:
    // Implicit on purpose: `return value;` and `return error;` are what a decoder says.
    // NOLINTBEGIN(google-explicit-constructor)
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    [[nodiscard]] const T& value() const& {
        FENGSUI_CHECK(has_value(), "value of a failed Result");
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T& value() & {
        FENGSUI_CHECK(has_value(), "value of a failed Result");
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T&& value() && {
        FENGSUI_CHECK(has_value(), "value of a failed Result");
        return std::move(*std::get_if<0>(&state_));
    }
    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }

    [[nodiscard]] const Error& error() const {
        FENGSUI_CHECK(!has_value(), "error of a good Result");
        return *std::get_if<1>(&state_);
    }

    /// The value, or the error thrown.
    [[nodiscard]] T or_throw() && {
        if (!has_value()) {
            throw Error(error());
        }
        return std::move(*this).value();
    }

    [[nodiscard]] T value_or(T other) && { return has_value() ? std::move(*this).value() : std::move(other); }

    /// The same Result; an error gets "where: " before its message.
    [[nodiscard]] Result context(std::string_view where) && {
        if (has_value()) {
            return std::move(*this);
        }
        return error().context(where);
    }

private:
    std::variant<T, Error> state_;
};

} // namespace fengsui::base
