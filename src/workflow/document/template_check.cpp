#include "workflow/document/template_check.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::workflow {

namespace {

constexpr std::array<std::string_view, 17> kParts = {
    "copy_no",
    "secrecy",
    "urgency",
    "letterhead",
    "number",
    "signer",
    "title",
    "recipient",
    "attachment",
    "attachment_hash",
    "office",
    "date",
    "contact",
    "notes",
    "cc",
    "printed_by",
    "printed_on",
};
constexpr std::array<std::string_view, 4> kHeadKeys = {"kind", "language", "layout", "body"};
constexpr std::array<std::string_view, 6> kBlockKinds = {"text", "heading", "table", "chart", "each", "body"};
constexpr std::array<std::string_view, 16> kBlockKeys = {
    "if",
    "unless",
    "text",
    "heading",
    "level",
    "numbered",
    "table",
    "caption",
    "columns",
    "chart",
    "label",
    "series",
    "each",
    "body",
    "empty",
    "of",
};
constexpr std::array<std::string_view, 10> kLabels = {
    "missing",
    "separator",
    "yes",
    "no",
    "attachments",
    "signer",
    "cc",
    "printed_on",
    "hash",
    "drill",
};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool lists_name(const base::JsonArray& names, std::string_view name, bool allow_group) {
    return std::any_of(names.begin(), names.end(), [&](const base::Json& known) {
        const std::string_view text = known.as_string();
        const bool is_group =
            text.size() > name.size() && text.substr(0, name.size()) == name && text[name.size()] == '.';
        return text == name || (allow_group && is_group);
    });
}

class TemplateChecker {
public:
    TemplateChecker(
        const std::string& path, const base::Json& fields, const base::Json& common, Faults& faults
    )
        : path_(path), fields_(fields), common_(common), faults_(faults) {}

    void use_kind(const std::string& kind) { kind_ = &fields_["kinds"][kind]; }
    void complain(unsigned line, std::string what) {
        faults_.push_back({fmt::format("{}:{}", path_, line), std::move(what)});
    }

    void check_text(const base::Json& text, const base::Json* list) {
        if (!text.is_string()) {
            complain(text.line(), "a text is wanted here (put it in quotes)");
            return;
        }
        const Wording wording(common_, "");
        const auto say = [this, &text](std::string what) {
            complain(text.line(), std::move(what));
        };
        for (const auto& placeholder : placeholders(text.as_string(), say)) {
            for (const auto& field : placeholder.fields) {
                if (!knows_field(field, list, false)) {
                    say(fmt::format(
                        "{{{}}} is no field of this document (notices/fields.yaml lists them)", field
                    ));
                }
            }
            if (!wording.knows_filter(placeholder.filter)) {
                say(fmt::format(
                    "|{} is neither date, time, number, percent nor a list of words", placeholder.filter
                ));
            }
        }
    }

    void check_blocks(const base::Json& blocks, const base::Json* list) {
        if (!blocks.is_array()) {
            complain(blocks.line(), "body is a list of blocks");
        }
        for (const auto& block : blocks.items()) {
            check_block(block, list);
        }
    }

private:
    /// The sub-fields of a list, or null when there is no such list.
    [[nodiscard]] const base::Json* list_of(std::string_view name) const {
        const auto* own = kind_ != nullptr ? (*kind_)["lists"].find(name) : nullptr;
        return own != nullptr ? own : fields_["common"]["lists"].find(name);
    }

    [[nodiscard]] bool knows_field(std::string_view field, const base::Json* list, bool allow_group) const {
        if (list != nullptr
            && (field == "no" || field == "item" || lists_name(list->items(), field, allow_group))) {
            return true;
        }
        if (lists_name(fields_["common"]["fields"].items(), field, allow_group)
            || list_of(field) != nullptr) {
            return true;
        }
        return kind_ != nullptr
               && (lists_name((*kind_)["required"].items(), field, allow_group)
                   || lists_name((*kind_)["optional"].items(), field, allow_group));
    }

    void check_condition(const base::Json& block, std::string_view key, const base::Json* list) {
        const auto* field = block.find(key);
        if (field != nullptr && !knows_field(field->as_string(), list, true)) {
            complain(
                field->line(), fmt::format("{}: {} is no field of this document", key, field->as_string())
            );
        }
    }

    /// The list a table, chart or loop runs over.
    const base::Json* check_list(const base::Json& name) {
        const auto* list = list_of(name.as_string());
        if (list == nullptr) {
            complain(name.line(), fmt::format("'{}' is no list of this document", name.as_string()));
        }
        return list;
    }

    void check_columns(const base::Json& block, std::string_view key, const base::Json* list) {
        const auto& columns = block[key];
        if (columns.items().empty()) {
            complain(block.line(), fmt::format("{} are missing", key));
        }
        for (const auto& column : columns.items()) {
            check_text(column["title"], nullptr);
            if (key == "columns") {
                check_text(column["text"], list);
            } else if (!knows_field(column["value"].as_string(), list, false)) {
                complain(
                    column.line(),
                    fmt::format("value: '{}' is no field of the list", column["value"].as_string())
                );
            }
        }
    }

    void check_keys(const base::Json& block) {
        int kinds = 0;
        for (const auto& [key, value] : block.members()) {
            const bool shows_content = is_one_of(kBlockKinds, key)
                                       && !(key == "text" && block.find("each") != nullptr)
                                       && !(key == "body" && block.find("each") != nullptr);
            kinds += shows_content ? 1 : 0;
            if (!is_one_of(kBlockKeys, key)) {
                complain(value.line(), fmt::format("'{}' is no key of a block", key));
            }
        }
        if (kinds != 1) {
            complain(block.line(), "a block is one of text, heading, table, chart, each or body");
        }
    }

    void check_block(const base::Json& block, const base::Json* list) {
        check_keys(block);
        check_condition(block, "if", list);
        check_condition(block, "unless", list);
        for (const auto key : {"heading", "caption", "empty"}) {
            if (const auto* text = block.find(key)) {
                check_text(*text, list);
            }
        }
        if (const auto* each = block.find("each")) {
            list = check_list(*each);
        } else if (const auto* table = block.find("table")) {
            check_columns(block, "columns", check_list(*table));
        } else if (block.find("chart") != nullptr) {
            const auto* rows = check_list(block["of"]);
            check_text(block["label"], rows);
            check_columns(block, "series", rows);
        }
        if (const auto* text = block.find("text")) {
            check_text(*text, list);
        }
        if (const auto* body = block.find("body")) {
            check_blocks(*body, list);
        }
    }

    const std::string& path_;
    const base::Json& fields_;
    const base::Json& common_;
    Faults& faults_;
    const base::Json* kind_ = nullptr;
};

void check_parts(TemplateChecker& checker, const base::Json& parts, const base::Json& fields) {
    for (const auto& [name, text] : parts.members()) {
        if (!is_part(name)) {
            if (!is_one_of(kHeadKeys, name)) {
                checker.complain(text.line(), fmt::format("'{}' is no part of a document", name));
            }
            continue;
        }
        const bool of_attachment = name.rfind("attachment", 0) == 0;
        checker.check_text(text, of_attachment ? &fields["common"]["lists"]["attachments"] : nullptr);
    }
}

} // namespace

bool is_part(std::string_view name) {
    return is_one_of(kParts, name);
}

void check_template(
    const base::Json& file,
    const std::string& path,
    const base::Json& fields,
    const base::Json& common,
    Faults& faults
) {
    TemplateChecker checker(path, fields, common, faults);
    const auto& kind = file["kind"].as_string();
    if (fields["kinds"].find(kind) == nullptr) {
        checker.complain(file["kind"].line(), fmt::format("kind '{}' is not in notices/fields.yaml", kind));
        return;
    }
    checker.use_kind(kind);
    check_parts(checker, file, fields);
    if (file.find("title") == nullptr) {
        checker.complain(file.line(), "title is missing");
    }
    checker.check_blocks(file["body"], nullptr);
}

void check_common(
    const base::Json& common, const std::string& path, const base::Json& fields, Faults& faults
) {
    TemplateChecker checker(path, fields, common, faults);
    check_parts(checker, common["parts"], fields);
    for (const auto label : kLabels) {
        if (!common["labels"][label].is_string()) {
            checker.complain(common["labels"].line(), fmt::format("labels.{} is missing", label));
        }
    }
    for (const auto pattern : {"date", "time"}) {
        if (!common["dates"][pattern].is_string()) {
            checker.complain(common["dates"].line(), fmt::format("dates.{} is missing", pattern));
        }
    }
    if (common["numbering"].items().size() != 4) {
        checker.complain(common["numbering"].line(), "numbering has one pattern for each of the 4 levels");
    }
}

} // namespace fengsui::workflow
