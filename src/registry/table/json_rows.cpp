#include "base/text.h"
#include "registry/table/rows.h"

#include <fmt/format.h>

#include <unordered_map>

namespace fengsui::registry::table {

namespace {

using base::Json;

std::optional<std::string> cell_of(const Json& value) {
    if (value.is_null()) {
        return std::string();
    }
    if (value.is_bool()) {
        return value.as_bool() ? "yes" : "no";
    }
    if (value.is_number()) {
        return base::to_text(value);
    }
    return value.is_string() ? std::optional(value.as_string()) : std::nullopt;
}

class JsonRows {
public:
    JsonRows(const RowSink& sink, Problems& problems) : sink_(sink), problems_(problems) {}

    void read(const Json& document) {
        for (const auto& item : document.items()) {
            for (const auto& member : item.members()) {
                if (columns_.emplace(member.first, header_.size()).second) {
                    header_.push_back(member.first);
                }
            }
        }
        if (header_.size() > kMostColumns) {
            problems_.add(
                1,
                "",
                "too_many_columns",
                fmt::format("超过 {} 列", kMostColumns),
                fmt::format("more than {} columns", kMostColumns)
            );
            return;
        }
        auto header = header_;
        sink_(1, header);
        unsigned row = 1;
        for (const auto& item : document.items()) {
            read_item(++row, item);
        }
    }

private:
    void read_item(unsigned row, const Json& item) {
        if (!item.is_object()) {
            problems_.add(row, "", "not_an_object", "应为 JSON 对象", "this item is not a JSON object");
            return;
        }
        Cells cells(header_.size());
        for (const auto& [name, value] : item.members()) {
            if (auto cell = cell_of(value)) {
                cells[columns_.at(name)] = std::move(*cell);
            } else {
                problems_.add(
                    row,
                    name,
                    "not_a_text",
                    "应为文本、数字或真假值",
                    "this is neither a text nor a number nor a truth value"
                );
            }
        }
        sink_(row, cells);
    }

    const RowSink& sink_;
    Problems& problems_;
    Cells header_;
    std::unordered_map<std::string, std::size_t> columns_;
};

} // namespace

void read_json_rows(std::string_view utf8, const RowSink& sink, Problems& problems) {
    const auto document = base::parse_json(utf8);
    if (!document) {
        problems.add(
            0,
            "",
            "bad_json",
            fmt::format("JSON 有误：{}", document.error().message()),
            document.error().message()
        );
    } else if (!document->is_array()) {
        problems.add(0, "", "bad_json", "应为 JSON 对象的数组", "the file is not an array of JSON objects");
    } else {
        JsonRows(sink, problems).read(*document);
    }
}

} // namespace fengsui::registry::table
