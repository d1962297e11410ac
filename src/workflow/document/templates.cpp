// Reads content/notices and content/layouts, from the program and from a directory that overrides it.
#include "base/embedded.h"
#include "workflow/document.h"
#include "workflow/document/layout.h"
#include "workflow/document/template_check.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace fengsui::workflow {

namespace {

constexpr std::string_view kNotices = "notices/";
constexpr std::string_view kLayouts = "layouts/";
constexpr std::string_view kFieldsFile = "notices/fields.yaml";
constexpr std::string_view kCommonPrefix = "notices/common.";
constexpr std::string_view kYaml = ".yaml";
constexpr std::uintmax_t kMaxFile = 1U << 20U; // a template is a few pages of text

bool begins(std::string_view text, std::string_view with) {
    return text.substr(0, with.size()) == with;
}

/// `notices/rectify.zh-CN.yaml` → `rectify.zh-CN`
std::string stem_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return std::string(path.substr(slash + 1, path.size() - slash - 1 - kYaml.size()));
}

std::string language_of(std::string_view stem) {
    return std::string(stem.substr(stem.find('.') + 1));
}

} // namespace

/// Takes files one by one; what is faulty is told and left out.
class TemplateLoader {
public:
    TemplateLoader(DocumentTemplates templates, Faults& faults)
        : templates_(std::move(templates)), faults_(faults) {}

    /// `files` by path below content/. The order matters: fields and common words before what uses them.
    DocumentTemplates take(const std::map<std::string, std::string>& files) && {
        take_some(
            files, [](std::string_view path) { return path == kFieldsFile; }, &TemplateLoader::take_fields
        );
        take_some(
            files, [](std::string_view path) { return begins(path, kLayouts); }, &TemplateLoader::take_layout
        );
        take_some(
            files,
            [](std::string_view path) { return begins(path, kCommonPrefix); },
            &TemplateLoader::take_common
        );
        take_some(
            files,
            [](std::string_view path) {
                return begins(path, kNotices) && path != kFieldsFile && !begins(path, kCommonPrefix);
            },
            &TemplateLoader::take_template
        );
        return std::move(templates_);
    }

    static DocumentTemplates nothing() { return {}; }

private:
    using Step = void (TemplateLoader::*)(const std::string& path, const base::Json& yaml);

    template <class Wanted>
    void take_some(const std::map<std::string, std::string>& files, Wanted wanted, Step step) {
        for (const auto& [path, text] : files) {
            if (!wanted(path)) {
                continue;
            }
            const auto yaml = base::parse_yaml(text);
            if (yaml) {
                (this->*step)(path, *yaml);
            } else {
                faults_.push_back({path, yaml.error().message()});
            }
        }
    }

    void take_fields(const std::string& path, const base::Json& yaml) {
        if (yaml["common"]["fields"].items().empty() || yaml["kinds"].members().empty()) {
            faults_.push_back({path, "common.fields or kinds is missing"});
            return;
        }
        templates_.fields_ = yaml;
    }

    void take_layout(const std::string& path, const base::Json& yaml) {
        auto layout = read_layout(yaml);
        if (!layout) {
            faults_.push_back({path, layout.error().message()});
            return;
        }
        templates_.layouts_[stem_of(path)] =
            std::make_shared<const DocumentLayout>(std::move(layout).value());
    }

    void take_common(const std::string& path, const base::Json& yaml) {
        Faults found;
        check_common(yaml, path, templates_.fields_, found);
        check_layout_name(yaml, path, found);
        if (found.empty()) {
            templates_.common_[language_of(stem_of(path))] = yaml;
        }
        faults_.insert(faults_.end(), found.begin(), found.end());
    }

    void take_template(const std::string& path, const base::Json& yaml) {
        Faults found;
        const auto stem = stem_of(path);
        const auto common = templates_.common_.find(language_of(stem));
        if (common == templates_.common_.end()) {
            found.push_back({path, fmt::format("there is no notices/common.{}.yaml", language_of(stem))});
        } else {
            check_template(yaml, path, templates_.fields_, common->second, found);
        }
        if (fmt::format("{}.{}", yaml["kind"].as_string(), yaml["language"].as_string()) != stem) {
            found.push_back({path + ":1", "kind and language are those of the file's name"});
        }
        if (yaml.find("layout") != nullptr) {
            check_layout_name(yaml, path, found);
        }
        if (found.empty()) {
            templates_.templates_[stem] = yaml;
        }
        faults_.insert(faults_.end(), found.begin(), found.end());
    }

    void check_layout_name(const base::Json& yaml, const std::string& path, Faults& found) const {
        const auto& name = yaml["layout"];
        if (!templates_.layouts_.contains(name.as_string())) {
            found.push_back(
                {fmt::format("{}:{}", path, name.line()),
                 fmt::format("there is no layout '{}'", name.as_string())}
            );
        }
    }

    DocumentTemplates templates_;
    Faults& faults_;
};

namespace {

std::map<std::string, std::string> builtin_files() {
    std::map<std::string, std::string> files;
    for (const auto& file : base::embedded_files()) {
        if (begins(file.path, kNotices) || begins(file.path, kLayouts)) {
            files.emplace(file.path, file.text);
        }
    }
    return files;
}

std::map<std::string, std::string> files_below(const std::string& directory, Faults& faults) {
    std::map<std::string, std::string> files;
    for (const auto folder : {kNotices, kLayouts}) {
        std::error_code failed;
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(directory) / folder, failed)) {
            const auto path = std::string(folder) + entry.path().filename().string();
            if (entry.path().extension() != kYaml || !entry.is_regular_file(failed)) {
                continue;
            }
            std::ifstream stream(entry.path(), std::ios::binary);
            if (!stream || entry.file_size(failed) > kMaxFile) {
                faults.push_back({path, "cannot be read, or is larger than 1 MiB"});
                continue;
            }
            files[path] = {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
        }
    }
    return files;
}

} // namespace

DocumentTemplates DocumentTemplates::load_builtin() {
    Faults faults;
    auto templates = TemplateLoader(TemplateLoader::nothing(), faults).take(builtin_files());
    if (!faults.empty()) { // a unit test loads them: it cannot happen in a program that was tested
        throw base::Error(base::ErrorCode::internal, faults.front().where + ": " + faults.front().message);
    }
    return templates;
}

DocumentTemplates DocumentTemplates::load(const std::string& directory, Faults& faults) {
    auto builtin = load_builtin();
    return TemplateLoader(std::move(builtin), faults).take(files_below(directory, faults));
}

} // namespace fengsui::workflow
