// Single values by name. Call inside a Transaction or Reading.
#pragma once

#include "store/sqlite/handle.h"

namespace fengsui::store::sqlite {

std::optional<std::string> read_meta(Connection& connection, std::string_view key);
void write_meta(Connection& connection, std::string_view key, std::string_view value);

/// One above the greatest `seq` of `table`, a name from our own source.
std::int64_t next_seq(Connection& connection, std::string_view table);

} // namespace fengsui::store::sqlite
