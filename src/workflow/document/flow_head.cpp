#include "base/text.h"
#include "workflow/document/flow.h"
#include "workflow/document/title_lines.h"

#include <algorithm>

namespace fengsui::workflow {

namespace {

/// Pieces at fixed places above the title, drawn as one item that always stands on page 1.
class HeadBuilder {
public:
    HeadBuilder(const Canvas& canvas, const DocumentText& text)
        : canvas_(canvas), text_(text), layout_(*text.layout) {}

    FlowItem build() {
        add_marks();
        if (!text_.letterhead.empty()) {
            add_letterhead();
        }
        if (layout_.letter_form) {
            add_rule(y_ + layout_.rule_gap);
            add_number();
        } else {
            add_number();
            if (!text_.letterhead.empty()) {
                add_rule(y_ + layout_.rule_gap);
            }
        }
        FlowItem item;
        item.ink = y_;
        item.advance = y_;
        item.keep_next = true;
        auto pieces =
            std::make_shared<std::vector<Piece>>(std::move(pieces_)); // std::function must be copyable
        item.draw = [pieces](Canvas& canvas, double top) {
            for (const auto& piece : *pieces) {
                piece.draw(canvas, top);
            }
        };
        return item;
    }

private:
    struct Piece {
        std::function<void(Canvas&, double)> draw;
    };

    void put(ShapedText shaped, double x, double y, double pitch) {
        auto text = std::make_shared<ShapedText>(std::move(shaped));
        pieces_.push_back({[text, x, y, pitch](Canvas& canvas, double top) {
            canvas.draw(*text, x, top + y, pitch);
        }});
    }

    /// 份号, 密级, 紧急程度: from the first line down, each on its own line.
    void add_marks() {
        for (const auto& [mark, role] :
             {std::pair(&text_.copy_no, "copy_no"), {&text_.secrecy, "mark"}, {&text_.urgency, "mark"}}) {
            if (!mark->empty()) {
                put(canvas_.shape(*mark, layout_.role(role), {layout_.width}),
                    layout_.margin_left,
                    marks_end_,
                    layout_.pitch);
                marks_end_ += layout_.pitch;
            }
        }
        y_ = marks_end_;
    }

    /// Set smaller to fit one line, but not below the layout's least size: then in several.
    void add_letterhead() {
        y_ = std::max(y_, layout_.letterhead_offset);
        auto role = layout_.role("letterhead");
        const auto natural = canvas_.shape(text_.letterhead, role).width();
        const auto fitting = role.size * std::min(1.0, layout_.width / std::max(natural, 1.0));
        role.size = std::max(fitting, layout_.letterhead_min_size);
        const auto lines = fitting < role.size
                               ? balanced(canvas_, layout_, text_.letterhead, role, layout_.width)
                               : text_.letterhead;
        // A hair of slack: a size scaled to the width exactly could still wrap by rounding.
        auto shaped = canvas_.shape(lines, role, {layout_.width + 1});
        const auto pitch = role.size * role.leading;
        const auto count = static_cast<double>(shaped.line_count());
        put(std::move(shaped), layout_.margin_left, y_, pitch);
        y_ += pitch * count - (role.leading - 1) * role.size;
    }

    void add_rule(double y) {
        const auto layout = text_.layout;
        pieces_.push_back({[layout, y](Canvas& canvas, double top) {
            const auto left = layout->margin_left;
            canvas.rule(
                left, top + y, left + layout->width, top + y, layout->rule_width, layout->rule_colour
            );
        }});
        y_ = y + layout_.rule_width;
    }

    /// Centred; with 签发人 it moves to the left by one character and that to the right.
    void add_number() {
        const auto role = layout_.role("number");
        const auto signer = text_.signer.empty() ? std::string() : label_of(text_, "signer") + text_.signer;
        const auto right_text = layout_.letter_form ? text_.date : signer;
        if (text_.number.empty() && right_text.empty()) {
            return;
        }
        auto y =
            y_ + layout_.blank_before("number") + (layout_.letter_form ? layout_.pitch / 2 : role.size * 0.4);
        const bool is_split = layout_.letter_form || !right_text.empty();
        const auto inset = layout_.letter_form ? 0 : role.size;
        auto left_role = role;
        left_role.align = is_split ? TextAlign::left : role.align;
        auto right_role = role;
        right_role.align = TextAlign::right;
        const auto width = is_split ? layout_.width * 0.6 - inset : layout_.width;
        auto number = canvas_.shape(text_.number, left_role, {width});
        auto right = canvas_.shape(right_text, right_role, {layout_.width * 0.4 - inset});
        const auto lines = static_cast<double>(std::max(number.line_count(), right.line_count()));
        const auto pitch = role.size * role.leading;
        put(std::move(number), layout_.margin_left + (is_split ? inset : 0), y, pitch);
        put(std::move(right), layout_.margin_left + layout_.width * 0.6, y, pitch);
        y_ = y + (lines - 1) * pitch + role.size;
    }

    const Canvas& canvas_;
    const DocumentText& text_;
    const DocumentLayout& layout_;
    std::vector<Piece> pieces_;
    double marks_end_ = 0;
    double y_ = 0;
};

void add_title(Flow& flow, const Canvas& canvas, const DocumentText& text) {
    const auto& layout = *text.layout;
    const auto& role = layout.role("title");
    const auto pitch = role.size * role.leading;
    const auto lines = role.align == TextAlign::centre
                           ? balanced(canvas, layout, text.title, role, layout.width)
                           : text.title;
    add_lines(
        flow,
        canvas.shape(lines, role, {layout.width}),
        layout.margin_left,
        pitch,
        layout.blank_before("title")
    );
    if (!flow.empty()) {
        for (auto& item : flow) { // all of the head stays with the first line of what follows
            item.keep_next = true;
        }
    }
}

void add_recipient(Flow& flow, const Canvas& canvas, const DocumentText& text) {
    if (text.recipient.empty()) {
        return;
    }
    const auto& layout = *text.layout;
    auto shaped = canvas.shape(text.recipient, layout.role("body"), {layout.width, 0, layout.justify});
    add_lines(flow, std::move(shaped), layout.margin_left, layout.pitch, layout.blank_before("recipient"));
    flow.back().keep_next = true;
}

} // namespace

std::string balanced(
    const Canvas& canvas,
    const DocumentLayout& layout,
    std::string_view text,
    const TextRole& role,
    double width
) {
    const auto whole = base::scrub_utf8(text); // the bytes the break points count
    std::string out;
    for (const auto& line :
         title_lines(whole, canvas.shape(whole, role).break_points(), width, layout.title_words)) {
        out += out.empty() ? line : "\n" + line;
    }
    return out;
}

std::string label_of(const DocumentText& text, const std::string& name) {
    const auto found = text.labels.find(name);
    return found != text.labels.end() ? found->second : std::string();
}

void add_lines(Flow& flow, ShapedText text, double x, double pitch, double gap) {
    const auto shared = std::make_shared<ShapedText>(std::move(text));
    for (std::size_t line = 0; line < shared->line_count(); ++line) {
        FlowItem item;
        item.gap = line == 0 ? gap : 0;
        item.ink = shared->size();
        item.advance = pitch;
        item.draw = [shared, line, x](Canvas& canvas, double top) {
            canvas.draw_line(*shared, line, x, top);
        };
        flow.push_back(std::move(item));
    }
}

void add_head(Flow& flow, const Canvas& canvas, const DocumentText& text) {
    auto head = HeadBuilder(canvas, text).build();
    if (head.ink > 0) {
        flow.push_back(std::move(head));
    }
    if (text.layout->letter_form) { // a letter greets first and then names its matter
        add_recipient(flow, canvas, text);
        add_title(flow, canvas, text);
    } else {
        add_title(flow, canvas, text);
        add_recipient(flow, canvas, text);
    }
}

} // namespace fengsui::workflow
