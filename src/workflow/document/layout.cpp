#include "workflow/document/layout.h"

#include "base/text.h"

#include <fmt/format.h>

#include <charconv>

namespace fengsui::workflow {

namespace {

constexpr double kPointsPerMillimetre = 72 / 25.4;
constexpr double kMaxFigure = 10'000; // nothing on a page is larger, in any unit used

/// Reads figures one by one and remembers the first that is wrong.
class LayoutReader {
public:
    explicit LayoutReader(const base::Json& yaml) : yaml_(yaml) {}

    double number(std::string_view group, std::string_view name) {
        const auto& value = (group.empty() ? yaml_ : yaml_[group])[name];
        if (!value.is_number() || value.as_double() < 0 || value.as_double() > kMaxFigure) {
            fail(value.line(), fmt::format("{}{}{} is not a figure", group, group.empty() ? "" : ".", name));
            return 1;
        }
        return value.as_double();
    }
    double millimetres(std::string_view group, std::string_view name) {
        return number(group, name) * kPointsPerMillimetre;
    }
    double positive_millimetres(std::string_view group, std::string_view name) {
        const auto value = millimetres(group, name);
        if (value <= 0) {
            fail(yaml_[group][name].line(), fmt::format("{}.{} must be more than 0", group, name));
        }
        return value;
    }
    Colour colour(const base::Json& value) {
        const auto& text = value.as_string();
        unsigned rgb = 0;
        const auto* end = text.data() + text.size();
        if (text.size() != 7 || text[0] != '#' || std::from_chars(text.data() + 1, end, rgb, 16).ptr != end) {
            fail(value.line(), fmt::format("'{}' is not a colour like #d00000", text));
        }
        const auto part = [rgb](unsigned shift) {
            return static_cast<double>((rgb >> shift) & 0xFFU) / 255;
        };
        return {part(16), part(8), part(0)};
    }
    void fail(unsigned line, std::string message) {
        if (!failed_) {
            failed_ = true;
            error_ = line == 0 ? std::move(message) : fmt::format("line {}: {}", line, message);
        }
    }

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] base::Error error() const { return {base::ErrorCode::invalid_argument, error_}; }

private:
    const base::Json& yaml_;
    bool failed_ = false;
    std::string error_;
};

TextAlign align_of(const base::Json& value, LayoutReader& reader) {
    if (value.is_null() || value.as_string() == "left") {
        return TextAlign::left;
    }
    if (value.as_string() == "centre") {
        return TextAlign::centre;
    }
    if (value.as_string() != "right") {
        reader.fail(value.line(), "align is left, centre or right");
    }
    return TextAlign::right;
}

TextRole role_of(const base::Json& yaml, LayoutReader& reader) {
    TextRole role;
    for (const auto family : base::split(yaml["families"].as_string(), ',')) {
        role.families.emplace_back(base::trim(family));
    }
    role.size = yaml["size_pt"].as_double(0);
    if (role.size < 1 || role.size > 500 || role.families.front().empty()) {
        reader.fail(yaml.line(), "a role has families and a size_pt between 1 and 500");
    }
    role.bold = yaml["bold"].as_bool();
    role.leading = yaml["leading"].as_double(role.leading);
    role.align = align_of(yaml["align"], reader);
    if (const auto* colour = yaml.find("colour")) {
        role.colour = reader.colour(*colour);
    }
    return role;
}

void read_page(DocumentLayout& layout, LayoutReader& reader) {
    layout.paper_width = reader.positive_millimetres("paper", "width_mm");
    layout.paper_height = reader.positive_millimetres("paper", "height_mm");
    layout.margin_top = reader.millimetres("margins", "top_mm");
    layout.margin_left = reader.millimetres("margins", "left_mm");
    layout.width = reader.positive_millimetres("type_area", "width_mm");
    layout.height = reader.positive_millimetres("type_area", "height_mm");
    layout.page_number_gap = reader.millimetres("page_number", "gap_mm");
    layout.page_number_inset = reader.number("page_number", "inset_characters");
    layout.letterhead_offset = reader.millimetres("letterhead", "offset_mm");
    layout.letterhead_min_size = reader.number("letterhead", "min_size_pt");
    layout.rule_gap = reader.millimetres("rule", "gap_mm");
    layout.rule_width = reader.millimetres("rule", "width_mm");
    layout.imprint_rule = reader.millimetres("imprint", "rule_mm");
    layout.imprint_inner_rule = reader.millimetres("imprint", "inner_rule_mm");
    layout.imprint_inset = reader.number("imprint", "inset_characters");
    layout.date_right = reader.number("signature", "date_right_characters");
    layout.indent = reader.number("", "indent_characters");
    layout.table_rule = reader.number("table", "rule_pt");
    layout.table_padding = reader.number("table", "padding_pt");
    layout.chart_height = reader.positive_millimetres("chart", "height_mm");
    layout.watermark_angle = reader.number("watermark", "angle_degrees");
    layout.watermark_opacity = reader.number("watermark", "opacity");
}

void read_switches(DocumentLayout& layout, const base::Json& yaml) {
    layout.name = yaml["name"].as_string();
    layout.justify = yaml["justify"].as_bool();
    layout.letter_form = yaml["letterhead"]["letter_form"].as_bool();
    layout.signature_left = yaml["signature"]["left"].as_bool();
    layout.has_imprint = yaml["imprint"]["shown"].as_bool();
    layout.imprint_on_even_page = yaml["imprint"]["even_page"].as_bool();
    layout.page_number_outer = yaml["page_number"]["outer"].as_bool();
    layout.page_number_pattern = yaml["page_number"]["pattern"].as_string();
}

/// The last line stands on the lower edge of the type area: pitches lie between the lines only. The
/// characters of a full line fill the width, so the tracking is what is left over (negative when the size is
/// a little too large).
void derive_grid(DocumentLayout& layout, LayoutReader& reader) {
    const auto lines = reader.number("", "lines_per_page");
    const auto characters = reader.number("", "characters_per_line");
    const auto size = layout.role("body").size;
    layout.pitch = lines > 1 ? (layout.height - size) / (lines - 1) : layout.height;
    layout.paragraph_gap = reader.number("", "paragraph_gap_lines") * layout.pitch;
    if (layout.pitch < size) {
        reader.fail(0, "so many lines_per_page do not fit the height of the type area");
    }
    if (characters > 0) {
        for (auto& [name, role] : layout.roles) {
            const bool on_grid = name == "body" || name.rfind("heading", 0) == 0;
            role.tracking = on_grid ? layout.width / characters - role.size : 0;
        }
    }
}

} // namespace

const TextRole& DocumentLayout::role(std::string_view role_name) const {
    const auto found = roles.find(std::string(role_name));
    return found != roles.end() ? found->second : roles.at("body");
}

double DocumentLayout::blank_before(std::string_view part) const {
    const auto found = blank_lines.find(std::string(part));
    return found != blank_lines.end() ? found->second * pitch : 0;
}

base::Result<DocumentLayout> read_layout(const base::Json& yaml) {
    LayoutReader reader(yaml);
    DocumentLayout layout;
    read_page(layout, reader);
    read_switches(layout, yaml);
    layout.rule_colour = reader.colour(yaml["rule"]["colour"]);
    for (const auto& colour : yaml["chart"]["colours"].items()) {
        layout.chart_colours.push_back(reader.colour(colour));
    }
    for (const auto& word : yaml["title_words"].items()) {
        layout.title_words.push_back(word.as_string());
    }
    for (const auto& [name, lines] : yaml["blank_lines"].members()) {
        layout.blank_lines[name] = lines.as_double();
    }
    for (const auto& [name, role] : yaml["roles"].members()) {
        layout.roles[name] = role_of(role, reader);
    }
    if (!layout.roles.contains("body") || layout.chart_colours.empty() || layout.name.empty()) {
        reader.fail(0, "a layout has a name, a role body and at least one chart colour");
    }
    if (reader.failed()) {
        return reader.error();
    }
    derive_grid(layout, reader);
    if (reader.failed()) {
        return reader.error();
    }
    return layout;
}

} // namespace fengsui::workflow
