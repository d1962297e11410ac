// How names are written in rule data.
#pragma once

#include <string_view>

namespace fengsui::workflow {

constexpr std::size_t kMaxWord = 64;

/// Letters, digits, `_` and `-`, at most 64, not beginning with a sign.
bool is_word(std::string_view text);
/// Words with dots between them, at most 64 bytes in all.
bool is_dotted_word(std::string_view text);

} // namespace fengsui::workflow
