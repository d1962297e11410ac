#include "workflow/document/chart_marks.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fengsui::workflow {

namespace {

constexpr Colour kGrid = {0.85, 0.85, 0.85};
constexpr Colour kAxis = {0.3, 0.3, 0.3};
constexpr int kGridLines = 4;
constexpr double kBarShare = 0.7; // of a label's slot; the rest is air
constexpr double kMaxBar = 36;
constexpr double kLineWidth = 1.6;
constexpr double kDot = 3.2;
constexpr std::size_t kLongestLabel = 200; // bytes
constexpr std::size_t kShortestLabel = 4;

/// Wide characters count as one size, others as half of one; near enough to place a legend.
double rough_width(std::string_view text, double size) {
    double width = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        width += byte < 0x80 ? 0.55 : (byte >= 0xE0 ? 1 : (byte >= 0xC0 ? 0.6 : 0));
    }
    return width * size;
}

/// `shorten` may leave a text as long as it was (its sign of cutting counts too), so the limit goes down by
/// itself.
std::string cut_to(const std::string& text, double width, double size) {
    const auto whole = base::shorten(base::scrub_utf8(text), kLongestLabel);
    auto cut = whole;
    for (auto limit = whole.size(); limit > kShortestLabel && rough_width(cut, size) > width; --limit) {
        cut = base::shorten(whole, limit);
    }
    return cut;
}

/// The next of 1, 2, 5 times a power of ten that is not below, at least 1: counts have no fractions.
double round_step(double step) {
    const double power = std::pow(10, std::floor(std::log10(std::max(step, 1.0))));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= step) {
            return factor * power;
        }
    }
    return 10 * power;
}

double largest(const TextChart& chart) {
    double value = 0;
    for (const auto& series : chart.series) {
        for (const auto each : series.values) {
            value = std::max(value, each);
        }
    }
    return value;
}

class ChartPlan {
public:
    ChartPlan(const TextChart& chart, double width, const DocumentLayout& layout)
        : chart_(chart),
          layout_(layout),
          size_(layout.role("chart").size),
          step_(round_step(largest(chart) / kGridLines)) {
        left_ = rough_width(fmt::format("{:.0f}", step_ * kGridLines), size_) + size_;
        right_ = width;
        top_ = chart.series.size() > 1 ? 2.4 * size_ : size_;
        bottom_ = layout.chart_height - 1.8 * size_;
        slot_ = (right_ - left_) / static_cast<double>(std::max<std::size_t>(1, chart.labels.size()));
    }

    std::vector<ChartMark> marks() {
        add_grid();
        add_labels();
        for (std::size_t i = 0; i < chart_.series.size(); ++i) {
            chart_.kind == ChartKind::bar ? add_bars(i) : add_line(i);
        }
        out_.emplace_back(ChartPath{{{left_, bottom_}, {right_, bottom_}}, 0.8, kAxis});
        if (chart_.series.size() > 1) {
            add_legend();
        }
        return std::move(out_);
    }

private:
    [[nodiscard]] double y_of(double value) const {
        return bottom_ - (bottom_ - top_) * std::max(0.0, value) / (step_ * kGridLines);
    }
    [[nodiscard]] double middle_of(std::size_t label) const {
        return left_ + slot_ * (static_cast<double>(label) + 0.5);
    }
    [[nodiscard]] const Colour& colour_of(std::size_t series) const {
        return layout_.chart_colours[series % layout_.chart_colours.size()];
    }

    void add_grid() {
        for (int line = 0; line <= kGridLines; ++line) {
            const auto y = y_of(line * step_);
            out_.emplace_back(ChartPath{{{left_, y}, {right_, y}}, 0.4, kGrid});
            out_.emplace_back(ChartWord{
                left_ - 0.5 * size_, y - size_ / 2, TextAlign::right, fmt::format("{:.0f}", line * step_)});
        }
    }

    /// Where the slots are too narrow for words, every second, third … label is told.
    void add_labels() {
        const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(2.5 * size_ / slot_)));
        for (std::size_t i = 0; i < chart_.labels.size(); i += every) {
            const auto room = slot_ * static_cast<double>(every) - 0.3 * size_;
            out_.emplace_back(ChartWord{
                middle_of(i), bottom_ + 0.4 * size_, TextAlign::centre, cut_to(chart_.labels[i], room, size_)}
            );
        }
    }

    void add_value(double x, double value) {
        if (slot_ / static_cast<double>(chart_.series.size()) > 2 * size_) {
            out_.emplace_back(ChartWord{
                x, y_of(value) - 1.15 * size_, TextAlign::centre, fmt::format("{:.4g}", value)});
        }
    }

    void add_bars(std::size_t series) {
        const auto count = static_cast<double>(chart_.series.size());
        const auto width = std::min(kMaxBar, slot_ * kBarShare / count);
        const auto& values = chart_.series[series].values;
        for (std::size_t i = 0; i < std::min(values.size(), chart_.labels.size()); ++i) {
            const auto x = middle_of(i) + (static_cast<double>(series) - count / 2) * width;
            out_.emplace_back(ChartBox{
                x, y_of(values[i]), width, bottom_ - y_of(values[i]), colour_of(series)});
            add_value(x + width / 2, values[i]);
        }
    }

    void add_line(std::size_t series) {
        ChartPath path{{}, kLineWidth, colour_of(series)};
        const auto& values = chart_.series[series].values;
        for (std::size_t i = 0; i < std::min(values.size(), chart_.labels.size()); ++i) {
            path.points.emplace_back(middle_of(i), y_of(values[i]));
            out_.emplace_back(ChartBox{
                middle_of(i) - kDot / 2, y_of(values[i]) - kDot / 2, kDot, kDot, colour_of(series)});
        }
        out_.emplace_back(std::move(path));
    }

    void add_legend() {
        double x = left_;
        for (std::size_t i = 0; i < chart_.series.size(); ++i) {
            out_.emplace_back(ChartBox{x, 0.2 * size_, 0.8 * size_, 0.8 * size_, colour_of(i)});
            out_.emplace_back(ChartWord{x + 1.2 * size_, 0.1 * size_, TextAlign::left, chart_.series[i].name}
            );
            x += rough_width(chart_.series[i].name, size_) + 3 * size_;
        }
    }

    const TextChart& chart_;
    const DocumentLayout& layout_;
    double size_;
    double step_;
    double left_ = 0;
    double right_ = 0;
    double top_ = 0;
    double bottom_ = 0;
    double slot_ = 0;
    std::vector<ChartMark> out_;
};

} // namespace

std::vector<ChartMark> chart_marks(const TextChart& chart, double width, const DocumentLayout& layout) {
    return ChartPlan(chart, width, layout).marks();
}

} // namespace fengsui::workflow
