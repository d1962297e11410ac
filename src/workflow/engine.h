// The case engine: every change of a case, notice, reply, re-check, obligation … goes through here. One call
// is one transaction: state, history with its hash chain, obligations, outbox. Blocking; any thread.
#pragma once

#include "store/finding_store.h"
#include "store/record_store.h"
#include "workflow/actor.h"

#include <functional>
#include <memory>
#include <optional>

namespace fengsui::store {
class Database;
}

namespace fengsui::workflow {

class DocumentTemplates;
class Rulebook;

/// What a listener hears after a change is on the disk.
struct Change {
    std::string collection;
    std::string id;
    model::UnitId unit;
    std::string event;
    std::string state;
    std::int64_t rev = 0;
    bool is_internal = false; ///< not for users of a unit
};

struct EngineOptions {
    bool sends_mail = false;             ///< a mail relay is configured
    bool mails_evidence = false;         ///< else a mail names the title only
    std::vector<std::string> webhooks{}; ///< names of those that hear of everything told
    std::string public_url{};            ///< for the links in mails
    /// What fingerprints of that check go by; nothing: the check's id.
    std::function<std::string(const std::string& check)> family_of{};
    /// {title {zh en}, advice {zh en}} of a check of our own, or null.
    std::function<base::Json(const std::string& check)> texts_of{};
};

/// One call's circumstances.
struct Request {
    Actor actor;
    base::Instant now{};
    std::optional<std::int64_t> rev{}; ///< of If-Match
};

class Engine {
public:
    Engine(store::Database& database, EngineOptions options);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Called after each commit, on the thread that made it. Set before the first use.
    void set_listener(std::function<void(const Change&)> listener);
    [[nodiscard]] const Rulebook& rulebook() const;
    [[nodiscard]] const DocumentTemplates& templates() const;

    /// Makes a record of cases, notices, responses, verifications, calendars, workflows. Throws Refusal.
    store::Record create(std::string_view collection, const base::Json& body, const Request& request);
    /// Merge patch of what the state leaves open.
    store::Record patch(
        std::string_view collection, std::string_view id, const base::Json& changes, const Request& request
    );
    /// Runs a transition of the record's workflow; findings, too.
    store::Record act(
        std::string_view collection,
        std::string_view id,
        std::string_view event,
        const base::Json& input,
        const Request& request
    );

    /// A run of any tool, whole or not at all (contract_rest.md 6.3 `run`): the run as the API gives it.
    base::Json take_run(const base::Json& body, const Request& request);
    /// One target of our own patrol: findings, and what follows for cases.
    store::RecordedTarget record(const store::TargetResult& result);
    /// The answer of the patrol's engine to a planned verification, from what is stored of that run.
    void settle_verification(const std::string& verification, const model::RunId& run, base::Instant now);
    /// The patrol cannot look for what another tool found: its user is asked for a new run, once.
    void ask_for_run(const std::string& verification, base::Instant now);
    /// Re-checks in that state (`planned`: they wait for the patrol's engine), the oldest thousand.
    [[nodiscard]] std::vector<store::Record> verifications_in(std::string_view state);

    /// Keeps a document's bytes and its record: made by the server, or handed in (`internal`: not for units).
    store::Record add_document(store::Record document, std::string_view bytes, const Request& request);

    /// The document that the notice would become now, as HTML; nothing is kept.
    [[nodiscard]] std::string preview(const std::string& notice, const Request& request);
    /// The summary of a unit's subtree over [from, until) with charts: HTML and PDF; the HTML's record.
    store::Record summarise(
        const model::UnitId& unit, base::Instant from, base::Instant until, const Request& request
    );

    /// Fires what is due up to `until`, in order, each at its own time; at most so many. Returns how many.
    std::size_t run_due(base::Instant until, std::size_t at_most);
    /// When the next thing is due.
    [[nodiscard]] std::optional<base::Instant> next_due();

    /// A record as a reader may see it at `now`: computed members added, internal ones left out.
    [[nodiscard]] base::Json view(base::Json record, std::string_view collection, const Request& reader)
        const;

    struct Parts;

private:
    std::unique_ptr<Parts> parts_;
};

/// The unit's scorecard over its subtree: contract_rest.md 6.3. Notices issued in [from, until).
base::Json scorecard(
    store::Database& database,
    const model::UnitId& unit,
    std::optional<base::Instant> from,
    std::optional<base::Instant> until,
    base::Instant now
);

} // namespace fengsui::workflow
