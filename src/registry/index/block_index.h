// Registered addresses and prefixes of both families.
#pragma once

#include "model/registry.h"
#include "registry/index/interval_map.h"

#include <cstring>
#include <endian.h>

namespace fengsui::registry::index {

// GCC and clang both have it; nothing in the standard does.
__extension__ using Key128 = unsigned __int128;

inline Key128 key128_of(const model::IpAddress& address) {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, address.bytes().data(), sizeof high);
    std::memcpy(&low, address.bytes().data() + sizeof high, sizeof low);
    return (Key128{be64toh(high)} << 64U) | be64toh(low);
}

/// Owners are positions in the list of assets that it was built from.
class BlockIndex {
public:
    explicit BlockIndex(const std::vector<model::Asset>& assets);

    /// The narrowest, or kNobody.
    [[nodiscard]] std::uint32_t find(const model::IpAddress& address) const {
        if (address.is_v4()) {
            return v4_.find(address.to_v4());
        }
        const auto key = key128_of(address);
        const auto owner = v6_long_.find(key);
        return owner != kNobody ? owner : v6_.find(high_half(key));
    }

    /// Calls `visit` with each asset that lists the address, the narrowest first, until it says true.
    template <class Visit>
    void each(const model::IpAddress& address, Visit visit) const {
        if (address.is_v4()) {
            walk(v4_, address.to_v4(), visit);
            return;
        }
        const auto key = key128_of(address);
        if (!walk(v6_long_, key, visit)) {
            walk(v6_, high_half(key), visit);
        }
    }

private:
    static std::uint64_t high_half(Key128 key) { return static_cast<std::uint64_t>(key >> 64U); }

    template <class Map, class Key, class Visit>
    static bool walk(const Map& map, Key key, Visit& visit) {
        for (auto block = map.find_block(key); block != kNobody; block = map.around(block)) {
            if (visit(map.owner_of(block))) {
                return true;
            }
        }
        return false;
    }

    IntervalMap<std::uint32_t> v4_;
    IntervalMap<std::uint64_t> v6_; ///< up to /64: half the memory, and few registered blocks are longer
    IntervalMap<Key128> v6_long_;   ///< any of these is narrower than all of those
};

} // namespace fengsui::registry::index
