// CSV as spreadsheets write it (RFC 4180), with LF or CR LF, and with `;` or TAB where their locale has them.
#include "registry/table/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::registry::table {

namespace {

char separator_of(std::string_view utf8) {
    const auto header = utf8.substr(0, utf8.find('\n'));
    char best = ',';
    auto most = std::count(header.begin(), header.end(), best);
    for (const char candidate : {';', '\t'}) {
        if (const auto count = std::count(header.begin(), header.end(), candidate); count > most) {
            best = candidate;
            most = count;
        }
    }
    return best;
}

class CsvReader {
public:
    CsvReader(std::string_view text, const RowSink& sink, Problems& problems)
        : text_(text), sink_(sink), problems_(problems), separator_(separator_of(text)) {}

    void read() {
        while (at_ < text_.size() && read_row()) {
        }
    }

private:
    /// False when nothing sensible can follow.
    bool read_row() {
        ++row_;
        cells_.clear();
        do {
            if (cells_.size() == kMostColumns) {
                problems_.add(
                    row_,
                    "",
                    "too_many_columns",
                    fmt::format("超过 {} 列", kMostColumns),
                    fmt::format("more than {} columns", kMostColumns)
                );
                return false;
            }
            if (!read_cell()) {
                return false;
            }
        } while (take(separator_));
        take('\r');
        take('\n');
        if (std::any_of(cells_.begin(), cells_.end(), [](const auto& cell) { return !cell.empty(); })) {
            sink_(row_, cells_);
        }
        return true;
    }

    bool read_cell() {
        if (peek() == '"') {
            return read_quoted();
        }
        const auto end = std::min(find_end(), text_.size());
        cells_.emplace_back(text_.substr(at_, end - at_));
        at_ = end;
        return true;
    }

    [[nodiscard]] std::size_t find_end() const {
        const std::array<char, 3> stops = {separator_, '\n', '\r'};
        auto end = text_.find_first_of(std::string_view(stops.data(), stops.size()), at_);
        // A lone CR is part of the cell, where it will be reported as a control character.
        while (end != std::string_view::npos && text_[end] == '\r' && end + 1 < text_.size()
               && text_[end + 1] != '\n') {
            end = text_.find_first_of(std::string_view(stops.data(), stops.size()), end + 1);
        }
        return end;
    }

    bool read_quoted() {
        const auto began = line_of(at_);
        ++at_;
        std::string cell;
        for (;;) {
            const auto quote = text_.find('"', at_);
            if (quote == std::string_view::npos) {
                problems_.add(
                    row_,
                    "",
                    "unterminated_quote",
                    fmt::format("第 {} 行开始的引号没有结束，文件可能不完整", began),
                    fmt::format(
                        "the quote that begins in line {} is never closed; the file may be cut off", began
                    )
                );
                return false;
            }
            cell += text_.substr(at_, quote - at_);
            at_ = quote + 1;
            if (peek() != '"') {
                break;
            }
            cell += '"';
            ++at_;
        }
        cells_.push_back(std::move(cell));
        if (at_ < text_.size() && peek() != separator_ && peek() != '\n' && peek() != '\r') {
            problems_.add(
                row_,
                "",
                "stray_quote",
                fmt::format("第 {} 行：引号之后还有其他字符", line_of(at_)),
                fmt::format("line {}: something follows a closing quote", line_of(at_))
            );
            return false;
        }
        return true;
    }

    /// Counts only what was not counted before, so that many quotes do not make it quadratic.
    unsigned line_of(std::size_t position) {
        line_ += static_cast<unsigned>(std::count(
            text_.begin() + static_cast<std::ptrdiff_t>(counted_),
            text_.begin() + static_cast<std::ptrdiff_t>(position),
            '\n'
        ));
        counted_ = position;
        return line_;
    }

    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char c) {
        const bool is_there = at_ < text_.size() && text_[at_] == c;
        at_ += is_there ? 1 : 0;
        return is_there;
    }

    std::string_view text_;
    const RowSink& sink_;
    Problems& problems_;
    char separator_;
    std::size_t at_ = 0;
    std::size_t counted_ = 0;
    unsigned line_ = 1;
    unsigned row_ = 0;
    Cells cells_;
};

} // namespace

void read_csv(std::string_view utf8, const RowSink& sink, Problems& problems) {
    CsvReader(utf8, sink, problems).read();
}

} // namespace fengsui::registry::table
