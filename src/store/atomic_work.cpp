#include "store/atomic_work.h"

#include "base/log.h"
#include "store/database.h"
#include "store/sqlite/handle.h"

namespace fengsui::store {

struct AtomicWork::State {
    explicit State(sqlite::Connection& its) : connection(its), inner(its), is_nested(its.depth() > 1) {}
    sqlite::Connection& connection;
    sqlite::Transaction inner;
    bool is_nested;
    bool is_open = true;
};

AtomicWork::AtomicWork(Database& database) : state_(std::make_unique<State>(database.connection())) {
    if (state_->is_nested) {
        state_->connection.execute("SAVEPOINT part");
    }
}

AtomicWork::~AtomicWork() {
    if (!state_->is_open || !state_->is_nested) {
        return;
    }
    try {
        // Savepoints of one name nest: these two mean the innermost.
        state_->connection.execute("ROLLBACK TO part");
        state_->connection.execute("RELEASE part");
    } catch (const base::Error& error) {
        base::log_error(error.message()); // the outer one fails, too, and rolls back
    }
}

void AtomicWork::commit() {
    if (state_->is_nested) {
        state_->connection.execute("RELEASE part");
    }
    state_->inner.commit();
    state_->is_open = false;
}

} // namespace fengsui::store
