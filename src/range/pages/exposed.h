// Files that a site's makers left behind.
#pragma once

#include "range/pages/page.h"

#include <optional>

namespace fengsui::range {

/// The file at that path when the site has left it there.
std::optional<Page> exposed_page(const Site& site, std::string_view path);

} // namespace fengsui::range
