// Rows into registry data: each cell judged by its column, each record put together from its rows.
#pragma once

#include "registry/build/columns.h"
#include "registry/table/rows.h"

#include <unordered_map>

namespace fengsui::registry::build {

/// Registry data with the row that each record came from, for the checks across rows.
struct Draft {
    model::RegistryData data;
    std::vector<unsigned> unit_rows;
    std::vector<unsigned> asset_rows;
    std::vector<std::string> custom_columns;
    std::size_t rows = 0;
};

class RegistryBuilder {
public:
    explicit RegistryBuilder(table::Problems& problems) : problems_(problems) {}

    /// The header first, then the rows.
    void take_row(unsigned row, table::Cells& cells);
    /// Cells of date columns that are bare numbers count days from this one (XLSX).
    void set_serial_base(base::Date date) { serial_base_ = date; }
    /// What the file does not say of units known already is kept. Dates are read here.
    Draft finish(const model::RegistryData& existing);

private:
    struct PendingDates {
        std::optional<std::size_t> asset; ///< none: the row names no usable asset
        unsigned row = 0;
        std::string from;
        std::string until;
    };
    struct UnitNote {
        std::size_t index = 0;
        bool has_name = false;
        bool has_parent = false;
    };
    struct SystemNote {
        std::size_t index = 0;
        bool has_critical = false;
    };

    void take_header(unsigned row, const table::Cells& cells);
    bool has_expected_width(table::Cells& cells) const;
    bool check_cells(table::Cells& cells);
    bool check_cell(std::string_view column, std::optional<Column> kind, const std::string& cell);
    void take_unit();
    void take_contact(model::Unit& unit);
    bool check_email(const std::string& email);
    void take_system();
    void take_level(model::System& system, SystemNote& note);
    void take_asset();
    model::ProbeClass read_probe_class();
    void note_dates(std::optional<std::size_t> asset);
    void read_dates();
    std::optional<base::Date> read_date(unsigned row, Column column, const std::string& text);
    void keep_what_is_not_said(const model::RegistryData& existing);
    [[nodiscard]] const std::string& cell(Column column) const;
    [[nodiscard]] bool has_column(Column column) const {
        return position_[static_cast<std::size_t>(column)].has_value();
    }
    void complain(Column column, std::string_view code, std::string zh, std::string en);

    table::Problems& problems_;
    std::optional<base::Date> serial_base_;
    std::array<std::optional<std::size_t>, kColumnNames.size()> position_;
    std::vector<std::string> header_; ///< as results name the columns
    std::vector<std::optional<Column>> kinds_;
    bool has_header_ = false;
    bool is_readable_ = false; ///< the header has what rows need
    unsigned row_ = 0;
    const table::Cells* cells_ = nullptr;
    Draft draft_;
    std::unordered_map<std::string, UnitNote> units_;
    std::unordered_map<std::string, SystemNote> systems_;
    std::unordered_map<std::string, std::size_t> assets_;
    std::vector<PendingDates> dates_;
};

} // namespace fengsui::registry::build
