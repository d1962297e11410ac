#include "api/asset_matcher.h"

#include "base/text.h"
#include "store/registry_store.h"

#include <algorithm>

namespace fengsui::api {

namespace {

model::RegistryData visible_registry(store::Database& database, const store::VisibleUnits& visible) {
    auto data = store::RegistryStore(database).load().data;
    std::erase_if(data.assets, [&](const auto& asset) { return !visible.contain(asset.unit); });
    return data;
}

/// `example.test:8443` and `[::1]:443` as scanners write what is no URL.
std::string without_port(std::string_view where) {
    const auto colon = where.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && colon + 1 < where.size()
        && std::all_of(where.begin() + static_cast<std::ptrdiff_t>(colon) + 1, where.end(), base::is_digit)
        && (where.find(':') == colon || where[colon - 1] == ']');
    auto host = has_port ? where.substr(0, colon) : where;
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    return std::string(host);
}

bool holds(const model::Url& outer, const model::Url& inner) {
    if (outer.scheme != inner.scheme || outer.port != inner.port || outer.host != inner.host) {
        return false;
    }
    const std::string_view path = outer.path;
    return inner.path.starts_with(path)
           && (path.empty() || path.back() == '/' || inner.path.size() == path.size()
               || inner.path[path.size()] == '/');
}

} // namespace

AssetMatcher::AssetMatcher(store::Database& database, const store::VisibleUnits& visible)
    : data_(visible_registry(database, visible)), index_(data_) {
    for (const auto& asset : data_.assets) {
        if (!asset.target.host.empty()) {
            by_host_.emplace(asset.target.host, &asset);
        }
    }
}

const model::Asset* AssetMatcher::find_url(const model::Url& url) const {
    const model::Asset* best = nullptr;
    const model::Asset* host = nullptr;
    const auto [begin, end] = by_host_.equal_range(url.host);
    for (auto entry = begin; entry != end; ++entry) {
        const auto& target = entry->second->target;
        if (target.kind == model::AssetKind::host) {
            host = entry->second;
        } else if (target.url && holds(*target.url, url)
                   && (best == nullptr || best->target.url->path.size() < target.url->path.size())) {
            best = entry->second;
        }
    }
    return best != nullptr ? best : host;
}

std::optional<std::string> AssetMatcher::find(std::string_view where) const {
    where = base::trim(where);
    const bool is_url = where.find("://") != std::string_view::npos;
    std::string name = is_url ? std::string() : without_port(where);
    if (const auto url = model::Url::parse(is_url ? where : std::string_view())) {
        if (const auto* asset = find_url(*url)) {
            return asset->id.str();
        }
        name = url->host;
    }
    const auto [begin, end] = by_host_.equal_range(base::to_lower(name));
    const model::Asset* of_host = nullptr;
    for (auto entry = begin; entry != end && !is_url; ++entry) {
        of_host = of_host == nullptr || entry->second->target.kind == model::AssetKind::host ? entry->second
                                                                                             : of_host;
    }
    if (of_host != nullptr) {
        return of_host->id.str();
    }
    const auto owner = index_.find_text(name);
    if (!owner || !*owner || (*owner)->how == registry::MatchKind::suffix) {
        return std::nullopt; // a name below a registered one may be anybody's server
    }
    const auto& target = (*owner)->asset->target;
    if (is_url && target.url && target.url->path != "/") {
        return std::nullopt; // another part of a host that several may share
    }
    return (*owner)->asset->id.str();
}

} // namespace fengsui::api
