// What an office knows of its jurisdiction: units, systems, assets, contacts, authorisations.
#pragma once

#include "base/time.h"
#include "model/ids.h"
#include "model/url.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fengsui::model {

enum class AssetKind : std::uint8_t { url, host, mail, address, prefix };
enum class ProbeClass : std::uint8_t { passive, careful };
std::string_view to_string(AssetKind kind);
std::string_view to_string(ProbeClass probe_class);

/// What an asset's text denotes.
struct AssetTarget {
    AssetKind kind = AssetKind::host;
    std::optional<Url> url;       ///< kind url
    std::string host;             ///< url, host: its host; mail: the domain; else empty. A-label.
    std::optional<Prefix> prefix; ///< address, prefix, and url with a literal address: what it lists

    /// Reads a URL, host name, `mail:DOMAIN`, IP address or CIDR prefix; the error says what is wrong.
    static base::Result<AssetTarget> parse(std::string_view text);
    /// One spelling per denoted thing: what ids and duplicates go by.
    [[nodiscard]] std::string canonical() const;
};

struct Contact {
    std::string role = "contact"; ///< head, contact, duty
    std::string name;
    std::string email;
    std::string phone;
    bool operator==(const Contact&) const = default;
};

using CustomFields = std::vector<std::pair<std::string, std::string>>;

struct Unit {
    UnitId id;
    std::string name;
    UnitId parent; ///< empty: top
    std::vector<Contact> contacts;
};

struct System {
    SystemId id; ///< unique within the registry
    UnitId unit;
    std::string name;
    std::optional<int> protection_level; ///< 1–5 (GB/T 22240)
    bool critical = false;               ///< critical information infrastructure
};

struct Asset {
    AssetId id; ///< from the canonical target, so the same over imports
    UnitId unit;
    SystemId system;   ///< may be empty
    std::string value; ///< as the registry spells it: the `target` of every result line
    AssetTarget target;
    std::optional<base::Date> authorised_from;  ///< first day, inclusive
    std::optional<base::Date> authorised_until; ///< last day, inclusive
    ProbeClass probe_class = ProbeClass::passive;
    CustomFields custom;

    /// Whether `today` lies inside the authorisation. Without dates it always does.
    [[nodiscard]] bool is_authorised_on(base::Date today) const;
};

/// The id every import gives to the asset with this canonical text.
AssetId asset_id_of(const AssetTarget& target);

/// A whole registry, as imported.
struct RegistryData {
    std::vector<Unit> units;
    std::vector<System> systems;
    std::vector<Asset> assets;
};

} // namespace fengsui::model
