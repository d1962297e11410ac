// Identifiers as types, so that a unit's id cannot be passed where a run's is meant.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace fengsui::base {

/// A text id of one kind of entity. `Tag` is any empty struct.
template <class Tag>
class Id {
public:
    Id() = default;
    explicit Id(std::string text) : text_(std::move(text)) {}
    explicit Id(std::string_view text) : text_(text) {}
    explicit Id(const char* text) : text_(text) {}

    [[nodiscard]] const std::string& str() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }
    auto operator<=>(const Id&) const = default;

private:
    std::string text_;
};

} // namespace fengsui::base

template <class Tag>
struct std::hash<fengsui::base::Id<Tag>> {
    std::size_t operator()(const fengsui::base::Id<Tag>& id) const noexcept {
        return std::hash<std::string>()(id.str());
    }
};
