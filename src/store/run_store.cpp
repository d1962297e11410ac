#include "store/run_store.h"

#include "base/hash.h"
#include "base/text.h"
#include "store/audit_store.h"
#include "store/database.h"
#include "store/sqlite/meta.h"

#include <fmt/chrono.h>

namespace fengsui::store {

using sqlite::Reading;
using sqlite::Transaction;

model::RunId RunStore::begin_run(const NewRun& run) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    // Time first, so that ids sort as runs were begun; random, so that no two machines give the same.
    const auto seconds = std::chrono::floor<std::chrono::seconds>(run.at);
    model::RunId id(fmt::format(
        "r{:%Y%m%d%H%M%S}{}",
        fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
        base::hex(base::random_bytes(4))
    ));
    connection
        .prepare("INSERT INTO runs (seq, id, scope_key, scope, tool_version, state, targets, summary, "
                 "started_at, ended_at) "
                 "VALUES (?, ?, ?, ?, ?, 'running', ?, '', ?, NULL)")
        .bind(sqlite::next_seq(connection, "runs"))
        .bind(id.str())
        .bind(run.scope_key)
        .bind(base::to_text(run.scope))
        .bind(run.tool_version)
        .bind(static_cast<std::int64_t>(run.targets))
        .bind(run.at)
        .run();
    transaction.commit();
    return id;
}

void RunStore::end_import(const model::RunId& run, const ImportedRun& import) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection
        .prepare("UPDATE runs SET state = 'finished', tool = ?, created_by = ?, body = ?, ended_at = ? WHERE "
                 "id = ?")
        .bind(import.tool)
        .bind(import.by)
        .bind(base::to_text(import.body))
        .bind(import.at)
        .bind(run.str())
        .run();
    AuditStore(database_).append(
        {import.at,
         import.by,
         "run_taken",
         "runs",
         run.str(),
         base::Json::object({{"tool", import.tool}, {"counts", import.body["counts"]}})}
    );
    transaction.commit();
}

std::optional<model::RunId> RunStore::find_unfinished_run(std::string_view scope_key) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    // Only the newest counts: an older one that was never finished has been overtaken.
    auto row =
        connection.prepare("SELECT id, ended_at FROM runs WHERE scope_key = ? ORDER BY seq DESC LIMIT 1");
    row.bind(scope_key);
    return row.step() && row.is_null(1) ? std::optional(model::RunId(row.text(0))) : std::nullopt;
}

std::vector<model::AssetId> RunStore::completed_targets(const model::RunId& run) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare("SELECT asset FROM run_targets WHERE run = ? ORDER BY asset");
    rows.bind(run.str());
    std::vector<model::AssetId> assets;
    while (rows.step()) {
        assets.emplace_back(rows.text(0));
    }
    return assets;
}

void RunStore::finish_run(
    const model::RunId& run, std::string_view state, const base::Json& summary, base::Instant at
) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    const auto changed =
        connection.prepare("UPDATE runs SET state = ?, summary = ?, ended_at = ? WHERE id = ?")
            .bind(state)
            .bind(base::to_text(summary))
            .bind(at)
            .bind(run.str())
            .run();
    if (changed == 0) {
        throw base::Error(base::ErrorCode::not_found, fmt::format("there is no run {}", run.str()));
    }
    transaction.commit();
}

std::size_t RunStore::close_abandoned(std::string_view scope_key, base::Instant at) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    const auto closed =
        connection
            .prepare(
                "UPDATE runs SET state = 'stopped', ended_at = ? WHERE scope_key = ? AND ended_at IS NULL"
            )
            .bind(at)
            .bind(scope_key)
            .run();
    transaction.commit();
    return static_cast<std::size_t>(closed);
}

void RunStore::note_started(const model::AssetId& asset, std::string_view check_group, base::Instant at) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection
        .prepare("INSERT INTO schedule (asset, check_group, last_started) VALUES (?, ?, ?) ON CONFLICT "
                 "(asset, check_group) "
                 "DO UPDATE SET last_started = excluded.last_started")
        .bind(asset.str())
        .bind(check_group)
        .bind(at)
        .run();
    transaction.commit();
}

void RunStore::note_completed(const model::AssetId& asset, std::string_view check_group, base::Instant at) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection
        .prepare("INSERT INTO schedule (asset, check_group, last_completed) VALUES (?, ?, ?) ON CONFLICT "
                 "(asset, check_group) "
                 "DO UPDATE SET last_completed = excluded.last_completed")
        .bind(asset.str())
        .bind(check_group)
        .bind(at)
        .run();
    transaction.commit();
}

std::vector<ScheduleEntry> RunStore::schedule() {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare(
        "SELECT asset, check_group, last_started, last_completed FROM schedule ORDER BY asset, "
        "check_group"
    );
    std::vector<ScheduleEntry> entries;
    while (rows.step()) {
        entries.push_back(
            {model::AssetId(rows.text(0)), rows.text(1), rows.maybe_instant(2), rows.maybe_instant(3)}
        );
    }
    return entries;
}

std::vector<LastCompleted> RunStore::last_completed() {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare(
        "SELECT asset, check_id, last_completed_at FROM coverage WHERE last_completed_at IS NOT "
        "NULL ORDER BY asset, check_id"
    );
    std::vector<LastCompleted> entries;
    while (rows.step()) {
        entries.push_back({model::AssetId(rows.text(0)), model::CheckId(rows.text(1)), rows.instant(2)});
    }
    return entries;
}

} // namespace fengsui::store
