// The range's own random numbers: the same on every machine and with every standard library.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace fengsui::range {

/// splitmix64 (Steele, Lea and Flood 2014): one word of state, any seed is good.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t word = state_;
        word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9ULL;
        word = (word ^ (word >> 27)) * 0x94d049bb133111ebULL;
        return word ^ (word >> 31);
    }
    /// Below `bound`, which is not 0. The bias of the remainder is far below what a range can show.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    std::size_t index(std::size_t size) { return static_cast<std::size_t>(below(size)); }
    bool chance(unsigned percent) { return below(100) < percent; }
    template <class T>
    const T& pick(std::span<const T> items) {
        return items[index(items.size())];
    }
    template <class T>
    void shuffle(std::vector<T>& items) {
        for (std::size_t left = items.size(); left > 1; --left) {
            std::swap(items[left - 1], items[index(left)]);
        }
    }

private:
    std::uint64_t state_;
};

/// A seed for a part of the range, independent of how many numbers its neighbours drew.
inline std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t part) {
    return Random(seed ^ Random(part).next()).next();
}

/// FNV-1a, for what must follow from a text.
inline std::uint64_t seed_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return hash;
}

} // namespace fengsui::range
