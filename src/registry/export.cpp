#include "registry/export.h"

#include "base/json.h"
#include "registry/build/columns.h"

#include <algorithm>
#include <unordered_map>

namespace fengsui::registry {

namespace {

using build::Column;
using Row = std::array<std::string, build::kColumnNames.size()>;

class Exporter {
public:
    explicit Exporter(const model::RegistryData& data) : data_(data) {
        for (const auto& system : data.systems) {
            systems_.emplace(system.id.str(), &system);
        }
        for (const auto& asset : data.assets) {
            assets_[asset.unit.str()].push_back(&asset);
            systems_of_assets_.emplace(asset.system.str(), true);
            for (const auto& field : asset.custom) {
                if (std::find(custom_.begin(), custom_.end(), field.first) == custom_.end()) {
                    custom_.push_back(field.first);
                }
            }
        }
    }

    [[nodiscard]] const std::vector<std::string>& custom() const { return custom_; }

    /// One row an asset; further rows without asset for contacts and systems that have no row yet.
    template <class Emit>
    void each(Emit emit) {
        for (const auto& unit : data_.units) {
            std::size_t rows = 0;
            for (const auto* asset : assets_[unit.id.str()]) {
                emit(row_of(unit, rows++, asset->system.str(), asset), asset);
            }
            for (const auto& system : data_.systems) {
                if (system.unit == unit.id && !systems_of_assets_.contains(system.id.str())) {
                    emit(row_of(unit, rows++, system.id.str(), nullptr), nullptr);
                }
            }
            while (rows == 0 || rows < unit.contacts.size()) {
                emit(row_of(unit, rows++, "", nullptr), nullptr);
            }
        }
    }

private:
    static std::string& at(Row& row, Column column) { return row[static_cast<std::size_t>(column)]; }

    Row row_of(
        const model::Unit& unit, std::size_t number, const std::string& system_id, const model::Asset* asset
    ) const {
        Row row;
        at(row, Column::unit) = unit.id.str();
        at(row, Column::unit_name) = unit.name;
        at(row, Column::parent) = unit.parent.str();
        if (!unit.contacts.empty()) {
            const auto& contact = unit.contacts[std::min(number, unit.contacts.size() - 1)];
            at(row, Column::contact) = contact.name;
            at(row, Column::email) = contact.email;
            at(row, Column::phone) = contact.phone;
        }
        if (const auto system = systems_.find(system_id); system != systems_.end()) {
            put_system(row, *system->second);
        }
        if (asset != nullptr) {
            put_asset(row, *asset);
        }
        return row;
    }

    static void put_system(Row& row, const model::System& system) {
        at(row, Column::system) = system.id.str();
        at(row, Column::system_name) = system.name;
        at(row, Column::protection_level) =
            system.protection_level ? std::to_string(*system.protection_level) : "";
        at(row, Column::critical) = system.critical ? "yes" : "no";
    }

    static void put_asset(Row& row, const model::Asset& asset) {
        at(row, Column::asset) = asset.value;
        at(row, Column::authorised_from) =
            asset.authorised_from ? base::format_date(*asset.authorised_from) : "";
        at(row, Column::authorised_until) =
            asset.authorised_until ? base::format_date(*asset.authorised_until) : "";
        at(row, Column::probe_class) = model::to_string(asset.probe_class);
    }

    const model::RegistryData& data_;
    std::unordered_map<std::string, const model::System*> systems_;
    std::unordered_map<std::string, bool> systems_of_assets_;
    std::unordered_map<std::string, std::vector<const model::Asset*>> assets_;
    std::vector<std::string> custom_;
};

void append_cell(std::string& out, std::string_view cell) {
    const bool is_formula = build::is_formula_like(cell);
    if (!is_formula && cell.find_first_of(",;\t\"\r\n") == std::string_view::npos) {
        out += cell;
        return;
    }
    out += is_formula ? "\"'" : "\"";
    for (const char c : cell) {
        out += c == '"' ? "\"\"" : std::string_view(&c, 1);
    }
    out += '"';
}

std::string_view custom_value(const model::Asset* asset, std::string_view name) {
    if (asset != nullptr) {
        for (const auto& [key, value] : asset->custom) {
            if (key == name) {
                return value;
            }
        }
    }
    return {};
}

} // namespace

std::string to_csv(const model::RegistryData& data) {
    Exporter exporter(data);
    std::string out = "\xEF\xBB\xBF";
    for (std::size_t i = 0; i < build::kColumnNames.size(); ++i) {
        out += i == 0 ? "" : ",";
        out += build::kColumnNames[i];
    }
    for (const auto& name : exporter.custom()) {
        out += ',';
        append_cell(out, name);
    }
    out += "\r\n";
    exporter.each([&](const Row& row, const model::Asset* asset) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += i == 0 ? "" : ",";
            append_cell(out, row[i]);
        }
        for (const auto& name : exporter.custom()) {
            out += ',';
            append_cell(out, custom_value(asset, name));
        }
        out += "\r\n";
    });
    return out;
}

std::string to_json_text(const model::RegistryData& data) {
    Exporter exporter(data);
    std::string out = "[";
    exporter.each([&](const Row& row, const model::Asset* asset) {
        auto object = base::Json::object();
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (!row[i].empty()) {
                object.set(build::kColumnNames[i], row[i]);
            }
        }
        for (const auto& name : exporter.custom()) {
            if (const auto value = custom_value(asset, name); !value.empty()) {
                object.set(name, value);
            }
        }
        out += out.size() == 1 ? "\n" : ",\n";
        base::append_text(object, out);
    });
    out += "\n]\n";
    return out;
}

} // namespace fengsui::registry
