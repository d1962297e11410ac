// The collections that the API lists: what a row is read from, what may be asked for, and its JSON form.
#pragma once

#include "base/json.h"
#include "store/sqlite/handle.h"

#include <span>

namespace fengsui::store::sqlite {

struct Filter {
    std::string_view field;
    std::string_view expression; ///< with one `?`
};

struct Collection {
    std::string_view name;
    std::string_view select; ///< up to and with FROM; column 0 is seq
    std::string_view seq;
    std::string_view id;
    std::string_view unit; ///< by which visibility goes; empty: everybody's
    std::span<const Filter> filters;
    base::Json (*to_json)(const Statement& row);
    void (*extend)(Connection& connection, base::Json& record) = nullptr; ///< adds what other tables hold
    std::string_view other_unit = {}; ///< who is of that unit sees the record as well
};

/// Throws not_found for a name that is none.
const Collection& collection_named(std::string_view name);

base::Json finding_json(const Statement& row);
/// What finding_json reads, up to and with FROM.
std::string_view finding_select();

} // namespace fengsui::store::sqlite
