// The part of jq that templates' json extractors use, and JSON as Go writes it.
#pragma once

#include "base/json.h"

#include <memory>

namespace fengsui::templates {

/// Paths, iteration, `|`, `,`, `//`, comparison, arithmetic-free functions (select, map, keys, length …).
class JsonQuery {
public:
    static base::Result<JsonQuery> compile(std::string_view text);

    /// The results until the first error, as jq gives them; at most `limit`.
    [[nodiscard]] std::vector<base::Json> run(const base::Json& input, std::size_t limit = 10000) const;

    struct Node;

private:
    std::shared_ptr<const Node> root_; ///< owners: this query and its copies
};

/// Members sorted by name, numbers in plain decimals, `<`, `>` and `&` escaped.
std::string go_json(const base::Json& value);
std::string indented_json(const base::Json& value, std::size_t width);
/// A result as an extractor shows it: scalars bare, the rest as go_json.
std::string json_result_text(const base::Json& value);

} // namespace fengsui::templates
