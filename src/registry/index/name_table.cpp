#include "registry/index/name_table.h"

#include "base/error.h"

#include <array>
#include <bit>
#include <cstring>

namespace fengsui::registry::index {

namespace {

constexpr std::size_t kHeader = 6;
constexpr std::size_t kMostLabels = 128; // of 253 octets
constexpr std::uint64_t kSeed = 0x9E3779B97F4A7C15;

/// One octet more, to the left. The order of octets matters, so that `ab` and `ba` differ.
constexpr std::uint64_t extend(std::uint64_t hash, char c) {
    return (hash ^ static_cast<unsigned char>(c)) * 0xD6E8FEB86659FD93ULL;
}

constexpr std::uint64_t finish(std::uint64_t hash) {
    return (hash ^ (hash >> 32U)) * 0xD6E8FEB86659FD93ULL;
}

std::uint64_t hash_of(std::string_view name) {
    std::uint64_t hash = kSeed;
    for (std::size_t i = name.size(); i-- > 0;) {
        hash = extend(hash, name[i]);
    }
    return finish(hash);
}

std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 32U);
}

std::uint32_t owner_of(const char* entry) {
    std::uint32_t owner = 0;
    std::memcpy(&owner, entry, sizeof owner);
    return owner;
}

struct Suffix {
    std::uint64_t hash = 0;
    std::uint8_t start = 0;
};

} // namespace

NameTable::NameTable(std::size_t count) {
    const auto size = std::bit_ceil(count * 2 + 2);
    slots_.resize(size);
    mask_ = size - 1;
    entries_.reserve(count * 24);
}

const char* NameTable::entry_at(std::uint64_t hash, std::string_view name) const {
    const auto tag = tag_of(hash);
    for (auto at = hash & mask_; slots_[at].entry != kEmpty; at = (at + 1) & mask_) {
        if (slots_[at].tag != tag) {
            continue;
        }
        const char* entry = entries_.data() + slots_[at].entry;
        const auto length = static_cast<unsigned char>(entry[kHeader - 1]);
        if (length == name.size() && std::memcmp(entry + kHeader, name.data(), length) == 0) {
            return entry;
        }
    }
    return nullptr;
}

void NameTable::put(std::string_view name, std::uint32_t owner, bool has_names_below) {
    FENGSUI_CHECK(name.size() <= 253, "a host name has at most 253 octets");
    const auto hash = hash_of(name);
    if (entry_at(hash, name) != nullptr) {
        return;
    }
    auto at = hash & mask_;
    while (slots_[at].entry != kEmpty) {
        at = (at + 1) & mask_;
    }
    slots_[at] = {tag_of(hash), static_cast<std::uint32_t>(entries_.size())};
    std::array<char, kHeader> header{};
    std::memcpy(header.data(), &owner, sizeof owner);
    header[4] = has_names_below ? 1 : 0;
    header[5] = static_cast<char>(name.size());
    entries_.insert(entries_.end(), header.begin(), header.end());
    entries_.insert(entries_.end(), name.begin(), name.end());
}

std::optional<NameMatch> NameTable::find(std::string_view name) const {
    if (name.empty() || name.size() > 253) {
        return std::nullopt;
    }
    std::array<Suffix, kMostLabels>
        suffixes; // NOLINT(cppcoreguidelines-pro-type-member-init): filled as counted
    std::size_t count = 0;
    std::uint64_t hash = kSeed;
    for (std::size_t i = name.size(); i-- > 0;) {
        hash = extend(hash, name[i]);
        if ((i == 0 || name[i - 1] == '.') && count < kMostLabels) {
            suffixes[count] = {finish(hash), static_cast<std::uint8_t>(i)};
            __builtin_prefetch(&slots_[suffixes[count].hash & mask_]);
            ++count;
        }
    }
    for (std::size_t i = count; i-- > 0;) {
        const char* entry = entry_at(suffixes[i].hash, name.substr(suffixes[i].start));
        const bool is_exact = suffixes[i].start == 0;
        if (entry != nullptr && (is_exact || entry[4] != 0)) {
            return NameMatch{owner_of(entry), is_exact};
        }
    }
    return std::nullopt;
}

} // namespace fengsui::registry::index
