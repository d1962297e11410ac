// One call of the engine: a transaction, who acts, and the stores it works on.
#pragma once

#include "store/atomic_work.h"
#include "store/score_store.h"
#include "store/timer_store.h"
#include "store/unit_tree.h"
#include "workflow/document.h"
#include "workflow/engine/parts.h"

#include <set>

namespace fengsui::workflow {

using base::Json;
using store::Record;

/// Something that a unit or an office is told: an outbox entry, and what leaves by mail or webhook.
struct Telling {
    std::string kind; ///< notice, receipt, reminder, urge, escalation, returned, failed, extended …
    std::string to;   ///< unit id or an office's name; empty: nobody is known
    std::string to_role;
    std::string obligation;
    std::string document;
    std::string title; ///< what it is about, in words without evidence
};

/// The newest calendar of the authority answerable for the unit, else of the one above it, else the default.
Calendar calendar_for(store::Database& database, const model::UnitId& unit);

class Operation {
public:
    Operation(Engine::Parts& parts, Request request);
    /// Everything is on the disk when it returns; then the listener hears of it.
    void commit();

    Engine::Parts& parts;
    const Actor actor;
    const base::Instant now;
    store::RecordStore records;
    store::TimerStore timers;
    store::ScoreStore scores;
    store::UnitTree tree;

    /// The record, or Refusal absent: also when the actor does not see it.
    [[nodiscard]] Record load(std::string_view collection, std::string_view id);
    /// The record, or nothing; whoever acts.
    [[nodiscard]] std::optional<Record> find(std::string_view collection, std::string_view id);
    /// The version that the record began with.
    [[nodiscard]] const Definition& definition_of(const Record& record) const;
    [[nodiscard]] Calendar calendar_of(const model::UnitId& unit);

    /// Fills in what every new record has, from its workflow where it has one.
    [[nodiscard]] Record begin(
        std::string_view collection, std::string_view letter, const model::UnitId& unit
    ) const;
    void insert(Record& record);
    void save(Record& record, std::string_view event, std::string_view from, std::string_view reason);
    /// One entry for a matter and receiver within a call.
    void tell(const Record& about, const Telling& telling);

    /// Refuses what the actor's `If-Match` does not allow.
    void require_rev(const Record& record) const;

private:
    void audit(const Record& record, std::string_view event, std::string_view from, std::string_view reason);

    store::AtomicWork transaction_;
    std::optional<std::int64_t> rev_;
    std::vector<Change> changes_;
    std::set<std::string> told_;
};

/// A user's action: role, revision, state, guards; then the state, its actions and what follows for others.
void transition(Operation& op, Record& record, std::string_view event, const Json& input);
/// The same as a consequence of another transition: no role is asked for, and where the state or a guard does
/// not allow it nothing happens. True when it happened.
bool follow(
    Operation& op,
    std::string_view collection,
    std::string_view id,
    std::string_view event,
    const Json& input = Json::object()
);

} // namespace fengsui::workflow
