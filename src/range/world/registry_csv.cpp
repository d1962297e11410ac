#include "range/world/world.h"

#include <array>
#include <span>

namespace fengsui::range {

namespace {

// Dates far from any day on which a range is run, so that the file does not depend on the day.
constexpr const char* kAuthorisedFrom = "2024-01-01";
constexpr const char* kAuthorisedUntil = "2099-12-31";
constexpr const char* kExpiredUntil = "2024-06-30";

void append_row(std::span<const std::string> cells, std::string& out) {
    bool first = true;
    for (const auto& cell : cells) {
        if (!first) {
            out += ',';
        }
        first = false;
        if (cell.find_first_of(",\"\r\n") == std::string::npos) {
            out += cell;
            continue;
        }
        out += '"'; // RFC 4180 section 2
        for (const char c : cell) {
            out += c == '"' ? std::string("\"\"") : std::string(1, c);
        }
        out += '"';
    }
    out += "\r\n";
}

struct Row {
    const Unit& unit;
    std::string system;
    std::string system_name;
    std::string level;
    std::string asset;
    const char* until = kAuthorisedUntil;
    const char* probe_class = "passive";
    std::string dkim_selector{};
};

void append_row(const Row& row, std::string& out) {
    const std::array<std::string, 15> cells = {
        row.unit.id,
        row.unit.name,
        row.unit.parent,
        row.system,
        row.system_name,
        row.level,
        row.unit.is_critical ? "yes" : "no",
        row.asset,
        row.unit.contact.name,
        row.unit.contact.email,
        row.unit.contact.phone,
        kAuthorisedFrom,
        row.until,
        row.probe_class,
        row.dkim_selector,
    };
    append_row(cells, out);
}

/// The addresses are loopback ones: contacted only because the registry lists the blocks that hold them.
void append_blocks(const World& world, std::string& out) {
    const auto& unit = world.units[world.districts.front().unit];
    const std::string name = world.plan.language == "en" ? "Hosting" : "云主机";
    append_row(Row{unit, unit.id + "-0", name, "3", world.block.str()}, out);
    if (world.plan.has_ipv6) {
        append_row(Row{unit, unit.id + "-0", name, "3", "::1/128"}, out);
    }
}

} // namespace

std::string registry_csv(const World& world) {
    std::string out =
        "unit,unit_name,parent,system,system_name,protection_level,critical,asset,contact,email,phone,"
        "authorised_from,authorised_until,probe_class,dkim_selector\r\n";
    append_blocks(world, out);
    for (const auto& site : world.sites) {
        const auto level = site.protection_level == 0 ? std::string() : std::to_string(site.protection_level);
        Row row{world.unit_of(site), site.system_id, site.system_name, level, ""};
        row.until = site.is_authorised ? kAuthorisedUntil : kExpiredUntil;
        row.probe_class = site.is_careful ? "careful" : "passive";
        for (const auto& target : site.targets) {
            row.asset = target;
            append_row(row, out);
        }
        if (site.has_mail()) {
            row.asset = site.mail_target;
            row.dkim_selector = kDkimSelector;
            append_row(row, out);
        }
    }
    return out;
}

} // namespace fengsui::range
