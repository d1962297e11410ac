#include "workflow/document/canvas.h"

#include "base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cairo-pdf.h>
#include <cmath>
#include <pango/pangocairo.h>

namespace fengsui::workflow {

namespace {

constexpr double kAscent =
    0.88; // of CJK fonts, in sizes: from the top of the character's square to the baseline
constexpr double kMaxSpread = 3; // in sizes: a line with more left over (before a long word) stays ragged
constexpr std::string_view kProducer = "Fengsui";

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
struct FreeFont {
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
struct FreeAttributes {
    void operator()(PangoAttrList* list) const { pango_attr_list_unref(list); }
};
struct FreeLine {
    void operator()(PangoLayoutLine* line) const { pango_layout_line_unref(line); }
};
struct FreeIterator {
    void operator()(PangoLayoutIter* iterator) const { pango_layout_iter_free(iterator); }
};
struct FreeContext {
    void operator()(cairo_t* context) const { cairo_destroy(context); }
};
struct FreeSurface {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using LayoutHandle = std::unique_ptr<PangoLayout, Unref>;

int to_pango(double points) {
    return static_cast<int>(std::lround(points * PANGO_SCALE));
}
double from_pango(int units) {
    return static_cast<double>(units) / PANGO_SCALE;
}

struct ShapedLine {
    std::unique_ptr<PangoLayoutLine, FreeLine> line;
    double x = 0;
    double width = 0;
};

/// Widens each cluster of a line alike. Pango's own justification widens the spaces only, and a Chinese line
/// with one space in it would be torn open there.
void spread(PangoLayoutLine* line, double left_over) {
    int clusters = 0;
    for (auto* run = line->runs; run != nullptr; run = run->next) {
        const auto* glyphs = static_cast<PangoGlyphItem*>(run->data)->glyphs;
        for (int i = 0; i < glyphs->num_glyphs; ++i) {
            clusters += glyphs->glyphs[i].attr.is_cluster_start != 0 ? 1 : 0;
        }
    }
    if (clusters < 2) {
        return;
    }
    const int extra = to_pango(left_over / (clusters - 1));
    for (auto* run = line->runs; run != nullptr; run = run->next) {
        auto* glyphs = static_cast<PangoGlyphItem*>(run->data)->glyphs;
        for (int i = 0; i < glyphs->num_glyphs; ++i) {
            glyphs->glyphs[i].geometry.width += glyphs->glyphs[i].attr.is_cluster_start != 0 ? extra : 0;
        }
    }
}

/// True when the paragraph goes on in the next line.
bool is_broken(const PangoLayoutLine* line, std::string_view text) {
    const auto end = static_cast<std::size_t>(line->start_index) + static_cast<std::size_t>(line->length);
    return end < text.size() && text[end] != '\n';
}

cairo_status_t append_bytes(void* closure, const unsigned char* data, unsigned length) {
    try {
        static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
        return CAIRO_STATUS_SUCCESS;
    } catch (const std::bad_alloc&) { // must not pass through cairo's C frames
        return CAIRO_STATUS_NO_MEMORY;
    }
}

} // namespace

struct ShapedText::State {
    LayoutHandle layout;
    std::vector<ShapedLine> lines;
    double width = 0;
    double size = 0;
    Colour colour;
};

ShapedText::ShapedText(std::unique_ptr<State> state) : state_(std::move(state)) {}
ShapedText::ShapedText(ShapedText&& other) noexcept = default;
ShapedText& ShapedText::operator=(ShapedText&& other) noexcept = default;
ShapedText::~ShapedText() = default;

std::size_t ShapedText::line_count() const {
    return state_->lines.size();
}
double ShapedText::width() const {
    return state_->width;
}
double ShapedText::natural_width() const {
    double widest = 0;
    for (const auto& line : state_->lines) {
        widest = std::max(widest, line.width);
    }
    return widest;
}
double ShapedText::size() const {
    return state_->size;
}

std::vector<std::pair<std::size_t, double>> ShapedText::break_points() const {
    int count = 0;
    const auto* attributes = pango_layout_get_log_attrs_readonly(state_->layout.get(), &count);
    const char* text = pango_layout_get_text(state_->layout.get());
    auto* line = state_->lines.front().line.get();
    std::vector<std::pair<std::size_t, double>> points;
    const char* at = text;
    for (int i = 0; i < count; ++i, at = *at == '\0' ? at : g_utf8_next_char(at)) {
        if (attributes[i].is_line_break == 0 && i + 1 != count) {
            continue;
        }
        int x = 0;
        pango_layout_line_index_to_x(line, static_cast<int>(at - text), FALSE, &x);
        points.emplace_back(static_cast<std::size_t>(at - text), from_pango(x));
    }
    return points;
}

struct Canvas::State {
    std::string bytes;
    std::unique_ptr<cairo_surface_t, FreeSurface> surface;
    std::unique_ptr<cairo_t, FreeContext> cairo;
    std::unique_ptr<PangoContext, Unref> pango;

    void set_colour(const Colour& colour) const {
        cairo_set_source_rgb(cairo.get(), colour.red, colour.green, colour.blue);
    }
};

Canvas::Canvas(
    const DocumentLayout& layout,
    std::string_view language,
    const std::string& title,
    const std::string& created
)
    : state_(std::make_unique<State>()) {
    state_->surface.reset(cairo_pdf_surface_create_for_stream(
        append_bytes, &state_->bytes, layout.paper_width, layout.paper_height
    ));
    auto* surface = state_->surface.get();
    // Without a date cairo asks the clock for one, and the same document would give other bytes each second.
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, (created + "T00:00:00Z").c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, kProducer.data());
    state_->cairo.reset(cairo_create(surface));
    // Uses the thread's own font map (Pango keeps one for each), so threads share nothing that can be
    // written.
    state_->pango.reset(pango_cairo_create_context(state_->cairo.get()));
    pango_context_set_language(
        state_->pango.get(), pango_language_from_string(std::string(language).c_str())
    );
    pango_context_set_base_dir(state_->pango.get(), PANGO_DIRECTION_LTR);
}

Canvas::~Canvas() = default;

ShapedText Canvas::shape(std::string_view text, const TextRole& role, const TextSetting& setting) const {
    auto state = std::make_unique<ShapedText::State>();
    state->size = setting.size > 0 ? setting.size : role.size;
    state->colour = role.colour;
    state->layout.reset(pango_layout_new(state_->pango.get()));
    auto* layout = state->layout.get();
    const std::unique_ptr<PangoFontDescription, FreeFont> font(pango_font_description_new());
    pango_font_description_set_family(font.get(), fmt::format("{}", fmt::join(role.families, ",")).c_str());
    pango_font_description_set_absolute_size(font.get(), to_pango(state->size));
    pango_font_description_set_weight(font.get(), role.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font.get());
    const std::unique_ptr<PangoAttrList, FreeAttributes> attributes(pango_attr_list_new());
    // An address or a digest that is cut must not seem to have a hyphen in it.
    pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));
    if (role.tracking != 0) {
        pango_attr_list_insert(attributes.get(), pango_attr_letter_spacing_new(to_pango(role.tracking)));
    }
    pango_layout_set_attributes(layout, attributes.get());
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_indent(layout, to_pango(setting.first_indent));
    pango_layout_set_single_paragraph_mode(layout, setting.width > 0 ? FALSE : TRUE);
    if (setting.width > 0) {
        pango_layout_set_width(layout, to_pango(setting.width));
        pango_layout_set_alignment(
            layout,
            role.align == TextAlign::centre
                ? PANGO_ALIGN_CENTER
                : (role.align == TextAlign::right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT)
        );
    }
    auto clean = base::scrub_utf8(text); // cairo gives up the whole document at an invalid byte
    if (setting.width <= 0) {
        std::replace(clean.begin(), clean.end(), '\n', ' '); // Pango would show a sign for it
    }
    pango_layout_set_text(layout, clean.data(), static_cast<int>(clean.size()));

    const std::unique_ptr<PangoLayoutIter, FreeIterator> at(pango_layout_get_iter(layout));
    do {
        PangoRectangle box{};
        pango_layout_iter_get_line_extents(at.get(), nullptr, &box);
        auto* line = pango_layout_line_ref(pango_layout_iter_get_line(at.get()));
        const double x = from_pango(box.x);
        const double left_over = setting.width - x - from_pango(box.width);
        state->width = std::max(state->width, x + from_pango(box.width));
        if (setting.justify && left_over > 0 && left_over < kMaxSpread * state->size
            && is_broken(line, clean)) {
            spread(line, left_over);
        }
        state->lines.push_back({std::unique_ptr<PangoLayoutLine, FreeLine>(line), x, from_pango(box.width)});
    } while (pango_layout_iter_next_line(at.get()) != FALSE);
    return ShapedText(std::move(state));
}

void Canvas::draw_line(const ShapedText& text, std::size_t line, double x, double top) {
    const auto& shaped = text.state_->lines.at(line);
    state_->set_colour(text.state_->colour);
    cairo_move_to(state_->cairo.get(), x + shaped.x, top + kAscent * text.state_->size);
    pango_cairo_show_layout_line(state_->cairo.get(), shaped.line.get());
}

void Canvas::draw(const ShapedText& text, double x, double top, double pitch) {
    for (std::size_t line = 0; line < text.line_count(); ++line) {
        draw_line(text, line, x, top + static_cast<double>(line) * pitch);
    }
}

void Canvas::draw_turned(const ShapedText& text, double x, double y, double degrees, double opacity) {
    auto* cairo = state_->cairo.get();
    const auto& colour = text.state_->colour;
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    cairo_rotate(cairo, -degrees * G_PI / 180);
    cairo_set_source_rgba(cairo, colour.red, colour.green, colour.blue, opacity);
    cairo_move_to(cairo, -text.width() / 2, (kAscent - 0.5) * text.size());
    pango_cairo_show_layout_line(cairo, text.state_->lines.front().line.get());
    cairo_restore(cairo);
}

void Canvas::rule(double x1, double y1, double x2, double y2, double width, const Colour& colour) {
    polyline({{x1, y1}, {x2, y2}}, width, colour);
}

void Canvas::fill(double x, double y, double width, double height, const Colour& colour) {
    state_->set_colour(colour);
    cairo_rectangle(state_->cairo.get(), x, y, width, height);
    cairo_fill(state_->cairo.get());
}

void Canvas::polyline(
    const std::vector<std::pair<double, double>>& points, double width, const Colour& colour
) {
    auto* cairo = state_->cairo.get();
    state_->set_colour(colour);
    cairo_set_line_width(cairo, width);
    cairo_new_path(cairo);
    for (const auto& [x, y] : points) {
        cairo_line_to(cairo, x, y);
    }
    cairo_stroke(cairo);
}

void Canvas::end_page() {
    cairo_show_page(state_->cairo.get());
}

std::string Canvas::finish() {
    auto status = cairo_status(state_->cairo.get());
    state_->pango.reset();
    state_->cairo.reset();
    cairo_surface_finish(state_->surface.get());
    status = status != CAIRO_STATUS_SUCCESS ? status : cairo_surface_status(state_->surface.get());
    if (status != CAIRO_STATUS_SUCCESS) {
        throw base::Error(
            base::ErrorCode::internal, fmt::format("PDF not made: {}", cairo_status_to_string(status))
        );
    }
    return std::move(state_->bytes);
}

} // namespace fengsui::workflow

#ifdef __SANITIZE_ADDRESS__
// The libraries keep fonts, languages and maps until the process ends and free none of them.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions(
) { // NOLINT(bugprone-reserved-identifier): the sanitizer's name
    return "leak:libfontconfig\nleak:libpango\nleak:libcairo\nleak:libglib\nleak:libgobject\nleak:"
           "libharfbuzz\n";
}
#endif
