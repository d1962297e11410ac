#include "store/schema/schema.h"

namespace fengsui::store::schema {

namespace {

// Instants are milliseconds since 1970 UTC, dates ISO texts, lists and objects JSON texts. `seq` is the order
// of creation: what pages go by.
constexpr std::string_view kRegistry = R"sql(
CREATE TABLE units (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, parent TEXT NOT NULL,
    created_at BIGINT NOT NULL);
CREATE INDEX units_parent ON units (parent);

CREATE TABLE contacts (
    unit TEXT NOT NULL REFERENCES units (id), position INTEGER NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL,
    email TEXT NOT NULL, phone TEXT NOT NULL, PRIMARY KEY (unit, position));

CREATE TABLE systems (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, unit TEXT NOT NULL REFERENCES units (id),
    name TEXT NOT NULL, protection_level INTEGER, critical INTEGER NOT NULL, state TEXT NOT NULL);
CREATE INDEX systems_unit ON systems (unit, seq);

CREATE TABLE assets (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, unit TEXT NOT NULL REFERENCES units (id),
    system TEXT NOT NULL, value TEXT NOT NULL, kind TEXT NOT NULL, authorised_from TEXT, authorised_until TEXT,
    probe_class TEXT NOT NULL, custom TEXT NOT NULL, state TEXT NOT NULL, created_at BIGINT NOT NULL,
    withdrawn_at BIGINT);
CREATE INDEX assets_unit ON assets (unit, seq);
CREATE INDEX assets_system ON assets (system, seq);
)sql";

constexpr std::string_view kRuns = R"sql(
CREATE TABLE runs (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope_key TEXT NOT NULL, scope TEXT NOT NULL,
    tool_version TEXT NOT NULL, state TEXT NOT NULL, targets BIGINT NOT NULL, summary TEXT NOT NULL,
    started_at BIGINT NOT NULL, ended_at BIGINT);
CREATE INDEX runs_scope ON runs (scope_key, seq);

CREATE TABLE run_targets (
    run TEXT NOT NULL, asset TEXT NOT NULL, completed_at BIGINT NOT NULL,
    PRIMARY KEY (run, asset));

CREATE TABLE coverage (
    asset TEXT NOT NULL, check_id TEXT NOT NULL, target TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
    run TEXT NOT NULL, at BIGINT NOT NULL, last_completed_at BIGINT, last_completed_run TEXT,
    PRIMARY KEY (asset, check_id));
CREATE INDEX coverage_status ON coverage (status, reason);

CREATE TABLE schedule (
    asset TEXT NOT NULL, check_group TEXT NOT NULL, last_started BIGINT, last_completed BIGINT,
    PRIMARY KEY (asset, check_group));
)sql";

constexpr std::string_view kFindings = R"sql(
CREATE TABLE findings (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL UNIQUE, check_id TEXT NOT NULL,
    family TEXT NOT NULL, unit TEXT NOT NULL, system TEXT NOT NULL, asset TEXT NOT NULL, target TEXT NOT NULL,
    locator TEXT NOT NULL, severity TEXT NOT NULL, evidence TEXT NOT NULL, presence TEXT NOT NULL,
    presence_run TEXT NOT NULL, state TEXT NOT NULL, first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL,
    last_run TEXT NOT NULL, recurrence INTEGER NOT NULL, rev INTEGER NOT NULL, created_at BIGINT NOT NULL);
CREATE INDEX findings_asset ON findings (asset, family);
CREATE INDEX findings_presence ON findings (presence, severity, unit, seq);
CREATE INDEX findings_presence_seq ON findings (presence, seq);
CREATE INDEX findings_severity ON findings (severity, seq);
CREATE INDEX findings_presence_severity ON findings (presence, severity, seq);
CREATE INDEX findings_unit ON findings (unit, seq);
CREATE INDEX findings_unit_presence ON findings (unit, presence, seq);
CREATE INDEX findings_unit_severity ON findings (unit, severity, seq);
CREATE INDEX findings_unit_presence_severity ON findings (unit, presence, severity, seq);
CREATE INDEX findings_check ON findings (check_id, seq);
CREATE INDEX findings_first_seen ON findings (first_seen, severity, unit);

CREATE TABLE finding_severity (
    finding TEXT NOT NULL, at BIGINT NOT NULL, severity TEXT NOT NULL, PRIMARY KEY (finding, at));

CREATE TABLE finding_runs (finding BIGINT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (finding, run));

CREATE TABLE check_texts (
    check_id TEXT PRIMARY KEY, title TEXT NOT NULL, advice TEXT NOT NULL, refs TEXT NOT NULL);

CREATE TABLE history (
    seq INTEGER PRIMARY KEY, collection TEXT NOT NULL, record TEXT NOT NULL, at BIGINT NOT NULL, "by" TEXT NOT NULL,
    event TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX history_record ON history (collection, record, seq);
CREATE INDEX history_event ON history (collection, event, at);
)sql";

constexpr std::string_view kAuditAndUsers = R"sql(
CREATE TABLE audit (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL, prev_hash TEXT NOT NULL);

CREATE TABLE users (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL,
    roles TEXT NOT NULL, unit TEXT NOT NULL, disabled INTEGER NOT NULL, created_at BIGINT NOT NULL);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id), label TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE, expires_at BIGINT, created_at BIGINT NOT NULL);

CREATE TABLE sessions (
    hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id), csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);
CREATE INDEX sessions_expiry ON sessions (expires_at);
)sql";

constexpr std::string_view kUserRevisions = R"sql(
ALTER TABLE users ADD COLUMN rev INTEGER NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN created_by TEXT NOT NULL DEFAULT 'system';
)sql";

constexpr Migration kMigrations[] = {
    {1, kRegistry}, {2, kRuns}, {3, kFindings}, {4, kAuditAndUsers}, {5, kUserRevisions}};

} // namespace

std::span<const Migration> migrations() {
    return kMigrations;
}

} // namespace fengsui::store::schema
