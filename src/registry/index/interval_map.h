// Address blocks flattened into disjoint intervals, found through a radix index that follows where the
// blocks are: one or two steps down, then a few comparisons in neighbouring memory. What takes the time is
// waiting for memory; so the tables are small, on huge pages, and no branch depends on what was read but
// the rare one: the next look-up's reads are under way while this one's are awaited.
#pragma once

#include "base/huge_pages.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

namespace fengsui::registry::index {

constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();

/// A block [first, last] that belongs to `owner`; of equal blocks the later in the list is found first.
template <class Key>
struct Block {
    Key first{};
    Key last{};
    std::uint32_t owner = kNobody;
};

template <class Key>
class IntervalMap {
public:
    IntervalMap() : IntervalMap(std::vector<Block<Key>>()) {}
    /// Blocks nest or are apart, as prefixes are.
    explicit IntervalMap(std::vector<Block<Key>> blocks);

    /// The owner of the narrowest block around `key`, or kNobody.
    [[nodiscard]] std::uint32_t find(Key key) const { return intervals_.data()[locate(key)].owner; }
    /// The position (in the sorted list of blocks) of that block, or kNobody.
    [[nodiscard]] std::uint32_t find_block(Key key) const { return blocks_.data()[locate(key)]; }
    /// Begins to fetch the cell that `find` reads first.
    void fetch_cell(Key key) const {
        if (const Key reach = static_cast<Key>(key - root_.base); reach < root_reach_) {
            __builtin_prefetch(cells_.data() + static_cast<std::size_t>(reach >> root_.shift));
        }
    }
    /// Reads the cell and begins to fetch the intervals that `find` reads next.
    void fetch_intervals(Key key) const {
        const Key reach = static_cast<Key>(key - root_.base);
        if (reach >= root_reach_) {
            return;
        }
        const Cell cell = cells_.data()[static_cast<std::size_t>(reach >> root_.shift)];
        if ((cell & kNodeBit) == 0) {
            __builtin_prefetch(intervals_.data() + cell);
            __builtin_prefetch(intervals_.data() + cell + kAtOnce);
        }
    }
    [[nodiscard]] std::uint32_t owner_of(std::uint32_t block) const { return owners_[block]; }
    /// The next wider block around `block` (or an equal one), or kNobody.
    [[nodiscard]] std::uint32_t around(std::uint32_t block) const { return around_[block]; }

private:
    /// Packed: of 64-bit keys five lie in a line of cache instead of four.
    struct Interval {
        std::array<std::uint32_t, sizeof(Key) / 4> start_words{};
        std::uint32_t owner = kNobody; ///< up to the next interval's start

        Interval(Key start, std::uint32_t whose) : owner(whose) {
            std::memcpy(start_words.data(), &start, sizeof start);
        }
        [[nodiscard]] Key start() const {
            Key key{};
            std::memcpy(&key, start_words.data(), sizeof key);
            return key;
        }
    };
    /// The interval that holds the cell's lowest key, or with kNodeBit a node further down.
    using Cell = std::uint32_t;
    struct Node {
        Key base{};
        Key last{};
        std::uint32_t first_cell = 0;
        std::uint32_t before = 0; ///< the interval that holds what lies below `base`
        unsigned shift = 0;
    };

    static constexpr std::uint32_t kNodeBit = 1U << 31U;
    static constexpr std::uint32_t kAtOnce = 4;    ///< starts compared without a branch between
    static constexpr std::uint32_t kFewEnough = 8; ///< intervals to look through one by one
    static constexpr unsigned kWidestRoot = 21;
    static constexpr unsigned kWidestNode = 12;

    [[nodiscard]] std::uint32_t locate(Key key) const {
        // Below and above the root's reach in one comparison.
        const Key reach = static_cast<Key>(key - root_.base);
        if (reach >= root_reach_) [[unlikely]] {
            return key < root_.base ? root_.before : last_;
        }
        const Cell cell = cells_.data()[static_cast<std::size_t>(reach >> root_.shift)];
        return count_on((cell & kNodeBit) == 0 ? cell : descend(cell, key), key);
    }
    /// Where among a few starts a key falls cannot be foretold: they are counted, not searched. Starts of
    /// the next cells are greater than the key.
    [[nodiscard]] std::uint32_t count_on(std::uint32_t at, Key key) const {
        for (;;) {
            const Interval* const from = intervals_.data() + at;
            std::uint32_t more = 0;
            for (std::uint32_t i = 1; i <= kAtOnce; ++i) {
                more += from[i].start() <= key ? 1 : 0;
            }
            at += more;
            if (more < kAtOnce) [[likely]] {
                return at;
            }
        }
    }
    [[nodiscard]] std::uint32_t descend(Cell cell, Key key) const;
    void flatten(const std::vector<Block<Key>>& blocks);
    void put(Key start, std::uint32_t block);
    std::uint32_t build_node(std::uint32_t from, std::uint32_t to, unsigned widest);
    static unsigned bits_of(Key value);

    std::vector<std::uint32_t> owners_;
    std::vector<std::uint32_t> around_;
    base::HugeVector<Interval> intervals_; ///< with the owner beside the start: one line of cache answers
    std::vector<std::uint32_t> blocks_;    ///< of each interval, for those who also want the wider ones
    base::HugeVector<Cell> cells_;
    std::vector<Node> nodes_;
    Node root_;              ///< the first of them, at hand
    Key root_reach_{};       ///< last start minus first
    std::uint32_t last_ = 0; ///< interval
};

template <class Key>
IntervalMap<Key>::IntervalMap(std::vector<Block<Key>> blocks) {
    // Wider blocks first, so that a block comes after all those around it.
    std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : a.last > b.last;
    });
    flatten(blocks);
    last_ = static_cast<std::uint32_t>(intervals_.size() - 1);
    build_node(0, last_ + 1, kWidestRoot);
    root_ = nodes_.front();
    root_reach_ = static_cast<Key>(root_.last - root_.base);
    // The comparisons may look past the end; no key that comes to them is as great as this one.
    intervals_.insert(intervals_.end(), kAtOnce, Interval(static_cast<Key>(~Key{0}), kNobody));
    intervals_.shrink_to_fit();
}

template <class Key>
void IntervalMap<Key>::put(Key start, std::uint32_t block) {
    if (!intervals_.empty() && intervals_.back().start() == start) {
        intervals_.pop_back();
        blocks_.pop_back();
    }
    if (blocks_.empty() || blocks_.back() != block) {
        intervals_.emplace_back(start, block == kNobody ? kNobody : owners_[block]);
        blocks_.push_back(block);
    }
}

template <class Key>
void IntervalMap<Key>::flatten(const std::vector<Block<Key>>& blocks) {
    put(Key{0}, kNobody);
    std::vector<std::uint32_t> open;
    const auto close_before = [&](Key next, bool all) {
        while (!open.empty() && (all || blocks[open.back()].last < next)) {
            const Key last = blocks[open.back()].last;
            open.pop_back();
            if (last != static_cast<Key>(~Key{0})) {
                put(last + 1, open.empty() ? kNobody : open.back());
            }
        }
    };
    for (std::uint32_t i = 0; i < blocks.size(); ++i) {
        close_before(blocks[i].first, false);
        owners_.push_back(blocks[i].owner);
        around_.push_back(open.empty() ? kNobody : open.back());
        put(blocks[i].first, i);
        open.push_back(i);
    }
    close_before(Key{0}, true);
}

template <class Key>
unsigned IntervalMap<Key>::bits_of(Key value) {
    unsigned bits = 0;
    for (; value != 0; value = static_cast<Key>(value >> 1U)) {
        ++bits;
    }
    return bits;
}

template <class Key>
std::uint32_t IntervalMap<Key>::build_node(std::uint32_t from, std::uint32_t to, unsigned widest) {
    const auto number = static_cast<std::uint32_t>(nodes_.size());
    // The first interval of all begins at zero only to hold the gap; leaving it out fits the node closer.
    const std::uint32_t begin = from == 0 && to > 1 ? 1 : from;
    Node node;
    node.base = intervals_[begin].start();
    node.last = intervals_[to - 1].start();
    node.before = begin == 0 ? 0 : begin - 1;
    const Key span = node.last - node.base;
    const auto count = to - begin;
    const unsigned width = std::min({widest, bits_of(span), static_cast<unsigned>(std::bit_width(count))});
    node.shift = bits_of(span) - width;
    node.first_cell = static_cast<std::uint32_t>(cells_.size());
    nodes_.push_back(node);
    const auto size = static_cast<std::uint32_t>(span >> node.shift) + 1;
    cells_.resize(cells_.size() + size);
    std::uint32_t next = begin;
    for (std::uint32_t i = 0; i < size; ++i) {
        const auto first = next;
        while (next < to
               && static_cast<std::uint32_t>((intervals_[next].start() - node.base) >> node.shift) == i) {
            ++next;
        }
        // What lies below the first start in the cell belongs to the interval before.
        Cell cell = first == 0 ? 0 : first - 1;
        if (next - first > kFewEnough && node.shift > 0) {
            cell = build_node(first, next, kWidestNode) | kNodeBit;
        }
        cells_[node.first_cell + i] = cell;
    }
    return number;
}

/// The interval to count on from, some nodes further down.
template <class Key>
std::uint32_t IntervalMap<Key>::descend(Cell cell, Key key) const {
    while ((cell & kNodeBit) != 0) {
        const Node& node = nodes_[cell & ~kNodeBit];
        if (key < node.base) {
            return node.before;
        }
        const Key reach = static_cast<Key>(std::min(key, node.last) - node.base);
        cell = cells_[node.first_cell + static_cast<std::size_t>(reach >> node.shift)];
    }
    return cell;
}

} // namespace fengsui::registry::index
