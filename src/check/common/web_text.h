// A page's text as a reader sees it, and phrases in it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace fengsui::check {

/// At most the first 256 KiB with tags dropped, `<br>` and block ends as line ends, and common character
/// references resolved. For looking at, not for showing.
std::string visible_text(std::string_view html);

bool has_all(std::string_view text, std::initializer_list<std::string_view> phrases);
bool has_any(std::string_view text, std::initializer_list<std::string_view> phrases);

/// How often `mark` occurs with a digit straight after it, up to `enough`.
std::size_t count_before_digit(std::string_view text, std::string_view mark, std::size_t enough);

} // namespace fengsui::check
