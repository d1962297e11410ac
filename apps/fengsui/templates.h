// Template files as commands read them: found, loaded, judged.
#pragma once

#include "fengsui/settings.h"

#include "template/loader.h"
#include "template/policy.h"

#include <functional>

namespace fengsui::apps {

/// One file and what came of it.
struct ReadTemplate {
    std::string path; ///< as given, with the place below it
    templates::LoadResult loaded;
    std::optional<templates::Judgement> judgement; ///< when it loads

    [[nodiscard]] bool is_valid() const { return loaded.value != nullptr; }
    [[nodiscard]] bool is_runnable() const;
};

/// An archive that was read.
struct ReadPack {
    std::string path;
    std::string sha256;
    std::size_t files = 0;
    std::size_t left_out = 0; ///< links, places outside of it, files too large
};

/// Reads every template below the paths (folders, files, .tar.gz and .zip), each file once, on all cores, and
/// hands it on in order; a path that is not there, an archive that cannot be read or is not what
/// ARCHIVE.sha256 says, is handed on as a file that does not load. Helper files are looked for below the path
/// given. At most `listed` requests are named.
std::vector<ReadPack> read_templates(
    const std::vector<std::string>& paths,
    const Settings& settings,
    std::size_t listed,
    const std::function<void(ReadTemplate)>& use
);

/// The product's words for a rule of contracts.md section 4.
std::string_view rule_words(base::Language language, templates::Rule rule);

} // namespace fengsui::apps
