// Address blocks flattened into disjoint intervals, found through a radix index that follows where the
// blocks are: one or two steps down, then a few comparisons in neighbouring memory.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

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
    IntervalMap() = default;
    /// Blocks nest or are apart, as prefixes are.
    explicit IntervalMap(std::vector<Block<Key>> blocks);

    /// The owner of the narrowest block around `key`, or kNobody.
    [[nodiscard]] std::uint32_t find(Key key) const {
        return nodes_.empty() ? kNobody : intervals_[locate(key)].owner;
    }
    /// The position (in the sorted list of blocks) of that block, or kNobody.
    [[nodiscard]] std::uint32_t find_block(Key key) const {
        return nodes_.empty() ? kNobody : blocks_[locate(key)];
    }
    [[nodiscard]] std::uint32_t owner_of(std::uint32_t block) const { return owners_[block]; }
    /// The next wider block around `block` (or an equal one), or kNobody.
    [[nodiscard]] std::uint32_t around(std::uint32_t block) const { return around_[block]; }

private:
    struct Interval {
        Key start{};
        std::uint32_t owner = kNobody; ///< up to the next interval's start
    };
    /// One cell of a node: some intervals to look through, or a node further down.
    struct Cell {
        std::uint32_t first = 0; ///< interval, or node when `count` is kIsNode
        std::uint32_t count = 0;
    };
    struct Node {
        Key base{};
        Key last{};
        std::uint32_t first_cell = 0;
        std::uint32_t before = 0; ///< the interval that holds what lies below `base`
        unsigned shift = 0;
    };

    static constexpr std::uint32_t kIsNode = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint32_t kFewEnough = 8; ///< intervals to look through one by one
    static constexpr unsigned kWidestRoot = 21;
    static constexpr unsigned kWidestNode = 12;

    [[nodiscard]] std::uint32_t locate(Key key) const;
    void flatten(const std::vector<Block<Key>>& blocks);
    void put(Key start, std::uint32_t block);
    std::uint32_t build_node(std::uint32_t from, std::uint32_t to, unsigned widest);
    static unsigned bits_of(Key value);

    std::vector<std::uint32_t> owners_;
    std::vector<std::uint32_t> around_;
    std::vector<Interval> intervals_;   ///< with the owner beside the start: one line of cache answers
    std::vector<std::uint32_t> blocks_; ///< of each interval, for those who also want the wider ones
    std::vector<Cell> cells_;
    std::vector<Node> nodes_;
};

template <class Key>
IntervalMap<Key>::IntervalMap(std::vector<Block<Key>> blocks) {
    if (blocks.empty()) {
        return;
    }
    // Wider blocks first, so that a block comes after all those around it.
    std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : a.last > b.last;
    });
    flatten(blocks);
    build_node(0, static_cast<std::uint32_t>(intervals_.size()), kWidestRoot);
}

template <class Key>
void IntervalMap<Key>::put(Key start, std::uint32_t block) {
    if (!intervals_.empty() && intervals_.back().start == start) {
        intervals_.pop_back();
        blocks_.pop_back();
    }
    if (blocks_.empty() || blocks_.back() != block) {
        intervals_.push_back({start, block == kNobody ? kNobody : owners_[block]});
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
    node.base = intervals_[begin].start;
    node.last = intervals_[to - 1].start;
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
               && static_cast<std::uint32_t>((intervals_[next].start - node.base) >> node.shift) == i) {
            ++next;
        }
        // What lies below the first start in the cell belongs to the interval before.
        Cell cell{first == 0 ? 0 : first - 1, next - first + (first == 0 ? 0 : 1)};
        if (next - first > kFewEnough && node.shift > 0) {
            cell = {build_node(first, next, kWidestNode), kIsNode};
        }
        cells_[node.first_cell + i] = cell;
    }
    return number;
}

template <class Key>
std::uint32_t IntervalMap<Key>::locate(Key key) const {
    const Node* node = nodes_.data();
    for (;;) {
        if (key < node->base) {
            return node->before;
        }
        const Key reach = static_cast<Key>(std::min(key, node->last) - node->base);
        const Cell cell = cells_[node->first_cell + static_cast<std::uint32_t>(reach >> node->shift)];
        if (cell.count != kIsNode) {
            // Counted without branches: where among a few starts a key falls cannot be foretold.
            const Interval* const from = intervals_.data() + cell.first;
            std::uint32_t at = 0;
            for (std::uint32_t i = 1; i < cell.count; ++i) {
                at += from[i].start <= key ? 1 : 0;
            }
            return cell.first + at;
        }
        node = &nodes_[cell.first];
    }
}

} // namespace fengsui::registry::index
