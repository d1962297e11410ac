// Records of the case engine: cases, notices, obligations and all that share their shape. Blocking.
#pragma once

#include "base/json.h"
#include "base/time.h"
#include "model/ids.h"

#include <optional>

namespace fengsui::store {

class Database;

struct Record {
    std::string collection; ///< e.g. `notices`
    std::string id;         ///< unique within its collection
    model::UnitId unit;     ///< by whose place in the tree it is visible
    std::string state;
    std::int64_t rev = 1;
    std::string wf; ///< name of its workflow; empty: it has none
    std::int64_t wf_version = 0;
    bool drill = false;
    std::optional<base::Instant> due; ///< what sweeps and counts go by
    base::Instant created_at{};
    std::string created_by;
    base::Json body = base::Json::object(); ///< every other member, as the API gives them

    /// The member of the body, or null.
    [[nodiscard]] const base::Json& operator[](std::string_view name) const { return body[name]; }
    /// As the API gives it: {id state rev … members of the body}.
    [[nodiscard]] base::Json to_json() const;
};

using RecordFields = std::vector<std::pair<std::string, std::string>>;

class RecordStore {
public:
    explicit RecordStore(Database& database) : database_(database) {}

    /// A new id with that letter before it, e.g. `n3f…`.
    static std::string new_id(std::string_view letter);

    /// `fields` are what lists may be asked for beside unit and state. Throws conflict when the id is taken.
    void insert(const Record& record, const RecordFields& fields);
    /// Writes state, due, drill, unit, body and `fields` anew and counts `rev` up. Throws conflict when
    /// another has changed the record since it was read.
    void update(Record& record, const RecordFields& fields);
    /// Findings, too, are given in this shape.
    [[nodiscard]] std::optional<Record> find(std::string_view collection, std::string_view id);
    /// All whose `field` has that value, in the order of creation.
    [[nodiscard]] std::vector<Record> find_all(
        std::string_view collection, std::string_view field, std::string_view value
    );

    /// Writes state, wf_version, case and ext of a finding; `closed` notes that it was proven fixed now.
    void update_finding(Record& finding, std::optional<base::Instant> closed, bool reopened);
    /// The closed ones on that asset that the run has seen again.
    [[nodiscard]] std::vector<std::string> closed_but_seen(
        const model::AssetId& asset, const model::RunId& run
    );

    void add_history(
        const Record& record,
        base::Instant at,
        std::string_view by,
        std::string_view event,
        std::string_view from,
        std::string_view reason
    );

    /// The next number of a series, from 1, without gaps in what is committed.
    [[nodiscard]] std::int64_t next_number(std::string_view series);
    /// What next_number would give.
    [[nodiscard]] std::int64_t peek_number(std::string_view series);

    /// Small values by name (the test clock, active versions).
    [[nodiscard]] std::optional<std::string> read_value(std::string_view key);
    void write_value(std::string_view key, std::string_view value);

private:
    Database& database_;
};

} // namespace fengsui::store
