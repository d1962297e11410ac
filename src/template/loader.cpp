#include "template/loader.h"

#include "base/text.h"
#include "template/load_reader.h"
#include "template/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>

namespace fengsui::templates {

namespace {

/// `{{randstr}}`, `{{randstr_1}}`: one value per template, put into the text before it is read (point 26).
std::string put_random_texts(std::string_view yaml, std::uint64_t seed) {
    static constexpr std::string_view kOpen = "{{randstr";
    static constexpr std::string_view kAlphabet =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    std::map<std::string, std::string, std::less<>> values;
    Random random(seed);
    std::string out;
    std::size_t at = 0;
    for (auto found = yaml.find(kOpen); found != std::string_view::npos;
         found = yaml.find(kOpen, found + 1)) {
        const auto end = yaml.find("}}", found);
        if (end == std::string_view::npos) {
            break;
        }
        const auto name = yaml.substr(found + 2, end - found - 2);
        const bool is_one =
            name.size() == 7 || (name[7] == '_' && std::all_of(name.begin() + 8, name.end(), [](char c) {
                                     return base::is_alpha(c) || base::is_digit(c);
                                 }));
        if (!is_one) {
            continue;
        }
        auto& value = values[std::string(name)];
        while (value.size() < 27) {
            value += kAlphabet[random.below(kAlphabet.size())];
        }
        out.append(yaml.substr(at, found - at)).append(value);
        at = end + 2;
    }
    return out.append(yaml.substr(at));
}

constexpr std::string_view kKnownVariables[] = {
    "BaseURL",
    "RootURL",
    "Hostname",
    "Host",
    "Port",
    "Path",
    "Query",
    "File",
    "Scheme",
    "Input",
    "FQDN",
    "RDN",
    "DN",
    "TLD",
    "SD",
    "interactsh-url"};

/// A set of variables is worked out at each request when one of them speaks of the target or of a name that
/// it does not define; otherwise once, now (point 25).
bool is_lazy(const Template& value) {
    for (const auto& variable : value.variables) {
        const std::string text = variable.text ? variable.text->source() : std::string();
        for (const auto known : kKnownVariables) {
            if (text.find(known) != std::string::npos) {
                return true;
            }
        }
        for (const auto& name : variable.text ? variable.text->names() : std::vector<std::string>()) {
            const bool is_defined =
                std::any_of(value.variables.begin(), value.variables.end(), [&name](const NamedText& other) {
                    return other.name == name;
                });
            if (!is_defined && name.find_first_of("('\"") == std::string::npos) {
                return true;
            }
        }
    }
    return false;
}

void fix_variables(Template& value, const LoadOptions& options) {
    if (is_lazy(value)) {
        return;
    }
    Environment environment{options.now, Random(options.seed ^ std::hash<std::string>()(value.id))};
    Variables known;
    for (auto& variable : value.variables) {
        if (!variable.text) {
            continue;
        }
        Scope scope(environment);
        scope.push(known);
        const auto rendered = variable.text->render(scope);
        const std::string result = rendered ? *rendered : variable.text->source();
        known.insert_or_assign(variable.name, Value::text(result));
        if (!variable.text->is_plain() && rendered) {
            variable.text = Text(result);
        }
    }
}

void load_variables(Reader& reader, const YamlNode& root, Template& out) {
    const FieldPath top;
    const FieldPath path(top, "variables");
    const YamlNode* variables = root.find("variables");
    if (reader.is_mapping(variables, path)) {
        for (const auto& [name, value] : variables->members) {
            NamedText variable{name, std::nullopt, {}};
            if (value->kind == YamlNode::Kind::mapping) {
                reader.fault(*value, FieldPath(path, name), "a text or a list is expected");
            } else if (value->kind == YamlNode::Kind::sequence) {
                variable.list = reader.texts(*variables, path, name);
            } else {
                variable.text = Text(value->is_null() ? std::string_view() : std::string_view(value->text));
            }
            out.variables.push_back(std::move(variable));
        }
    }
    const YamlNode* constants = root.find("constants");
    if (reader.is_mapping(constants, FieldPath(top, "constants"))) {
        for (const auto& [name, value] : constants->members) {
            out.constants.insert_or_assign(name, Value::text(value->text));
        }
    }
}

constexpr std::string_view kForeignProtocols[] = {
    "file", "headless", "websocket", "whois", "code", "javascript", "workflows"};

void load_top(Reader& reader, const YamlNode& root, Template& out) {
    const FieldPath top;
    reader.check_keys(
        root,
        top,
        {"id",
         "info",
         "flow",
         "requests",
         "http",
         "dns",
         "file",
         "network",
         "tcp",
         "headless",
         "ssl",
         "websocket",
         "whois",
         "code",
         "javascript",
         "workflows",
         "self-contained",
         "stop-at-first-match",
         "signature",
         "variables",
         "constants"}
    );
    for (const auto protocol : kForeignProtocols) {
        if (const YamlNode* node = root.find(protocol)) {
            out.features.push_back({std::string(protocol), fmt::format("{}:", protocol), node->line});
        }
    }
    if (reader.flag(root, top, "self-contained")) {
        out.features.push_back({"self-contained", "self-contained: true", root.find("self-contained")->line});
    }
    out.stops_at_first_match = reader.flag(root, top, "stop-at-first-match");
    load_variables(reader, root, out);
    load_blocks(reader, root, out);
    if (out.blocks.empty() && out.features.empty()) {
        reader.fault(root, FieldPath(top, "http"), "the template has no request", "");
    }
    const std::string flow = reader.text(root, top, "flow");
    if (!flow.empty()) {
        out.flow = parse_flow(flow, out);
        if (!out.flow) {
            out.features.push_back({"flow", flow, root.find("flow")->line});
        }
    }
}

LoadResult failed(unsigned line, std::string message) {
    LoadResult result;
    result.faults.push_back({line, "", "", std::move(message)});
    return result;
}

/// libyaml's messages carry their line already; it is cut off for the fault's own field.
LoadResult unreadable(std::string_view message) {
    unsigned line = 0;
    if (message.starts_with("line ")) {
        const auto colon = message.find(": ");
        line = static_cast<unsigned>(std::atoi(std::string(message.substr(5)).c_str()));
        message = colon == std::string_view::npos ? message : message.substr(colon + 2);
    }
    return failed(line, std::string(message));
}

} // namespace

LoadResult load_template(std::string_view yaml, const LoadOptions& options) {
    if (yaml.size() > options.max_bytes) {
        return failed(0, fmt::format("the file is larger than {} bytes", options.max_bytes));
    }
    const auto document =
        read_yaml(put_random_texts(yaml, options.seed ^ std::hash<std::string_view>()(yaml)));
    if (!document) {
        return unreadable(document.error().message());
    }
    const YamlNode* root = (*document)->root;
    if (root == nullptr || root->kind != YamlNode::Kind::mapping) {
        return failed(1, "a template is a mapping with id, info and requests");
    }
    Reader reader(options);
    auto value = std::make_shared<Template>();
    value->path = options.path;
    load_info(reader, *root, *value);
    load_top(reader, *root, *value);
    fix_variables(*value, options);
    LoadResult result;
    result.id = value->id;
    result.faults = std::move(reader.faults());
    if (result.faults.empty()) {
        if (options.verifies_signature) {
            value->signature = verify_signature(yaml);
        }
        result.value = std::move(value);
    }
    return result;
}

base::Result<std::string> read_template_file(const std::filesystem::path& file, std::size_t limit) {
    std::ifstream in(file, std::ios::binary);
    std::error_code failure;
    const auto size = std::filesystem::file_size(file, failure);
    if (!in || failure) {
        return base::Error(base::ErrorCode::io, fmt::format("{}: it cannot be read", file.string()));
    }
    if (size > limit) {
        return base::Error(
            base::ErrorCode::invalid_argument, fmt::format("{}: larger than {} bytes", file.string(), limit)
        );
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    in.read(text.data(), static_cast<std::streamsize>(size));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

std::vector<std::filesystem::path> template_files(const std::filesystem::path& root) {
    std::vector<std::filesystem::path> files;
    std::error_code failure;
    if (!std::filesystem::is_directory(root, failure)) {
        return {root};
    }
    std::filesystem::recursive_directory_iterator entries(root, failure);
    for (; !failure && entries != std::filesystem::recursive_directory_iterator();
         entries.increment(failure)) {
        const auto& path = entries->path();
        if (path.filename().string().starts_with('.')) {
            entries.disable_recursion_pending();
            continue;
        }
        const auto extension = path.extension();
        if ((extension == ".yaml" || extension == ".yml") && entries->is_regular_file(failure)) {
            files.push_back(path);
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

HelperReader helper_reader(const std::filesystem::path& root, const std::filesystem::path& template_file) {
    return [root, template_file](std::string_view name) -> base::Result<std::string> {
        constexpr std::size_t kMaxHelper = 4U << 20U;
        std::error_code failure;
        const auto inside = std::filesystem::weakly_canonical(root, failure);
        for (const auto& base_path : {template_file.parent_path(), root}) {
            const auto file = std::filesystem::weakly_canonical(base_path / std::string(name), failure);
            if (failure || !std::filesystem::is_regular_file(file, failure)) {
                continue;
            }
            const auto relative = file.lexically_relative(inside);
            if (relative.empty() || *relative.begin() == "..") {
                return base::Error(
                    base::ErrorCode::forbidden, "the helper file lies outside the templates' folder"
                );
            }
            return read_template_file(file, kMaxHelper);
        }
        return base::Error(base::ErrorCode::not_found, "the helper file is not there");
    };
}

} // namespace fengsui::templates
