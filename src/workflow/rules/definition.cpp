#include "workflow/definition.h"

#include "base/text.h"
#include "workflow/rules/words.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace fengsui::workflow {

namespace {

using base::Json;

struct VerbWord {
    std::string_view word;
    Verb verb;
    bool takes_argument;
};
constexpr std::array<VerbWord, 11> kVerbs = {{
    {"number", Verb::number, false},
    {"render", Verb::render, false},
    {"hash", Verb::hash, false},
    {"send", Verb::send, false},
    {"open", Verb::open, true},
    {"close", Verb::close, true},
    {"move", Verb::move, true},
    {"recheck", Verb::recheck, false},
    {"spawn", Verb::spawn, true},
    {"set", Verb::set, true},
    {"log", Verb::log, false},
}};
constexpr std::array<std::string_view, 9> kRoles = {
    "officer", "approver", "leader", "duty", "expert", "unit", "auditor", "admin", "system"};
constexpr std::array<std::string_view, 4> kAll = {"items_answered", "dismissed", "verified_fixed", "absent"};

template <class Words>
bool is_one_of(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<Guard> parse_eq(std::string_view text) {
    const std::size_t at = text.find_first_of("=<");
    if (at == std::string_view::npos || !is_word(text.substr(0, at))) {
        return std::nullopt;
    }
    Guard guard{GuardKind::eq, std::string(text.substr(0, at)), text[at], {}, 0};
    const std::string_view right = text.substr(at + 1);
    if (guard.relation == '=') {
        guard.value = right;
        return is_word(right) ? std::optional(guard) : std::nullopt;
    }
    const auto [end, failure] = std::from_chars(right.data(), right.data() + right.size(), guard.bound);
    const bool whole = failure == std::errc() && end == right.data() + right.size();
    return whole && !right.empty() ? std::optional(guard) : std::nullopt;
}

Json words_of(const std::vector<std::string>& words) {
    Json list = Json::array();
    for (const auto& word : words) {
        list.push(word);
    }
    return list;
}

std::string joined(const std::vector<std::string>& words, char separator) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : std::string(1, separator)) + word;
    }
    return text;
}

} // namespace

bool is_word(std::string_view text) {
    const auto fits = [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= kMaxWord && (base::is_alpha(text[0]) || base::is_digit(text[0]))
           && std::all_of(text.begin(), text.end(), fits);
}

bool is_dotted_word(std::string_view text) {
    const auto parts = base::split(text, '.');
    return text.size() <= kMaxWord && std::all_of(parts.begin(), parts.end(), is_word);
}

bool is_role(std::string_view name) {
    return is_one_of(kRoles, name);
}

std::string to_text(const Faults& faults) {
    std::string text;
    for (const auto& fault : faults) {
        text += (text.empty() ? "" : "; ") + fault.where + ": " + fault.message;
    }
    return text;
}

std::optional<Guard> parse_guard(std::string_view text) {
    if (text == "not_author") {
        return Guard{GuardKind::not_author, "not_author", 0, {}, 0};
    }
    if (text == "max_extensions") {
        return Guard{GuardKind::max_extensions, "max_extensions", 0, {}, 0};
    }
    if (text.starts_with("has:") && is_word(text.substr(4))) {
        return Guard{GuardKind::has, std::string(text.substr(4)), 0, {}, 0};
    }
    if (text.starts_with("all:") && is_one_of(kAll, text.substr(4))) {
        return Guard{GuardKind::all, std::string(text.substr(4)), 0, {}, 0};
    }
    return text.starts_with("eq:") ? parse_eq(text.substr(3)) : std::nullopt;
}

std::optional<Action> parse_action(std::string_view text) {
    const std::size_t colon = text.find(':');
    const bool has_argument = colon != std::string_view::npos;
    const std::string_view argument = has_argument ? text.substr(colon + 1) : std::string_view();
    for (const auto& known : kVerbs) {
        if (known.word != text.substr(0, colon)) {
            continue;
        }
        if (known.takes_argument != has_argument || (has_argument && !is_dotted_word(argument))) {
            return std::nullopt;
        }
        return Action{known.verb, std::string(argument)};
    }
    return std::nullopt;
}

const Transition* Definition::find(std::string_view event, std::string_view state) const {
    for (const auto& transition : transitions) {
        if (transition.event == event && is_one_of(transition.from, state)) {
            return &transition;
        }
    }
    return nullptr;
}

bool Definition::knows_event(std::string_view event) const {
    return std::any_of(transitions.begin(), transitions.end(), [&](const Transition& transition) {
        return transition.event == event;
    });
}

bool Definition::knows_state(std::string_view state) const {
    return is_one_of(states, state);
}

bool Definition::is_final(std::string_view state) const {
    return is_one_of(final_states, state);
}

Json Definition::to_json() const {
    Json list = Json::array();
    for (const auto& transition : transitions) {
        list.push(Json::array(
            {transition.event,
             joined(transition.from, '|'),
             transition.to,
             joined(transition.roles, ','),
             words_of(transition.guards),
             words_of(transition.actions)}
        ));
    }
    Json json = Json::object(
        {{"wf", wf},
         {"v", v},
         {"states", words_of(states)},
         {"initial", initial},
         {"final", words_of(final_states)},
         {"t", list}}
    );
    if (!labels.is_null()) {
        json.set("labels", labels);
    }
    return json;
}

} // namespace fengsui::workflow
