// Registry files into registry data (contracts.md section 2): CSV, XLSX, JSON. All or nothing.
#pragma once

#include "model/finding.h"
#include "model/registry.h"

#include <filesystem>
#include <string>
#include <vector>

namespace fengsui::registry {

/// One thing wrong with a registry file.
struct Problem {
    unsigned row = 0;   ///< the header is row 1; 0: the file as a whole
    std::string column; ///< empty: the row as a whole
    std::string code;   ///< stable, snake_case, e.g. `unknown_parent`
    model::LocalText message;
    [[nodiscard]] base::Json to_json() const;
};

struct ImportReading {
    model::RegistryData data; ///< use only when `problems` is empty
    std::string format;       ///< csv, xlsx, json
    std::string encoding;     ///< UTF-8, UTF-8 with BOM, GB18030
    std::vector<std::string> custom_columns;
    std::size_t rows = 0; ///< without the header
    std::vector<Problem> problems;

    [[nodiscard]] bool is_usable() const { return problems.empty(); }
};

/// Reads and validates; `existing` is what the store already holds (parents, assets of other units).
/// What is wrong inside is in `problems`; throws io when the file cannot be read or is over 256 MB.
ImportReading read_registry_file(const std::filesystem::path& path, const model::RegistryData& existing = {});

/// The same from memory; the format is told from the bytes. Never throws, whatever the bytes.
ImportReading read_registry_bytes(std::string_view bytes, const model::RegistryData& existing = {});

} // namespace fengsui::registry
