// The closed list of actions, one file each. They run inside the transition's transaction, before the record
// is saved: what they set on it is saved with it.
#pragma once

#include "workflow/engine/operation.h"

namespace fengsui::workflow {

struct ActionCall {
    Operation& op;
    Record& record;
    const Json& input;
    const std::string& event;
    const std::string& from; ///< the state before
    std::string argument;    ///< what stands behind the colon
};

void run_action(Verb verb, ActionCall& call);
/// The text sent with the action, else the record's.
std::string value_of_text(const Json& input, const Record& record, std::string_view name);

void act_number(ActionCall& call);
void act_render(ActionCall& call);
void act_hash(ActionCall& call);
void act_send(ActionCall& call);
void act_open(ActionCall& call);
void act_close(ActionCall& call);
void act_move(ActionCall& call);
void act_recheck(ActionCall& call);
void act_spawn(ActionCall& call);
void act_set(ActionCall& call);

} // namespace fengsui::workflow
