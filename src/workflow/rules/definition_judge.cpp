#include "workflow/rules/definition_judge.h"

#include <fmt/format.h>

#include <set>

namespace fengsui::workflow {

namespace {

class Judge {
public:
    Judge(const Definition& definition, Faults& faults) : definition_(definition), faults_(faults) {}

    void run() {
        require_state(definition_.initial, "initial");
        for (std::size_t i = 0; i < definition_.final_states.size(); ++i) {
            require_state(definition_.final_states[i], fmt::format("final[{}]", i));
        }
        std::set<std::pair<std::string_view, std::string_view>> seen;
        for (std::size_t i = 0; i < definition_.transitions.size(); ++i) {
            judge_transition(definition_.transitions[i], i, seen);
        }
        if (faults_.empty()) {
            judge_reach();
            judge_exits();
        }
    }

private:
    void fault(std::string where, std::string message) {
        faults_.push_back({std::move(where), std::move(message)});
    }
    void require_state(const std::string& state, const std::string& where) {
        if (!definition_.knows_state(state)) {
            fault(where, fmt::format("unknown state \"{}\"; add it to states or mend the name", state));
        }
    }

    void judge_transition(
        const Transition& transition,
        std::size_t index,
        std::set<std::pair<std::string_view, std::string_view>>& seen
    ) {
        const std::string where = fmt::format("t[{}] {}", index, transition.event);
        for (const auto& state : transition.from) {
            require_state(state, where + " from");
            if (!seen.emplace(transition.event, state).second) {
                fault(
                    where + " from",
                    fmt::format(
                        "\"{}\" out of \"{}\" has a transition already; keep one", transition.event, state
                    )
                );
            }
        }
        if (transition.to != "*") {
            require_state(transition.to, where + " to");
        }
    }

    static bool leads_on(const Transition& transition, std::string_view state) {
        if (transition.to == "*" || transition.to == state) {
            return false;
        }
        for (const auto& from : transition.from) {
            if (from == state) {
                return true;
            }
        }
        return false;
    }

    void judge_reach() {
        std::set<std::string_view> reached{definition_.initial};
        std::vector<std::string_view> open{definition_.initial};
        while (!open.empty()) {
            const std::string_view state = open.back();
            open.pop_back();
            for (const auto& transition : definition_.transitions) {
                if (leads_on(transition, state) && reached.insert(transition.to).second) {
                    open.emplace_back(transition.to);
                }
            }
        }
        for (const auto& state : definition_.states) {
            if (!reached.contains(state)) {
                fault(
                    "states",
                    fmt::format("\"{}\" cannot be reached; add a transition to it or take it out", state)
                );
            }
        }
    }

    void judge_exits() {
        for (const auto& state : definition_.states) {
            bool has_exit = definition_.is_final(state);
            for (const auto& transition : definition_.transitions) {
                has_exit = has_exit || leads_on(transition, state);
            }
            if (!has_exit) {
                fault(
                    "states",
                    fmt::format("nothing leads out of \"{}\"; add a transition or list it in final", state)
                );
            }
        }
    }

    const Definition& definition_;
    Faults& faults_;
};

} // namespace

void judge_definition(const Definition& definition, Faults& faults) {
    Judge(definition, faults).run();
}

} // namespace fengsui::workflow
