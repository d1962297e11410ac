#include "store/sqlite/finding_writer.h"

#include "store/sqlite/meta.h"

#include <algorithm>

namespace fengsui::store::sqlite {

namespace {

using model::Finding;
using model::Presence;

Presence presence_of(std::string_view text) {
    if (text == "present") {
        return Presence::present;
    }
    return text == "absent" ? Presence::absent : Presence::unknown;
}

model::LocalText local_text_of(const base::Json& json) {
    return {json["zh"].as_string(), json["en"].as_string()};
}

base::Json parse_stored(const std::string& text) {
    return text.empty() ? base::Json() : base::parse_json(text).or_throw();
}

} // namespace

FindingWriter::FindingWriter(Connection& connection, const TargetResult& result)
    : connection_(connection), result_(result), history_(connection) {}

RecordedTarget FindingWriter::write() {
    find_owner();
    for (const auto& check : result_.checks) {
        if (!check.adds_only) {
            write_coverage(check);
        }
        if (check.outcome.is_completed()) {
            write_findings(check);
        }
    }
    if (result_.ends_target) {
        end_target();
    }
    return std::move(recorded_);
}

void FindingWriter::find_owner() {
    auto row = connection_.prepare("SELECT unit, system FROM assets WHERE id = ?");
    row.bind(result_.asset.str());
    if (row.step()) {
        unit_ = row.text(0);
        system_ = row.text(1);
    }
}

void FindingWriter::write_coverage(const CheckResult& check) {
    const bool is_completed = check.outcome.is_completed();
    auto upsert = connection_.prepare(
        "INSERT INTO coverage (asset, check_id, target, status, reason, run, at, last_completed_at, "
        "last_completed_run) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (asset, check_id) DO UPDATE SET target = "
        "excluded.target, "
        "status = excluded.status, reason = excluded.reason, run = excluded.run, at = excluded.at, "
        "last_completed_at = COALESCE(excluded.last_completed_at, coverage.last_completed_at), "
        "last_completed_run = COALESCE(excluded.last_completed_run, coverage.last_completed_run)"
    );
    upsert.bind(result_.asset.str())
        .bind(check.check.str())
        .bind(result_.target)
        .bind(model::to_string(check.outcome.status))
        .bind(is_completed ? std::string_view() : model::to_string(check.outcome.reason))
        .bind(result_.run.str())
        .bind(result_.at)
        .bind(is_completed ? std::optional(result_.at) : std::nullopt);
    is_completed ? upsert.bind(result_.run.str()) : upsert.bind_null();
    upsert.run();
}

void FindingWriter::write_findings(const CheckResult& check) {
    const std::string& family = check.family.empty() ? check.check.str() : check.family;
    auto stored = read_stored(family);
    std::unordered_map<std::string, bool> done;
    for (const auto& found : check.findings) {
        auto finding = complete(found, family);
        finding.check = check.check;
        if (!done.emplace(finding.fingerprint, true).second) {
            continue; // the same claim twice is one
        }
        if (!is_import()) {
            write_texts(finding); // another tool's words stay with its finding
        }
        const auto before = stored.find(finding.fingerprint);
        if (before == stored.end()) {
            insert(std::move(finding), family);
        } else {
            update(std::move(finding), before->second);
        }
    }
    if (check.adds_only) {
        return;
    }
    for (const auto& [fingerprint, before] : stored) {
        const bool is_unseen =
            std::find(check.unseen.begin(), check.unseen.end(), before.finding.locator) != check.unseen.end();
        if (before.presence != Presence::absent && !is_unseen && !done.contains(fingerprint)) {
            make_absent(before);
        }
    }
}

FindingWriter::StoredByFingerprint FindingWriter::read_stored(const std::string& family) {
    StoredByFingerprint stored;
    auto rows =
        connection_.prepare("SELECT f.seq, f.id, f.fingerprint, f.check_id, f.unit, f.target, "
                            "f.locator, f.severity, f.evidence, f.presence, "
                            "f.first_seen, f.last_seen, t.title, t.advice, f.ext FROM findings f LEFT JOIN "
                            "check_texts t ON t.check_id = f.check_id "
                            "WHERE f.asset = ? AND f.family = ?");
    rows.bind(result_.asset.str()).bind(family);
    while (rows.step()) {
        Stored row;
        auto& finding = row.finding;
        row.seq = rows.integer(0);
        finding.id = model::FindingId(rows.text(1));
        finding.fingerprint = rows.text(2);
        finding.check = model::CheckId(rows.text(3));
        finding.unit = model::UnitId(rows.text(4));
        finding.asset = result_.asset;
        finding.target = rows.text(5);
        finding.locator = rows.text(6);
        finding.severity = model::parse_severity(rows.text(7)).value_or(model::Severity::info);
        finding.evidence = parse_stored(rows.text(8));
        row.presence = presence_of(rows.text(9));
        finding.first_seen = rows.instant(10);
        finding.last_seen = rows.instant(11);
        finding.title = local_text_of(parse_stored(rows.text(12)));
        finding.advice = local_text_of(parse_stored(rows.text(13)));
        row.ext = parse_stored(rows.text(14));
        stored.emplace(finding.fingerprint, std::move(row));
    }
    return stored;
}

void FindingWriter::write_texts(const Finding& finding) {
    base::JsonArray references(finding.references.begin(), finding.references.end());
    connection_
        .prepare("INSERT INTO check_texts (check_id, title, advice, refs) VALUES (?, ?, ?, ?) ON CONFLICT "
                 "(check_id) "
                 "DO UPDATE SET title = excluded.title, advice = excluded.advice, refs = excluded.refs "
                 "WHERE title <> excluded.title OR advice <> excluded.advice OR refs <> excluded.refs")
        .bind(finding.check.str())
        .bind(base::to_text(finding.title.to_json()))
        .bind(base::to_text(finding.advice.to_json()))
        .bind(base::to_text(references))
        .run();
}

Finding FindingWriter::complete(const Finding& found, const std::string& family) const {
    Finding finding = found;
    finding.asset = result_.asset;
    finding.target = result_.target;
    if (!unit_.empty()) {
        finding.unit = model::UnitId(unit_);
    }
    if (finding.fingerprint.empty()) {
        finding.fingerprint = model::finding_fingerprint(family, result_.asset, finding.locator);
    }
    finding.id = model::finding_id_of(finding.fingerprint);
    finding.first_seen = result_.at;
    finding.last_seen = result_.at;
    return finding;
}

void FindingWriter::insert(Finding finding, const std::string& family) {
    const auto seq = next_seq(connection_, "findings");
    connection_
        .prepare("INSERT INTO findings (seq, id, fingerprint, check_id, family, unit, system, asset, target, "
                 "locator, severity, "
                 "evidence, presence, presence_run, state, first_seen, last_seen, last_run, recurrence, rev, "
                 "created_at, created_by, ext) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'present', ?, 'new', ?, ?, ?, 0, 1, ?, ?, ?)")
        .bind(seq)
        .bind(finding.id.str())
        .bind(finding.fingerprint)
        .bind(finding.check.str())
        .bind(family)
        .bind(finding.unit.str())
        .bind(system_)
        .bind(finding.asset.str())
        .bind(finding.target)
        .bind(finding.locator)
        .bind(model::to_string(finding.severity))
        .bind(base::to_text(finding.evidence))
        .bind(result_.run.str())
        .bind(result_.at)
        .bind(result_.at)
        .bind(result_.run.str())
        .bind(result_.at)
        .bind(result_.by)
        .bind(base::to_text(new_ext(finding)))
        .run();
    note_severity(finding);
    note(finding, "found", "", "present");
    link_run(seq);
    recorded_.findings.push_back(finding);
    recorded_.changes.push_back({ChangeKind::found, std::move(finding)});
}

void FindingWriter::update(Finding finding, const Stored& stored) {
    const bool reappears = stored.presence == Presence::absent;
    const bool severity_changes = finding.severity != stored.finding.severity;
    const bool changes = stored.presence != Presence::present || severity_changes;
    if (finding.evidence.members().empty()) {
        finding.evidence = stored.finding.evidence; // a report without proof takes none away
    }
    finding.first_seen = stored.finding.first_seen;
    finding.last_seen = std::max(stored.finding.last_seen, result_.at);
    connection_
        .prepare("UPDATE findings SET check_id = ?, unit = ?, target = ?, locator = ?, severity = ?, "
                 "evidence = ?, "
                 "presence = 'present', presence_run = ?, last_seen = ?, last_run = ?, recurrence = "
                 "recurrence + ?, "
                 "rev = rev + ? WHERE seq = ?")
        .bind(finding.check.str())
        .bind(finding.unit.str())
        .bind(finding.target)
        .bind(finding.locator)
        .bind(model::to_string(finding.severity))
        .bind(base::to_text(finding.evidence))
        .bind(result_.run.str())
        .bind(finding.last_seen)
        .bind(result_.run.str())
        .bind(reappears ? 1 : 0)
        .bind(changes ? 1 : 0)
        .bind(stored.seq)
        .run();
    link_run(stored.seq);
    add_source(finding, stored);
    if (stored.presence != Presence::present) {
        note(finding, reappears ? "reappeared" : "seen_again", model::to_string(stored.presence), "present");
    }
    if (severity_changes) {
        note_severity(finding);
        note(
            finding,
            "severity_changed",
            model::to_string(stored.finding.severity),
            model::to_string(finding.severity)
        );
        recorded_.changes.push_back({ChangeKind::severity_changed, finding});
    }
    if (reappears) {
        recorded_.changes.push_back({ChangeKind::reappeared, finding});
    }
    recorded_.findings.push_back(std::move(finding));
}

void FindingWriter::note_severity(const Finding& finding) {
    connection_
        .prepare("INSERT INTO severity_history (seq, finding, at, severity, tool) VALUES (?, ?, ?, ?, ?)")
        .bind(next_seq(connection_, "severity_history"))
        .bind(finding.id.str())
        .bind(result_.at)
        .bind(model::to_string(finding.severity))
        .bind(result_.tool)
        .run();
}

base::Json FindingWriter::source_of(const Finding& finding) const {
    auto source = base::Json::object(
        {{"tool", result_.tool},
         {"run", result_.run.str()},
         {"severity", model::to_string(finding.severity)},
         {"first_seen", base::format_rfc3339(result_.at)}}
    );
    if (is_import()) {
        source.set("title", finding.title.zh);
    }
    return source;
}

base::Json FindingWriter::new_ext(const Finding& finding) const {
    auto ext = base::Json::object({{"sources", base::Json::array({source_of(finding)})}});
    if (is_import()) {
        ext.set("title", finding.title.to_json());
    }
    for (const auto& [name, value] : finding.more.members()) {
        ext.set(name, value);
    }
    return ext;
}

/// A tool is named once, with what it said first.
void FindingWriter::add_source(const Finding& finding, const Stored& stored) {
    const auto& sources = stored.ext["sources"].items();
    const bool is_known = std::any_of(sources.begin(), sources.end(), [this](const base::Json& source) {
        return source["tool"].as_string() == result_.tool;
    });
    if (is_known) {
        return;
    }
    auto ext = stored.ext;
    auto all = ext["sources"];
    ext.set("sources", all.push(source_of(finding)));
    connection_.prepare("UPDATE findings SET ext = ? WHERE seq = ?")
        .bind(base::to_text(ext))
        .bind(stored.seq)
        .run();
}

void FindingWriter::make_absent(const Stored& stored) {
    connection_
        .prepare("UPDATE findings SET presence = 'absent', presence_run = ?, rev = rev + 1 WHERE seq = ?")
        .bind(result_.run.str())
        .bind(stored.seq)
        .run();
    note(stored.finding, "absent", model::to_string(stored.presence), "absent");
    recorded_.changes.push_back({ChangeKind::absent, stored.finding});
}

void FindingWriter::link_run(std::int64_t seq) {
    connection_
        .prepare("INSERT INTO finding_runs (finding, run) VALUES (?, ?) ON CONFLICT (finding, run) DO NOTHING"
        )
        .bind(seq)
        .bind(result_.run.str())
        .run();
}

void FindingWriter::note(
    const Finding& finding, std::string_view event, std::string_view from, std::string_view to
) {
    history_.add({"findings", finding.id.str(), result_.at, result_.by, event, from, to, result_.run.str()});
}

void FindingWriter::end_target() {
    connection_
        .prepare("INSERT INTO run_targets (run, asset, completed_at) VALUES (?, ?, ?) ON CONFLICT (run, "
                 "asset) DO NOTHING")
        .bind(result_.run.str())
        .bind(result_.asset.str())
        .bind(result_.at)
        .run();
}

} // namespace fengsui::store::sqlite
