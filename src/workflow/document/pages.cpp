// Cuts the flow into pages and draws them.
#include "workflow/document/flow.h"

#include <fmt/format.h>

namespace fengsui::workflow {

namespace {

constexpr double kImprintAir = 1; // lines between the text and the 版记 on a shared page, at least

class PageMaker {
public:
    PageMaker(Canvas& canvas, const DocumentText& text)
        : canvas_(canvas), text_(text), layout_(*text.layout) {
        if (!text.watermark.empty()) {
            watermark_ =
                std::make_unique<ShapedText>(canvas.shape(text.watermark, layout_.role("watermark")));
        }
        foot_ = std::make_unique<ShapedText>(
            canvas.shape(label_of(text, "hash") + body_sha256(text), layout_.role("foot"))
        );
        begin_page();
    }

    /// Places items that must stand together; a group taller than a page is taken piece by piece.
    void place_group(const Flow& flow, std::size_t first, std::size_t end) {
        if (!fits(flow, first, end) && y_ > 0) {
            turn_page();
        }
        const bool is_whole = fits(flow, first, end);
        for (auto i = first; i < end; ++i) {
            if (!is_whole && y_ > 0 && y_ + flow[i].gap + flow[i].ink > layout_.height) {
                turn_page();
            }
            place(flow[i]);
        }
    }

    /// At the foot of the last page, which is an even one where the layout wants it; a page with nothing else
    /// on it has no number.
    void place_imprint(const FlowItem& item) {
        if (item.ink <= 0) {
            return;
        }
        const bool has_room = y_ + kImprintAir * layout_.pitch + item.ink <= layout_.height;
        if (!has_room) {
            turn_page();
        }
        if (layout_.imprint_on_even_page && page_ % 2 == 1) {
            has_text_ = y_ > 0;
            turn_page();
        }
        has_text_ = y_ > 0;
        item.draw(canvas_, layout_.margin_top + layout_.height - item.ink);
    }

    void end() { end_page(); }

private:
    [[nodiscard]] bool fits(const Flow& flow, std::size_t first, std::size_t end) const {
        auto y = y_;
        for (auto i = first; i < end; ++i) {
            y += y > 0 ? flow[i].gap : 0;
            if (i == first && y_ == 0 && flow[i].repeated) {
                y += flow[i].repeated->advance;
            }
            if (y + flow[i].ink > layout_.height + 0.01) { // a hair of rounding
                return false;
            }
            y += flow[i].advance;
        }
        return true;
    }

    void place(const FlowItem& item) {
        if (y_ > 0) {
            y_ += item.gap;
        } else if (item.repeated && page_ > 1) {
            item.repeated->draw(canvas_, layout_.margin_top);
            y_ += item.repeated->advance;
        }
        item.draw(canvas_, layout_.margin_top + y_);
        y_ += item.advance;
    }

    void begin_page() {
        ++page_;
        y_ = 0;
        has_text_ = true;
        if (watermark_) {
            const auto x = layout_.paper_width / 2;
            for (const auto share : {0.28, 0.72}) {
                canvas_.draw_turned(
                    *watermark_,
                    x,
                    layout_.paper_height * share,
                    layout_.watermark_angle,
                    layout_.watermark_opacity
                );
            }
        }
    }

    void end_page() {
        const auto& role = layout_.role("page_number");
        const auto top = layout_.margin_top + layout_.height + layout_.page_number_gap;
        const auto left = layout_.margin_left;
        const auto right = left + layout_.width;
        const bool is_odd = page_ % 2 == 1;
        const auto number = canvas_.shape(
            has_text_ ? fmt::format(fmt::runtime(layout_.page_number_pattern), fmt::arg("page", page_)) : "",
            role
        );
        const auto inset = layout_.page_number_inset * role.size;
        const auto outer = is_odd ? right - inset - number.width() : left + inset;
        const auto x = layout_.page_number_outer ? outer : left + (layout_.width - number.width()) / 2;
        canvas_.draw_line(number, 0, x, top);
        // The digest stands on the other side, or below a centred number.
        const auto foot_x = layout_.page_number_outer && !is_odd ? right - foot_->width() : left;
        const auto foot_top =
            layout_.page_number_outer ? top + role.size - foot_->size() : top + 1.6 * role.size;
        canvas_.draw_line(*foot_, 0, foot_x, foot_top);
        canvas_.end_page();
    }

    void turn_page() {
        end_page();
        begin_page();
    }

    Canvas& canvas_;
    const DocumentText& text_;
    const DocumentLayout& layout_;
    std::unique_ptr<ShapedText> watermark_;
    std::unique_ptr<ShapedText> foot_;
    int page_ = 0;
    double y_ = 0; ///< from the upper edge of the type area
    bool has_text_ = true;
};

} // namespace

std::string to_pdf(const DocumentText& text) {
    FENGSUI_CHECK(text.layout != nullptr, "a document text comes from compose, with its layout");
    Canvas canvas(*text.layout, text.language, text.title, text.issued_on);
    Flow flow;
    add_head(flow, canvas, text);
    add_blocks(flow, canvas, text);
    add_end(flow, canvas, text);
    PageMaker pages(canvas, text);
    for (std::size_t first = 0; first < flow.size();) {
        auto end = first + 1;
        while (end < flow.size() && flow[end - 1].keep_next) {
            ++end;
        }
        pages.place_group(flow, first, end);
        first = end;
    }
    pages.place_imprint(imprint(canvas, text));
    pages.end();
    return canvas.finish();
}

} // namespace fengsui::workflow
