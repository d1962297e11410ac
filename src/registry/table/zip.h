// Entries of a zip archive in memory, with limits against archives made to hurt.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace fengsui::registry::table {

class ZipArchive {
public:
    /// Called with each piece as it is unpacked; false ends the reading.
    using Take = std::function<bool(std::string_view piece)>;

    static base::Result<ZipArchive> open(std::string_view bytes);
    ~ZipArchive();
    ZipArchive(ZipArchive&&) noexcept;
    ZipArchive& operator=(ZipArchive&&) noexcept;

    /// Unpacks one entry. `false` in the Result: there is none of that name. All entries that are read
    /// together unpack to at most 64 MB, and none to more than 200 times its packed size.
    base::Result<bool> read(const std::string& name, const Take& take);
    base::Result<bool> read_all(const std::string& name, std::string& out);

private:
    struct State;
    explicit ZipArchive(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace fengsui::registry::table
