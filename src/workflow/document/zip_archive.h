// A ZIP archive written in memory: fixed times, so the same entries give the same bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::workflow {

struct ZipEntry {
    std::string name;
    std::string content;
};

std::string to_zip(const std::vector<ZipEntry>& entries);

} // namespace fengsui::workflow
