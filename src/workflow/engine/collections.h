// What the engine knows of each collection beside its workflow.
#pragma once

#include "store/record_store.h"

namespace fengsui::workflow {

/// The workflow of its records, e.g. `notice`; empty when they have none.
std::string_view workflow_of(std::string_view collection);
/// The collection that records of a workflow lie in, or empty.
std::string_view collection_of(std::string_view workflow);
/// `case` for `cases`: what audit events are named by.
std::string_view singular_of(std::string_view collection);
/// Not for users of role unit alone.
bool is_for_authorities(std::string_view collection);
/// A record of a collection that units read, but not this one: a notice not issued yet, an internal document.
bool is_hidden_from_units(const store::Record& record);
/// What lists may be asked for, beside unit and state.
store::RecordFields fields_of(const store::Record& record);
/// What it is about, in words without evidence.
std::string title_of(const store::Record& record);
/// Members that only the server sets: an action's body does not change them.
bool is_reserved(std::string_view member);

} // namespace fengsui::workflow
