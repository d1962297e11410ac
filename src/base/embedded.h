// Files of content/ that are built into the program (cmake/content.cmake).
#pragma once

#include <span>
#include <string_view>

namespace fengsui::base {

/// The bytes of content/<path>. Asking for a file that is not embedded breaks an invariant.
std::string_view embedded_file(std::string_view path);

struct EmbeddedFile {
    std::string_view path; ///< below content/, e.g. `workflows/case.yaml`
    std::string_view text;
};
/// All of them, by path.
std::span<const EmbeddedFile> embedded_files();

} // namespace fengsui::base
