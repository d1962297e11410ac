// A pack of templates in one file: .tar.gz, .tgz or .zip, read into memory within bounds.
#pragma once

#include "template/loader.h"

#include <map>

namespace fengsui::templates {

struct Pack {
    std::string sha256; ///< of the file, hex
    /// Regular files only, by their place below the pack's root; a folder that holds everything is left out.
    /// Links, devices and places outside of the pack are not taken.
    std::map<std::string, std::string, std::less<>> files;
    std::size_t left_out = 0; ///< entries that were not taken
};

/// The bounds of what an archive may come to.
struct PackLimits {
    std::size_t bytes = 256U << 20U; ///< unpacked, all together
    std::size_t file = 8U << 20U;    ///< one file; a larger one is left out
    std::size_t count = 60'000;
};

bool is_pack(const std::filesystem::path& file);
/// The error: damaged, encrypted, or beyond the limits.
base::Result<Pack> read_pack(std::string_view bytes, const PackLimits& limits = {});

/// The places of its templates, sorted; hidden folders left out.
std::vector<std::string> template_names(const Pack& pack);
/// Helper files of a template: beside it first, then from the pack's root. The pack outlives the reader.
HelperReader helper_reader(const Pack& pack, const std::string& template_name);

} // namespace fengsui::templates
