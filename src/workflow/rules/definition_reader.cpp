// From data to a Definition. Reading names every mistake of form; what the whole means is judged after.
#include "base/text.h"
#include "workflow/definition.h"
#include "workflow/rules/definition_judge.h"
#include "workflow/rules/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::workflow {

namespace {

using base::Json;

constexpr std::size_t kMaxStates = 64;
constexpr std::size_t kMaxTransitions = 256;
constexpr std::size_t kMaxWordsInTransition = 32; // guards, actions, roles or from-states
constexpr std::int64_t kMaxVersion = 1'000'000;
constexpr std::size_t kMaxLabelBytes = 200;
constexpr std::array<std::string_view, 7> kMembers = {"wf", "v", "states", "initial", "final", "t", "labels"};
constexpr std::string_view kWordForm = "letters, digits, _ and -, at most 64";

std::string shown(std::string_view text) {
    return base::shorten(base::scrub_utf8(text), 80);
}

class DefinitionReader {
public:
    explicit DefinitionReader(const Json& json) : json_(json) {}

    ParsedDefinition read() {
        if (!json_.is_object()) {
            fault("workflow", "write an object with wf, v, states, initial, final and t");
            return std::move(out_);
        }
        read_members();
        definition().wf = read_name("wf");
        read_version();
        definition().states = read_states("states", true);
        definition().initial = read_name("initial");
        definition().final_states = read_states("final", false);
        read_transitions();
        read_labels();
        if (out_.faults.empty()) {
            judge_definition(definition(), out_.faults);
        }
        return std::move(out_);
    }

private:
    Definition& definition() { return out_.definition; }
    void fault(std::string where, std::string message) {
        out_.faults.push_back({std::move(where), std::move(message)});
    }

    void read_members() {
        for (const auto& [name, value] : json_.members()) {
            if (std::find(kMembers.begin(), kMembers.end(), name) == kMembers.end()) {
                fault(shown(name), "unknown member; known are wf, v, states, initial, final, t, labels");
            }
        }
        for (const std::string_view name : kMembers) {
            if (name != "labels" && json_.find(name) == nullptr) {
                fault(std::string(name), "missing; add it");
            }
        }
    }

    std::string read_name(std::string_view field) {
        const Json* value = json_.find(field);
        if (value != nullptr && !is_word(value->as_string())) {
            fault(std::string(field), fmt::format("write a name: {}", kWordForm));
            return {};
        }
        return value == nullptr ? std::string() : value->as_string();
    }

    void read_version() {
        const Json* value = json_.find("v");
        if (value == nullptr) {
            return;
        }
        if (!value->is_int() || value->as_int() < 1 || value->as_int() > kMaxVersion) {
            fault("v", "write a whole number from 1 on");
            return;
        }
        definition().v = static_cast<int>(value->as_int());
    }

    std::vector<std::string> read_states(std::string_view field, bool required) {
        const Json* value = json_.find(field);
        if (value == nullptr) {
            return {};
        }
        if (!value->is_array() || (required && value->items().empty())) {
            fault(std::string(field), "write a list of states");
            return {};
        }
        if (value->items().size() > kMaxStates) {
            fault(std::string(field), fmt::format("at most {} states", kMaxStates));
            return {};
        }
        return read_words(value->items(), field);
    }

    std::vector<std::string> read_words(const base::JsonArray& items, std::string_view field) {
        std::vector<std::string> words;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const std::string& word = items[i].as_string();
            const std::string where = fmt::format("{}[{}]", field, i);
            if (!is_word(word)) {
                fault(where, fmt::format("write a name: {}", kWordForm));
            } else if (std::find(words.begin(), words.end(), word) != words.end()) {
                fault(where, fmt::format("\"{}\" is given twice; keep one", word));
            } else {
                words.push_back(word);
            }
        }
        return words;
    }

    void read_transitions() {
        const Json* list = json_.find("t");
        if (list == nullptr) {
            return;
        }
        if (!list->is_array() || list->items().empty()) {
            fault("t", "write a list of transitions");
            return;
        }
        if (list->items().size() > kMaxTransitions) {
            fault("t", fmt::format("at most {} transitions", kMaxTransitions));
            return;
        }
        for (std::size_t i = 0; i < list->items().size(); ++i) {
            read_transition(list->items()[i], fmt::format("t[{}]", i));
        }
    }

    void read_transition(const Json& json, const std::string& where) {
        const auto& parts = json.items();
        if (parts.size() != 6) {
            fault(where, "write [event, \"from|from\", to, \"roles\", [guards], [actions]]");
            return;
        }
        if (!is_word(parts[0].as_string())) {
            fault(where + " event", fmt::format("write a name: {}", kWordForm));
            return;
        }
        Transition transition;
        transition.event = parts[0].as_string();
        const std::string here = where + " " + transition.event;
        transition.from = read_split(parts[1], '|', here + " from");
        transition.to = parts[2].as_string();
        if (transition.to != "*" && !is_word(transition.to)) {
            fault(here + " to", "write one state, or * where the state stays");
        }
        transition.roles = read_roles(parts[3], here + " roles");
        transition.guards = read_terms(parts[4], here + " guards", false);
        transition.actions = read_terms(parts[5], here + " actions", true);
        definition().transitions.push_back(std::move(transition));
    }

    std::vector<std::string> read_split(const Json& json, char separator, const std::string& where) {
        base::JsonArray items;
        for (const std::string_view piece : base::split(json.as_string(), separator)) {
            items.emplace_back(base::trim(piece));
        }
        if (items.size() > kMaxWordsInTransition) {
            fault(where, fmt::format("at most {} of them", kMaxWordsInTransition));
            return {};
        }
        return read_words(items, where);
    }

    std::vector<std::string> read_roles(const Json& json, const std::string& where) {
        auto roles = read_split(json, ',', where);
        for (const auto& role : roles) {
            if (!is_role(role)) {
                fault(
                    where,
                    fmt::format(
                        "unknown role \"{}\"; known are officer, approver, leader, duty, expert, unit, "
                        "auditor, "
                        "admin, system",
                        role
                    )
                );
            }
        }
        return roles;
    }

    std::vector<std::string> read_terms(const Json& json, const std::string& where, bool actions) {
        if (!json.is_array()) {
            fault(where, "write a list, [] when there are none");
            return {};
        }
        if (json.items().size() > kMaxWordsInTransition) {
            fault(where, fmt::format("at most {} of them", kMaxWordsInTransition));
            return {};
        }
        std::vector<std::string> terms;
        for (std::size_t i = 0; i < json.items().size(); ++i) {
            const std::string& term = json.items()[i].as_string();
            if (actions ? parse_action(term).has_value() : parse_guard(term).has_value()) {
                terms.push_back(term);
            } else {
                fault(fmt::format("{}[{}]", where, i), unknown_term(term, actions));
            }
        }
        return terms;
    }

    static std::string unknown_term(std::string_view term, bool action) {
        if (action) {
            return fmt::format(
                "unknown action \"{}\"; known are number, render, hash, send, open:RULE, close:RULE, "
                "move:RULE, "
                "recheck, spawn:NAME, set:NAME, log",
                shown(term)
            );
        }
        return fmt::format(
            "unknown guard \"{}\"; known are has:NAME, not_author, max_extensions, all:items_answered, "
            "all:dismissed, all:verified_fixed, all:absent, eq:NAME=VALUE, eq:NAME<NUMBER",
            shown(term)
        );
    }

    void read_labels() {
        const Json* labels = json_.find("labels");
        if (labels == nullptr || labels->is_null()) {
            return;
        }
        if (!labels->is_object()) {
            fault("labels", "write {states: {NAME: {zh, en}}, events: {NAME: {zh, en}}}");
            return;
        }
        for (const auto& [group, names] : labels->members()) {
            if (group != "states" && group != "events" && group != "workflow") {
                fault("labels " + shown(group), "unknown group; known are workflow, states, events");
            } else if (group == "workflow") {
                read_label(names, "labels workflow");
            } else {
                for (const auto& [name, text] : names.members()) {
                    read_label(text, fmt::format("labels {} {}", group, shown(name)));
                }
            }
        }
        definition().labels = *labels;
    }

    void read_label(const Json& text, const std::string& where) {
        for (const std::string_view language : {"zh", "en"}) {
            const std::string& words = text[language].as_string();
            if (words.empty() || words.size() > kMaxLabelBytes) {
                fault(where, fmt::format("write {} in at most {} bytes", language, kMaxLabelBytes));
            }
        }
    }

    const Json& json_;
    ParsedDefinition out_;
};

} // namespace

ParsedDefinition parse_definition(const Json& json) {
    return DefinitionReader(json).read();
}

} // namespace fengsui::workflow
