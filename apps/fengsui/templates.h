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

/// Reads every template below the paths, each file once, and hands it on; a path that is not there is handed
/// on as a file that does not load. Helper files are looked for below the path given. At most `listed`
/// requests are named.
void read_templates(
    const std::vector<std::string>& paths,
    const Settings& settings,
    std::size_t listed,
    const std::function<void(ReadTemplate)>& use
);

/// The product's words for a rule of contracts.md section 4.
std::string_view rule_words(base::Language language, templates::Rule rule);

} // namespace fengsui::apps
