#include "registry/build/registry_builder.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fengsui::registry::build {

namespace {

constexpr std::size_t kLongestId = 100;

std::string shown(std::string_view text) {
    return base::shorten(base::scrub_utf8(text), 100);
}

/// Names and custom fields may have several lines; nothing that is compared or sent may.
bool may_have_lines(std::optional<Column> kind) {
    return !kind || *kind == Column::unit_name || *kind == Column::system_name || *kind == Column::contact;
}

bool has_control(std::string_view cell, bool lines_allowed) {
    return std::any_of(cell.begin(), cell.end(), [lines_allowed](char c) {
        const bool is_line = c == '\n' || c == '\r' || c == '\t';
        return (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) && !(lines_allowed && is_line);
    });
}

/// Custom fields are plain data; a telephone number may begin with `+`. Elsewhere it is nothing we take.
bool may_look_like_formula(std::optional<Column> kind) {
    return !kind || *kind == Column::phone;
}

} // namespace

void RegistryBuilder::complain(Column column, std::string_view code, std::string zh, std::string en) {
    problems_.add(row_, to_string(column), code, std::move(zh), std::move(en));
}

const std::string& RegistryBuilder::cell(Column column) const {
    static const std::string none;
    const auto position = position_[static_cast<std::size_t>(column)];
    return position && *position < cells_->size() ? (*cells_)[*position] : none;
}

void RegistryBuilder::take_row(unsigned row, table::Cells& cells) {
    row_ = row;
    cells_ = &cells;
    if (!has_header_) {
        has_header_ = true;
        take_header(row, cells);
        return;
    }
    if (!is_readable_) {
        return;
    }
    ++draft_.rows;
    if (!has_expected_width(cells)) {
        problems_.add(
            row,
            "",
            "wrong_width",
            fmt::format("该行有 {} 列，表头有 {} 列", cells.size(), header_.size()),
            fmt::format("the row has {} cells, the header {}", cells.size(), header_.size())
        );
        return;
    }
    if (!check_cells(cells)) {
        return;
    }
    if (cell(Column::unit).empty()) {
        complain(Column::unit, "missing", "缺少单位编号", "the unit is missing");
        return;
    }
    take_unit();
    take_system();
    take_asset();
}

void RegistryBuilder::take_header(unsigned row, const table::Cells& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto name = base::trim(cells[i]);
        const auto kind = column_named(name);
        kinds_.push_back(kind);
        header_.emplace_back(kind ? to_string(*kind) : name);
        if (!base::is_valid_utf8(name) || has_control(name, false) || name.size() > kLongestId) {
            problems_.add(
                row, shown(name), "bad_column_name", "列名有误", "the name of this column is not usable"
            );
        }
        if (!name.empty() && std::count(header_.begin(), header_.end(), header_.back()) > 1) {
            problems_.add(
                row, header_.back(), "duplicate_column", "该列出现了两次", "this column stands there twice"
            );
        }
        if (kind) {
            position_[static_cast<std::size_t>(*kind)] = i;
        } else if (!name.empty()) {
            draft_.custom_columns.emplace_back(name);
        }
    }
    is_readable_ = true;
    for (const auto column : {Column::unit, Column::asset}) {
        if (!has_column(column)) {
            complain(
                column,
                "missing_column",
                fmt::format("缺少列 {}", to_string(column)),
                fmt::format("the column \"{}\" is missing", to_string(column))
            );
            is_readable_ = false;
        }
    }
}

bool RegistryBuilder::has_expected_width(table::Cells& cells) const {
    // XLSX leaves out empty cells at the end, and spreadsheets add empty ones.
    if (cells.size() > header_.size()) {
        const auto extra = cells.begin() + static_cast<std::ptrdiff_t>(header_.size());
        if (std::any_of(extra, cells.end(), [](const auto& one) { return !one.empty(); })) {
            return false;
        }
        cells.resize(header_.size());
    }
    if (cells.size() < header_.size() && serial_base_) {
        cells.resize(header_.size());
    }
    return cells.size() == header_.size();
}

bool RegistryBuilder::check_cells(table::Cells& cells) {
    bool all_good = true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        auto& one = cells[i];
        if (one.size() > 1 && one[0] == '\'' && is_formula_like(std::string_view(one).substr(1))) {
            one.erase(0, 1); // as export and spreadsheets write what is not a formula
        }
        one = std::string(base::trim(one));
        all_good = check_cell(header_[i], kinds_[i], one) && all_good;
    }
    return all_good;
}

bool RegistryBuilder::check_cell(
    std::string_view column, std::optional<Column> kind, const std::string& text
) {
    if (text.empty()) {
        return true;
    }
    if (column.empty()) {
        problems_.add(row_, "", "unnamed_column", "该列没有列名", "a cell stands below an empty header");
        return false;
    }
    if (text.size() > table::kLongestCell) {
        problems_.add(row_, column, "too_long", "内容过长", "the cell is too long");
        return false;
    }
    if (has_control(text, may_have_lines(kind)) || !base::is_valid_utf8(text)) {
        problems_.add(
            row_, column, "control_character", "含有控制字符", "the cell holds a control character"
        );
        return false;
    }
    if (is_formula_like(text) && !may_look_like_formula(kind)) {
        problems_.add(
            row_,
            column,
            "formula",
            fmt::format("“{}”看起来是公式；此列不接受", shown(text)),
            fmt::format("\"{}\" looks like a formula; this column takes none", shown(text))
        );
        return false;
    }
    const bool is_id = kind == Column::unit || kind == Column::parent || kind == Column::system;
    if (is_id && text.size() > kLongestId) {
        problems_.add(row_, column, "too_long", "编号过长", "an id has at most 100 bytes");
        return false;
    }
    return true;
}

void RegistryBuilder::take_unit() {
    const auto& id = cell(Column::unit);
    const auto [entry, is_new] = units_.emplace(id, UnitNote{draft_.data.units.size(), false, false});
    if (is_new) {
        draft_.data.units.push_back({model::UnitId(id), id, {}, {}});
        draft_.unit_rows.push_back(row_);
    }
    auto& note = entry->second;
    auto& unit = draft_.data.units[note.index];
    if (const auto& name = cell(Column::unit_name); !name.empty()) {
        if (note.has_name && unit.name != name) {
            complain(
                Column::unit_name,
                "name_conflict",
                fmt::format("单位 {} 有两个名称：“{}”和“{}”", id, unit.name, name),
                fmt::format("the unit {} has two names, \"{}\" and \"{}\"", id, unit.name, name)
            );
        } else {
            unit.name = name;
            note.has_name = true;
        }
    }
    if (const auto& parent = cell(Column::parent); !parent.empty()) {
        if (note.has_parent && unit.parent.str() != parent) {
            complain(
                Column::parent,
                "parent_conflict",
                fmt::format("单位 {} 有两个上级单位：{} 和 {}", id, unit.parent.str(), parent),
                fmt::format("the unit {} has two parents, {} and {}", id, unit.parent.str(), parent)
            );
        } else {
            unit.parent = model::UnitId(parent);
            note.has_parent = true;
        }
    }
    take_contact(unit);
}

void RegistryBuilder::take_contact(model::Unit& unit) {
    const model::Contact contact{"contact", cell(Column::contact), cell(Column::email), cell(Column::phone)};
    if (contact.name.empty() && contact.email.empty() && contact.phone.empty()) {
        return;
    }
    const bool is_known =
        std::find(unit.contacts.begin(), unit.contacts.end(), contact) != unit.contacts.end();
    if (check_email(contact.email) && !is_known) {
        unit.contacts.push_back(contact);
    }
}

bool RegistryBuilder::check_email(const std::string& email) {
    if (email.empty()) {
        return true;
    }
    const auto at = email.find('@');
    const bool has_shape = at != std::string::npos && at > 0 && at + 1 < email.size()
                           && email.find('@', at + 1) == std::string::npos
                           && email.find_first_of(" \t,;<>\"") == std::string::npos;
    if (has_shape && email.find('.', at) != std::string::npos
        && model::normalise_host(std::string_view(email).substr(at + 1))) {
        return true;
    }
    complain(
        Column::email,
        "bad_email",
        fmt::format("“{}”不是电子邮件地址", shown(email)),
        fmt::format("\"{}\" is not an e-mail address", shown(email))
    );
    return false;
}

void RegistryBuilder::take_system() {
    const auto& id = cell(Column::system);
    if (id.empty()) {
        for (const auto column : {Column::system_name, Column::protection_level, Column::critical}) {
            if (!cell(column).empty()) {
                complain(
                    column,
                    "system_missing",
                    "有系统信息但缺少系统编号",
                    "this tells of a system, but the row names none"
                );
            }
        }
        return;
    }
    const auto [entry, is_new] = systems_.emplace(id, SystemNote{draft_.data.systems.size(), false});
    const auto& unit = cell(Column::unit);
    if (is_new) {
        draft_.data.systems.push_back({model::SystemId(id), model::UnitId(unit), id, std::nullopt, false});
    }
    auto& system = draft_.data.systems[entry->second.index];
    if (system.unit.str() != unit) {
        complain(
            Column::system,
            "system_of_two_units",
            fmt::format("系统 {} 属于两个单位：{} 和 {}", id, system.unit.str(), unit),
            fmt::format("the system {} belongs to two units, {} and {}", id, system.unit.str(), unit)
        );
        return;
    }
    if (const auto& name = cell(Column::system_name); !name.empty() && name != system.name) {
        if (system.name != id) {
            complain(
                Column::system_name,
                "name_conflict",
                fmt::format("系统 {} 有两个名称：“{}”和“{}”", id, system.name, name),
                fmt::format("the system {} has two names, \"{}\" and \"{}\"", id, system.name, name)
            );
        }
        system.name = name;
    }
    take_level(system, entry->second);
}

void RegistryBuilder::take_level(model::System& system, SystemNote& note) {
    if (const auto& text = cell(Column::protection_level); !text.empty()) {
        const bool is_level = text.size() == 1 && text[0] >= '1' && text[0] <= '5';
        if (!is_level) {
            complain(
                Column::protection_level,
                "bad_protection_level",
                fmt::format("“{}”不是等级保护级别（1 至 5）", shown(text)),
                fmt::format("\"{}\" is not a protection level (1 to 5)", shown(text))
            );
        } else if (system.protection_level && *system.protection_level != text[0] - '0') {
            complain(
                Column::protection_level,
                "level_conflict",
                "同一系统有两个等级保护级别",
                "the system has two protection levels"
            );
        } else {
            system.protection_level = text[0] - '0';
        }
    }
    const auto& text = cell(Column::critical);
    if (text.empty()) {
        return;
    }
    const bool is_yes = base::iequals(text, "yes") || text == "是";
    if (!is_yes && !base::iequals(text, "no") && text != "否") {
        complain(
            Column::critical,
            "bad_critical",
            fmt::format("“{}”应为 yes 或 no", shown(text)),
            fmt::format("\"{}\" is neither yes nor no", shown(text))
        );
    } else if (note.has_critical && system.critical != is_yes) {
        complain(
            Column::critical,
            "critical_conflict",
            "同一系统的关键信息基础设施标记不一致",
            "the system is both critical and not"
        );
    } else {
        system.critical = is_yes;
        note.has_critical = true;
    }
}

void RegistryBuilder::take_asset() {
    const auto& text = cell(Column::asset);
    if (text.empty()) {
        for (const auto column : {Column::authorised_from, Column::authorised_until, Column::probe_class}) {
            if (!cell(column).empty()) {
                complain(
                    Column::asset, "missing", "缺少资产", "the row says how to treat an asset, but names none"
                );
                return;
            }
        }
        return;
    }
    auto target = model::AssetTarget::parse(text);
    if (!target) {
        complain(
            Column::asset,
            "bad_asset",
            fmt::format(
                "“{}”不是网址、主机名、mail:域名、IP 地址或网段：{}", shown(text), target.error().message()
            ),
            target.error().message()
        );
        read_probe_class(); // the row's other problems are told as well
        note_dates(std::nullopt);
        return;
    }
    model::Asset asset;
    asset.id = model::asset_id_of(*target);
    asset.unit = model::UnitId(cell(Column::unit));
    asset.system = model::SystemId(cell(Column::system));
    asset.value = text;
    asset.target = std::move(*target);
    asset.probe_class = read_probe_class();
    for (std::size_t i = 0; i < header_.size(); ++i) {
        if (!kinds_[i] && !header_[i].empty() && !(*cells_)[i].empty()) {
            asset.custom.emplace_back(header_[i], (*cells_)[i]);
        }
    }
    const auto [entry, is_new] = assets_.emplace(asset.id.str(), draft_.data.assets.size());
    if (!is_new) {
        const auto first = draft_.asset_rows[entry->second];
        const auto& owner = draft_.data.assets[entry->second].unit;
        complain(
            Column::asset,
            owner == asset.unit ? "duplicate_asset" : "asset_of_two_units",
            fmt::format("资产 {} 已在第 {} 行登记（单位 {}）", shown(text), first, owner.str()),
            fmt::format("the asset {} is already in row {} (unit {})", shown(text), first, owner.str())
        );
        note_dates(std::nullopt);
        return;
    }
    note_dates(draft_.data.assets.size());
    draft_.data.assets.push_back(std::move(asset));
    draft_.asset_rows.push_back(row_);
}

void RegistryBuilder::note_dates(std::optional<std::size_t> asset) {
    if (!cell(Column::authorised_from).empty() || !cell(Column::authorised_until).empty()) {
        dates_.push_back({asset, row_, cell(Column::authorised_from), cell(Column::authorised_until)});
    }
}

model::ProbeClass RegistryBuilder::read_probe_class() {
    const auto& text = cell(Column::probe_class);
    if (base::iequals(text, "careful")) {
        return model::ProbeClass::careful;
    }
    if (!text.empty() && !base::iequals(text, "passive")) {
        complain(
            Column::probe_class,
            "bad_probe_class",
            fmt::format("“{}”应为 passive 或 careful", shown(text)),
            fmt::format("\"{}\" is neither passive nor careful", shown(text))
        );
    }
    return model::ProbeClass::passive;
}

std::optional<base::Date> RegistryBuilder::read_date(unsigned row, Column column, const std::string& text) {
    if (text.empty()) {
        return std::nullopt;
    }
    unsigned serial = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), serial);
    constexpr unsigned kLastSerial = 2'958'465; // 9999-12-31
    if (serial_base_ && failure == std::errc() && end == text.data() + text.size() && serial > 0
        && serial <= kLastSerial) {
        return base::Date(std::chrono::sys_days(*serial_base_) + std::chrono::days(serial));
    }
    auto date = base::parse_date(text);
    if (!date) {
        problems_.add(
            row,
            to_string(column),
            "bad_date",
            fmt::format("“{}”不是日期（如 2026-01-31）", shown(text)),
            fmt::format("\"{}\" is not a date such as 2026-01-31", shown(text))
        );
        return std::nullopt;
    }
    return *date;
}

void RegistryBuilder::read_dates() {
    for (const auto& pending : dates_) {
        const auto from = read_date(pending.row, Column::authorised_from, pending.from);
        const auto until = read_date(pending.row, Column::authorised_until, pending.until);
        if (pending.asset) {
            auto& asset = draft_.data.assets[*pending.asset];
            asset.authorised_from = from;
            asset.authorised_until = until;
        }
        if (from && until && *until < *from) {
            problems_.add(
                pending.row,
                to_string(Column::authorised_until),
                "date_order",
                "授权结束日期早于开始日期",
                "the authorisation ends before it begins"
            );
        }
    }
}

void RegistryBuilder::keep_what_is_not_said(const model::RegistryData& existing) {
    const bool has_contacts =
        has_column(Column::contact) || has_column(Column::email) || has_column(Column::phone);
    for (const auto& known : existing.units) {
        const auto entry = units_.find(known.id.str());
        if (entry == units_.end()) {
            continue;
        }
        auto& unit = draft_.data.units[entry->second.index];
        if (!entry->second.has_name) {
            unit.name = known.name;
        }
        if (!has_column(Column::parent)) {
            unit.parent = known.parent;
        }
        if (!has_contacts) {
            unit.contacts = known.contacts;
        }
    }
}

Draft RegistryBuilder::finish(const model::RegistryData& existing) {
    row_ = 0;
    if (!has_header_ && problems_.empty()) {
        problems_.add(0, "", "empty", "文件是空的", "the file is empty");
    } else if (is_readable_ && draft_.rows == 0 && problems_.empty()) {
        problems_.add(0, "", "empty", "文件只有表头", "the file has a header and nothing else");
    }
    read_dates();
    keep_what_is_not_said(existing);
    return std::move(draft_);
}

} // namespace fengsui::registry::build
