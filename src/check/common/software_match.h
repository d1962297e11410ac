// A small pattern language for software signatures, in time linear in the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fengsui::check {

/// Finds `pattern` in `text` without regard to ASCII case and gives the version it captured, empty when it
/// has none; nothing when it does not match. A pattern is literal text with at most one `{version}`
/// ([0-9][0-9A-Za-z._-]*, at most 32 bytes); `^` at its beginning and `$` at its end tie it to the ends.
/// A pattern that begins with a letter or digit matches only where no letter or digit stands before it.
std::optional<std::string> match_signature(std::string_view text, std::string_view pattern);

/// `3.6.0.slim.min.js` → `3.6.0`: what belongs to the file name and not to the version.
std::string version_of_file(std::string_view captured);

} // namespace fengsui::check
