#include "registry/owner_index.h"

#include "base/error.h"
#include "base/text.h"
#include "registry/index/block_index.h"
#include "registry/index/name_table.h"

#include <algorithm>
#include <array>
#include <libpsl.h>

namespace fengsui::registry {

namespace {

using model::AssetKind;

/// Below a public suffix (`gov.cn`) are other people's names.
bool has_names_below(const std::string& host) {
    const bool is_short =
        std::count(host.begin(), host.end(), '.') <= 2; // longer public suffixes are nobody's asset
    return !is_short || psl_is_public_suffix(psl_builtin(), host.c_str()) == 0;
}

/// Of several assets on one host the one that says most about the whole host comes first.
unsigned rank_of(const model::Asset& asset) {
    const auto& target = asset.target;
    switch (target.kind) {
    case AssetKind::host:
        return 0;
    case AssetKind::url:
        return target.url->path == "/" && target.url->query.empty() ? 1 : 2;
    default:
        return 3;
    }
}

bool is_name(const model::Asset& asset) {
    return !asset.target.host.empty() && !asset.target.prefix;
}

} // namespace

std::string_view to_string(MatchKind kind) {
    constexpr std::array<std::string_view, 4> kNames = {"prefix", "address", "name", "suffix"};
    return kNames[static_cast<std::size_t>(kind)];
}

struct OwnerIndex::Tables {
    const std::vector<model::Asset>* assets;
    index::BlockIndex blocks;
    index::NameTable names;

    explicit Tables(const std::vector<model::Asset>& list)
        : assets(&list),
          blocks(list),
          names(static_cast<std::size_t>(std::count_if(list.begin(), list.end(), is_name))) {
        for (unsigned rank = 0; rank <= 3; ++rank) {
            for (std::uint32_t i = 0; i < list.size(); ++i) {
                if (is_name(list[i]) && rank_of(list[i]) == rank) {
                    names.put(list[i].target.host, i, has_names_below(list[i].target.host));
                }
            }
        }
    }

    /// Written in place: a copy of what was written byte by byte waits until those bytes are in the cache,
    /// which takes longer than all the rest.
    void find(const model::IpAddress& address, std::optional<Owner>& owner) const {
        const auto found = blocks.find(address);
        constexpr std::array<MatchKind, 2> kHow = {MatchKind::address, MatchKind::prefix};
        // Without a branch: whether an address is anybody's cannot be foretold. The asset is not looked at.
        auto& answer = owner.emplace();
        answer.asset = assets->data() + (found.is_anybody() ? found.asset() : 0);
        answer.how = kHow[found.is_prefix() ? 1 : 0];
        if (!found.is_anybody()) {
            owner.reset();
        }
    }
};

OwnerIndex::OwnerIndex(const model::RegistryData& data)
    : tables_(std::make_unique<const Tables>(data.assets)) {}
OwnerIndex::~OwnerIndex() = default;
OwnerIndex::OwnerIndex(OwnerIndex&&) noexcept = default;
OwnerIndex& OwnerIndex::operator=(OwnerIndex&&) noexcept = default;

std::optional<Owner> OwnerIndex::find(const model::IpAddress& address) const {
    std::optional<Owner> owner;
    tables_->find(address, owner);
    return owner;
}

void OwnerIndex::find(std::span<const model::IpAddress> addresses, std::span<std::optional<Owner>> owners)
    const {
    FENGSUI_CHECK(addresses.size() == owners.size(), "a place for each answer");
    constexpr std::size_t kTogether = 32; // about as many reads as a core keeps under way
    for (std::size_t from = 0; from < addresses.size(); from += kTogether) {
        const auto some = addresses.subspan(from, std::min(kTogether, addresses.size() - from));
        tables_->blocks.fetch(some);
        for (std::size_t i = 0; i < some.size(); ++i) {
            tables_->find(some[i], owners[from + i]);
        }
    }
}

std::optional<Owner> OwnerIndex::find_name(std::string_view name) const {
    const auto match = tables_->names.find(name);
    if (!match) {
        return std::nullopt;
    }
    return Owner{&(*tables_->assets)[match->owner], match->is_exact ? MatchKind::name : MatchKind::suffix};
}

base::Result<std::optional<Owner>> OwnerIndex::find_text(std::string_view text) const {
    const auto target = model::AssetTarget::parse(text);
    if (!target) {
        return target.error();
    }
    if (!target->prefix) {
        return find_name(target->host);
    }
    // A prefix has an owner only when one entry holds all of it.
    auto owner = find(target->prefix->address());
    if (owner && !owner->asset->target.prefix->contains(*target->prefix)) {
        owner.reset();
    }
    return owner;
}

} // namespace fengsui::registry
