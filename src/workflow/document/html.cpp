// The same text as one HTML file: no script, nothing fetched, everything escaped. Its content security policy
// says so to the browser as well.
#include "base/markup.h"
#include "workflow/document.h"
#include "workflow/document/chart_marks.h"
#include "workflow/document/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fengsui::workflow {

namespace {

std::string css_colour(const Colour& colour) {
    const auto part = [](double value) {
        return std::lround(std::clamp(value, 0.0, 1.0) * 255);
    };
    return fmt::format("#{:02x}{:02x}{:02x}", part(colour.red), part(colour.green), part(colour.blue));
}

/// Family names come from a file people edit: quoted, and without what could end the quotes or the style
/// element.
std::string css_families(const TextRole& role) {
    std::string out;
    for (auto family : role.families) {
        family.erase(
            std::remove_if(
                family.begin(),
                family.end(),
                [](char c) { return std::string_view("\"'\\<>;{}\n").find(c) != std::string_view::npos; }
            ),
            family.end()
        );
        out += "\"" + family + "\",";
    }
    return out + "serif";
}

std::string css_role(std::string_view selector, const TextRole& role) {
    const auto* align =
        role.align == TextAlign::centre ? "center" : (role.align == TextAlign::right ? "right" : "left");
    return fmt::format(
        "{}{{font-family:{};font-size:{:.4g}pt;font-weight:{};color:{};text-align:{}}}\n",
        selector,
        css_families(role),
        role.size,
        role.bold ? "bold" : "normal",
        css_colour(role.colour),
        align
    );
}

constexpr std::string_view kPlainStyle = R"(
body{margin:0 auto;padding:12mm 6mm;position:relative;overflow-wrap:anywhere}
p,h1,h2,h3,h4,h5{margin:0;font-weight:normal}
table{border-collapse:collapse;width:100%;margin:.4em 0 1em}
thead{display:table-header-group}
tr{break-inside:avoid}
th,td{border:.5pt solid #000;padding:3pt 4pt;vertical-align:middle;font-weight:normal}
th{background:#f0f0f0}
figure{margin:.4em 0 1em;break-inside:avoid}
svg{width:100%;height:auto;display:block}
ol{list-style:none;margin:0;padding:0}
.row{display:flex;justify-content:space-between;gap:1em}
.head{break-inside:avoid}
.letterhead{line-height:1.25;margin-bottom:.6em}
.letterhead,h1{text-wrap:balance}
.head hr{border:0;margin:4mm 0 0}
.sign{break-inside:avoid;break-before:avoid;margin-top:2em}
.imprint{margin-top:3em;break-inside:avoid}
.foot{margin-top:2em;word-break:break-all}
.mark{position:fixed;left:0;right:0;z-index:1;pointer-events:none;text-align:center}
@media print{body{padding:0;max-width:none}}
)";

class HtmlWriter {
public:
    explicit HtmlWriter(const DocumentText& text) : text_(text), layout_(*text.layout) {}

    std::string write() {
        out_ = fmt::format(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            "'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n",
            base::escape_markup(text_.language),
            base::escape_markup(text_.title)
        );
        add_style();
        out_ += fmt::format("</head>\n<body class=\"{}\">\n", base::escape_markup(text_.kind));
        add_watermark();
        add_head();
        for (const auto& block : text_.blocks) {
            add_block(block);
        }
        add_end();
        out_ += fmt::format(
            "<p class=\"foot\">{}{}</p>\n</body>\n</html>\n",
            base::escape_markup(label("hash")),
            body_sha256(text_)
        );
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string label(const std::string& name) const {
        const auto found = text_.labels.find(name);
        return found != text_.labels.end() ? found->second : std::string();
    }

    void add_style() {
        out_ += fmt::format(
            "<style>\n@page{{size:{:.1f}pt {:.1f}pt;margin:{:.1f}pt {:.1f}pt {:.1f}pt {:.1f}pt}}\n",
            layout_.paper_width,
            layout_.paper_height,
            layout_.margin_top,
            layout_.paper_width - layout_.margin_left - layout_.width,
            layout_.paper_height - layout_.margin_top - layout_.height,
            layout_.margin_left
        );
        out_ += kPlainStyle;
        out_ += css_role("body", layout_.role("body"));
        for (const auto& [selector, role] : {
                 std::pair(".letterhead", "letterhead"),
                 {".marks", "mark"},
                 {".number", "number"},
                 {"h1", "title"},
                 {"h2", "heading1"},
                 {"h3", "heading2"},
                 {"h4", "heading3"},
                 {"h5", "heading4"},
                 {"th", "table_head"},
                 {"td", "table"},
                 {"caption,figcaption", "caption"},
                 {"svg text", "chart"},
                 {".imprint", "imprint"},
                 {".foot", "foot"},
                 {".mark", "watermark"},
             }) {
            out_ += css_role(selector, layout_.role(role));
        }
        out_ += fmt::format(
            "body{{max-width:{:.1f}pt;line-height:{:.4g}}}\n.par,h2,h3,h4,h5,.note{{text-indent:{}em;margin-"
            "top:{:.1f}pt}}\n"
            ".par{{white-space:pre-line;text-align:{}}}\nth,td,caption{{line-height:1.35}}\nh1{{line-height:"
            "1.45;margin:1.2em 0 1em}}\n"
            ".head hr{{border-top:{:.2f}pt solid "
            "{}}}\n.mark{{opacity:{:.2f};transform:rotate(-{:.0f}deg)}}\n",
            layout_.width,
            layout_.pitch / layout_.role("body").size,
            layout_.indent,
            layout_.paragraph_gap,
            layout_.justify ? "justify" : "left",
            layout_.rule_width,
            css_colour(layout_.rule_colour),
            std::min(1.0, layout_.watermark_opacity),
            layout_.watermark_angle
        );
        out_ += layout_.signature_left
                    ? ".sign{text-align:left}\n"
                    : ".sign{margin-left:auto;margin-right:2em;width:fit-content;text-align:center}\n";
        out_ += fmt::format(
            ".imprint div{{border-top:{0:.2f}pt solid #000;padding:2pt {1:.0f}em}}\n.imprint "
            "div:first-child{{border-top-width:{2:.2f}pt}}\n"
            ".imprint div:last-child{{border-bottom:{2:.2f}pt solid #000}}\n</style>\n",
            layout_.imprint_inner_rule,
            layout_.imprint_inset,
            layout_.imprint_rule
        );
    }

    /// Fixed things are printed on every page.
    void add_watermark() {
        if (text_.watermark.empty()) {
            return;
        }
        for (const auto* top : {"22%", "62%"}) {
            out_ += fmt::format(
                "<div class=\"mark\" style=\"top:{}\">{}</div>\n", top, base::escape_markup(text_.watermark)
            );
        }
    }

    void add_element(std::string_view tag, std::string_view css, std::string_view content) {
        if (!content.empty()) {
            out_ += fmt::format("<{0} class=\"{1}\">{2}</{0}>\n", tag, css, base::escape_markup(content));
        }
    }

    void add_row(std::string_view css, std::string_view left, std::string_view right) {
        if (!left.empty() || !right.empty()) {
            out_ += fmt::format(
                "<div class=\"row {}\"><span>{}</span><span>{}</span></div>\n",
                css,
                base::escape_markup(left),
                base::escape_markup(right)
            );
        }
    }

    /// Set smaller to fit one line as in the PDF; how wide it comes out is the browser's affair, so by
    /// estimate.
    void add_letterhead() {
        if (text_.letterhead.empty()) {
            return;
        }
        double characters = 0;
        for (const char c : text_.letterhead) {
            const auto byte = static_cast<unsigned char>(c);
            characters += byte < 0x80 ? 0.6 : (byte >= 0xC0 ? 1 : 0);
        }
        const auto size =
            std::min(layout_.role("letterhead").size, 0.98 * layout_.width / std::max(characters, 1.0));
        out_ += fmt::format(
            "<p class=\"letterhead\" style=\"font-size:{:.1f}pt\">{}</p>\n",
            std::max(size, layout_.letterhead_min_size),
            base::escape_markup(text_.letterhead)
        );
    }

    void add_head() {
        out_ += "<header class=\"head\">\n";
        for (const auto* mark : {&text_.copy_no, &text_.secrecy, &text_.urgency}) {
            add_element("p", "marks", *mark);
        }
        add_letterhead();
        const auto signer = text_.signer.empty() ? std::string() : label("signer") + text_.signer;
        const auto* rule = text_.letterhead.empty() ? "" : "<hr>\n";
        if (layout_.letter_form) {
            out_ += rule;
            add_row("number", text_.number, text_.date);
            add_element("p", "recipient", text_.recipient);
            add_element("h1", "title", text_.title);
        } else {
            signer.empty() ? add_element("p", "number", text_.number)
                           : add_row("number", text_.number, signer);
            out_ += rule;
            add_element("h1", "title", text_.title);
            add_element("p", "recipient", text_.recipient);
        }
        out_ += "</header>\n";
    }

    void add_block(const TextBlock& block) {
        if (const auto* paragraph = std::get_if<TextParagraph>(&block)) {
            if (paragraph->level == 0) {
                add_element("p", "par", paragraph->text);
            } else {
                add_element(fmt::format("h{}", paragraph->level + 1), "heading", paragraph->text);
            }
        } else if (const auto* table = std::get_if<TextTable>(&block)) {
            add_table(*table);
        } else {
            add_chart(std::get<TextChart>(block));
        }
    }

    void add_table(const TextTable& table) {
        out_ += "<table>\n";
        if (!table.caption.empty()) {
            out_ += fmt::format("<caption>{}</caption>\n", base::escape_markup(table.caption));
        }
        double sum = 0;
        for (const auto& column : table.columns) {
            sum += column.share;
        }
        out_ += "<colgroup>";
        for (const auto& column : table.columns) {
            out_ += fmt::format("<col style=\"width:{:.1f}%\">", 100 * column.share / std::max(sum, 0.01));
        }
        out_ += "</colgroup>\n<thead><tr>";
        for (const auto& column : table.columns) {
            out_ += fmt::format("<th scope=\"col\">{}</th>", base::escape_markup(column.title));
        }
        out_ += "</tr></thead>\n<tbody>\n";
        for (const auto& row : table.rows) {
            add_table_row(table, row);
        }
        out_ += "</tbody>\n</table>\n";
    }

    void add_table_row(const TextTable& table, const std::vector<std::string>& row) {
        out_ += "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto align = i < table.columns.size() ? table.columns[i].align : TextAlign::left;
            out_ += fmt::format(
                "<td{}>{}</td>",
                align == TextAlign::left ? ""
                                         : (align == TextAlign::centre ? " style=\"text-align:center\""
                                                                       : " style=\"text-align:right\""),
                base::escape_markup(row[i])
            );
        }
        out_ += "</tr>\n";
    }

    void add_chart(const TextChart& chart) {
        out_ += fmt::format(
            "<figure>\n<figcaption>{}</figcaption>\n<svg viewBox=\"0 0 {:.1f} {:.1f}\" role=\"img\" "
            "aria-label=\"{}\">\n",
            base::escape_markup(chart.caption),
            layout_.width,
            layout_.chart_height,
            base::escape_markup(chart.caption)
        );
        for (const auto& mark : chart_marks(chart, layout_.width, layout_)) {
            add_mark(mark);
        }
        out_ += "</svg>\n</figure>\n";
    }

    void add_mark(const ChartMark& mark) {
        if (const auto* box = std::get_if<ChartBox>(&mark)) {
            out_ += fmt::format(
                "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                box->x,
                box->y,
                box->width,
                box->height,
                css_colour(box->colour)
            );
        } else if (const auto* path = std::get_if<ChartPath>(&mark)) {
            out_ += "<polyline points=\"";
            for (const auto& [x, y] : path->points) {
                out_ += fmt::format("{:.1f},{:.1f} ", x, y);
            }
            out_ += fmt::format(
                "\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:.1f}\"/>\n",
                css_colour(path->colour),
                path->width
            );
        } else {
            const auto& word = std::get<ChartWord>(mark);
            const auto* anchor = word.align == TextAlign::left
                                     ? "start"
                                     : (word.align == TextAlign::centre ? "middle" : "end");
            const auto size = layout_.role("chart").size;
            // In units of the picture, so that it grows with the bars; the 0.88 is the ascent of canvas.cpp.
            out_ += fmt::format(
                "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" style=\"font-size:{:.1f}px\">{}</text>\n",
                word.x,
                word.top + 0.88 * size,
                anchor,
                size,
                base::escape_markup(word.text)
            );
        }
    }

    void add_end() {
        if (!text_.attachments.empty()) {
            out_ += fmt::format("<div class=\"note\">{}\n<ol>\n", base::escape_markup(label("attachments")));
            for (std::size_t i = 0; i < text_.attachments.size(); ++i) {
                const auto number = text_.attachments.size() > 1 ? fmt::format("{}. ", i + 1) : std::string();
                out_ += fmt::format("<li>{}{}</li>\n", number, base::escape_markup(text_.attachments[i]));
            }
            out_ += "</ol>\n</div>\n";
        }
        out_ += "<div class=\"sign\">\n";
        add_element("p", "office", text_.office);
        add_element("p", "date", layout_.letter_form ? "" : text_.date);
        out_ += "</div>\n";
        for (const auto& note : text_.notes) {
            add_element("p", "note", note);
        }
        const bool has_imprint =
            layout_.has_imprint && (!text_.printed_by.empty() || !text_.printed_on.empty());
        const auto cc = text_.cc.empty() ? std::string() : label("cc") + text_.cc;
        if (!has_imprint) {
            add_element("p", "note", cc);
        }
        if (layout_.letter_form && !text_.signer.empty()) {
            add_element("p", "note", label("signer") + text_.signer);
        }
        if (has_imprint) {
            out_ += "<footer class=\"imprint\">\n";
            add_element("div", "cc", cc);
            add_row("printed", text_.printed_by, text_.printed_on);
            out_ += "</footer>\n";
        }
    }

    const DocumentText& text_;
    const DocumentLayout& layout_;
    std::string out_;
};

} // namespace

std::string to_html(const DocumentText& text) {
    FENGSUI_CHECK(text.layout != nullptr, "a document text comes from compose, with its layout");
    return HtmlWriter(text).write();
}

} // namespace fengsui::workflow
