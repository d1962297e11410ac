// The audit log: append-only lines, each chained to the one before by its hash. Blocking.
#pragma once

#include "base/json.h"
#include "base/time.h"

#include <optional>
#include <string>

namespace fengsui::store {

class Database;

struct AuditEntry {
    base::Instant at{};
    std::string by;         ///< user, or `system`
    std::string event;      ///< e.g. `registry_imported`
    std::string collection; ///< e.g. `units`
    std::string subject;    ///< id of the record; may be empty
    base::Json details;     ///< an object or null
};

struct AuditVerdict {
    bool ok = true;
    std::int64_t entries = 0;                 ///< those read
    std::optional<std::int64_t> first_broken; ///< seq of the first entry that does not fit
    std::string reason;                       ///< why, in words
    std::string head; ///< hash of the last entry; note it elsewhere to detect a rewritten log
};

class AuditStore {
public:
    explicit AuditStore(Database& database) : database_(database) {}

    /// Appends in a transaction of its own, or in the one that this thread has open.
    void append(const AuditEntry& entry);
    /// Reads the whole chain: any altered byte, missing row or cut tail is found.
    [[nodiscard]] AuditVerdict verify();

private:
    Database& database_;
};

} // namespace fengsui::store
