#include "workflow/document/chart_marks.h"
#include "workflow/document/flow.h"

#include <fmt/format.h>

namespace fengsui::workflow {

namespace {

void draw_word(Canvas& canvas, const ChartWord& word, double left, double top, const TextRole& role) {
    const auto shaped = canvas.shape(word.text, role);
    const auto share = word.align == TextAlign::left ? 0.0 : (word.align == TextAlign::centre ? 0.5 : 1.0);
    canvas.draw_line(shaped, 0, left + word.x - share * shaped.width(), top + word.top);
}

void draw_marks(
    Canvas& canvas, double top, const std::vector<ChartMark>& marks, const DocumentLayout& layout
) {
    const auto left = layout.margin_left;
    for (const auto& mark : marks) {
        if (const auto* box = std::get_if<ChartBox>(&mark)) {
            canvas.fill(left + box->x, top + box->y, box->width, box->height, box->colour);
        } else if (const auto* path = std::get_if<ChartPath>(&mark)) {
            auto points = path->points;
            for (auto& [x, y] : points) {
                x += left;
                y += top;
            }
            canvas.polyline(points, path->width, path->colour);
        } else {
            draw_word(canvas, std::get<ChartWord>(mark), left, top, layout.role("chart"));
        }
    }
}

void add_chart(Flow& flow, const Canvas& canvas, const DocumentText& text, const TextChart& chart) {
    const auto layout = text.layout;
    double gap = layout->blank_before("table");
    if (!chart.caption.empty()) {
        const auto& role = layout->role("caption");
        const auto pitch = role.size * role.leading;
        add_lines(flow, canvas.shape(chart.caption, role, {layout->width}), layout->margin_left, pitch, gap);
        flow.back().keep_next = true;
        gap = 0;
    }
    FlowItem item;
    item.gap = gap;
    item.ink = layout->chart_height;
    item.advance = item.ink + layout->pitch * 0.5;
    const auto marks =
        std::make_shared<const std::vector<ChartMark>>(chart_marks(chart, layout->width, *layout));
    item.draw = [marks, layout](Canvas& page, double top) {
        draw_marks(page, top, *marks, *layout);
    };
    flow.push_back(std::move(item));
}

void add_paragraph(
    Flow& flow, const Canvas& canvas, const DocumentText& text, const TextParagraph& paragraph
) {
    const auto& layout = *text.layout;
    const auto& role = layout.role(paragraph.level == 0 ? "body" : fmt::format("heading{}", paragraph.level));
    TextSetting setting;
    setting.width = layout.width;
    setting.first_indent = layout.indent * (role.size + role.tracking);
    setting.justify = layout.justify;
    add_lines(
        flow,
        canvas.shape(paragraph.text, role, setting),
        layout.margin_left,
        layout.pitch,
        layout.paragraph_gap
    );
    if (paragraph.level > 0) {
        flow.back().keep_next = true;
    }
}

} // namespace

void add_blocks(Flow& flow, const Canvas& canvas, const DocumentText& text) {
    const auto before = flow.size();
    for (const auto& block : text.blocks) {
        if (const auto* paragraph = std::get_if<TextParagraph>(&block)) {
            add_paragraph(flow, canvas, text, *paragraph);
        } else if (const auto* table = std::get_if<TextTable>(&block)) {
            add_table(flow, canvas, *text.layout, *table);
        } else {
            add_chart(flow, canvas, text, std::get<TextChart>(block));
        }
    }
    if (flow.size() > before) {
        // A form without 主送机关 keeps its distance from the title.
        const bool after_title = text.recipient.empty() && !text.layout->letter_form;
        flow[before].gap += text.layout->blank_before(after_title ? "recipient" : "body");
    }
}

} // namespace fengsui::workflow
