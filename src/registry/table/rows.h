// What the readers of the three formats give: rows of texts, and what is wrong with the file itself.
#pragma once

#include "registry/import.h"

#include <functional>

namespace fengsui::registry::table {

using Cells = std::vector<std::string>;
/// Called for each row that is not blank, the header first. Row numbers as a spreadsheet shows them.
using RowSink = std::function<void(unsigned row, Cells& cells)>;

/// More than any registry has; fewer than it takes to make a program suffer.
constexpr std::size_t kMostColumns = 200;
constexpr std::size_t kLongestCell = 32'767; // characters in a cell of a spreadsheet program
constexpr std::size_t kLargestFile = std::size_t{256} << 20U;

/// Where a reader puts what it finds wrong; stops growing at a limit, with a last line that says so.
class Problems {
public:
    void add(unsigned row, std::string_view column, std::string_view code, std::string zh, std::string en);
    [[nodiscard]] bool empty() const { return list_.empty(); }
    [[nodiscard]] std::vector<Problem> take() { return std::move(list_); }

private:
    std::vector<Problem> list_;
};

/// The texts of UTF-8 bytes without BOM. `problems` gets what is malformed; what precedes it is still given.
void read_csv(std::string_view utf8, const RowSink& sink, Problems& problems);
/// An array of objects; the header is the union of their names.
void read_json_rows(std::string_view utf8, const RowSink& sink, Problems& problems);
/// The first sheet. Returns the day that date serials count from (1899-12-30, or 1904-01-01).
base::Date read_xlsx(std::string_view bytes, const RowSink& sink, Problems& problems);

struct Decoded {
    std::string utf8;     ///< without BOM
    std::string encoding; ///< empty when it could not be decoded
};

/// UTF-8 or GB18030, whole; anything else is a problem that names the line.
Decoded decode(std::string_view bytes, Problems& problems);

} // namespace fengsui::registry::table
