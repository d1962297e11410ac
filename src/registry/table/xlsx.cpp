// The first sheet of a workbook (ECMA-376 part 1, 18.2 to 18.4): shared and inline strings, numbers.
#include "base/text.h"
#include "registry/table/rows.h"
#include "registry/table/xml.h"
#include "registry/table/zip.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace fengsui::registry::table {

namespace {

using base::Result;

/// A workbook may name one long string a million times: what the cells add up to is limited as well.
constexpr std::size_t kMostCellBytes = kLargestFile;
constexpr unsigned kLastRow = 1'048'576;

Result<bool> parse_entry(ZipArchive& zip, const std::string& name, XmlReader& reader) {
    const ZipArchive::Take feed = [&reader](std::string_view piece) {
        return reader.feed(piece);
    };
    auto found = zip.read(name, feed);
    if (!found || !*found) {
        return found;
    }
    return reader.finish().context(name);
}

struct Workbook {
    std::string first_sheet_id;
    bool counts_from_1904 = false;
    std::map<std::string, std::string> parts; ///< relation id to name of the part
    std::string shared_strings = "xl/sharedStrings.xml";

    [[nodiscard]] std::string first_sheet() const {
        const auto part = parts.find(first_sheet_id);
        return part == parts.end() ? "xl/worksheets/sheet1.xml" : part->second;
    }
};

std::string part_name(std::string_view target) {
    return target.starts_with('/') ? std::string(target.substr(1)) : "xl/" + std::string(target);
}

Result<bool> read_workbook(ZipArchive& zip, Workbook& book) {
    XmlHandlers handlers;
    handlers.begin = [&book](std::string_view name, const XmlAttributes& attributes) {
        if (name == "sheet" && book.first_sheet_id.empty()) {
            // `id` is r:id; `sheetId` is another attribute.
            book.first_sheet_id = attribute(attributes, "id");
        } else if (name == "workbookPr") {
            const auto value = attribute(attributes, "date1904");
            book.counts_from_1904 = value == "1" || value == "true";
        }
    };
    handlers.end = [](std::string_view) {
    };
    handlers.text = [](std::string_view) {
    };
    XmlReader reader(std::move(handlers));
    return parse_entry(zip, "xl/workbook.xml", reader);
}

Result<bool> read_relations(ZipArchive& zip, Workbook& book) {
    XmlHandlers handlers;
    handlers.begin = [&book](std::string_view name, const XmlAttributes& attributes) {
        if (name != "Relationship") {
            return;
        }
        auto part = part_name(attribute(attributes, "Target"));
        if (attribute(attributes, "Type").ends_with("/sharedStrings")) {
            book.shared_strings = part;
        }
        book.parts.emplace(attribute(attributes, "Id"), std::move(part));
    };
    handlers.end = [](std::string_view) {
    };
    handlers.text = [](std::string_view) {
    };
    XmlReader reader(std::move(handlers));
    return parse_entry(zip, "xl/_rels/workbook.xml.rels", reader);
}

/// The text of <t> elements, but not of phonetic hints (<rPh>).
class TextCollector {
public:
    void begin(std::string_view name) {
        hint_depth_ += name == "rPh" ? 1 : 0;
        is_inside_ = name == "t" && hint_depth_ == 0;
    }
    void end(std::string_view name) {
        hint_depth_ -= name == "rPh" ? 1 : 0;
        is_inside_ = is_inside_ && name != "t";
    }
    void text(std::string_view piece) {
        if (is_inside_ && value_.size() <= kLongestCell * 4) {
            value_ += piece;
        }
    }
    std::string take() { return std::exchange(value_, {}); }

private:
    std::string value_;
    int hint_depth_ = 0;
    bool is_inside_ = false;
};

Result<bool> read_shared_strings(
    ZipArchive& zip, const std::string& part, std::vector<std::string>& strings
) {
    TextCollector collector;
    XmlHandlers handlers;
    handlers.begin = [&collector](std::string_view name, const XmlAttributes&) {
        collector.begin(name);
    };
    handlers.text = [&collector](std::string_view piece) {
        collector.text(piece);
    };
    handlers.end = [&](std::string_view name) {
        collector.end(name);
        if (name == "si") {
            strings.push_back(collector.take());
        }
    };
    XmlReader reader(std::move(handlers));
    return parse_entry(zip, part, reader);
}

/// `BC12` → 54 (from 0); kMostColumns when there is none or it is beyond.
std::size_t column_of(std::string_view reference) {
    std::size_t column = 0;
    std::size_t letters = 0;
    while (letters < reference.size() && base::is_alpha(reference[letters]) && letters < 4) {
        column = column * 26 + static_cast<std::size_t>(base::to_lower(reference[letters]) - 'a') + 1;
        ++letters;
    }
    return letters == 0 ? kMostColumns : std::min(column - 1, kMostColumns);
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number number{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// 1.38E+10 is a telephone number that the spreadsheet took for a quantity.
std::string number_text(const std::string& text) {
    constexpr double kExact = 1e15;
    const auto number = number_of<double>(text);
    if (number && std::abs(*number) < kExact && *number == std::floor(*number)) {
        return std::to_string(static_cast<std::int64_t>(*number));
    }
    return text;
}

class Sheet {
public:
    Sheet(const std::vector<std::string>& strings, const RowSink& sink) : strings_(strings), sink_(sink) {}

    Result<bool> read(ZipArchive& zip, const std::string& part) {
        XmlHandlers handlers;
        handlers.begin = [this](std::string_view name, const XmlAttributes& attributes) {
            begin(name, attributes);
        };
        handlers.end = [this](std::string_view name) {
            end(name);
        };
        handlers.text = [this](std::string_view piece) {
            text(piece);
        };
        XmlReader reader(std::move(handlers));
        reader_ = &reader;
        auto result = parse_entry(zip, part, reader);
        reader_ = nullptr;
        return result;
    }

private:
    void begin(std::string_view name, const XmlAttributes& attributes) {
        inline_.begin(name);
        if (name == "row") {
            const auto given = number_of<unsigned>(attribute(attributes, "r"));
            row_ = given.value_or(row_ + 1);
            cells_.clear();
            next_column_ = 0;
            if (row_ == 0 || row_ > kLastRow) {
                reader_->refuse("a row number of the sheet is out of range");
            }
        } else if (name == "c") {
            const auto reference = attribute(attributes, "r");
            column_ = reference.empty() ? next_column_ : column_of(reference);
            next_column_ = column_ + 1;
            type_ = attribute(attributes, "t");
            value_.clear();
        }
        is_value_ = name == "v";
    }

    void text(std::string_view piece) {
        inline_.text(piece);
        if (is_value_ && value_.size() <= kLongestCell * 4) {
            value_ += piece;
        }
    }

    void end(std::string_view name) {
        inline_.end(name);
        is_value_ = false;
        if (name == "c") {
            put(cell());
        } else if (name == "row" && std::any_of(cells_.begin(), cells_.end(), [](const auto& one) {
                       return !one.empty();
                   })) {
            sink_(row_, cells_);
        }
    }

    std::string cell() {
        auto inlined = inline_.take();
        if (type_ == "s") {
            const auto index = number_of<std::size_t>(value_);
            if (!index || *index >= strings_.size()) {
                reader_->refuse("a cell names a shared string that does not exist");
                return {};
            }
            return strings_[*index];
        }
        if (type_ == "inlineStr") {
            return inlined;
        }
        if (type_ == "b") {
            return value_ == "1" ? "yes" : "no";
        }
        return type_.empty() || type_ == "n" ? number_text(value_) : value_;
    }

    void put(std::string text) {
        if (text.empty()) {
            return;
        }
        total_ += text.size();
        if (column_ >= kMostColumns || total_ > kMostCellBytes) {
            reader_->refuse(
                column_ >= kMostColumns ? "the sheet has more than 200 columns"
                                        : "the cells add up to more than 256 MB"
            );
            return;
        }
        if (cells_.size() <= column_) {
            cells_.resize(column_ + 1);
        }
        cells_[column_] = std::move(text);
    }

    const std::vector<std::string>& strings_;
    const RowSink& sink_;
    XmlReader* reader_ = nullptr;
    TextCollector inline_;
    unsigned row_ = 0;
    std::size_t column_ = 0;
    std::size_t next_column_ = 0;
    std::string type_;
    std::string value_;
    bool is_value_ = false;
    std::size_t total_ = 0;
    Cells cells_;
};

Result<bool> read_all(ZipArchive& zip, Workbook& book, const RowSink& sink) {
    for (auto* const step : {read_workbook, read_relations}) {
        auto done = step(zip, book);
        if (!done) {
            return done;
        }
    }
    std::vector<std::string> strings;
    auto done = read_shared_strings(zip, book.shared_strings, strings);
    if (!done) {
        return done;
    }
    auto found = Sheet(strings, sink).read(zip, book.first_sheet());
    if (found && !*found) {
        return base::Error(base::ErrorCode::invalid_argument, "the file has no sheet; save it again as XLSX");
    }
    return found;
}

} // namespace

base::Date read_xlsx(std::string_view bytes, const RowSink& sink, Problems& problems) {
    using std::chrono::day;
    using std::chrono::month;
    using std::chrono::year;
    Workbook book;
    auto zip = ZipArchive::open(bytes);
    auto done = zip ? read_all(*zip, book, sink) : Result<bool>(zip.error());
    if (!done) {
        problems.add(
            0,
            "",
            "bad_xlsx",
            fmt::format("XLSX 文件无法读取：{}", done.error().message()),
            done.error().message()
        );
    }
    // Serial 1 is 1900-01-01; the 1900 that they take for a leap year moves the base for all later days.
    return book.counts_from_1904 ? base::Date(year(1904), month(1), day(1))
                                 : base::Date(year(1899), month(12), day(30));
}

} // namespace fengsui::registry::table
