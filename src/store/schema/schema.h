// The tables, as a list of steps from one version to the next. Portable SQL: PostgreSQL reads it as well.
#pragma once

#include <span>
#include <string_view>

namespace fengsui::store::schema {

struct Migration {
    int version = 0; ///< what the file has when the step is done; from 1, without gaps
    std::string_view sql;
};

std::span<const Migration> migrations();

} // namespace fengsui::store::schema
