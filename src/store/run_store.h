// Runs, what they have done, and when each asset was last looked at. Blocking.
#pragma once

#include "base/json.h"
#include "base/time.h"
#include "model/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace fengsui::store {

class Database;

struct NewRun {
    std::string scope_key; ///< equal for runs that may continue one another
    base::Json scope;      ///< what was asked for, for people
    std::string tool_version;
    std::size_t targets = 0;
    base::Instant at{};
};

/// How far one group of checks has come on one asset.
struct ScheduleEntry {
    model::AssetId asset;
    std::string check_group;
    std::optional<base::Instant> last_started;
    std::optional<base::Instant> last_completed;
};

/// A run that was handed in whole.
struct ImportedRun {
    std::string tool;
    std::string by;
    base::Json body; ///< {checks filters targets counts findings flags …}: members of the record
    base::Instant at{};
};

struct LastCompleted {
    model::AssetId asset;
    model::CheckId check;
    base::Instant at{};
};

class RunStore {
public:
    explicit RunStore(Database& database) : database_(database) {}

    model::RunId begin_run(const NewRun& run);
    /// The newest run of that scope that nobody finished: its process was killed.
    [[nodiscard]] std::optional<model::RunId> find_unfinished_run(std::string_view scope_key);
    [[nodiscard]] std::vector<model::AssetId> completed_targets(const model::RunId& run);
    /// `state` is `finished` or `stopped`; `summary` is the run's summary line.
    void finish_run(
        const model::RunId& run, std::string_view state, const base::Json& summary, base::Instant at
    );

    /// What was handed in, with what became of it; the run is finished.
    void end_import(const model::RunId& run, const ImportedRun& import);

    /// Ends, as stopped, the runs of that scope that nobody finished: how many.
    std::size_t close_abandoned(std::string_view scope_key, base::Instant at);

    void note_started(const model::AssetId& asset, std::string_view check_group, base::Instant at);
    void note_completed(const model::AssetId& asset, std::string_view check_group, base::Instant at);
    [[nodiscard]] std::vector<ScheduleEntry> schedule();
    /// When each check was last completed on each asset.
    [[nodiscard]] std::vector<LastCompleted> last_completed();

private:
    Database& database_;
};

} // namespace fengsui::store
