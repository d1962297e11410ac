// Product text: every sentence a person reads comes from content/messages/<language>.yaml by its key.
#pragma once

#include <string>
#include <string_view>

namespace fengsui::base {

enum class Language { zh, en };

/// From LC_ALL, LC_MESSAGES, LANG (first that is set): zh when it begins with "zh", else en.
Language language_of_environment();

/// The text of that key; the key itself when it is unknown (a test sees to it that none is).
std::string_view message(Language language, std::string_view key);

/// The whole embedded file, for tests.
std::string_view message_file(Language language);

} // namespace fengsui::base
