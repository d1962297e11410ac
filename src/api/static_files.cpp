#include "api/static_files.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace fengsui::api {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kMediaTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".map", "application/json"},
}};

std::string_view media_type(const std::string& extension) {
    const auto found = std::find_if(kMediaTypes.begin(), kMediaTypes.end(), [&](const auto& entry) {
        return entry.first == extension;
    });
    return found == kMediaTypes.end() ? "application/octet-stream" : found->second;
}

/// No `..`, no hidden files, no empty or dotted segments: what the build never makes.
bool is_plain_path(const std::string& path) {
    const auto segments = base::split(std::string_view(path).substr(1), '/');
    return std::all_of(segments.begin(), segments.end(), [](std::string_view segment) {
        return !segment.empty() && !segment.starts_with('.') && segment.find('\\') == std::string_view::npos;
    });
}

net::ServerResponse not_found() {
    net::ServerResponse response;
    response.status = 404;
    response.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
    response.body = "404 Not Found\n";
    return response;
}

} // namespace

net::ServerResponse static_file(const std::filesystem::path& root, const std::string& path) {
    const std::string wanted = path == "/" ? "/index.html" : path;
    if (root.empty() || !is_plain_path(wanted)) {
        return not_found();
    }
    const auto file = root / wanted.substr(1);
    std::error_code failure;
    if (!std::filesystem::is_regular_file(file, failure)) {
        return not_found();
    }
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    net::ServerResponse response;
    response.body = text.str();
    response.headers.push_back({"Content-Type", std::string(media_type(file.extension().string()))});
    // Built files carry their hash in the name; the page that names them is always asked for again.
    const bool is_hashed = wanted.starts_with("/assets/");
    response.headers.push_back(
        {"Cache-Control", is_hashed ? "public, max-age=31536000, immutable" : "no-cache"}
    );
    return response;
}

} // namespace fengsui::api
