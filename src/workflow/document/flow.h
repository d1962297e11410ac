// A document as a column of items, from the top of page 1 to the last note, before it is cut into pages.
#pragma once

#include "workflow/document/canvas.h"

#include <functional>
#include <memory>
#include <vector>

namespace fengsui::workflow {

/// What is drawn as one piece: a line of text, a row of a table, a chart.
struct FlowItem {
    double gap = 0;         ///< before it; none at the top of a page
    double ink = 0;         ///< height that must fit on the page
    double advance = 0;     ///< from its top to the next item's, without that one's gap
    bool keep_next = false; ///< stands on the same page as the next item
    std::function<void(Canvas& canvas, double top)> draw;
    std::shared_ptr<const FlowItem>
        repeated; ///< drawn above it when it comes first on a page: a table's head
};
using Flow = std::vector<FlowItem>;

/// Adds the lines of a shaped text, `pitch` apart, at `x` from the left edge of the paper.
void add_lines(Flow& flow, ShapedText text, double x, double pitch, double gap);

/// The text with line ends where a balanced title would have them, for a width it does not fit in one line.
std::string balanced(
    const Canvas& canvas,
    const DocumentLayout& layout,
    std::string_view text,
    const TextRole& role,
    double width
);

/// 版头 and title (flow_head.cpp): everything above the recipient's line, and that line.
void add_head(Flow& flow, const Canvas& canvas, const DocumentText& text);
/// Paragraphs, tables and charts.
void add_blocks(Flow& flow, const Canvas& canvas, const DocumentText& text);
/// Attachments, signature, notes (flow_end.cpp); holds the signature to the lines before it.
void add_end(Flow& flow, const Canvas& canvas, const DocumentText& text);

/// A table's caption, head and rows (flow_table.cpp).
void add_table(Flow& flow, const Canvas& canvas, const DocumentLayout& layout, const TextTable& table);

/// 版记: drawn upwards from the lower edge of the type area of the last page. Height 0: there is none.
FlowItem imprint(const Canvas& canvas, const DocumentText& text);
/// Longer lists of cc than a third of a page flow with the text instead.
bool cc_is_in_imprint(const Canvas& canvas, const DocumentText& text);

/// A label of the document's language; empty when it has none.
std::string label_of(const DocumentText& text, const std::string& name);

} // namespace fengsui::workflow
