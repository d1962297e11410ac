#include "registry/table/rows.h"

namespace fengsui::registry::table {

namespace {

/// Nobody mends more in one go, and a hostile file must not fill the memory.
constexpr std::size_t kMostProblems = 10'000;

} // namespace

void Problems::add(
    unsigned row, std::string_view column, std::string_view code, std::string zh, std::string en
) {
    if (list_.size() < kMostProblems) {
        list_.push_back({row, std::string(column), std::string(code), {std::move(zh), std::move(en)}});
    } else if (list_.size() == kMostProblems) {
        list_.push_back(
            {0,
             "",
             "too_many_problems",
             {"问题过多，其余未列出", "too many problems; the others are not listed"}}
        );
    }
}

} // namespace fengsui::registry::table
