// Which registered asset another tool's target means.
#pragma once

#include "registry/owner_index.h"
#include "store/query_store.h"

#include <unordered_map>

namespace fengsui::store {
class Database;
}

namespace fengsui::api {

/// Over the active assets of the visible units, as they are now.
class AssetMatcher {
public:
    AssetMatcher(store::Database& database, const store::VisibleUnits& visible);

    /// The registered URL with the longest path that holds `where`; else its host, `mail:` domain, address or
    /// prefix; else the nearest registered name above.
    [[nodiscard]] std::optional<std::string> find(std::string_view where) const;

private:
    [[nodiscard]] const model::Asset* find_url(const model::Url& url) const;

    model::RegistryData data_;
    registry::OwnerIndex index_;
    std::unordered_multimap<std::string, const model::Asset*> by_host_;
};

} // namespace fengsui::api
