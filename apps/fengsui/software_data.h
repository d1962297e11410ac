// The operator's data files about software, from a directory.
#pragma once

#include "model/knowledge.h"

#include <filesystem>
#include <memory>

namespace fengsui::apps {

/// Every file of the directory, in the order that the lists need; plain or gzip. Null when `directory` is
/// empty. Throws invalid_argument naming file, line and byte of what cannot be read.
std::unique_ptr<const model::Knowledge> load_software_data(const std::filesystem::path& directory);

} // namespace fengsui::apps
