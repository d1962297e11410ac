// Files of content/ that are built into the program (cmake/content.cmake).
#pragma once

#include <string_view>

namespace fengsui::base {

/// The bytes of content/<path>. Asking for a file that is not embedded breaks an invariant.
std::string_view embedded_file(std::string_view path);

} // namespace fengsui::base
