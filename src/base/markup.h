// Text as it stands inside HTML, SVG and the XML of a workbook.
#pragma once

#include <string>
#include <string_view>

namespace fengsui::base {

/// Escapes & < > " ' and drops what XML 1.0 forbids; the input may be any bytes.
std::string escape_markup(std::string_view text);

} // namespace fengsui::base
