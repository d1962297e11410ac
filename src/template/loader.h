// From YAML to Template. Nothing untrusted is believed: depth, aliases, sizes and helper paths are bounded.
#pragma once

#include "template/template.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace fengsui::templates {

/// One thing that keeps a template from loading; the text is quoted from the file.
struct Fault {
    unsigned line = 0;
    std::string field; ///< e.g. `http[0].matchers[1].regex[0]`
    std::string text;
    std::string message;
    [[nodiscard]] std::string str() const; ///< `line 12: http[0].…: message: "text"`
};

/// Reads a helper file (payload list) by the name in the template; an error when it is absent or outside.
using HelperReader = std::function<base::Result<std::string>(std::string_view name)>;

struct LoadOptions {
    std::string path;         ///< for messages
    HelperReader read_helper; ///< empty: every helper file is absent
    std::uint64_t seed = 1;   ///< of {{randstr}} and of values fixed at load
    base::Instant now{};
    std::size_t max_bytes = 8U << 20U;
    bool verifies_signature = true; ///< costs a tenth of a millisecond
};

struct LoadResult {
    std::shared_ptr<const Template> value; ///< null when it does not load. Owners: set and executions
    std::string id;                        ///< known also for many that do not load
    std::vector<Fault> faults;
};

LoadResult load_template(std::string_view yaml, const LoadOptions& options);

/// Helper files below `root` only, looked for beside the template first, then from the root; symbolic links
/// that lead out are outside.
HelperReader helper_reader(const std::filesystem::path& root, const std::filesystem::path& template_file);

/// Every *.yaml and *.yml below a directory (or the one file), sorted; hidden folders left out.
std::vector<std::filesystem::path> template_files(const std::filesystem::path& root);
/// Whole file, at most `limit` bytes.
base::Result<std::string> read_template_file(const std::filesystem::path& file, std::size_t limit);

} // namespace fengsui::templates
