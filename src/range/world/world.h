// The whole made-up district: a pure function of seed, count and what the machine permits.
#pragma once

#include "range/world/site.h"

#include <optional>

namespace fengsui::range {

struct WorldPlan {
    unsigned sites = 50;
    std::uint64_t seed = 1;
    std::optional<model::IpAddress> base; ///< first address; otherwise 127.(64 + seed % 128).0.0
    std::string language = "zh";          ///< of names and pages: zh or en
    bool has_low_ports = true;            ///< 80, 443, 25, 53; otherwise 8080 and 8443, no mail
    bool has_ipv6 = true;                 ///< ::1 exists

    [[nodiscard]] model::IpAddress first_address() const;
};

struct Contact {
    std::string name;
    std::string email;
    std::string phone;
};

struct Unit {
    std::string id;
    std::string name;
    std::string parent; ///< a unit's id, or empty
    Contact contact;
    bool is_critical = false;
};

struct District {
    std::string name;
    std::string zone;     ///< fengqiao.test
    std::size_t unit = 0; ///< its office; that of the first lists the address block
};

inline constexpr unsigned kNameServers = 3;

struct World {
    WorldPlan plan;
    model::IpAddress base;
    model::Prefix block; ///< holds every address of the range
    std::vector<District> districts;
    std::vector<Unit> units;
    std::vector<Site> sites; ///< in the order of their units

    [[nodiscard]] const Unit& unit_of(const Site& site) const { return units[site.unit]; }
    /// 1 to kNameServers; the last knows no zone.
    [[nodiscard]] model::IpAddress name_server(unsigned number) const;
};

World make_world(const WorldPlan& plan);

/// `{"target":…,"check":…}`
struct TruthLine {
    std::string target;
    std::string check;
    auto operator<=>(const TruthLine&) const = default;
};

/// What a perfect scanner must report for the site's targets and nothing else, `info` left out.
std::vector<TruthLine> truth_of(const Site& site);
/// Whether the rules of contracts.md section 7 would judge that fault on the site as it is.
bool is_applicable(const Site& site, Fault fault);

std::string registry_csv(const World& world);
std::string truth_jsonl(const World& world);

} // namespace fengsui::range
