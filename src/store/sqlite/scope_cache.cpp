#include "store/sqlite/scope_cache.h"

#include "base/json.h"

#include <utility>

namespace fengsui::store::sqlite {

namespace {

std::string key_of(const ScopeCache::Tops& tops) {
    base::JsonArray ids;
    for (const auto& top : tops) {
        ids.emplace_back(top.str());
    }
    return base::to_text(ids);
}

} // namespace

ScopeCache::Members ScopeCache::find(std::uint64_t generation, const Tops& tops) {
    const std::lock_guard lock(mutex_);
    const auto known = generation == generation_ ? known_.find(key_of(tops)) : known_.end();
    return known == known_.end() ? nullptr : known->second;
}

void ScopeCache::keep(std::uint64_t generation, const Tops& tops, Members members) {
    const std::lock_guard lock(mutex_);
    // Small scopes are quick to look up and many; only a bounded number is kept.
    constexpr std::size_t kMostKept = 64;
    if (generation != generation_ || known_.size() >= kMostKept) {
        known_.clear();
        generation_ = generation;
    }
    known_.insert_or_assign(key_of(tops), std::move(members));
}

} // namespace fengsui::store::sqlite
