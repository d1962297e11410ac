#include "base/log.h"
#include "registry/import.h"
#include "registry/scope.h"

#include <fmt/format.h>

#include <sys/stat.h>

namespace fengsui::registry {

namespace {

/// Differs whenever the file was written or replaced.
std::uint64_t stamp_of(const std::filesystem::path& file) {
    struct stat info {};
    if (stat(file.c_str(), &info) != 0) {
        return 0;
    }
    std::uint64_t stamp = 0xCBF29CE484222325;
    for (const auto part :
         {static_cast<std::uint64_t>(info.st_mtim.tv_sec),
          static_cast<std::uint64_t>(info.st_mtim.tv_nsec),
          static_cast<std::uint64_t>(info.st_size),
          static_cast<std::uint64_t>(info.st_ino)}) {
        stamp = (stamp ^ part) * 0x100000001B3;
    }
    return stamp;
}

model::RegistryData read_good(const std::filesystem::path& file) {
    auto reading = read_registry_file(file);
    if (!reading.is_usable()) {
        const auto& first = reading.problems.front();
        throw base::Error(
            base::ErrorCode::invalid_argument,
            fmt::format(
                "{}: {} problem(s), the first in row {}{}{}: {}",
                file.string(),
                reading.problems.size(),
                first.row,
                first.column.empty() ? "" : ", column ",
                first.column,
                first.message.en
            )
        );
    }
    return std::move(reading.data);
}

} // namespace

RegistrySource file_source(const std::filesystem::path& file) {
    // Owned by the one function that reloads.
    const auto last_good = std::make_shared<model::RegistryData>(read_good(file));
    RegistrySource source;
    source.generation = [file] {
        return stamp_of(file);
    };
    source.reload = [file, last_good]() -> model::RegistryData {
        try {
            *last_good = read_good(file);
        } catch (const base::Error& error) {
            base::log_warning(error.context("the registry as it was read before stays in force").message());
        }
        return *last_good;
    };
    return source;
}

} // namespace fengsui::registry
