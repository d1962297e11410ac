// ZIP archives read with suspicion (APPNOTE.TXT 6.3): names, sizes as stated and as they come out.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::workflow::attachment {

struct ArchiveEntry {
    std::string name;
    std::string_view packed; ///< into the archive's bytes
    std::uint64_t size = 0;  ///< unpacked, proven
    bool is_stored = true;
};

/// The entries, or what is wrong: cut, encrypted, a path as a name, an archive inside, a bomb.
base::Result<std::vector<ArchiveEntry>> read_archive(std::string_view bytes);

} // namespace fengsui::workflow::attachment
