#include "store/transaction.h"

#include "base/log.h"
#include "store/database.h"
#include "store/sqlite/handle.h"

namespace fengsui::store {

struct Transaction::State {
    explicit State(sqlite::Connection& its) : connection(its), inner(its), is_nested(its.depth() > 1) {}
    sqlite::Connection& connection;
    sqlite::Transaction inner;
    bool is_nested;
    bool is_open = true;
};

Transaction::Transaction(Database& database) : state_(std::make_unique<State>(database.connection())) {
    if (state_->is_nested) {
        state_->connection.execute("SAVEPOINT part");
    }
}

Transaction::~Transaction() {
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

void Transaction::commit() {
    if (state_->is_nested) {
        state_->connection.execute("RELEASE part");
    }
    state_->inner.commit();
    state_->is_open = false;
}

} // namespace fengsui::store
