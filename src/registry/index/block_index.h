// Registered addresses and prefixes of both families.
#pragma once

#include "model/registry.h"
#include "registry/index/interval_map.h"

namespace fengsui::registry::index {

// GCC and clang both have it; nothing in the standard does.
__extension__ using Key128 = unsigned __int128;

inline Key128 key128_of(const model::IpAddress& address) {
    Key128 key = 0;
    for (const auto byte : address.bytes()) {
        key = (key << 8U) | byte;
    }
    return key;
}

/// Owners are positions in the list of assets that it was built from.
class BlockIndex {
public:
    explicit BlockIndex(const std::vector<model::Asset>& assets);

    [[nodiscard]] std::uint32_t find(const model::IpAddress& address) const {
        const auto block = address.is_v4() ? v4_.find(address.to_v4()) : v6_.find(key128_of(address));
        return block == kNobody ? kNobody : address.is_v4() ? v4_.owner_of(block) : v6_.owner_of(block);
    }

    /// Calls `visit` with each asset that lists the address, the narrowest first, until it says true.
    template <class Visit>
    void each(const model::IpAddress& address, Visit visit) const {
        address.is_v4() ? walk(v4_, address.to_v4(), visit) : walk(v6_, key128_of(address), visit);
    }

private:
    template <class Map, class Key, class Visit>
    static void walk(const Map& map, Key key, Visit visit) {
        for (auto block = map.find(key); block != kNobody && !visit(map.owner_of(block));
             block = map.around(block)) {
        }
    }

    IntervalMap<std::uint32_t> v4_;
    IntervalMap<Key128> v6_;
};

} // namespace fengsui::registry::index
