// What happened to a record, event by event. Call inside a Transaction.
#pragma once

#include "store/sqlite/handle.h"

namespace fengsui::store::sqlite {

struct HistoryEvent {
    std::string_view collection;
    std::string_view record;
    base::Instant at{};
    std::string_view by;
    std::string_view event;
    std::string_view from; ///< state or value before
    std::string_view to;   ///< state or value after
    std::string_view reason;
};

/// Appends events; one object for many, because it finds the next number once.
class HistoryWriter {
public:
    explicit HistoryWriter(Connection& connection);
    void add(const HistoryEvent& event);

private:
    Statement insert_;
    std::int64_t next_;
};

} // namespace fengsui::store::sqlite
