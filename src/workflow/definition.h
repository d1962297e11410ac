// A workflow as data (cases.md 5.3): states, transitions, who may do what under which guards. Pure.
#pragma once

#include "base/json.h"
#include "workflow/fault.h"

#include <optional>

namespace fengsui::workflow {

enum class GuardKind { has, not_author, all, eq, max_extensions };

/// `has:signer`, `not_author`, `all:items_answered`, `eq:coverage=full`, `eq:tries<3`, `max_extensions`.
struct Guard {
    GuardKind kind = GuardKind::has;
    std::string name;     ///< what is looked at; also what `missing[]` says when it is not met
    char relation = 0;    ///< eq: '=' or '<'
    std::string value;    ///< eq with '='
    std::int64_t bound{}; ///< eq with '<'
};
/// Nothing when that is none of the known guards.
std::optional<Guard> parse_guard(std::string_view text);

enum class Verb { number, render, hash, send, open, close, move, recheck, spawn, set, log };

/// One of the closed list of actions; `argument` is the rule (open, close, move) or the thing (spawn, set).
struct Action {
    Verb verb = Verb::log;
    std::string argument;
};
/// Nothing when that is none of the known actions.
std::optional<Action> parse_action(std::string_view text);

struct Transition {
    std::string event;
    std::vector<std::string> from;
    std::string to; ///< "*": the state stays
    std::vector<std::string> roles;
    std::vector<std::string> guards;  ///< as written; all of them parse_guard reads
    std::vector<std::string> actions; ///< as written; all of them parse_action reads
};

struct Definition {
    std::string wf;
    int v = 1;
    std::vector<std::string> states;
    std::string initial;
    std::vector<std::string> final_states; ///< "may rest here"; an edge may still lead out
    std::vector<Transition> transitions;
    base::Json labels; ///< {states:{S:{zh,en}}, events:{E:{zh,en}}} or null

    /// The transition of that event out of that state, or null.
    [[nodiscard]] const Transition* find(std::string_view event, std::string_view state) const;
    [[nodiscard]] bool knows_event(std::string_view event) const;
    [[nodiscard]] bool knows_state(std::string_view state) const;
    [[nodiscard]] bool is_final(std::string_view state) const;
    /// The form it was read from; parse_definition(to_json()) gives the same definition.
    [[nodiscard]] base::Json to_json() const;
};

/// The words roles are written with: officer approver leader duty expert unit auditor admin system.
bool is_role(std::string_view name);

struct ParsedDefinition {
    Definition definition; ///< as far as it could be read
    Faults faults;         ///< empty: the definition holds
};
/// Reads and judges {wf, v, states, initial, final, t, labels?}; names every fault, not only the first.
ParsedDefinition parse_definition(const base::Json& json);

} // namespace fengsui::workflow
