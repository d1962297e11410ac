// Which units an asker may see: the subtrees of some, or all.
#pragma once

#include "model/ids.h"

#include <memory>
#include <unordered_set>
#include <vector>

namespace fengsui::store {

/// A value that is cheap to copy. `tops` is what queries use, on the tree as it is then; the members are
/// those of the moment at which QueryStore::scope_of made it.
class VisibleUnits {
public:
    using Members = std::unordered_set<model::UnitId>;

    /// All of them.
    VisibleUnits() = default;
    VisibleUnits(std::vector<model::UnitId> tops, std::shared_ptr<const Members> members);
    static VisibleUnits none();

    [[nodiscard]] bool are_all() const { return members_ == nullptr; }
    [[nodiscard]] bool contain(const model::UnitId& unit) const;
    /// Empty for none; without meaning for all.
    [[nodiscard]] const std::vector<model::UnitId>& tops() const { return tops_; }
    [[nodiscard]] std::size_t count() const { return are_all() ? 0 : members_->size(); }

private:
    std::vector<model::UnitId> tops_;
    std::shared_ptr<const Members> members_;
};

} // namespace fengsui::store
