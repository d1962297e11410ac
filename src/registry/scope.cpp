#include "registry/scope.h"

#include "base/log.h"
#include "registry/index/block_index.h"

#include <ctime>
#include <unordered_map>

namespace fengsui::registry {

namespace {

using model::AssetKind;
using model::Reason;

constexpr auto kTicketLifetime = std::chrono::seconds(60);

base::Date local_date() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    return std::chrono::year(local.tm_year + 1900) / (local.tm_mon + 1) / local.tm_mday;
}

/// How well something is listed: by nobody, only outside the dates, or by an authorised asset.
enum class Listing : std::uint8_t { none, not_authorised, authorised };

/// The host of a name is a name; an address stands for itself.
std::optional<model::IpAddress> literal_of(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    auto address = model::IpAddress::parse(host);
    return address ? std::optional(*address) : std::nullopt;
}

constexpr std::string_view kPolicyHostLabel = "mta-sts.";

} // namespace

struct ScopeAuthority::Snapshot {
    model::RegistryData data;
    std::uint64_t generation;
    index::BlockIndex blocks;
    std::unordered_map<std::string_view, std::uint32_t> by_id;
    std::unordered_map<std::string, std::vector<std::uint32_t>> by_host; ///< names that may be asked

    std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_url_host;

    Snapshot(model::RegistryData loaded, std::uint64_t number)
        : data(std::move(loaded)), generation(number), blocks(data.assets) {
        for (std::uint32_t i = 0; i < data.assets.size(); ++i) {
            const auto& asset = data.assets[i];
            by_id.emplace(asset.id.str(), i);
            if (asset.target.url) {
                by_url_host[asset.target.url->host].push_back(i);
            }
            const bool is_mail = asset.target.kind == AssetKind::mail;
            if (!asset.target.host.empty() && !asset.target.prefix) {
                by_host[is_mail ? std::string(kPolicyHostLabel) + asset.target.host : asset.target.host]
                    .push_back(i);
            }
        }
    }

    [[nodiscard]] const model::Asset* find(const model::AssetId& id) const {
        const auto entry = by_id.find(id.str());
        return entry == by_id.end() ? nullptr : &data.assets[entry->second];
    }

    [[nodiscard]] Listing listing_of(const model::IpAddress& address, base::Date today) const {
        auto listing = Listing::none;
        blocks.each(address, [&](std::uint32_t owner) {
            const bool is_authorised = data.assets[owner].is_authorised_on(today);
            listing = is_authorised ? Listing::authorised : Listing::not_authorised;
            return is_authorised;
        });
        return listing;
    }

    /// `asset` itself is authorised.
    [[nodiscard]] Listing listing_of_name(const model::Asset& asset, std::string_view host, base::Date today)
        const {
        if (!asset.target.prefix && asset.target.host == host) {
            return Listing::authorised;
        }
        auto listing = Listing::none;
        if (const auto entry = by_host.find(std::string(host)); entry != by_host.end()) {
            for (const auto owner : entry->second) {
                const bool is_authorised = data.assets[owner].is_authorised_on(today);
                listing = is_authorised || listing == Listing::authorised ? Listing::authorised
                                                                          : Listing::not_authorised;
            }
        }
        return listing;
    }
};

ScopeAuthority::ScopeAuthority(model::RegistryData data)
    : today_(local_date), snapshot_(std::make_unique<const Snapshot>(std::move(data), 0)) {}

ScopeAuthority::ScopeAuthority(RegistrySource source) : source_(std::move(source)), today_(local_date) {
    // The number first: should the data change in between, they are loaded once more.
    const auto generation = source_.generation();
    snapshot_ = std::make_unique<const Snapshot>(source_.reload(), generation);
}

ScopeAuthority::~ScopeAuthority() = default;

void ScopeAuthority::set_today(std::function<base::Date()> today) {
    today_ = std::move(today);
}

const ScopeAuthority::Snapshot& ScopeAuthority::current() const {
    if (source_.generation) {
        const auto generation = source_.generation();
        if (generation != snapshot_->generation) {
            snapshot_ = std::make_unique<const Snapshot>(source_.reload(), generation);
        }
    }
    return *snapshot_;
}

const model::RegistryData& ScopeAuthority::data() const {
    return snapshot_->data;
}

std::vector<model::Url> ScopeAuthority::authorised_urls_on(std::string_view host) const {
    std::vector<model::Url> urls;
    const auto entry = snapshot_->by_url_host.find(host);
    if (entry == snapshot_->by_url_host.end()) {
        return urls;
    }
    for (const auto position : entry->second) {
        const auto& asset = snapshot_->data.assets[position];
        if (asset.is_authorised_on(today_())) {
            urls.push_back(*asset.target.url);
        }
    }
    return urls;
}

std::uint64_t ScopeAuthority::generation() const {
    return snapshot_->generation;
}

Reason ScopeAuthority::permits_target(const model::AssetId& asset) const {
    try {
        const auto* found = current().find(asset);
        if (found == nullptr) {
            return Reason::not_registered;
        }
        return found->is_authorised_on(today_()) ? Reason::none : Reason::not_authorised;
    } catch (const base::Error& error) {
        // Without a registry nobody may be contacted.
        base::log_error(error.context("scope: the registry cannot be read, so nothing is contacted").message()
        );
        return Reason::policy;
    }
}

Reason ScopeAuthority::permits_host(const model::AssetId& asset, std::string_view host) const {
    if (const auto reason = permits_target(asset); reason != Reason::none) {
        return reason;
    }
    const auto literal = literal_of(host);
    const auto today = today_();
    const auto listing = literal ? snapshot_->listing_of(*literal, today)
                                 : snapshot_->listing_of_name(*snapshot_->find(asset), host, today);
    switch (listing) {
    case Listing::authorised:
        return Reason::none;
    case Listing::not_authorised:
        return Reason::not_authorised;
    case Listing::none:
        break;
    }
    return literal && !model::is_public(*literal) ? Reason::private_address : Reason::not_registered;
}

Reason ScopeAuthority::judge(
    const model::AssetId& asset, std::string_view host, const model::IpAddress& address
) const {
    const auto literal = literal_of(host);
    const auto by_host = permits_host(asset, host);
    if (literal) {
        // An address does not resolve to another one.
        return *literal == address ? by_host : Reason::policy;
    }
    if (const auto* found = snapshot_->find(asset); found == nullptr || !found->is_authorised_on(today_())) {
        return by_host;
    }
    const auto by_address = snapshot_->listing_of(address, today_());
    if (by_host != Reason::none && by_host != Reason::policy && by_address == Listing::authorised) {
        return Reason::none; // an exchanger, name server or hop at an address of ours
    }
    if (by_host == Reason::not_registered && by_address == Listing::not_authorised) {
        return Reason::not_authorised;
    }
    // An unlisted inside address is refused as such, whether or not the host is ours: an exchanger that
    // points there tells more than that its name is a stranger's.
    const bool is_host_trouble = by_host != Reason::none && by_host != Reason::not_registered;
    if (is_host_trouble || model::is_public(address) || by_address == Listing::authorised) {
        return by_host;
    }
    return by_address == Listing::not_authorised ? Reason::not_authorised : Reason::private_address;
}

ScopeAuthority::Admission ScopeAuthority::admit(
    const model::AssetId& asset, std::string_view host, const model::IpAddress& address
) {
    if (const auto reason = judge(asset, host, address); reason != Reason::none) {
        return reason;
    }
    return model::ScopeTicket(
        asset,
        std::string(host),
        address,
        next_number_++,
        std::chrono::steady_clock::now() + kTicketLifetime,
        *this
    );
}

Reason ScopeAuthority::do_confirm(const model::ScopeTicket& ticket) const {
    // Judged anew each time, by today's date and the registry as it is now: no ticket is trusted for its age.
    return judge(ticket.asset(), ticket.host(), ticket.address());
}

} // namespace fengsui::registry
