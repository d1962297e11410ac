#include "workflow/document/title_lines.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fengsui::workflow {

namespace {

constexpr double kBrokenWord = 0.05; // penalties beside squared deviations, both in widths of a line
constexpr double kLonelyParticle = 0.4;
constexpr double kImpossible = std::numeric_limits<double>::infinity();
constexpr std::string_view kParticle = "的";
constexpr std::size_t kMaxLines = 40;

/// GB/T 9704 wants a trapezium or a rhombus, so a little longer above (two lines) or in the middle (three and
/// more).
double wanted_share(std::size_t line, std::size_t lines) {
    if (lines == 2) {
        return line == 0 ? 0.55 : 0.45;
    }
    const double even = 1.0 / static_cast<double>(lines);
    const bool is_outer = line == 0 || line + 1 == lines;
    return lines < 3 ? even : even * (is_outer ? 0.92 : 1 + 0.16 / static_cast<double>(lines - 2));
}

double penalty_at(std::string_view text, std::size_t at, const std::vector<std::string>& words) {
    double penalty = text.substr(at, kParticle.size()) == kParticle ? kLonelyParticle : 0;
    for (const auto& word : words) {
        for (std::size_t before = 1; before < word.size(); ++before) {
            if (before <= at && text.substr(at - before, word.size()) == word) {
                penalty += kBrokenWord;
            }
        }
    }
    return penalty;
}

class TitleBreaker {
public:
    TitleBreaker(
        std::string_view text,
        const std::vector<std::pair<std::size_t, double>>& breaks,
        double width,
        const std::vector<std::string>& words
    )
        : text_(text), breaks_(breaks), width_(width), words_(words) {}

    /// The best way to cut into so many lines, as indexes of breaks; empty when they do not fit.
    std::vector<std::size_t> cut(std::size_t lines) {
        const auto count = breaks_.size();
        std::vector<Row> rows(lines + 1, Row(count + 1));
        rows[0][0].cost = 0;
        for (std::size_t line = 0; line < lines; ++line) {
            for (std::size_t end = 1; end <= count; ++end) {
                rows[line + 1][end] = best_before(rows[line], end, line, lines);
            }
        }
        std::vector<std::size_t> ends;
        if (rows[lines][count].cost < kImpossible) {
            for (auto end = count; end > 0; end = rows[lines - ends.size() + 1][end].start) {
                ends.insert(ends.begin(), end);
            }
        }
        return ends;
    }

    [[nodiscard]] double width_to(std::size_t end) const { return end == 0 ? 0 : breaks_[end - 1].second; }
    [[nodiscard]] std::size_t byte_at(std::size_t end) const { return end == 0 ? 0 : breaks_[end - 1].first; }

private:
    /// The cheapest way to end a line at one break: what all lines up to it cost, and where it began.
    struct Cut {
        double cost = kImpossible;
        std::size_t start = 0;
    };
    using Row = std::vector<Cut>;

    [[nodiscard]] Cut best_before(const Row& above, std::size_t end, std::size_t line, std::size_t lines)
        const {
        Cut best;
        for (std::size_t start = 0; start < end; ++start) {
            const auto total = above[start].cost + cost_of(start, end, line, lines);
            if (total < best.cost) {
                best = {total, start};
            }
        }
        return best;
    }

    [[nodiscard]] double cost_of(std::size_t start, std::size_t end, std::size_t line, std::size_t lines)
        const {
        const auto own = width_to(end) - width_to(start);
        if (own > width_) {
            return kImpossible;
        }
        const auto off = (own - width_to(breaks_.size()) * wanted_share(line, lines)) / width_;
        return off * off + (end == breaks_.size() ? 0 : penalty_at(text_, byte_at(end), words_));
    }

    std::string_view text_;
    const std::vector<std::pair<std::size_t, double>>& breaks_;
    double width_;
    const std::vector<std::string>& words_;
};

} // namespace

std::vector<std::string> title_lines(
    std::string_view text,
    const std::vector<std::pair<std::size_t, double>>& breaks,
    double width,
    const std::vector<std::string>& unbroken_words
) {
    TitleBreaker breaker(text, breaks, width, unbroken_words);
    const auto total = breaks.empty() ? 0 : breaks.back().second;
    const auto fewest = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(total / width)));
    for (auto lines = fewest; lines <= std::min(fewest + 2, kMaxLines); ++lines) {
        const auto ends = breaker.cut(lines);
        std::vector<std::string> out;
        std::size_t start = 0;
        for (const auto end : ends) {
            const auto byte = breaker.byte_at(end);
            out.emplace_back(base::trim(text.substr(start, byte - start)));
            start = byte;
        }
        if (!out.empty()) {
            return out;
        }
    }
    return {std::string(text)}; // a word wider than the page: the typesetter breaks it anywhere
}

} // namespace fengsui::workflow
