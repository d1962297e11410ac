// The web pages: files of one directory, and nothing outside it.
#pragma once

#include "net/http_server.h"

#include <filesystem>

namespace fengsui::api {

/// The file that `path` names below `root` (`/` is index.html); 404 when there is none. Blocking.
net::ServerResponse static_file(const std::filesystem::path& root, const std::string& path);

} // namespace fengsui::api
