// Registered addresses and prefixes of both families.
#pragma once

#include "model/registry.h"
#include "registry/index/interval_map.h"

#include <cstring>
#include <endian.h>
#include <span>

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

/// Whose, and whether the block is listed as one (`10.0.0.0/8`) or is a single address. It is known without
/// a look at the asset, which lies in memory that is surely cold.
class BlockOwner {
public:
    BlockOwner() = default;
    BlockOwner(std::uint32_t asset, bool is_prefix) : word_(asset | (is_prefix ? kPrefixBit : 0)) {}
    explicit BlockOwner(std::uint32_t word) : word_(word) {}

    [[nodiscard]] bool is_anybody() const { return word_ != kNobody; }
    [[nodiscard]] std::uint32_t asset() const { return word_ & ~kPrefixBit; } ///< position in the list
    [[nodiscard]] bool is_prefix() const { return (word_ & kPrefixBit) != 0; }
    [[nodiscard]] std::uint32_t word() const { return word_; }

    static constexpr std::uint32_t kPrefixBit = 1U << 31U;

private:
    std::uint32_t word_ = kNobody;
};

/// Owners are positions in the list of assets that it was built from.
class BlockIndex {
public:
    explicit BlockIndex(const std::vector<model::Asset>& assets);

    /// The narrowest.
    [[nodiscard]] BlockOwner find(const model::IpAddress& address) const {
        if (address.is_v4()) {
            return BlockOwner(v4_.find(v4_of(address)));
        }
        const auto key = key128_of(address);
        const auto owner = v6_long_.find(key);
        return BlockOwner(owner != kNobody ? owner : v6_.find(high_half(key)));
    }

    /// For many at once: what `find` will read is fetched for all of them, step by step, before any is found.
    void fetch(std::span<const model::IpAddress> addresses) const {
        for (const auto& address : addresses) {
            if (address.is_v4()) {
                v4_.fetch_cell(v4_of(address));
            } else {
                v6_.fetch_cell(high_half(key128_of(address)));
                v6_long_.fetch_cell(key128_of(address));
            }
        }
        for (const auto& address : addresses) {
            if (address.is_v4()) {
                v4_.fetch_intervals(v4_of(address));
            } else {
                v6_.fetch_intervals(high_half(key128_of(address)));
                v6_long_.fetch_intervals(key128_of(address));
            }
        }
    }

    /// Calls `visit` with each asset that lists the address, the narrowest first, until it says true.
    template <class Visit>
    void each(const model::IpAddress& address, Visit visit) const {
        if (address.is_v4()) {
            walk(v4_, v4_of(address), visit);
            return;
        }
        const auto key = key128_of(address);
        if (!walk(v6_long_, key, visit)) {
            walk(v6_, high_half(key), visit);
        }
    }

private:
    static std::uint32_t v4_of(const model::IpAddress& address) {
        std::uint32_t bytes = 0;
        std::memcpy(&bytes, address.bytes().data(), sizeof bytes);
        return be32toh(bytes);
    }
    static std::uint64_t high_half(Key128 key) { return static_cast<std::uint64_t>(key >> 64U); }

    template <class Map, class Key, class Visit>
    static bool walk(const Map& map, Key key, Visit& visit) {
        for (auto block = map.find_block(key); block != kNobody; block = map.around(block)) {
            if (visit(BlockOwner(map.owner_of(block)).asset())) {
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
