// Tables for office programs (ECMA-376). The same content gives the same bytes.
#pragma once

#include "base/time.h"

#include <string>
#include <variant>
#include <vector>

namespace fengsui::workflow {

/// Empty, a text (never read as a formula, whatever it begins with), a number, or a date.
using SheetCell = std::variant<std::monostate, std::string, double, base::Date>;

struct Sheet {
    std::string name;                ///< cut to what a sheet's name may be, made different from the others'
    std::vector<std::string> header; ///< bold and frozen; empty: none
    std::vector<std::vector<SheetCell>> rows;
    std::vector<double> widths; ///< in characters; columns without one take theirs from the content
};

/// The workbook's bytes. No sheet at all gives a workbook with one empty sheet.
std::string to_xlsx(const std::vector<Sheet>& sheets);

} // namespace fengsui::workflow
