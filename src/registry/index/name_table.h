// Host names and what lies below them, in one hash table: the label-wise suffixes of a name are hashed in
// one pass from its end, their slots fetched together, and tried from the longest.
#pragma once

#include "base/huge_pages.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::registry::index {

struct NameMatch {
    std::uint32_t owner = 0;
    bool is_exact = false;
};

class NameTable {
public:
    /// For about `count` names.
    explicit NameTable(std::size_t count);

    /// Keeps the owner put first. `has_names_below`: whether longer names belong to it as well.
    void put(std::string_view name, std::uint32_t owner, bool has_names_below);
    [[nodiscard]] std::optional<NameMatch> find(std::string_view name) const;

private:
    struct Slot {
        std::uint32_t tag = 0;
        std::uint32_t entry = kEmpty; ///< where in `entries_` it begins
    };
    static constexpr std::uint32_t kEmpty = 0xFFFFFFFF;

    [[nodiscard]] const char* entry_at(std::uint64_t hash, std::string_view name) const;

    base::HugeVector<Slot> slots_;
    base::HugeVector<char> entries_; ///< owner (4 bytes), flag (1), length (1), name
    std::uint64_t mask_ = 0;
};

} // namespace fengsui::registry::index
