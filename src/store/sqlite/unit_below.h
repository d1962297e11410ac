// Every unit with each unit above it and itself, kept beside the tree so that a query can ask for a subtree
// by an index. Inside a Transaction or Reading.
#pragma once

#include "store/sqlite/handle.h"

#include <string>
#include <vector>

namespace fengsui::store::sqlite {

/// Call after a unit was added or has another parent.
void relink_unit(Connection& connection, const std::string& unit);

/// The unit itself and all below it, by id.
std::vector<std::string> units_below(Connection& connection, const std::string& unit);

} // namespace fengsui::store::sqlite
