// A chart as marks on a plane, drawn alike into the PDF and as SVG into the HTML.
#pragma once

#include "workflow/document/layout.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fengsui::workflow {

struct ChartBox {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
    Colour colour;
};
struct ChartPath {
    std::vector<std::pair<double, double>> points;
    double width = 1;
    Colour colour;
};
struct ChartWord {
    double x = 0;   ///< of the left edge, the centre or the right edge
    double top = 0; ///< of the characters
    TextAlign align = TextAlign::left;
    std::string text;
};
using ChartMark = std::variant<ChartBox, ChartPath, ChartWord>;

/// The marks within `width` by the layout's chart height. Values below 0 count as 0.
std::vector<ChartMark> chart_marks(const TextChart& chart, double width, const DocumentLayout& layout);

} // namespace fengsui::workflow
