// Subtrees already looked up, so that a request does not walk thousands of units.
#pragma once

#include "store/visible_units.h"

#include <cstdint>
#include <map>
#include <mutex>

namespace fengsui::store::sqlite {

/// Holds for one generation of the registry. Any thread.
class ScopeCache {
public:
    using Members = std::shared_ptr<const VisibleUnits::Members>;
    using Tops = std::vector<model::UnitId>;

    [[nodiscard]] Members find(std::uint64_t generation, const Tops& tops);
    void keep(std::uint64_t generation, const Tops& tops, Members members);

private:
    std::mutex mutex_;
    std::uint64_t generation_ = 0;
    std::map<std::string, Members> known_;
};

} // namespace fengsui::store::sqlite
