#include "store/record_store.h"

#include "base/hash.h"
#include "base/text.h"
#include "store/database.h"
#include "store/sqlite/history.h"
#include "store/sqlite/meta.h"

#include <fmt/format.h>

#include <charconv>

namespace fengsui::store {

namespace {

using base::Json;
using sqlite::Connection;
using sqlite::Reading;
using sqlite::Statement;
using sqlite::Transaction;

constexpr std::string_view kSelect = "SELECT seq, collection, id, unit, state, rev, wf, wf_version, drill, "
                                     "due, created_at, created_by, body FROM "
                                     "records";

Record record_of(const Statement& row) {
    Record record;
    record.collection = row.text(1);
    record.id = row.text(2);
    record.unit = model::UnitId(row.text(3));
    record.state = row.text(4);
    record.rev = row.integer(5);
    record.wf = row.text(6);
    record.wf_version = row.integer(7);
    record.drill = row.integer(8) != 0;
    record.due = row.maybe_instant(9);
    record.created_at = row.instant(10);
    record.created_by = row.text(11);
    record.body = base::parse_json(row.text(12)).or_throw();
    return record;
}

void write_fields(
    Connection& connection, std::int64_t seq, const Record& record, const RecordFields& fields
) {
    for (const auto& [field, value] : fields) {
        connection
            .prepare("INSERT INTO record_fields (collection, field, value, record_seq) VALUES (?, ?, ?, ?) "
                     "ON CONFLICT (collection, field, value, record_seq) DO NOTHING")
            .bind(record.collection)
            .bind(field)
            .bind(value)
            .bind(seq)
            .run();
    }
}

[[noreturn]] void fail_taken(const Record& record) {
    throw base::Error(
        base::ErrorCode::conflict, fmt::format("{}: the id \"{}\" is taken", record.collection, record.id)
    );
}

[[noreturn]] void fail_changed(const Record& record) {
    throw base::Error(
        base::ErrorCode::conflict,
        fmt::format(
            "{} {} was changed by another at the same time; read it again", record.collection, record.id
        )
    );
}

std::optional<std::int64_t> seq_of(Connection& connection, std::string_view collection, std::string_view id) {
    auto row = connection.prepare("SELECT seq FROM records WHERE collection = ? AND id = ?");
    row.bind(collection).bind(id);
    return row.step() ? std::optional(row.integer(0)) : std::nullopt;
}

constexpr std::string_view kFindingSelect = "SELECT f.id, f.unit, f.state, f.rev, f.wf_version, f.drill, "
                                            "f.created_at, f.created_by, f.ext, f.asset, f.target, "
                                            "f.check_id, f.locator, f.severity, f.evidence, f.presence, "
                                            "f.presence_run, f.case_id, f.recurrence, f.fingerprint, "
                                            "f.system FROM findings f WHERE f.id = ?";

std::optional<Record> find_finding(Connection& connection, std::string_view id) {
    auto row = connection.prepare(kFindingSelect);
    row.bind(id);
    if (!row.step()) {
        return std::nullopt;
    }
    Record record;
    record.collection = "findings";
    record.id = row.text(0);
    record.unit = model::UnitId(row.text(1));
    record.state = row.text(2);
    record.rev = row.integer(3);
    record.wf = "finding";
    record.wf_version = row.integer(4);
    record.drill = row.integer(5) != 0;
    record.created_at = row.instant(6);
    record.created_by = row.text(7);
    record.body = base::parse_json(row.text(8)).or_throw();
    constexpr std::pair<std::string_view, int> kTexts[] = {
        {"asset", 9},
        {"target", 10},
        {"check", 11},
        {"locator", 12},
        {"severity", 13},
        {"presence", 15},
        {"presence_run", 16},
        {"case", 17},
        {"fingerprint", 19},
        {"system", 20}};
    for (const auto& [name, column] : kTexts) {
        record.body.set(name, row.text(column));
    }
    record.body.set("evidence", base::parse_json(row.text(14)).or_throw());
    record.body.set("recurrence", row.integer(18));
    return record;
}

/// What a finding's columns hold is not written into its ext.
Json ext_of(const Record& finding) {
    constexpr std::string_view kColumns[] = {
        "asset",
        "target",
        "check",
        "locator",
        "severity",
        "presence",
        "presence_run",
        "case",
        "fingerprint",
        "system",
        "evidence",
        "recurrence"};
    Json ext = Json::object();
    for (const auto& [name, value] : finding.body.members()) {
        if (std::find(std::begin(kColumns), std::end(kColumns), name) == std::end(kColumns)) {
            ext.set(name, value);
        }
    }
    return ext;
}

} // namespace

Json Record::to_json() const {
    Json json = Json::object({
        {"id", id},
        {"unit", unit.empty() ? Json() : Json(unit.str())},
        {"state", state},
        {"rev", rev},
        {"created_at", base::format_rfc3339(created_at)},
        {"created_by", created_by},
        {"drill", drill},
    });
    if (!wf.empty()) {
        json.set("wf", wf);
        json.set("wf_version", wf_version);
    }
    for (const auto& [name, value] : body.members()) {
        json.set(name, value);
    }
    if (due) {
        json.set("due", base::format_rfc3339(*due));
    }
    return json;
}

std::string RecordStore::new_id(std::string_view letter) {
    return fmt::format("{}{}", letter, base::hex(base::random_bytes(8)));
}

void RecordStore::insert(const Record& record, const RecordFields& fields) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    if (seq_of(connection, record.collection, record.id)) {
        fail_taken(record);
    }
    const auto seq = sqlite::next_seq(connection, "records");
    connection
        .prepare("INSERT INTO records (seq, collection, id, unit, state, rev, wf, wf_version, drill, due, "
                 "created_at, created_by, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(seq)
        .bind(record.collection)
        .bind(record.id)
        .bind(record.unit.str())
        .bind(record.state)
        .bind(record.rev)
        .bind(record.wf)
        .bind(record.wf_version)
        .bind(std::int64_t{record.drill})
        .bind(record.due)
        .bind(record.created_at)
        .bind(record.created_by)
        .bind(base::to_text(record.body))
        .run();
    write_fields(connection, seq, record, fields);
    transaction.commit();
}

void RecordStore::update(Record& record, const RecordFields& fields) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    const auto seq = seq_of(connection, record.collection, record.id);
    const auto changed =
        connection
            .prepare("UPDATE records SET unit = ?, state = ?, rev = rev + 1, wf_version = ?, drill = ?, "
                     "due = ?, body = ? WHERE collection = ? AND id = ? AND rev = ?")
            .bind(record.unit.str())
            .bind(record.state)
            .bind(record.wf_version)
            .bind(std::int64_t{record.drill})
            .bind(record.due)
            .bind(base::to_text(record.body))
            .bind(record.collection)
            .bind(record.id)
            .bind(record.rev)
            .run();
    if (changed != 1 || !seq) {
        fail_changed(record);
    }
    ++record.rev;
    connection.prepare("DELETE FROM record_fields WHERE record_seq = ?").bind(*seq).run();
    write_fields(connection, *seq, record, fields);
    transaction.commit();
}

std::optional<Record> RecordStore::find(std::string_view collection, std::string_view id) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    if (collection == "findings") {
        return find_finding(connection, id);
    }
    auto row = connection.prepare(fmt::format("{} WHERE collection = ? AND id = ?", kSelect));
    row.bind(collection).bind(id);
    return row.step() ? std::optional(record_of(row)) : std::nullopt;
}

std::vector<Record> RecordStore::find_all(
    std::string_view collection, std::string_view field, std::string_view value
) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare(fmt::format(
        "{} WHERE seq IN (SELECT f.record_seq FROM record_fields f WHERE f.collection = ? AND f.field = ? "
        "AND "
        "f.value = ?) ORDER BY seq",
        kSelect
    ));
    rows.bind(collection).bind(field).bind(value);
    std::vector<Record> records;
    while (rows.step()) {
        records.push_back(record_of(rows));
    }
    return records;
}

void RecordStore::update_finding(Record& finding, std::optional<base::Instant> closed, bool reopened) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    const auto changed = connection
                             .prepare("UPDATE findings SET state = ?, rev = rev + 1, wf_version = ?, drill = "
                                      "?, case_id = ?, ext = ?, "
                                      "recurrence = ?, closed_at = COALESCE(?, closed_at), reopened = "
                                      "reopened + ? WHERE id = ? AND rev "
                                      "= ?")
                             .bind(finding.state)
                             .bind(finding.wf_version)
                             .bind(std::int64_t{finding.drill})
                             .bind(finding["case"].as_string())
                             .bind(base::to_text(ext_of(finding)))
                             .bind(finding["recurrence"].as_int())
                             .bind(closed)
                             .bind(std::int64_t{reopened})
                             .bind(finding.id)
                             .bind(finding.rev)
                             .run();
    if (changed != 1) {
        fail_changed(finding);
    }
    ++finding.rev;
    transaction.commit();
}

std::vector<std::string> RecordStore::closed_but_seen(const model::AssetId& asset, const model::RunId& run) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare("SELECT id FROM findings WHERE asset = ? AND state = 'closed' AND "
                                   "presence = 'present' AND last_run = ? ORDER "
                                   "BY seq");
    rows.bind(asset.str()).bind(run.str());
    std::vector<std::string> ids;
    while (rows.step()) {
        ids.push_back(rows.text(0));
    }
    return ids;
}

void RecordStore::add_history(
    const Record& record,
    base::Instant at,
    std::string_view by,
    std::string_view event,
    std::string_view from,
    std::string_view reason
) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    sqlite::HistoryWriter(connection)
        .add({record.collection, record.id, at, by, event, from, record.state, reason});
    transaction.commit();
}

std::int64_t RecordStore::peek_number(std::string_view series) {
    const auto text = read_value(fmt::format("series/{}", series)).value_or("0");
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number + 1;
}

std::int64_t RecordStore::next_number(std::string_view series) {
    Transaction transaction(database_.connection());
    const auto number = peek_number(series);
    write_value(fmt::format("series/{}", series), std::to_string(number));
    transaction.commit();
    return number;
}

std::optional<std::string> RecordStore::read_value(std::string_view key) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    return sqlite::read_meta(connection, key);
}

void RecordStore::write_value(std::string_view key, std::string_view value) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    sqlite::write_meta(connection, key, value);
    transaction.commit();
}

} // namespace fengsui::store
