// Everything or nothing over several stores. Blocking.
#pragma once

#include <memory>

namespace fengsui::store {

class Database;

/// Holds the store for its thread until it ends; rolls back unless committed. One inside another undoes only
/// its own part when it is not committed.
class AtomicWork {
public:
    explicit AtomicWork(Database& database);
    ~AtomicWork();
    AtomicWork(const AtomicWork&) = delete;
    AtomicWork& operator=(const AtomicWork&) = delete;
    /// The outermost one: when it returns, the data are on the disk.
    void commit();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::store
