// Binds the append-only history to the audit chain: an entry carries the digest of the rows before it.
#pragma once

#include "base/json.h"
#include "store/sqlite/handle.h"

#include <string>

namespace fengsui::store::sqlite {

/// Whether rows were added since the last seal.
bool has_unsealed_history(Connection& connection);
/// Seals the rows since the last seal: {from to sha256}, or null when there are none. Inside a Transaction.
base::Json seal_history(Connection& connection);

/// Walks the seals of the audit log in their order.
class HistoryAuditor {
public:
    explicit HistoryAuditor(Connection& connection) : connection_(connection) {}
    /// What is wrong with the rows that `seal` covers, or nothing; a null seal covers none.
    [[nodiscard]] std::string fault_of(const base::Json& seal);
    /// What is wrong behind the last seal, or nothing.
    [[nodiscard]] std::string fault_of_rest();

private:
    Connection& connection_;
    std::int64_t sealed_ = 0;
};

} // namespace fengsui::store::sqlite
