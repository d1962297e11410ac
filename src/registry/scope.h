// Who may be contacted: deny by default, decided on the resolved address, asked again before every connect.
#pragma once

#include "model/registry.h"
#include "model/scope.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <variant>

namespace fengsui::registry {

/// Where newer registry data come from while tickets are out.
struct RegistrySource {
    std::function<std::uint64_t()> generation;   ///< cheap; a new number means new data
    std::function<model::RegistryData()> reload; ///< may block for milliseconds; active assets only
};

/// A source over a registry file: its generation follows the file's time, size and inode. A file that has
/// become unreadable or wrong leaves the last good data in force and is logged. Throws when wrong at first.
RegistrySource file_source(const std::filesystem::path& file);

/// Mints the tickets. I/O thread only (apart from construction).
class ScopeAuthority final : public model::ScopeLedger {
public:
    using Admission = std::variant<model::ScopeTicket, model::Reason>;

    /// Over data that never change (tests, one-off checks).
    explicit ScopeAuthority(model::RegistryData data);
    /// Loads from `source` now and whenever its generation changes.
    explicit ScopeAuthority(RegistrySource source);
    ~ScopeAuthority() override;

    /// A ticket to contact `address`, to which `host` resolved, for the sake of `asset`; or why not.
    [[nodiscard]] Admission admit(
        const model::AssetId& asset, std::string_view host, const model::IpAddress& address
    );
    /// `none` when the asset is registered and authorised today.
    [[nodiscard]] model::Reason permits_target(const model::AssetId& asset) const;
    /// `none` when `host` may be asked for the sake of `asset`, its address still to be judged.
    [[nodiscard]] model::Reason permits_host(const model::AssetId& asset, std::string_view host) const;
    /// The data in force; taken together with its generation.
    [[nodiscard]] const model::RegistryData& data() const;
    /// The URLs on `host` that the data in force list and that are authorised today, as they are listed.
    [[nodiscard]] std::vector<model::Url> authorised_urls_on(std::string_view host) const;
    [[nodiscard]] std::uint64_t generation() const;

    /// Replaces the machine's local date, for tests.
    void set_today(std::function<base::Date()> today);

private:
    struct Snapshot;
    [[nodiscard]] model::Reason do_confirm(const model::ScopeTicket& ticket) const override;
    [[nodiscard]] const Snapshot& current() const;
    [[nodiscard]] model::Reason judge(
        const model::AssetId& asset, std::string_view host, const model::IpAddress& address
    ) const;

    RegistrySource source_;
    std::function<base::Date()> today_;
    mutable std::unique_ptr<const Snapshot> snapshot_; ///< swapped whole when the generation changes
    std::uint64_t next_number_ = 1;
};

} // namespace fengsui::registry
