// A workbook as SpreadsheetML (ECMA-376 part 1, section 18). Texts are inline strings, typed as such, so that
// none is ever taken for a formula.
#include "base/markup.h"
#include "base/text.h"
#include "workflow/document/zip_archive.h"
#include "workflow/spreadsheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

namespace fengsui::workflow {

namespace {

constexpr std::size_t kMaxCellCharacters = 32767; // what Excel takes in one cell
constexpr std::size_t kMaxSheetName = 31;
constexpr double kMinWidth = 6;
constexpr double kMaxWidth = 60;
constexpr std::size_t kRowsMeasured = 200; // column widths are a kindness, not worth reading 100,000 rows
constexpr int kPlainStyle = 0;             // indexes into cellXfs below
constexpr int kHeaderStyle = 1;
constexpr int kDateStyle = 2;
constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr std::string_view kOffice = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view kPackage = "http://schemas.openxmlformats.org/package/2006";
constexpr std::string_view kType = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// The first `limit` characters of valid UTF-8.
std::string_view first_characters(std::string_view text, std::size_t limit) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
        if (begins && count++ == limit) {
            return text.substr(0, i);
        }
    }
    return text;
}

std::string column_name(std::size_t index) {
    std::string name;
    for (auto rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
        name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % 26));
    }
    return name;
}

/// Excel's form of a character that XML or the reader would change: _x000D_ and the like (22.9.2.19
/// ST_Xstring); a text that looks like one already gets its underscore written so.
std::string cell_text(std::string_view text) {
    const auto clean = base::scrub_utf8(text);
    auto out = base::escape_markup(first_characters(clean, kMaxCellCharacters));
    for (auto at = out.find("_x"); at != std::string::npos; at = out.find("_x", at + 7)) {
        if (at + 6 < out.size() && out[at + 6] == '_') {
            out.replace(at, 1, "_x005F_");
        }
    }
    return out;
}

void put_text(std::string& out, std::string_view at, std::string_view text, int style) {
    out += fmt::format(
        R"(<c r="{}" s="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>)",
        at,
        style,
        cell_text(text)
    );
}

/// Days since 1899-12-30, which agrees with Excel from 1900-03-01 on (its 1900 has a 29 February).
long serial_of(base::Date date) {
    const auto epoch = std::chrono::sys_days(std::chrono::year(1899) / 12 / 30);
    return static_cast<long>((std::chrono::sys_days(date) - epoch).count());
}

void put_cell(std::string& out, const std::string& at, const SheetCell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
        put_text(out, at, *text, kPlainStyle);
    } else if (const auto* number = std::get_if<double>(&cell); number != nullptr && std::isfinite(*number)) {
        out += fmt::format(R"(<c r="{}"><v>{}</v></c>)", at, *number);
    } else if (const auto* date = std::get_if<base::Date>(&cell); date != nullptr && date->ok()) {
        out += fmt::format(R"(<c r="{}" s="{}"><v>{}</v></c>)", at, kDateStyle, serial_of(*date));
    }
}

/// Rough: a wide character counts twice.
double width_of(std::string_view text) {
    double width = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        width += byte < 0x80 ? 1 : (byte >= 0xE0 ? 2 : (byte >= 0xC0 ? 1 : 0));
    }
    return width;
}

double content_width(const Sheet& sheet, std::size_t column) {
    double width = column < sheet.header.size() ? width_of(sheet.header[column]) : 0;
    for (std::size_t row = 0; row < std::min(sheet.rows.size(), kRowsMeasured); ++row) {
        if (column >= sheet.rows[row].size()) {
            continue;
        }
        const auto* text = std::get_if<std::string>(&sheet.rows[row][column]);
        width = std::max(width, text != nullptr ? width_of(*text) : 10.0);
    }
    return std::clamp(width + 2, kMinWidth, kMaxWidth);
}

std::size_t column_count(const Sheet& sheet) {
    std::size_t count = sheet.header.size();
    for (const auto& row : sheet.rows) {
        count = std::max(count, row.size());
    }
    return count;
}

std::string columns_of(const Sheet& sheet) {
    const auto count = column_count(sheet);
    if (count == 0) {
        return {};
    }
    std::string out = "<cols>";
    for (std::size_t i = 0; i < count; ++i) {
        const auto width =
            i < sheet.widths.size() && sheet.widths[i] > 0 ? sheet.widths[i] : content_width(sheet, i);
        out += fmt::format(R"(<col min="{0}" max="{0}" width="{1}" customWidth="1"/>)", i + 1, width);
    }
    return out + "</cols>";
}

std::string view_of(const Sheet& sheet, bool first) {
    auto out =
        fmt::format(R"(<sheetViews><sheetView{} workbookViewId="0">)", first ? R"( tabSelected="1")" : "");
    if (!sheet.header.empty()) {
        out += R"(<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>)";
    }
    return out + "</sheetView></sheetViews>";
}

void put_rows(std::string& out, const Sheet& sheet) {
    std::size_t line = 1;
    if (!sheet.header.empty()) {
        out += R"(<row r="1">)";
        for (std::size_t i = 0; i < sheet.header.size(); ++i) {
            put_text(out, column_name(i) + "1", sheet.header[i], kHeaderStyle);
        }
        out += "</row>";
        ++line;
    }
    for (const auto& row : sheet.rows) {
        const auto number = std::to_string(line++);
        out += fmt::format(R"(<row r="{}">)", number);
        for (std::size_t i = 0; i < row.size(); ++i) {
            put_cell(out, column_name(i) + number, row[i]);
        }
        out += "</row>";
    }
}

std::string sheet_part(const Sheet& sheet, bool first) {
    auto out = fmt::format(R"({}<worksheet xmlns="{}">)", kXmlHead, kMain);
    out += view_of(sheet, first) + R"(<sheetFormatPr defaultRowHeight="15"/>)" + columns_of(sheet)
           + "<sheetData>";
    put_rows(out, sheet);
    return out + "</sheetData></worksheet>";
}

/// Names without []:*?/\ and of at most 31 characters, all different (18.2.19; Excel compares without case).
std::vector<std::string> sheet_names(const std::vector<Sheet>& sheets) {
    std::vector<std::string> names;
    std::set<std::string> taken;
    for (const auto& sheet : sheets) {
        auto name = base::scrub_utf8(sheet.name);
        std::replace_if(
            name.begin(),
            name.end(),
            [](char c) { return std::string_view("[]:*?/\\'\n\t").find(c) != std::string_view::npos; },
            '_'
        );
        name = name.empty() ? fmt::format("Sheet{}", names.size() + 1)
                            : std::string(first_characters(name, kMaxSheetName));
        for (int copy = 2; !taken.insert(base::to_lower(name)).second; ++copy) {
            const auto suffix = fmt::format(" ({})", copy);
            name.resize(first_characters(name, kMaxSheetName - suffix.size()).size());
            name += suffix;
        }
        names.push_back(std::move(name));
    }
    return names;
}

std::string workbook_part(const std::vector<std::string>& names) {
    auto out = fmt::format(R"({}<workbook xmlns="{}" xmlns:r="{}"><sheets>)", kXmlHead, kMain, kOffice);
    for (std::size_t i = 0; i < names.size(); ++i) {
        out += fmt::format(
            R"(<sheet name="{}" sheetId="{}" r:id="rId{}"/>)", base::escape_markup(names[i]), i + 1, i + 1
        );
    }
    return out + "</sheets></workbook>";
}

std::string workbook_relations(std::size_t count) {
    auto out = fmt::format(R"({}<Relationships xmlns="{}/relationships">)", kXmlHead, kPackage);
    for (std::size_t i = 1; i <= count; ++i) {
        out += fmt::format(
            R"(<Relationship Id="rId{0}" Type="{1}/worksheet" Target="worksheets/sheet{0}.xml"/>)", i, kOffice
        );
    }
    out +=
        fmt::format(R"(<Relationship Id="rId{}" Type="{}/styles" Target="styles.xml"/>)", count + 1, kOffice);
    return out + "</Relationships>";
}

std::string package_relations() {
    return fmt::format(
        R"({0}<Relationships xmlns="{1}/relationships"><Relationship Id="rId1" Type="{2}/officeDocument" )"
        R"(Target="xl/workbook.xml"/></Relationships>)",
        kXmlHead,
        kPackage,
        kOffice
    );
}

std::string content_types(std::size_t count) {
    auto out = fmt::format(
        R"({}<Types xmlns="{}/content-types"><Default Extension="rels" )"
        R"(ContentType="application/vnd.openxmlformats-package.relationships+xml"/>)"
        R"(<Default Extension="xml" ContentType="application/xml"/>)",
        kXmlHead,
        kPackage
    );
    const auto add = [&out](std::string_view part, std::string_view type) {
        out += fmt::format(R"(<Override PartName="/xl/{}" ContentType="{}.{}+xml"/>)", part, kType, type);
    };
    add("workbook.xml", "sheet.main");
    add("styles.xml", "styles");
    for (std::size_t i = 1; i <= count; ++i) {
        add(fmt::format("worksheets/sheet{}.xml", i), "worksheet");
    }
    return out + "</Types>";
}

/// Three cell formats: plain, bold for the head, and the reader's own short date (built-in format 14). Two
/// fills must be there: readers take the first two for none and grey, whatever is said.
std::string styles_part() {
    return fmt::format(
        R"({}<styleSheet xmlns="{}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>)"
        R"(<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>)"
        R"(<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>)"
        R"(<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>)"
        R"(<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>)"
        R"(<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>)"
        R"(<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>)"
        R"(<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>)"
        R"(<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>)",
        kXmlHead,
        kMain
    );
}

} // namespace

std::string to_xlsx(const std::vector<Sheet>& sheets) {
    if (sheets.empty()) {
        return to_xlsx({Sheet{}}); // 18.2.20: a workbook has at least one sheet
    }
    const auto names = sheet_names(sheets);
    std::vector<ZipEntry> entries = {
        {"[Content_Types].xml", content_types(names.size())},
        {"_rels/.rels", package_relations()},
        {"xl/workbook.xml", workbook_part(names)},
        {"xl/_rels/workbook.xml.rels", workbook_relations(names.size())},
        {"xl/styles.xml", styles_part()},
    };
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        entries.push_back({fmt::format("xl/worksheets/sheet{}.xml", i + 1), sheet_part(sheets[i], i == 0)});
    }
    return to_zip(entries);
}

} // namespace fengsui::workflow
