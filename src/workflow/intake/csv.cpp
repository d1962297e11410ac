// A spreadsheet of findings (RFC 4180): the columns are in docs/howto/import_findings.md.
#include "base/text.h"
#include "workflow/intake/result.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::workflow {

namespace {

using Row = std::vector<std::string>;

/// Reads one record, quotes undone; false at the end. `line` counts the file's lines.
class CsvReader {
public:
    explicit CsvReader(std::string_view text) : text_(text) {
        if (text_.starts_with("\xef\xbb\xbf")) {
            text_.remove_prefix(3);
        }
    }

    bool next(Row& row) {
        row.assign(1, {});
        if (at_ >= text_.size()) {
            return false;
        }
        start_ = line_;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (is_quoted_) {
                take_quoted(c, row.back());
            } else if (c == '"' && row.back().empty()) {
                is_quoted_ = true;
            } else if (c == ',') {
                row.emplace_back();
            } else if (c == '\n') {
                ++line_;
                break;
            } else if (c != '\r') {
                row.back().push_back(c);
            }
        }
        return true;
    }
    [[nodiscard]] std::size_t line() const { return start_; }
    /// A quote was never closed.
    [[nodiscard]] bool is_cut() const { return is_quoted_; }

private:
    void take_quoted(char c, std::string& cell) {
        if (c == '"' && at_ < text_.size() && text_[at_] == '"') {
            ++at_;
            cell.push_back('"');
        } else if (c == '"') {
            is_quoted_ = false;
        } else {
            line_ += c == '\n' ? 1 : 0;
            cell.push_back(c);
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::size_t start_ = 1;
    bool is_quoted_ = false;
};

class Columns {
public:
    explicit Columns(const Row& header) {
        for (const auto& cell : header) {
            names_.push_back(base::to_lower(base::trim(cell)));
        }
    }
    [[nodiscard]] bool has(std::string_view name) const {
        return std::find(names_.begin(), names_.end(), name) != names_.end();
    }
    [[nodiscard]] std::string cell(const Row& row, std::string_view name) const {
        const auto place = std::find(names_.begin(), names_.end(), name);
        const auto index = static_cast<std::size_t>(place - names_.begin());
        return index < row.size() && place != names_.end() ? std::string(base::trim(row[index]))
                                                           : std::string();
    }

private:
    std::vector<std::string> names_;
};

intake::Claim claim_of(const Columns& columns, const Row& row) {
    intake::Claim claim;
    for (const std::string_view name : {"asset", "url", "host"}) {
        claim.where = claim.where.empty() ? columns.cell(row, name) : claim.where;
    }
    claim.check = columns.cell(row, "check");
    if (!claim.check.empty() && claim.check.find('.') == std::string::npos) {
        claim.check = intake::check_id("csv", claim.check);
    }
    claim.severity = columns.cell(row, "severity");
    claim.title = columns.cell(row, "title");
    claim.locator = columns.cell(row, "locator");
    if (claim.locator.empty()) {
        claim.locator = intake::locator_of(claim.where);
    }
    for (const std::string_view name : {"description", "evidence"}) {
        if (auto text = columns.cell(row, name); !text.empty()) {
            claim.evidence.set(name, std::move(text));
        }
    }
    return claim;
}

} // namespace

base::Result<Intake> read_csv(std::string_view text, const AssetFinder& find) {
    CsvReader reader(text);
    Row row;
    if (!reader.next(row)) {
        return base::Error(base::ErrorCode::invalid_argument, "the file is empty; it needs a header line");
    }
    const Columns columns(row);
    const bool has_target = columns.has("asset") || columns.has("url") || columns.has("host");
    for (const std::string_view needed : {"check", "severity"}) {
        if (!columns.has(needed) || !has_target) {
            return base::Error(
                base::ErrorCode::invalid_argument,
                "the header line needs the columns asset (or url, host), check and severity"
            );
        }
    }
    Intake intake;
    intake.tool = "csv";
    while (reader.next(row)) {
        const bool is_blank =
            std::all_of(row.begin(), row.end(), [](const auto& cell) { return cell.empty(); });
        if (is_blank) {
            continue;
        }
        auto claim = claim_of(columns, row);
        claim.line = reader.line();
        intake::take(std::move(claim), find, intake);
    }
    if (reader.is_cut()) {
        return base::Error(base::ErrorCode::invalid_argument, "a quotation mark is never closed");
    }
    return intake;
}

} // namespace fengsui::workflow
