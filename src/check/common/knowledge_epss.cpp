// FIRST's EPSS scores: CSV with a comment line, a header and one line for each CVE.
#include "base/text.h"
#include "check/common/knowledge_parts.h"

#include <fmt/format.h>

#include <charconv>

namespace fengsui::check {

namespace {

constexpr std::size_t kMaxLine = 1024;

std::optional<double> read_share(std::string_view text) {
    double value = -1;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_share =
        failure == std::errc() && end == text.data() + text.size() && value >= 0 && value <= 1;
    return is_share ? std::optional(value) : std::nullopt;
}

class EpssReader {
public:
    explicit EpssReader(model::Knowledge& into) : into_(into) {}

    /// False at the first line that is none.
    bool take(std::string_view line) {
        ++place_.line;
        const auto text = base::trim(line);
        const bool is_heading = text.starts_with('#') || text.starts_with("cve,");
        const bool is_good = text.empty() || is_heading || take_fields(base::split(text, ','));
        place_.offset += is_good ? line.size() + 1 : 0;
        return is_good;
    }

    [[nodiscard]] base::Error error() const {
        return {
            base::ErrorCode::invalid_argument,
            fmt::format("{}: a line of a CVE, a score and a percentile is expected", place_.str())};
    }
    [[nodiscard]] const DataReport& report() const { return report_; }

private:
    bool take_fields(const std::vector<std::string_view>& fields) {
        if (fields.size() != 3 || !fields[0].starts_with("CVE-")) {
            return false;
        }
        const auto score = read_share(fields[1]);
        const auto percentile = read_share(fields[2]);
        if (!score || !percentile) {
            return false;
        }
        ++report_.entries;
        if (is_wanted_cve(into_, fields[0])) {
            ++report_.kept;
            into_.forecasts[std::string(fields[0])] = {*score, *percentile};
        }
        return true;
    }

    model::Knowledge& into_;
    base::TextPlace place_{0, 0};
    DataReport report_;
};

} // namespace

DataResult read_epss(const base::TextSource& source, model::Knowledge& into) {
    EpssReader reader(into);
    std::string pending;
    for (auto piece = source(); !piece.empty(); piece = source()) {
        pending += piece;
        std::size_t from = 0;
        for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n', from)) {
            if (!reader.take(std::string_view(pending).substr(from, end - from))) {
                return reader.error();
            }
            from = end + 1;
        }
        pending.erase(0, from);
        if (pending.size() > kMaxLine) {
            reader.take("");
            return reader.error();
        }
    }
    if (!pending.empty()) { // every line of a whole file ends; a number cut short would still look like one
        reader.take("");
        return reader.error();
    }
    return reader.report();
}

} // namespace fengsui::check
