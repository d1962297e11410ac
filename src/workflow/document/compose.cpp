// A template and fields become a text.
#include "base/hash.h"
#include "base/time.h"
#include "workflow/document.h"
#include "workflow/document/template_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <set>

namespace fengsui::workflow {

namespace {

constexpr std::array<std::string_view, 10> kChineseDigits = {
    "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

/// 1 to 99 as headings count: 一 … 十 十一 … 九十九.
std::string chinese_number(std::size_t number) {
    if (number >= 100) {
        return std::to_string(number);
    }
    std::string out;
    if (number >= 20) {
        out += kChineseDigits.at(number / 10);
    }
    if (number >= 10) {
        out += "十";
    }
    if (number % 10 != 0) {
        out += kChineseDigits.at(number % 10);
    }
    return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

/// Counts the headings of four levels; a heading starts the levels below it anew.
class HeadingNumbers {
public:
    explicit HeadingNumbers(const base::Json& patterns) : patterns_(patterns) {}

    std::string next(int level) {
        const auto index = static_cast<std::size_t>(level - 1);
        ++counts_.at(index);
        std::fill(counts_.begin() + level, counts_.end(), 0);
        const auto count = counts_.at(index);
        auto text = patterns_.items()[index].as_string();
        replace_all(text, "{cn}", chinese_number(count));
        replace_all(text, "{n}", std::to_string(count));
        replace_all(text, "{a}", std::string(1, static_cast<char>('a' + (count - 1) % 26)));
        replace_all(text, "{up}", level > 1 ? std::to_string(counts_.at(index - 1)) : "");
        return text;
    }

private:
    const base::Json& patterns_;
    std::array<std::size_t, 4> counts_{};
};

TextAlign column_align(const base::Json& column) {
    const auto& align = column["align"].as_string();
    return align == "centre" ? TextAlign::centre : (align == "right" ? TextAlign::right : TextAlign::left);
}

class Composer {
public:
    Composer(
        const base::Json& file, const base::Json& common, const base::Json& fields, std::string_view language
    )
        : file_(file),
          common_(common),
          fields_(fields),
          wording_(common, language),
          numbers_(common["numbering"]) {}

    void fill_parts(DocumentText& text) {
        const Scope scope{fields_};
        text.copy_no = part("copy_no", scope);
        text.secrecy = part("secrecy", scope);
        text.urgency = part("urgency", scope);
        text.letterhead = part("letterhead", scope);
        text.number = part("number", scope);
        text.signer = part("signer", scope);
        text.title = is_empty(fields_["subject"])
                         ? say(file_["title"], scope)
                         : wording_.text_of(fields_["subject"], "", scope.utc_offset());
        text.recipient = part("recipient", scope);
        text.office = part("office", scope);
        text.date = part("date", scope);
        text.cc = part("cc", scope);
        text.printed_by = part("printed_by", scope);
        text.printed_on = part("printed_on", scope);
        for (const auto name : {"contact", "notes"}) {
            auto note = part(name, scope);
            if (!note.empty()) {
                text.notes.push_back(std::move(note));
            }
        }
        fill_attachments(text);
        for (const auto& [name, label] : common_["labels"].members()) {
            text.labels[name] = label.as_string();
        }
        text.watermark = fields_["drill"].as_bool() ? wording_.label("drill") : "";
        text.issued_on = issue_date();
    }

    void fill_blocks(const base::Json& blocks, const Scope& scope, std::vector<TextBlock>& out) {
        for (const auto& block : blocks.items()) {
            if (is_shown(block, scope)) {
                fill_block(block, scope, out);
            }
        }
    }

private:
    /// A part with nothing to say is left out; one that says something has dashes for what it lacks.
    std::string part(std::string_view name, const Scope& scope) {
        const auto* own = file_.find(name);
        const auto& pattern = (own != nullptr ? *own : common_["parts"][name]).as_string();
        auto expanded = expand(pattern, scope, wording_, wording_.dash());
        return expanded.filled ? std::move(expanded.text) : std::string();
    }

    void fill_attachments(DocumentText& text) {
        Scope scope{fields_};
        for (const auto& attachment : fields_["attachments"].items()) {
            scope.item = &attachment;
            ++scope.number;
            auto line =
                attachment.is_string() ? wording_.text_of(attachment, "", 0) : part("attachment", scope);
            text.attachments.push_back(line + (attachment.is_string() ? "" : part("attachment_hash", scope)));
        }
    }

    /// Day of issue for the PDF's own date; a text without one gets a fixed day, not today's.
    [[nodiscard]] std::string issue_date() const {
        const auto& text = fields_["date"].as_string();
        if (const auto at = base::parse_rfc3339(text)) {
            return base::format_date(base::date_of(*at, std::chrono::minutes(Scope{fields_}.utc_offset())));
        }
        const auto date = base::parse_date(text);
        return date ? base::format_date(*date) : "1970-01-01";
    }

    static bool is_shown(const base::Json& block, const Scope& scope) {
        const auto* wanted = block.find("if");
        const auto* unwanted = block.find("unless");
        return (wanted == nullptr || !is_empty(scope.value(wanted->as_string())))
               && (unwanted == nullptr || is_empty(scope.value(unwanted->as_string())));
    }

    std::string say(const base::Json& text, const Scope& scope) const {
        return expand(text.as_string(), scope, wording_, wording_.dash()).text;
    }

    void fill_block(const base::Json& block, const Scope& scope, std::vector<TextBlock>& out) {
        if (block.find("each") != nullptr) {
            fill_loop(block, scope, out);
        } else if (const auto* heading = block.find("heading")) {
            const auto level = static_cast<int>(std::clamp<std::int64_t>(block["level"].as_int(1), 1, 4));
            out.emplace_back(TextParagraph{level, numbers_.next(level) + say(*heading, scope)});
        } else if (block.find("table") != nullptr) {
            out.emplace_back(table(block, scope));
        } else if (block.find("chart") != nullptr) {
            add_chart(block, scope, out);
        } else if (const auto* body = block.find("body")) {
            fill_blocks(*body, scope, out);
        } else {
            out.emplace_back(paragraph(block, scope));
        }
    }

    /// `numbered: 3` gives each text the number of a heading of that level.
    TextParagraph paragraph(const base::Json& block, const Scope& scope) {
        const auto numbered = std::clamp<std::int64_t>(block["numbered"].as_int(0), 0, 4);
        const auto number = numbered > 0 ? numbers_.next(static_cast<int>(numbered)) : std::string();
        return {0, number + say(block["text"], scope)};
    }

    void fill_loop(const base::Json& block, const Scope& scope, std::vector<TextBlock>& out) {
        Scope inner{fields_};
        const auto list = scope.value(block["each"].as_string());
        for (const auto& item : list.items()) {
            inner.item = &item;
            ++inner.number;
            if (const auto* body = block.find("body")) {
                fill_blocks(*body, inner, out);
            } else {
                out.emplace_back(paragraph(block, inner));
            }
        }
        const auto* empty = block.find("empty");
        if (list.items().empty() && empty != nullptr) {
            out.emplace_back(TextParagraph{0, say(*empty, scope)});
        }
    }

    TextTable table(const base::Json& block, const Scope& scope) {
        TextTable made;
        made.caption = say(block["caption"], scope);
        for (const auto& column : block["columns"].items()) {
            made.columns.push_back(
                {say(column["title"], scope), column["width"].as_double(1), column_align(column)}
            );
        }
        Scope inner{fields_};
        const auto list = scope.value(block["table"].as_string());
        for (const auto& item : list.items()) {
            inner.item = &item;
            ++inner.number;
            auto& row = made.rows.emplace_back();
            for (const auto& column : block["columns"].items()) {
                row.push_back(say(column["text"], inner));
            }
        }
        if (made.rows.empty()) {
            made.rows.emplace_back(made.columns.size(), wording_.dash());
        }
        return made;
    }

    /// A chart of no rows would be an empty frame: it is left out.
    void add_chart(const base::Json& block, const Scope& scope, std::vector<TextBlock>& out) const {
        TextChart chart;
        chart.kind = block["chart"].as_string() == "line" ? ChartKind::line : ChartKind::bar;
        chart.caption = say(block["caption"], scope);
        Scope inner{fields_};
        const auto list = scope.value(block["of"].as_string());
        for (const auto& series : block["series"].items()) {
            chart.series.push_back({say(series["title"], scope), {}});
        }
        for (const auto& item : list.items()) {
            inner.item = &item;
            ++inner.number;
            chart.labels.push_back(say(block["label"], inner));
            for (std::size_t i = 0; i < chart.series.size(); ++i) {
                const auto value = inner.value(block["series"].items()[i]["value"].as_string()).as_double();
                chart.series[i].values.push_back(std::isfinite(value) ? value : 0);
            }
        }
        if (!chart.labels.empty()) {
            out.emplace_back(std::move(chart));
        }
    }

    const base::Json& file_;
    const base::Json& common_;
    const base::Json& fields_;
    Wording wording_;
    HeadingNumbers numbers_;
};

base::Json to_json(const TextBlock& block) {
    if (const auto* paragraph = std::get_if<TextParagraph>(&block)) {
        return base::JsonArray{paragraph->level, paragraph->text};
    }
    base::Json out;
    if (const auto* table = std::get_if<TextTable>(&block)) {
        out.push(table->caption);
        for (const auto& column : table->columns) {
            out.push(column.title);
        }
        for (const auto& row : table->rows) {
            out.push(base::JsonArray(row.begin(), row.end()));
        }
        return out;
    }
    const auto& chart = std::get<TextChart>(block);
    out.push(chart.caption).push(base::JsonArray(chart.labels.begin(), chart.labels.end()));
    for (const auto& series : chart.series) {
        out.push(series.name).push(base::JsonArray(series.values.begin(), series.values.end()));
    }
    return out;
}

} // namespace

DocumentText DocumentTemplates::compose(
    std::string_view kind, std::string_view language, const base::Json& fields
) const {
    const auto found = templates_.find(fmt::format("{}.{}", kind, language));
    if (found == templates_.end()) {
        throw base::Error(
            base::ErrorCode::not_found, fmt::format("no document template '{}' in '{}'", kind, language)
        );
    }
    const auto& file = found->second;
    const auto& common = common_.at(std::string(language));
    DocumentText text;
    text.kind = kind;
    text.language = language;
    const auto& layout = file["layout"].is_string() ? file["layout"] : common["layout"];
    text.layout = layouts_.at(layout.as_string());
    Composer composer(file, common, fields, language);
    composer.fill_parts(text);
    composer.fill_blocks(file["body"], Scope{fields}, text.blocks);
    return text;
}

bool DocumentTemplates::knows(std::string_view kind, std::string_view language) const {
    return templates_.contains(fmt::format("{}.{}", kind, language));
}

std::vector<std::string> DocumentTemplates::kinds() const {
    std::set<std::string> names;
    for (const auto& [name, file] : templates_) {
        names.insert(file["kind"].as_string());
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> DocumentTemplates::missing(std::string_view kind, const base::Json& fields) const {
    std::vector<std::string> names;
    for (const auto& field : fields_["kinds"][kind]["required"].items()) {
        if (is_empty(Scope{fields}.value(field.as_string()))) {
            names.push_back(field.as_string());
        }
    }
    return names;
}

std::string body_sha256(const DocumentText& text) {
    auto parts = base::Json::array({
        text.kind,
        text.language,
        text.copy_no,
        text.secrecy,
        text.urgency,
        text.letterhead,
        text.number,
        text.signer,
        text.title,
        text.recipient,
        text.office,
        text.date,
        text.cc,
        text.printed_by,
        text.printed_on,
        text.watermark,
        base::JsonArray(text.notes.begin(), text.notes.end()),
        base::JsonArray(text.attachments.begin(), text.attachments.end()),
    });
    for (const auto& block : text.blocks) {
        parts.push(to_json(block));
    }
    return base::sha256_hex(base::to_text(parts));
}

} // namespace fengsui::workflow
