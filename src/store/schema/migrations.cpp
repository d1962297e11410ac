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

// Cases and what belongs to them share one shape: columns for what every record has, `body` (JSON) for the
// rest, `record_fields` for what may be asked for. Who adds a collection adds no table.
constexpr std::string_view kRecords = R"sql(
CREATE TABLE records (
    seq INTEGER PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL, unit TEXT NOT NULL, state TEXT NOT NULL,
    rev BIGINT NOT NULL, wf TEXT NOT NULL, wf_version INTEGER NOT NULL, drill INTEGER NOT NULL, due BIGINT,
    created_at BIGINT NOT NULL, created_by TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (collection, id));
CREATE INDEX records_seq ON records (collection, seq);
CREATE INDEX records_unit ON records (collection, unit, seq);
CREATE INDEX records_state ON records (collection, state, seq);
CREATE INDEX records_due ON records (collection, state, due);

CREATE TABLE record_fields (
    collection TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, record_seq BIGINT NOT NULL,
    PRIMARY KEY (collection, field, value, record_seq));
CREATE INDEX record_fields_record ON record_fields (record_seq);

CREATE TABLE timers (
    seq INTEGER PRIMARY KEY, at BIGINT NOT NULL, kind TEXT NOT NULL, collection TEXT NOT NULL, subject TEXT NOT NULL,
    data TEXT NOT NULL);
CREATE INDEX timers_at ON timers (at, seq);
CREATE INDEX timers_subject ON timers (collection, subject);

CREATE TABLE idempotency (
    user_id TEXT NOT NULL, idempotency_key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL,
    headers TEXT NOT NULL, body TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (user_id, idempotency_key));
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, outbox TEXT NOT NULL, channel TEXT NOT NULL,
    receiver TEXT NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL,
    next_at BIGINT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX deliveries_due ON deliveries (state, next_at, seq);
CREATE INDEX deliveries_outbox ON deliveries (outbox);

CREATE TABLE notice_scores (
    notice TEXT PRIMARY KEY, unit TEXT NOT NULL, severity TEXT NOT NULL, issued_at BIGINT NOT NULL,
    ack_due BIGINT, ack_at BIGINT, fix_due BIGINT, fix_at BIGINT, fix_days INTEGER, first_pass INTEGER);
CREATE INDEX notice_scores_unit ON notice_scores (unit, issued_at);

ALTER TABLE findings ADD COLUMN ext TEXT NOT NULL DEFAULT '{}';
ALTER TABLE findings ADD COLUMN case_id TEXT NOT NULL DEFAULT '';
ALTER TABLE findings ADD COLUMN wf_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE findings ADD COLUMN created_by TEXT NOT NULL DEFAULT 'system';
ALTER TABLE findings ADD COLUMN drill INTEGER NOT NULL DEFAULT 0;
ALTER TABLE findings ADD COLUMN closed_at BIGINT;
ALTER TABLE findings ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0;
CREATE TABLE severity_history (
    seq INTEGER PRIMARY KEY, finding TEXT NOT NULL, at BIGINT NOT NULL, severity TEXT NOT NULL, tool TEXT NOT NULL);
INSERT INTO severity_history (finding, at, severity, tool) SELECT finding, at, severity, 'fengsui' FROM
    finding_severity ORDER BY finding, at;
DROP TABLE finding_severity;
CREATE INDEX severity_history_finding ON severity_history (finding, seq);
CREATE INDEX findings_state ON findings (state, seq);
CREATE INDEX findings_case ON findings (case_id);
CREATE INDEX findings_closed ON findings (closed_at);

ALTER TABLE units ADD COLUMN kind TEXT NOT NULL DEFAULT 'unit';
ALTER TABLE units ADD COLUMN ext TEXT NOT NULL DEFAULT '{}';
ALTER TABLE units ADD COLUMN created_by TEXT NOT NULL DEFAULT 'system';
ALTER TABLE systems ADD COLUMN ext TEXT NOT NULL DEFAULT '{}';
ALTER TABLE systems ADD COLUMN created_by TEXT NOT NULL DEFAULT 'system';
ALTER TABLE assets ADD COLUMN created_by TEXT NOT NULL DEFAULT 'system';
ALTER TABLE runs ADD COLUMN tool TEXT NOT NULL DEFAULT 'fengsui';
ALTER TABLE runs ADD COLUMN body TEXT NOT NULL DEFAULT '{}';
ALTER TABLE runs ADD COLUMN created_by TEXT NOT NULL DEFAULT 'system';
)sql";

// Whom mails go to, and in which language.
constexpr std::string_view kUserContacts = R"sql(
ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT '';
)sql";

// The second factor: a secret that is never shown again, one that waits to be confirmed, and the last step
// used.
constexpr std::string_view kUserSecondFactor = R"sql(
ALTER TABLE users ADD COLUMN totp_secret TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN totp_pending TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN totp_step BIGINT;
)sql";

// Who is below whom, so that a scope is asked for by an index: sqlite/unit_below.h keeps it.
constexpr std::string_view kUnitBelow = R"sql(
CREATE TABLE unit_below (top TEXT NOT NULL, unit TEXT NOT NULL, PRIMARY KEY (top, unit));
CREATE INDEX unit_below_unit ON unit_below (unit);
WITH RECURSIVE pairs (top, unit) AS (
    SELECT id, id FROM units UNION SELECT p.top, u.id FROM units u JOIN pairs p ON u.parent = p.unit)
    INSERT INTO unit_below (top, unit) SELECT top, unit FROM pairs;
)sql";

// The newest grade of each asset, and one a day of those before.
constexpr std::string_view kGrades = R"sql(
CREATE TABLE grades (
    asset TEXT NOT NULL, unit TEXT NOT NULL, day BIGINT NOT NULL, at BIGINT NOT NULL, score INTEGER NOT NULL,
    grade TEXT NOT NULL, is_newest INTEGER NOT NULL, PRIMARY KEY (asset, day));
CREATE INDEX grades_unit ON grades (unit, is_newest, score);
)sql";

// What visits taught about an asset's home page.
constexpr std::string_view kPageBaselines = R"sql(
CREATE TABLE page_baselines (asset TEXT PRIMARY KEY, body TEXT NOT NULL, updated_at BIGINT NOT NULL);
)sql";

constexpr Migration kMigrations[] = {
    {1, kRegistry},
    {2, kRuns},
    {3, kFindings},
    {4, kAuditAndUsers},
    {5, kUserRevisions},
    {6, kRecords},
    {7, kUserContacts},
    {8, kUserSecondFactor},
    {9, kUnitBelow},
    {10, kGrades},
    {11, kPageBaselines},
};

} // namespace

std::span<const Migration> migrations() {
    return kMigrations;
}

} // namespace fengsui::store::schema
