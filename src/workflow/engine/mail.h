// What of an outbox entry leaves the house, and in which words.
#pragma once

#include "store/delivery_store.h"
#include "store/record_store.h"
#include "store/unit_tree.h"

namespace fengsui::workflow {

class Operation;

/// One mail to each address of the receiver in that role, then one call of each webhook; none of a drill's.
std::vector<store::StoredDelivery> deliveries_of(
    const Operation& op, const store::Record& entry, const std::optional<store::OrgUnit>& receiver
);

} // namespace fengsui::workflow
