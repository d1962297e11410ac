#include "workflow/rules/rulebook_reader.h"

#include "base/embedded.h"
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace fengsui::workflow {

namespace {

constexpr std::size_t kMaxRuleFile = std::size_t{1} << 20U;

bool is_rule_file(std::string_view path) {
    return path.starts_with("workflows/") || path.starts_with("obligations/") || path.starts_with("grading/")
           || path.starts_with("calendars/") || path == "legal_bases.yaml" || path == "number_series.yaml"
           || path == "labels.yaml";
}

/// The YAML files below the folder, by their path there; symbolic links are not followed.
std::map<std::string, std::string> files_below(const std::filesystem::path& folder) {
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const std::string path = entry.path().lexically_relative(folder).generic_string();
        if (!entry.is_regular_file() || entry.path().extension() != ".yaml" || !is_rule_file(path)) {
            continue;
        }
        std::ifstream file(entry.path(), std::ios::binary);
        std::string text(kMaxRuleFile + 1, '\0');
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(file.gcount()));
        found.emplace(path, std::move(text));
    }
    return found;
}

} // namespace

LoadedRulebook Rulebook::load(const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    if (!folder.empty()) {
        try {
            files = files_below(folder);
        } catch (const std::filesystem::filesystem_error& error) {
            throw base::Error(
                base::ErrorCode::io, fmt::format("rules in {}: {}", folder.string(), error.code().message())
            );
        }
    }
    for (const auto& embedded : base::embedded_files()) {
        if (is_rule_file(embedded.path)) {
            files.emplace(embedded.path, embedded.text); // the operator's own file, if any, stays
        }
    }
    RulebookReader reader;
    for (const auto& [path, text] : files) {
        reader.read_file(path, text);
    }
    reader.judge();
    return reader.take();
}

void RulebookReader::read_file(std::string_view path, std::string_view text) {
    path_ = path;
    line_ = 0;
    if (text.size() > kMaxRuleFile) {
        fault({}, "", fmt::format("a rule file has at most {} bytes", kMaxRuleFile));
        return;
    }
    const auto json = base::parse_yaml(text);
    if (!json) {
        fault({}, "", json.error().message());
        return;
    }
    if (!require_object(*json, "file")) {
        return;
    }
    if (path.starts_with("workflows/")) {
        read_workflow(*json);
    } else if (path.starts_with("obligations/")) {
        read_obligations(*json);
    } else if (path.starts_with("grading/")) {
        read_grading(*json);
    } else if (path.starts_with("calendars/")) {
        read_calendar(*json);
    } else if (path == "legal_bases.yaml") {
        read_laws(*json);
    } else if (path == "number_series.yaml") {
        read_number_series(*json);
    } else if (path == "labels.yaml") {
        read_labels(*json);
    }
}

void RulebookReader::judge() {
    std::set<std::string_view> ids;
    path_ = "obligations";
    line_ = 0;
    for (const auto& rule : out_.rulebook.obligation_rules_) {
        if (!ids.insert(rule.id).second) {
            fault({}, rule.id, "two rules have this id; keep one");
        }
    }
    path_ = "workflows";
    for (const auto& definition : out_.rulebook.workflows_) {
        judge_actions(definition);
    }
}

/// An action on a rule that nothing answers to would silently do nothing.
void RulebookReader::judge_actions(const Definition& definition) {
    const auto& rules = out_.rulebook.obligation_rules_;
    for (const auto& transition : definition.transitions) {
        for (const auto& text : transition.actions) {
            const auto action = parse_action(text);
            const bool names_rule =
                action
                && (action->verb == Verb::open || action->verb == Verb::close || action->verb == Verb::move);
            const bool answered =
                names_rule && std::any_of(rules.begin(), rules.end(), [&](const auto& rule) {
                    return rule.answers_to(action->argument);
                });
            if (names_rule && !answered) {
                fault(
                    {}, definition.wf + " " + transition.event, fmt::format("no rule answers to \"{}\"", text)
                );
            }
        }
    }
}

void RulebookReader::fault(const Json& at, std::string_view field, std::string message) {
    const unsigned line = at.line() != 0 ? at.line() : line_;
    std::string where = path_;
    if (line != 0) {
        where += fmt::format(":{}", line);
    }
    if (!field.empty()) {
        where += " " + base::shorten(base::scrub_utf8(field), 80);
    }
    out_.faults.push_back({std::move(where), std::move(message)});
}

bool RulebookReader::require_object(const Json& json, std::string_view field) {
    if (json.is_object()) {
        line_ = json.line() != 0 ? json.line() : line_;
        return true;
    }
    fault(json, field, "write an object");
    return false;
}

void RulebookReader::require_known(const Json& json, std::initializer_list<std::string_view> known) {
    for (const auto& [name, value] : json.members()) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            fault(value, name, fmt::format("unknown member; known are {}", fmt::join(known, ", ")));
        }
    }
}

std::string RulebookReader::text_of(const Json& json, std::string_view field) {
    const std::string& text = json[field].as_string();
    if (text.empty()) {
        fault(json[field], field, "missing, or not a text; write one");
    }
    return text;
}

std::vector<std::string> RulebookReader::list_of(const Json& json, std::string_view field, bool required) {
    const Json& list = json[field];
    std::vector<std::string> texts;
    if (list.is_null() && !required) {
        return texts;
    }
    for (const auto& item : list.items()) {
        if (item.as_string().empty()) {
            fault(item, field, "every item must be a text");
            return {};
        }
        texts.push_back(item.as_string());
    }
    if (texts.empty()) {
        fault(list, field, "write a list of texts");
    }
    return texts;
}

Expression RulebookReader::condition_of(const Json& json, std::string_view field) {
    const Json& text = json[field];
    if (text.is_null() || (text.is_bool() && text.as_bool())) {
        return {};
    }
    auto parsed = Expression::parse(text.as_string());
    if (!parsed) {
        fault(text, field, parsed.error().message());
        return {};
    }
    return std::move(*parsed);
}

Rulebook::Text RulebookReader::both_languages(const Json& json, std::string_view field) {
    Rulebook::Text text{json["zh"].as_string(), json["en"].as_string()};
    if (text.zh.empty() || text.en.empty()) {
        fault(json, field, "both zh and en are needed");
    }
    return text;
}

} // namespace fengsui::workflow
