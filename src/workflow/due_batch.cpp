#include "workflow/due_batch.h"

#include "base/log.h"
#include "store/atomic_work.h"

namespace fengsui::workflow {

std::size_t run_due_batch(
    Engine& engine, store::Database& database, base::Instant until, std::size_t at_most
) {
    const auto next = engine.next_due();
    if (!next || *next > until) {
        return 0; // mostly: nothing is to be written
    }
    try {
        store::AtomicWork transaction(database);
        const auto fired = engine.run_due(until, at_most);
        transaction.commit();
        return fired;
    } catch (const std::exception& error) {
        base::log_error(error.what());
    }
    return engine.run_due(until, at_most);
}

} // namespace fengsui::workflow
