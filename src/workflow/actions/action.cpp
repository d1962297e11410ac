#include "workflow/actions/action.h"

namespace fengsui::workflow {

void run_action(Verb verb, ActionCall& call) {
    switch (verb) {
    case Verb::number:
        return act_number(call);
    case Verb::render:
        return act_render(call);
    case Verb::hash:
        return act_hash(call);
    case Verb::send:
        return act_send(call);
    case Verb::open:
        return act_open(call);
    case Verb::close:
        return act_close(call);
    case Verb::move:
        return act_move(call);
    case Verb::recheck:
        return act_recheck(call);
    case Verb::spawn:
        return act_spawn(call);
    case Verb::set:
        return act_set(call);
    case Verb::log:
        return; // every transition is logged: Operation::save
    }
}

std::string value_of_text(const Json& input, const Record& record, std::string_view name) {
    const auto* sent = input.find(name);
    return sent != nullptr ? sent->as_string() : record[name].as_string();
}

} // namespace fengsui::workflow
