// The tree of a json query: private to the parser and the runner.
#pragma once

#include "template/json_query.h"

namespace fengsui::templates {

struct JsonQuery::Node {
    enum class Kind : std::uint8_t {
        identity,
        field,
        index,
        iterate,
        recurse,
        literal,
        pipe,
        comma,
        alternative,
        logic_and,
        logic_or,
        compare,
        plus,
        call,
        attempt,
        array,
    };
    Kind kind = Kind::identity;
    std::string text; ///< name of a field, function or operator
    base::Json value;
    std::vector<std::shared_ptr<const Node>>
        children; ///< a field's or index's first child is what it is taken of
};

/// Throws base::Error where the text is no query that is provided.
std::shared_ptr<const JsonQuery::Node> parse_json_query(std::string_view text);
/// In the order of their names, as Go writes objects.
base::JsonObject sorted_members(const base::Json& value);

} // namespace fengsui::templates
