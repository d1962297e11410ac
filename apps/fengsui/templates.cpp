#include "fengsui/templates.h"

#include "base/messages.h"

#include <fmt/format.h>

#include <unordered_set>

namespace fengsui::apps {

namespace {

namespace fs = std::filesystem;

templates::LoadResult unreadable(std::string message) {
    templates::LoadResult result;
    result.faults.push_back({0, "", "", std::move(message)});
    return result;
}

ReadTemplate read_template(
    const fs::path& root, const fs::path& file, const Settings& settings, std::size_t listed
) {
    ReadTemplate read;
    read.path = file.string();
    templates::LoadOptions options;
    options.path = read.path;
    options.read_helper = templates::helper_reader(root, file);
    options.now = settings.now.value_or(base::now());
    const auto yaml = templates::read_template_file(file, options.max_bytes);
    if (!yaml) {
        read.loaded = unreadable(std::string(yaml.error().message()));
        return read;
    }
    read.loaded = templates::load_template(*yaml, options);
    if (read.is_valid()) {
        read.judgement = templates::judge(*read.loaded.value, listed);
    }
    return read;
}

} // namespace

bool ReadTemplate::is_runnable() const {
    return judgement && judgement->send_class != templates::SendClass::refused;
}

void read_templates(
    const std::vector<std::string>& paths,
    const Settings& settings,
    std::size_t listed,
    const std::function<void(ReadTemplate)>& use
) {
    std::unordered_set<std::string> seen;
    for (const auto& path : paths) {
        std::error_code failure;
        const fs::path given(path);
        if (!fs::exists(given, failure)) {
            ReadTemplate absent;
            absent.path = path;
            absent.loaded = unreadable("no such file or directory");
            use(std::move(absent));
            continue;
        }
        const fs::path root = fs::is_directory(given, failure) ? given : given.parent_path();
        for (const auto& file : templates::template_files(given)) {
            if (seen.insert(fs::weakly_canonical(file, failure).string()).second) {
                use(read_template(root.empty() ? fs::path(".") : root, file, settings, listed));
            }
        }
    }
}

std::string_view rule_words(base::Language language, templates::Rule rule) {
    return base::message(language, fmt::format("template.rule.{}", to_string(rule)));
}

} // namespace fengsui::apps
