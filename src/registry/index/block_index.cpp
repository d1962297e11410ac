#include "registry/index/block_index.h"

#include "base/error.h"

namespace fengsui::registry::index {

namespace {

template <class Key>
Block<Key> block_of(Key first, unsigned host_bits, BlockOwner owner) {
    const Key all = ~Key{0};
    const unsigned width = sizeof(Key) * 8;
    const Key mask = host_bits == 0 ? Key{0} : static_cast<Key>(all >> (width - host_bits));
    return {first, static_cast<Key>(first | mask), owner.word()};
}

} // namespace

BlockIndex::BlockIndex(const std::vector<model::Asset>& assets) {
    FENGSUI_CHECK(assets.size() < BlockOwner::kPrefixBit - 1, "more assets than positions to tell them by");
    std::vector<Block<std::uint32_t>> v4;
    std::vector<Block<std::uint64_t>> v6;
    std::vector<Block<Key128>> v6_long;
    const auto add = [&](std::uint32_t asset) {
        const auto& prefix = *assets[asset].target.prefix;
        const BlockOwner owner(asset, assets[asset].target.kind == model::AssetKind::prefix);
        const auto host_bits = prefix.address().bits() - prefix.length();
        if (prefix.address().is_v4()) {
            v4.push_back(block_of(prefix.address().to_v4(), host_bits, owner));
        } else if (host_bits >= 64) {
            v6.push_back(block_of(high_half(key128_of(prefix.address())), host_bits - 64, owner));
        } else {
            v6_long.push_back(block_of(key128_of(prefix.address()), host_bits, owner));
        }
    };
    // Of equal blocks the last is found first: a URL on an address says less of it than the address itself.
    for (const bool is_url : {true, false}) {
        for (std::uint32_t i = 0; i < assets.size(); ++i) {
            if (assets[i].target.prefix && (assets[i].target.kind == model::AssetKind::url) == is_url) {
                add(i);
            }
        }
    }
    v4_ = IntervalMap<std::uint32_t>(std::move(v4));
    v6_ = IntervalMap<std::uint64_t>(std::move(v6));
    v6_long_ = IntervalMap<Key128>(std::move(v6_long));
}

} // namespace fengsui::registry::index
