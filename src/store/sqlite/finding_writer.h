// One target's results against the findings as they stand. Inside a Transaction.
#pragma once

#include "store/finding_store.h"
#include "store/sqlite/history.h"

#include <unordered_map>

namespace fengsui::store::sqlite {

class FindingWriter {
public:
    FindingWriter(Connection& connection, const TargetResult& result);
    RecordedTarget write();

private:
    struct Stored {
        std::int64_t seq = 0;
        model::Finding finding;
        model::Presence presence = model::Presence::present;
        base::Json ext; ///< {sources …}
    };
    using StoredByFingerprint = std::unordered_map<std::string, Stored>;

    void find_owner();
    void write_coverage(const CheckResult& check);
    void write_findings(const CheckResult& check);
    StoredByFingerprint read_stored(const std::string& family);
    void write_texts(const model::Finding& finding);
    model::Finding complete(const model::Finding& found, const std::string& family) const;
    void insert(model::Finding finding, const std::string& family);
    void update(model::Finding finding, const Stored& stored);
    void note_severity(const model::Finding& finding);
    [[nodiscard]] base::Json source_of(const model::Finding& finding) const;
    [[nodiscard]] base::Json new_ext(const model::Finding& finding) const;
    void add_source(const model::Finding& finding, const Stored& stored);
    [[nodiscard]] bool is_import() const { return result_.tool != "fengsui"; }
    void make_absent(const Stored& stored);
    void link_run(std::int64_t seq);
    void note(
        const model::Finding& finding, std::string_view event, std::string_view from, std::string_view to
    );
    void end_target();

    Connection& connection_;
    const TargetResult& result_;
    HistoryWriter history_;
    RecordedTarget recorded_;
    std::string unit_; ///< empty when the store does not know the asset
    std::string system_;
};

} // namespace fengsui::store::sqlite
