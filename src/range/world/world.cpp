#include "range/world/world.h"

#include "range/world/compose.h"
#include "range/world/names.h"

#include <algorithm>
#include <array>

namespace fengsui::range {

namespace {

/// What part a site plays; dealt out in fixed shares, then shuffled.
enum class Role : std::uint8_t { faulty, hostile, dual_stack, well_kept, dark, expired };

constexpr std::size_t kSitesPerDistrict = 600;
constexpr std::uint32_t kFirstSiteOffset = 0x0101; // x.y.1.1; x.y.0.n are the name servers'

std::vector<Role> deal_roles(std::size_t sites, bool has_ipv6, Random& random) {
    std::vector<Role> roles;
    const auto add = [&](Role role, std::size_t count) {
        roles.insert(roles.end(), count, role);
    };
    add(Role::hostile, (sites + 10) / 20);
    add(Role::dual_stack, has_ipv6 ? (sites * 6 + 50) / 100 : 0);
    add(Role::well_kept, sites * 8 / 100);
    add(Role::dark, sites / 100);
    add(Role::expired, (sites + 30) / 50 > 2 ? 2 : (sites + 30) / 50);
    roles.resize(std::max(roles.size(), sites), Role::faulty);
    roles.resize(sites);
    random.shuffle(roles);
    return roles;
}

/// Faults of the server's settings, which sites of one address share.
bool has_tls_settings(const Site& site) {
    using enum Fault;
    for (const auto fault :
         {tls_tls10,
          tls_tls11,
          tls_cipher_static_rsa,
          tls_cipher_cbc_sha1,
          tls_cipher_null,
          tls_cipher_anonymous,
          tls_cipher_order,
          tls_curve_weak,
          tls_signature_hash_weak,
          tls_early_data,
          tls_renegotiation_by_client,
          tls_extended_master_secret_missing}) {
        if (site.has(fault)) {
            return true;
        }
    }
    return false;
}

class Builder {
public:
    explicit Builder(const WorldPlan& plan) : random_(derive_seed(plan.seed, 0)) {
        world_.plan = plan;
        world_.base = plan.first_address();
        world_.block = model::Prefix(world_.base, 16);
        choice_ = dealt_faults(plan);
        cycle_ = choice_;
        random_.shuffle(cycle_);
    }

    World build() {
        make_units();
        const auto roles = deal_roles(world_.sites.size(), world_.plan.has_ipv6, random_);
        for (std::size_t i = 0; i < world_.sites.size(); ++i) {
            play(world_.sites[i], roles[i]);
        }
        place_sites();
        for (auto& site : world_.sites) {
            spell_targets(site);
        }
        return std::move(world_);
    }

private:
    std::size_t add_unit(UnitName name, const std::string& parent, const District& district) {
        Unit unit;
        unit.id = std::to_string(1000 + world_.units.size());
        unit.name = std::move(name.name);
        unit.parent = parent;
        Random random(derive_seed(world_.plan.seed, seed_of(unit.id)));
        unit.contact.name = person_name(random, world_.plan.language);
        unit.contact.email = "safety@" + name.label + "." + district.zone;
        unit.contact.phone = "000-5550" + std::to_string(1000 + random.below(9000));
        unit.is_critical = random.chance(6);
        world_.units.push_back(std::move(unit));
        labels_.push_back(std::move(name.label));
        return world_.units.size() - 1;
    }

    /// A district: its office, the bureaus that others report to, then units until the sites are used up.
    void make_district(std::size_t number, std::size_t sites) {
        const auto& entry = district_names()[number];
        District district{entry.name.in(world_.plan.language), std::string(entry.slug) + ".test", 0};
        const bool en = world_.plan.language == "en";
        const std::string space = en ? " " : "";
        // Every unit that another reports to has a line in the registry, so the office has the first site.
        district.unit =
            add_unit({district.name + space + (en ? "Cyberspace Office" : "网信办"), "wxb"}, "", district);
        const auto office = world_.units[district.unit].id;
        sites -= add_sites(district.unit, 1, district);
        std::array<std::size_t, kUnitKindCount> counts{};
        const auto first_bureau = world_.units.size();
        for (std::size_t left = sites; left > 0;) {
            const auto kind = next_kind(counts);
            auto& count = counts[static_cast<std::size_t>(kind)];
            const bool is_office = kind == UnitKind::bureau || kind == UnitKind::street;
            const auto parent = is_office ? office : world_.units[first_bureau + parent_bureau(kind)].id;
            const auto unit =
                add_unit(unit_name(kind, count++, entry.name, world_.plan.language), parent, district);
            left -= add_sites(unit, std::min<std::size_t>(left, 1 + random_.below(3)), district);
        }
        world_.districts.push_back(std::move(district));
    }

    /// The four bureaus that others report to come first.
    UnitKind next_kind(const std::array<std::size_t, kUnitKindCount>& counts) {
        static constexpr std::array<UnitKind, 10> kShares = {
            UnitKind::school,
            UnitKind::school,
            UnitKind::school,
            UnitKind::hospital,
            UnitKind::hospital,
            UnitKind::water_works,
            UnitKind::company,
            UnitKind::company,
            UnitKind::street,
            UnitKind::bureau,
        };
        if (counts[static_cast<std::size_t>(UnitKind::bureau)] < 4) {
            return UnitKind::bureau;
        }
        return random_.pick(std::span<const UnitKind>(kShares));
    }

    std::size_t add_sites(std::size_t unit, std::size_t count, const District& district) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto extra = 1 + random_.index(system_names().size() - 1);
            add_site(unit, i == 0 ? 0 : extra, i, district);
        }
        return count;
    }

    void add_site(std::size_t unit, std::size_t system, std::size_t number, const District& district) {
        const auto& name = system_names()[system];
        Site site;
        site.index = world_.sites.size();
        site.seed = derive_seed(world_.plan.seed, site.index + 1);
        site.unit = unit;
        site.district = district.zone;
        const auto prefix =
            number == 0 ? std::string() : std::string(name.label) + std::to_string(number) + "-";
        site.zone = prefix + labels_[unit] + "." + district.zone;
        Random random(site.seed);
        site.host = random.chance(70) ? "www." + site.zone : site.zone;
        site.system_id = world_.units[unit].id + "-" + std::to_string(number + 1);
        site.system_name = name.name.in(world_.plan.language);
        site.protection_level = name.protection_level;
        site.unit_name = world_.units[unit].name;
        site.is_english = world_.plan.language == "en";
        site.title = world_.units[unit].name + (world_.plan.language == "en" ? " " : "") + site.system_name;
        site.persona = static_cast<Persona>(random.below(kPersonaCount));
        world_.sites.push_back(std::move(site));
    }

    void make_units() {
        const std::size_t sites = world_.plan.sites;
        const auto districts = std::clamp<std::size_t>(
            (sites + kSitesPerDistrict - 1) / kSitesPerDistrict, 1, district_names().size()
        );
        for (std::size_t i = 0; i < districts; ++i) {
            const auto share = sites / districts + (i < sites % districts ? 1 : 0);
            make_district(i, share);
        }
    }

    /// Traits first, since faults and truth follow from them.
    void play(Site& site, Role role) {
        Random random(derive_seed(site.seed, 1));
        site.framing = static_cast<Framing>(random.below(3));
        site.has_name_servers = world_.plan.has_low_ports;
        site.compresses = random.chance(25);
        site.is_gbk = world_.plan.language == "zh" && random.chance(15);
        site.has_cname_chain = random.chance(15);
        site.has_security_txt = random.chance(30);
        site.is_careful = random.chance(62);
        if (!world_.plan.has_low_ports) {
            site.http_port = 8080;
            site.https_port = 8443;
        }
        if (random.chance(65)) {
            site.faults.add(Fault::dns_dnssec_missing);
        }
        if (random.chance(55)) {
            site.faults.add(Fault::dns_caa_missing);
        }
        play_role(site, role, random);
        if (!site.has_aaaa) {
            site.faults.add(Fault::ipv6_aaaa_missing);
        }
    }

    void play_role(Site& site, Role role, Random& random) {
        switch (role) {
        case Role::faulty:
            make_faulty(site, random);
            break;
        case Role::hostile:
            make_hostile(site);
            break;
        case Role::dual_stack:
            make_dual_stack(site, random);
            break;
        case Role::dark:
            clear_zone(site);
            site.host = "www." + site.zone;
            site.trouble = dark_++ % 2 == 0 ? NameTrouble::server_failure : NameTrouble::silent;
            break;
        case Role::well_kept:
            add_harmless_traits(site, random);
            break;
        case Role::expired:
            site.is_authorised = false;
            break;
        }
    }

    void make_faulty(Site& site, Random& random) {
        if (world_.plan.has_low_ports && random.chance(25)) {
            site.mail_target = "mail:" + site.zone;
        }
        const auto first = cycle_[dealt_++ % cycle_.size()];
        const bool is_terminal = first == Fault::site_unreachable || first == Fault::dns_private_address
                                 || first == Fault::dns_dangling_cname || first == Fault::dns_dnssec_bogus;
        if (is_terminal) {
            make_unreachable(site, first, random);
            return;
        }
        compose_faults(site, first, static_cast<unsigned>(random.below(6)), choice_, random);
        if (site.has_mail()) {
            site.host = "www." + site.zone; // the mail domain itself has no address to judge
        }
        site.has_null_mx = site.has_mail() && !has_area(site, "mail") && !site.has(Fault::dns_dangling_mx)
                           && random.chance(30);
        site.has_mta_sts = may_have_policy(site)
                           && (site.has(Fault::mail_mta_sts_invalid) || site.has(Fault::mail_tls_rpt_missing)
                               || site.seed % 5 < 2);
        add_harmless_traits(site, random);
    }

    /// Where a policy can be served, and none of the exchangers would fall foul of it.
    static bool may_have_policy(const Site& site) {
        return site.has_mail() && !site.has_null_mx && !site.has(Fault::http_https_missing)
               && !site.has(Fault::mail_starttls_missing) && !site.has(Fault::dns_dangling_mx);
    }

    /// The zone of a name that fails is signed and has its CAA: what is missing could not be told from what
    /// could not be asked.
    void make_unreachable(Site& site, Fault fault, Random& random) {
        site.mail_target.clear();
        site.faults.add(fault);
        site.has_cname_chain = false;
        site.http_port = world_.plan.has_low_ports ? 80 : 8080;
        if (fault == Fault::dns_dangling_cname) {
            clear_zone(site);
            site.host = "www." + site.zone; // RFC 1034 3.6.2: no CNAME at an apex
            site.faults.add(Fault::site_unreachable);
        } else if (fault == Fault::dns_dnssec_bogus) {
            clear_zone(site);
        } else if (fault == Fault::dns_private_address) {
            site.has_aaaa = true; // of the private kind too
        } else if (unreachable_++ % 2 == 0) {
            clear_zone(site);
            site.host = "www." + site.zone;
            site.trouble = NameTrouble::nxdomain;
        } else {
            site.is_careful = random.chance(50);
        }
    }

    static void clear_zone(Site& site) {
        site.faults.remove(Fault::dns_dnssec_missing);
        site.faults.remove(Fault::dns_caa_missing);
    }

    void make_hostile(Site& site) {
        site.hostile = static_cast<Hostile>(1 + hostile_++ % (kHostileCount - 1));
        site.has_security_txt = false;
        site.framing = Framing::until_close;
        site.compresses = false;
        if (site.hostile == Hostile::silent || site.hostile == Hostile::reset) {
            site.faults.add(Fault::site_unreachable);
        }
    }

    /// All of them share ::1, so each has a port of its own, over IPv4 too. Every other one answers there.
    void make_dual_stack(Site& site, Random& random) {
        const auto number = dual_stack_++;
        site.has_aaaa = true;
        site.http_port = 0;
        const std::size_t block =
            world_.base.to_v4() >> 16U & 0xffU; // ranges at other addresses have other ports
        site.https_port = static_cast<std::uint16_t>(24000 + (block * 53 + number * 7) % 7000);
        site.has_security_txt = true;
        if (number % 2 == 1) {
            site.faults.add(Fault::ipv6_unreachable);
        } else if (number % 4 == 0) {
            clear_zone(site); // nothing at all is wrong here
            return;
        }
        const auto fault = choice_[random.index(choice_.size())];
        if (is_applicable(site, fault) && area_of(fault) == "header") {
            compose_faults(site, fault, 0, choice_, random);
        }
    }

    static bool has_area(const Site& site, std::string_view area) {
        for (std::size_t i = 0; i < kFaultCount; ++i) {
            const auto fault = static_cast<Fault>(i);
            if (site.has(fault) && area_of(fault) == area) {
                return true;
            }
        }
        return false;
    }

    /// Traits that look like faults, or hide them, and are none.
    void add_harmless_traits(Site& site, Random& random) {
        const bool has_page_faults = has_area(site, "http") || has_area(site, "header")
                                     || has_area(site, "cookie") || has_area(site, "exposure")
                                     || has_area(site, "security_txt") || has_area(site, "script")
                                     || has_area(site, "integrity") || has_area(site, "port");
        const bool is_plain_home = !site.has(Fault::http_default_page) && !site.has(Fault::http_stack_trace);
        site.home_redirects = is_plain_home && random.chance(12);
        site.is_login_page = is_plain_home && !site.has(Fault::http_https_missing)
                             && !site.has(Fault::http_https_downgrade) && random.chance(8);
        const bool may_upgrade = !site.has(Fault::http_mixed_content) && !has_area(site, "header")
                                 && is_plain_home && !has_area(site, "http");
        site.upgrades_insecure = may_upgrade && random.chance(10);
        if (!has_page_faults && random.chance(12)) {
            site.answers_everything = true;
            site.has_security_txt = true;
        } else if (!has_page_faults && random.chance(8)) {
            site.leaves_scope = true;
            site.home_redirects = false;
        }
    }

    static bool may_share(const Site& site) {
        const bool has_own_tls = has_tls_settings(site);
        return site.listens() && site.hostile == Hostile::none && !site.has(Fault::http_https_missing)
               && !has_own_tls && !site.has_mail() && !site.has_aaaa && !site.has(Fault::port_database_open);
    }

    model::IpAddress next_address() {
        std::uint32_t value = 0;
        do {
            value = world_.base.to_v4() + kFirstSiteOffset + placed_++;
        } while ((value & 0xff) == 0 || (value & 0xff) == 0xff);
        return model::IpAddress::v4(value);
    }

    /// Every site an address of its own, but about a fifth stand together in groups of two to four.
    void place_sites() {
        std::vector<Site*> sharing;
        for (auto& site : world_.sites) {
            if (may_share(site) && sharing.size() < world_.sites.size() / 5 && random_.chance(45)) {
                sharing.push_back(&site);
            } else {
                site.address = next_address();
            }
        }
        for (std::size_t next = 0; next < sharing.size();) {
            const auto address = next_address();
            const auto size = std::min<std::size_t>(2 + random_.below(3), sharing.size() - next);
            for (std::size_t i = 0; i < size; ++i) {
                sharing[next + i]->address = address;
                sharing[next + i]->shares_address = size > 1;
            }
            next += size;
        }
    }

    void spell_targets(Site& site) const {
        Random random(derive_seed(site.seed, 2));
        if (!world_.plan.has_low_ports && site.http_port != 0) {
            // Without its default port a URL has no counterpart: both are registered.
            site.targets = {site.origin(false) + "/", site.origin(true) + "/"};
            return;
        }
        if (site.http_port == 0) {
            site.targets = {site.origin(true) + "/"};
            return;
        }
        // Ports are looked at where the registry names a machine, not a URL.
        const auto choice = site.has(Fault::port_database_open) ? 9 : random.below(10);
        if (site.has(Fault::http_https_missing)) {
            site.targets = {choice < 6 ? site.origin(false) + "/" : site.host};
        } else if (choice < 5) {
            site.targets = {site.origin(true) + "/"};
        } else if (choice < 6) {
            site.targets = {site.origin(true)};
        } else if (choice < 8) {
            site.targets = {site.origin(false) + "/"};
        } else {
            site.targets = {site.host};
        }
    }

    World world_;
    Random random_;
    std::vector<std::string> labels_; ///< by unit
    std::vector<Fault> choice_;
    std::vector<Fault> cycle_;
    std::size_t dealt_ = 0;
    std::size_t hostile_ = 0;
    std::size_t dual_stack_ = 0;
    std::size_t dark_ = 0;
    std::size_t unreachable_ = 0;
    std::uint32_t placed_ = 0;
};

} // namespace

model::IpAddress World::name_server(unsigned number) const {
    return model::IpAddress::v4(base.to_v4() + 1 + number);
}

model::IpAddress WorldPlan::first_address() const {
    return base.value_or(
        model::IpAddress::v4((127U << 24) | ((64 + static_cast<std::uint32_t>(seed % 128)) << 16))
    );
}

World make_world(const WorldPlan& plan) {
    return Builder(plan).build();
}

} // namespace fengsui::range
