// For tests: a new empty directory that goes away with its owner.
#pragma once

#include "base/error.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace fengsui::base {

class TempDirectory {
public:
    TempDirectory() {
        auto pattern = (std::filesystem::temp_directory_path() / "fengsui_test_XXXXXX").string();
        FENGSUI_CHECK(mkdtemp(pattern.data()) != nullptr, "no temporary directory");
        path_ = pattern;
    }
    ~TempDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempDirectory(const TempDirectory&) = delete;
    TempDirectory& operator=(const TempDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace fengsui::base
