#include "workflow/document/flow.h"

#include <algorithm>
#include <numeric>

namespace fengsui::workflow {

namespace {

constexpr Colour kBlack = {};
constexpr Colour kHeadFill = {0.94, 0.94, 0.94};
constexpr double kMinColumn = 0.05; // of the width: a share of nothing would wrap after each character
constexpr double kTallestRow =
    0.4; // of a page; a taller row is cut into several, so that pages can be filled

/// Cells of a row, shaped to their columns; several parts of one row share them.
struct TableRow {
    std::vector<ShapedText> cells;
    std::vector<TextAlign> aligns;
    std::size_t lines = 0;
    double pitch = 0;
    bool is_head = false;
};

class TableBuilder {
public:
    TableBuilder(const Canvas& canvas, const DocumentLayout& layout, const TextTable& table)
        : canvas_(canvas), layout_(layout), table_(table) {
        double sum = 0;
        for (const auto& column : table.columns) {
            sum += std::max(column.share, 0.0);
        }
        for (const auto& column : table.columns) {
            const auto share = sum > 0 ? std::max(column.share, 0.0) / sum : 1;
            widths_.push_back(std::max(share, kMinColumn));
        }
        const auto whole = std::accumulate(widths_.begin(), widths_.end(), 0.0);
        for (auto& width : widths_) {
            width *= layout.width / whole;
        }
    }

    void add_to(Flow& flow) {
        double gap = layout_.blank_before("table");
        if (!table_.caption.empty()) {
            const auto& role = layout_.role("caption");
            const auto pitch = role.size * role.leading;
            add_lines(
                flow, canvas_.shape(table_.caption, role, {layout_.width}), layout_.margin_left, pitch, gap
            );
            flow.back().keep_next = true;
            gap = 0;
        }
        std::vector<std::string> titles;
        for (const auto& column : table_.columns) {
            titles.push_back(column.title);
        }
        const auto head_row = shape_row(titles, true);
        const auto head = std::make_shared<const FlowItem>(part_of(head_row, 0, head_row->lines));
        flow.push_back(*head);
        flow.back().gap = gap;
        flow.back().keep_next = true;
        for (const auto& cells : table_.rows) {
            add_row(flow, cells, head);
        }
        flow.back().advance += layout_.pitch * 0.5; // air below the table
    }

private:
    void add_row(
        Flow& flow, const std::vector<std::string>& cells, const std::shared_ptr<const FlowItem>& head
    ) {
        const auto row = shape_row(cells, false);
        const auto most =
            std::max<std::size_t>(1, static_cast<std::size_t>(layout_.height * kTallestRow / row->pitch));
        for (std::size_t first = 0; first < row->lines; first += most) {
            flow.push_back(part_of(row, first, std::min(most, row->lines - first)));
            flow.back().repeated = head;
        }
    }

    [[nodiscard]] std::shared_ptr<const TableRow> shape_row(
        const std::vector<std::string>& cells, bool is_head
    ) const {
        auto row = std::make_shared<TableRow>();
        row->is_head = is_head;
        for (std::size_t i = 0; i < widths_.size(); ++i) {
            auto role = layout_.role(is_head ? "table_head" : "table");
            role.align = is_head ? role.align : table_.columns[i].align;
            row->pitch = role.size * role.leading;
            const auto room = std::max(widths_[i] - 2 * layout_.table_padding, role.size);
            row->cells.push_back(canvas_.shape(i < cells.size() ? cells[i] : "", role, {room}));
            row->aligns.push_back(role.align);
            row->lines = std::max(row->lines, row->cells.back().line_count());
        }
        return row;
    }

    /// Lines `first` to `first + count` of a row, with the rules around them.
    [[nodiscard]] FlowItem part_of(
        const std::shared_ptr<const TableRow>& row, std::size_t first, std::size_t count
    ) const {
        FlowItem item;
        item.ink = static_cast<double>(count) * row->pitch + 2 * layout_.table_padding;
        item.advance = item.ink;
        const Frame frame{widths_, layout_.margin_left, layout_.table_padding, layout_.table_rule, item.ink};
        item.draw = [row, first, count, frame](Canvas& canvas, double top) {
            draw_part(canvas, top, *row, first, count, frame);
        };
        return item;
    }

    struct Frame {
        std::vector<double> widths;
        double left = 0;
        double padding = 0;
        double rule = 0;
        double height = 0;
    };

    static void draw_part(
        Canvas& canvas,
        double top,
        const TableRow& row,
        std::size_t first,
        std::size_t count,
        const Frame& frame
    ) {
        const auto width = std::accumulate(frame.widths.begin(), frame.widths.end(), 0.0);
        if (row.is_head) {
            canvas.fill(frame.left, top, width, frame.height, kHeadFill);
        }
        double x = frame.left;
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            canvas.rule(x, top, x, top + frame.height, frame.rule, kBlack);
            const auto& cell = row.cells[i];
            // Short cells stand in the middle of the height, unless the row is cut.
            const auto own = static_cast<double>(std::min(cell.line_count(), count));
            const auto slack = row.lines == count ? (static_cast<double>(count) - own) * row.pitch / 2 : 0;
            const auto lead = (row.pitch - cell.size()) / 2;
            for (auto line = first; line < std::min(first + count, cell.line_count()); ++line) {
                const auto y =
                    top + frame.padding + slack + lead + static_cast<double>(line - first) * row.pitch;
                canvas.draw_line(cell, line, x + frame.padding, y);
            }
            x += frame.widths[i];
        }
        canvas.rule(x, top, x, top + frame.height, frame.rule, kBlack);
        canvas.rule(frame.left, top, x, top, frame.rule, kBlack);
        canvas.rule(frame.left, top + frame.height, x, top + frame.height, frame.rule, kBlack);
    }

    const Canvas& canvas_;
    const DocumentLayout& layout_;
    const TextTable& table_;
    std::vector<double> widths_;
};

} // namespace

void add_table(Flow& flow, const Canvas& canvas, const DocumentLayout& layout, const TextTable& table) {
    if (!table.columns.empty()) {
        TableBuilder(canvas, layout, table).add_to(flow);
    }
}

} // namespace fengsui::workflow
