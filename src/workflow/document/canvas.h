// Pages, text and lines on paper: the only door to Pango and cairo (canvas.cpp). Lengths are points, y goes
// down. One canvas belongs to one thread; several may be at work on several threads.
#pragma once

#include "workflow/document/layout.h"

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace fengsui::workflow {

struct TextSetting {
    double width = 0; ///< lines are broken to it; 0: one line
    double first_indent = 0;
    bool justify = false; ///< by spreading what is left over between all characters
    double size = 0;      ///< 0: the role's
};

/// Text cut into lines, ready to be drawn.
class ShapedText {
public:
    struct State;
    explicit ShapedText(std::unique_ptr<State> state);
    ShapedText(ShapedText&& other) noexcept;
    ShapedText& operator=(ShapedText&& other) noexcept;
    ~ShapedText();

    [[nodiscard]] std::size_t line_count() const;
    /// Of the widest line, indents included.
    [[nodiscard]] double width() const;
    /// Of the widest line without the space that alignment puts before it.
    [[nodiscard]] double natural_width() const;
    [[nodiscard]] double size() const;
    /// Where a line may end, as byte and as distance from the start; for text shaped as one line.
    [[nodiscard]] std::vector<std::pair<std::size_t, double>> break_points() const;

private:
    friend class Canvas;
    std::unique_ptr<State> state_;
};

class Canvas {
public:
    /// `created`: ISO date, goes into the PDF in place of today's.
    Canvas(
        const DocumentLayout& layout,
        std::string_view language,
        const std::string& title,
        const std::string& created
    );
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;
    ~Canvas();

    [[nodiscard]] ShapedText shape(
        std::string_view text, const TextRole& role, const TextSetting& setting = {}
    ) const;
    /// `x`: left edge of the text's width, `top`: of the characters' height.
    void draw_line(const ShapedText& text, std::size_t line, double x, double top);
    /// All lines, `pitch` apart.
    void draw(const ShapedText& text, double x, double top, double pitch);
    /// One line, turned about the point it is centred on.
    void draw_turned(const ShapedText& text, double x, double y, double degrees, double opacity);
    void rule(double x1, double y1, double x2, double y2, double width, const Colour& colour);
    void fill(double x, double y, double width, double height, const Colour& colour);
    void polyline(const std::vector<std::pair<double, double>>& points, double width, const Colour& colour);
    void end_page();
    /// The PDF; nothing can be drawn afterwards. Throws internal when cairo could not do its work.
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::workflow
