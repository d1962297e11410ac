#include "store/visible_units.h"

#include <utility>

namespace fengsui::store {

VisibleUnits::VisibleUnits(std::vector<model::UnitId> tops, std::shared_ptr<const Members> members)
    : tops_(std::move(tops)), members_(std::move(members)) {}

VisibleUnits VisibleUnits::none() {
    return {{}, std::make_shared<Members>()};
}

bool VisibleUnits::contain(const model::UnitId& unit) const {
    return are_all() || members_->contains(unit);
}

} // namespace fengsui::store
