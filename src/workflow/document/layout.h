// The figures of content/layouts/<name>.yaml as the typesetter uses them: everything in points.
#pragma once

#include "base/result.h"
#include "workflow/document.h"

namespace fengsui::workflow {

struct Colour {
    double red = 0;
    double green = 0;
    double blue = 0;
};

/// How one kind of text looks.
struct TextRole {
    std::vector<std::string> families; ///< the first that is installed is used
    double size = 16;
    bool bold = false;
    double tracking = 0; ///< added after each character
    Colour colour;
    TextAlign align = TextAlign::left;
    double leading = 1.4; ///< distance of lines, in sizes; where the page's grid does not rule
};

struct DocumentLayout {
    std::string name;
    double paper_width = 0;
    double paper_height = 0;
    double margin_top = 0;
    double margin_left = 0;
    double width = 0;  ///< of the type area
    double height = 0; ///< of the type area
    double pitch = 0;  ///< distance of the lines of body text
    double paragraph_gap = 0;

    double letterhead_offset = 0;   ///< from the upper edge of the type area
    double letterhead_min_size = 0; ///< a longer name is set smaller, down to this, then in two lines
    double rule_gap = 0;            ///< from the number to the rule
    double rule_width = 0;
    Colour rule_colour;
    bool letter_form = false; ///< number and date on one line, recipient before title, no red head
    std::map<std::string, double> blank_lines; ///< before number, title, recipient, attachments, signature …

    double indent = 0; ///< of a paragraph's first line, in characters
    bool justify = true;
    bool signature_left = false; ///< a letter's; else centred on the date at the right
    double date_right = 4;       ///< characters between the date and the right edge
    bool has_imprint = true;     ///< 版记 at the foot of the last page
    bool imprint_on_even_page = true;
    double imprint_rule = 0;
    double imprint_inner_rule = 0;
    double imprint_inset = 1; ///< characters from both edges

    double page_number_gap = 0; ///< below the type area
    double page_number_inset = 1;
    std::string page_number_pattern; ///< with {page}
    bool page_number_outer = true;   ///< odd right, even left; else centred
    double table_rule = 0;
    double table_padding = 0;
    double chart_height = 0;
    std::vector<Colour> chart_colours;
    double watermark_angle = 0; ///< degrees
    double watermark_opacity = 0;

    std::map<std::string, TextRole> roles;
    std::vector<std::string> title_words; ///< not to be broken between the lines of a title

    /// A role of the layout; the body's when it is not named there.
    [[nodiscard]] const TextRole& role(std::string_view role_name) const;
    [[nodiscard]] double blank_before(std::string_view part) const;
};

/// Reads a layout; an error names what is missing or out of bounds, with its line.
base::Result<DocumentLayout> read_layout(const base::Json& yaml);

} // namespace fengsui::workflow
