#include "workflow/document/flow.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::workflow {

namespace {

constexpr double kMaxImprint = 1.0 / 3; // of the type area; more copies than that flow with the text
constexpr Colour kBlack = {};
constexpr std::size_t kLinesWithSignature = 2; // a signature is never alone on a page

std::shared_ptr<ShapedText> shared(ShapedText text) {
    return std::make_shared<ShapedText>(std::move(text));
}

/// 附件： then the names, numbered when there are several, each under the first.
void add_attachments(Flow& flow, const Canvas& canvas, const DocumentText& text) {
    const auto& layout = *text.layout;
    const auto& role = layout.role("body");
    const auto em = role.size + role.tracking;
    auto gap = layout.blank_before("attachments");
    const auto label = shared(canvas.shape(label_of(text, "attachments"), role));
    const auto label_x = layout.margin_left + layout.indent * em;
    const auto number_x = label_x + label->width() + (layout.letter_form ? em / 2 : 0);
    for (std::size_t i = 0; i < text.attachments.size(); ++i) {
        const auto number =
            shared(canvas.shape(text.attachments.size() > 1 ? fmt::format("{}. ", i + 1) : "", role));
        const auto x = number_x + number->width();
        const auto room = layout.margin_left + layout.width - x;
        const auto start = flow.size();
        add_lines(flow, canvas.shape(text.attachments[i], role, {room}), x, layout.pitch, gap);
        for (auto line = start; line + 1 < flow.size(); ++line) {
            flow[line].keep_next = true; // a name and its digest are not torn apart
        }
        auto& first = flow[start];
        const auto draw_name = first.draw;
        const bool is_first = i == 0;
        first.draw = [draw_name, number, label, number_x, label_x, is_first](Canvas& page, double top) {
            draw_name(page, top);
            page.draw_line(*number, 0, number_x, top);
            if (is_first) {
                page.draw_line(*label, 0, label_x, top);
            }
        };
        gap = 0;
    }
}

/// Office and date as one item. The date ends four characters from the right, the office is centred above it;
/// an office longer than that allows keeps to the edge, and the date is centred below it instead.
FlowItem signature(const Canvas& canvas, const DocumentText& text) {
    const auto& layout = *text.layout;
    auto role = layout.role("body");
    const auto em = role.size + role.tracking;
    role.align = layout.signature_left ? TextAlign::left : TextAlign::centre;
    const auto widest = layout.width - 4 * em;
    const bool is_long = canvas.shape(text.office, role).width() > widest;
    const auto office_text = is_long ? balanced(canvas, layout, text.office, role, widest) : text.office;
    const auto office_width = canvas.shape(office_text, role, {layout.width}).natural_width() + 1;
    const auto office = shared(canvas.shape(office_text, role, {office_width}));
    const auto date = shared(canvas.shape(layout.letter_form ? "" : text.date, role));
    const auto right = layout.margin_left + layout.width;
    auto centre = right - layout.date_right * em - date->width() / 2;
    centre = std::min(centre, right - em - office_width / 2);
    const auto office_x = layout.signature_left ? layout.margin_left : centre - office_width / 2;
    const auto date_x = layout.signature_left ? layout.margin_left : centre - date->width() / 2;
    const auto pitch = layout.pitch;
    const auto office_lines = office_text.empty() ? 0 : static_cast<double>(office->line_count());
    FlowItem item;
    item.gap = layout.blank_before("signature");
    item.advance = (office_lines + (date->width() > 0 ? 1 : 0)) * pitch;
    item.ink = std::max(item.advance - pitch + role.size, 0.0);
    item.draw = [office, date, office_x, date_x, office_lines, pitch](Canvas& page, double top) {
        if (office_lines > 0) {
            page.draw(*office, office_x, top, pitch);
        }
        page.draw_line(*date, 0, date_x, top + office_lines * pitch);
    };
    return item;
}

void add_notes(Flow& flow, const Canvas& canvas, const DocumentText& text) {
    const auto& layout = *text.layout;
    const auto& role = layout.role("body");
    const auto em = role.size + role.tracking;
    auto gap = layout.blank_before("notes");
    const auto add = [&](const std::string& note) {
        const TextSetting setting{layout.width, layout.indent * em, layout.justify};
        add_lines(flow, canvas.shape(note, role, setting), layout.margin_left, layout.pitch, gap);
        gap = layout.paragraph_gap;
    };
    for (const auto& note : text.notes) {
        add(note);
    }
    if (!text.cc.empty() && !cc_is_in_imprint(canvas, text)) {
        add(label_of(text, "cc") + text.cc);
    }
    if (layout.letter_form && !text.signer.empty()) {
        add(label_of(text, "signer") + text.signer);
    }
}

/// The texts of a 版记, shaped to their places.
struct ImprintText {
    std::shared_ptr<ShapedText> cc_label;
    std::shared_ptr<ShapedText> cc;
    std::shared_ptr<ShapedText> office;
    std::shared_ptr<ShapedText> printed;
    double inset = 0;
    double pitch = 0;
    double cc_height = 0;
    double office_height = 0;
};

ImprintText shape_imprint(const Canvas& canvas, const DocumentText& text) {
    const auto& layout = *text.layout;
    const auto& role = layout.role("imprint");
    ImprintText made;
    made.inset = layout.imprint_inset * role.size;
    made.pitch = role.size * role.leading;
    const auto room = layout.width - 2 * made.inset;
    if (!text.cc.empty()) {
        made.cc_label = shared(canvas.shape(label_of(text, "cc"), role));
        const TextSetting setting{room - made.cc_label->width(), 0, layout.justify};
        made.cc = shared(canvas.shape(text.cc, role, setting));
        made.cc_height = static_cast<double>(made.cc->line_count()) * made.pitch;
    }
    if (!text.printed_by.empty() || !text.printed_on.empty()) {
        auto right = role;
        right.align = TextAlign::right;
        made.office = shared(canvas.shape(text.printed_by, role, {room * 0.62}));
        made.printed = shared(canvas.shape(text.printed_on, right, {room * 0.38}));
        made.office_height =
            static_cast<double>(std::max(made.office->line_count(), made.printed->line_count())) * made.pitch;
    }
    return made;
}

void draw_imprint(Canvas& canvas, double top, const ImprintText& made, const DocumentLayout& layout) {
    const auto left = layout.margin_left;
    const auto right = left + layout.width;
    const auto lead = (made.pitch - made.office->size()) / 2;
    canvas.rule(left, top, right, top, layout.imprint_rule, kBlack);
    auto y = top;
    if (made.cc) {
        canvas.draw_line(*made.cc_label, 0, left + made.inset, y + lead);
        canvas.draw(*made.cc, left + made.inset + made.cc_label->width(), y + lead, made.pitch);
        y += made.cc_height;
        canvas.rule(left, y, right, y, layout.imprint_inner_rule, kBlack);
    }
    const auto room = layout.width - 2 * made.inset;
    canvas.draw(*made.office, left + made.inset, y + lead, made.pitch);
    canvas.draw(*made.printed, left + made.inset + room * 0.62, y + lead, made.pitch);
    y += made.office_height;
    canvas.rule(left, y, right, y, layout.imprint_rule, kBlack);
}

} // namespace

bool cc_is_in_imprint(const Canvas& canvas, const DocumentText& text) {
    return text.layout->has_imprint && (!text.printed_by.empty() || !text.printed_on.empty())
           && shape_imprint(canvas, text).cc_height <= text.layout->height * kMaxImprint;
}

FlowItem imprint(const Canvas& canvas, const DocumentText& text) {
    FlowItem item;
    if (!text.layout->has_imprint || (text.printed_by.empty() && text.printed_on.empty())) {
        return item;
    }
    auto made = std::make_shared<ImprintText>(shape_imprint(canvas, text));
    if (!cc_is_in_imprint(canvas, text)) {
        made->cc.reset();
        made->cc_height = 0;
    }
    item.ink = made->cc_height + made->office_height;
    item.advance = item.ink;
    const auto layout = text.layout;
    item.draw = [made, layout](Canvas& page, double top) {
        draw_imprint(page, top, *made, *layout);
    };
    return item;
}

void add_end(Flow& flow, const Canvas& canvas, const DocumentText& text) {
    add_attachments(flow, canvas, text);
    const auto body = flow.size();
    auto sign = signature(canvas, text);
    if (sign.advance > 0) {
        for (auto i = body - std::min(kLinesWithSignature, body); i < body; ++i) {
            flow[i].keep_next = true;
        }
        flow.push_back(std::move(sign));
    }
    add_notes(flow, canvas, text);
}

} // namespace fengsui::workflow
