#include "workflow/engine/obligations.h"

#include "workflow/engine/documents.h"
#include "workflow/engine/obligation_facts.h"

#include <algorithm>

namespace fengsui::workflow {

namespace {

using std::chrono::milliseconds;

constexpr std::string_view kRemind = "obligation.remind";
constexpr std::string_view kOverdue = "obligation.overdue";

Json texts(Operation& op, const Record& subject, const std::vector<std::string>& names) {
    Json list = Json::array();
    for (const auto& name : names) {
        if (const auto one = party(op, subject, name); !one.empty()) {
            list.push(one);
        }
    }
    return list;
}

/// Reminders that still lie ahead, and the steps that follow when the time is over.
void set_timers(Operation& op, const Record& obligation, const ObligationRule& rule, base::Instant due) {
    const auto calendar = op.calendar_of(obligation.unit);
    for (const auto& before : rule.reminders) {
        const auto at = subtract_period(due, before, calendar);
        if (at > op.now) {
            op.timers.add({0, at, std::string(kRemind), "obligations", obligation.id, {}});
        }
    }
    for (std::size_t step = 0; step < rule.ladder.size(); ++step) {
        const auto& after = rule.ladder[step].after;
        const bool at_once = after == Period{};
        // Met up to and including the due time: the first step is due a moment later.
        const auto at = at_once ? due + milliseconds(1) : add_period(due, after, calendar);
        op.timers.add(
            {0,
             std::max(at, op.now),
             std::string(kOverdue),
             "obligations",
             obligation.id,
             Json::object({{"step", static_cast<std::int64_t>(step)}})}
        );
    }
}

Record new_obligation(
    Operation& op, const Record& subject, const ObligationRule& rule, base::Instant start, base::Instant due
) {
    const auto debtor = party(op, subject, rule.debtor);
    const bool is_unit = op.tree.find(model::UnitId(debtor)).has_value();
    auto obligation = op.begin("obligations", "o", is_unit ? model::UnitId(debtor) : subject.unit);
    obligation.state = "pending";
    obligation.drill = subject.drill;
    obligation.due = due;
    obligation.body = Json::object({
        {"rule", rule.id},
        {"subject", subject.id},
        {"subject_collection", subject.collection},
        {"debtor", debtor},
        {"creditor", texts(op, subject, rule.creditors)},
        {"cc", texts(op, subject, rule.cc)},
        {"form", rule.form},
        {"clock_start", base::format_rfc3339(start)},
        {"calendar", rule.is_workday ? "workday" : "clock"},
        {"basis", rule.basis},
        {"verified", rule.verified},
        {"met_at", nullptr},
        {"days_late", 0},
        {"minutes_late", 0},
        {"history", Json::array()},
    });
    return obligation;
}

base::Instant start_of_clock(const Json& facts, const ObligationRule& rule, base::Instant otherwise) {
    auto at = base::parse_rfc3339(fact(facts, rule.from).as_string());
    return at ? *at : otherwise;
}

std::vector<const ObligationRule*> rules_of(
    Operation& op, const Record& subject, std::string_view name, std::string_view on, const Json& facts
) {
    std::vector<const ObligationRule*> rules;
    for (const auto* rule : op.parts.rulebook.rules_for(on, facts)) {
        if (rule->answers_to(name) && !(subject.drill && rule->is_statutory)) {
            rules.push_back(rule);
        }
    }
    return rules;
}

std::vector<Record> pending_of(Operation& op, const Record& subject, std::string_view name) {
    std::vector<Record> pending;
    for (auto& obligation : op.records.find_all("obligations", "subject", subject.id)) {
        const auto* rule = op.parts.rulebook.obligation_rule(obligation["rule"].as_string());
        const bool answers = name.empty()
                             || (rule != nullptr ? rule->answers_to(name)
                                                 : matches_prefix(name, obligation["rule"].as_string()));
        if (obligation.state == "pending" && answers) {
            pending.push_back(std::move(obligation));
        }
    }
    return pending;
}

void add_note(
    Operation& op, Record& obligation, const std::string& why, base::Instant old, base::Instant now_due
) {
    Json history = obligation["history"];
    history.push(Json::object({
        {"at", base::format_rfc3339(op.now)},
        {"by", op.actor.id},
        {"why", why},
        {"old", base::format_rfc3339(old)},
        {"new", base::format_rfc3339(now_due)},
    }));
    obligation.body.set("history", std::move(history));
}

void set_lateness(const Calendar& calendar, const Record& obligation, base::Instant at, Json& json) {
    const bool is_workday = obligation["calendar"].as_string() == "workday";
    json.set("days_late", is_workday ? working_days_late(*obligation.due, at, calendar) : 0);
    json.set("minutes_late", is_workday ? 0 : minutes_late(*obligation.due, at));
}

std::optional<base::Instant> submission_of(const Record& obligation) {
    auto at = base::parse_rfc3339(obligation["submitted_at"].as_string());
    return at ? std::optional(*at) : std::nullopt;
}

/// The notice's row of the scorecard follows its obligations.
void note_score(Operation& op, const Record& obligation, std::optional<base::Instant> met) {
    auto score = op.scores.find(obligation["subject"].as_string());
    if (!score) {
        return;
    }
    const auto& rule = obligation["rule"].as_string();
    if (matches_prefix("notice.ack", rule)) {
        score->ack_due = obligation.due;
        score->ack_at = met;
    } else if (matches_prefix("notice.fix", rule)) {
        score->fix_due = obligation.due;
        score->fix_at = met;
        if (met) {
            score->fix_days = working_days_between(score->issued_at, *met, op.calendar_of(obligation.unit));
        }
    }
    op.scores.put(*score);
}

void tell_debtor(Operation& op, const Record& subject, const Record& obligation) {
    op.tell(subject, {"reminder", obligation["debtor"].as_string(), "contact", obligation.id, {}, {}});
}

void climb(Operation& op, const Record& subject, const Record& obligation, const LadderStep& step) {
    std::string document;
    if (!step.document.empty()) {
        document = make_document(op, subject, {step.document, step.document}).html;
    }
    for (const auto& receiver : step.to) {
        if (const auto to = party(op, subject, receiver.who); !to.empty()) {
            op.tell(subject, {step.kind, to, receiver.role, obligation.id, document, {}});
        }
    }
}

} // namespace

void open_obligations(Operation& op, const Record& subject, std::string_view name, std::string_view event) {
    const auto facts = facts_of(op, subject);
    for (const auto* rule : rules_of(op, subject, name, fact_event(subject, event), facts)) {
        const auto start = start_of_clock(facts, *rule, op.now);
        const auto due = rule->due_of(start, facts, op.calendar_of(subject.unit)).or_throw();
        auto obligation = new_obligation(op, subject, *rule, start, due);
        op.insert(obligation);
        set_timers(op, obligation, *rule, due);
        note_score(op, obligation, std::nullopt);
    }
}

std::optional<base::Instant> due_to_be(Operation& op, const Record& subject, std::string_view name) {
    const auto facts = facts_of(op, subject);
    std::optional<base::Instant> latest;
    for (const auto* rule : op.parts.rulebook.rules_named(name, facts)) {
        const auto due =
            rule->due_of(start_of_clock(facts, *rule, op.now), facts, op.calendar_of(subject.unit));
        if (due && (!latest || *due > *latest)) {
            latest = *due;
        }
    }
    return latest;
}

void close_obligations(Operation& op, const Record& subject, std::string_view name) {
    for (auto& obligation : pending_of(op, subject, name)) {
        const auto met = submission_of(obligation).value_or(op.now);
        set_lateness(op.calendar_of(obligation.unit), obligation, met, obligation.body);
        obligation.state = met <= *obligation.due ? "met" : "met_late";
        obligation.body.set("met_at", base::format_rfc3339(met));
        op.timers.remove_all("obligations", obligation.id);
        op.save(obligation, "met", "pending", "");
        note_score(op, obligation, met);
    }
}

void move_obligations(
    Operation& op, const Record& subject, std::string_view name, base::Instant due, const std::string& why
) {
    for (auto& obligation : pending_of(op, subject, name)) {
        add_note(op, obligation, why, *obligation.due, due);
        obligation.due = due;
        op.timers.remove_all("obligations", obligation.id);
        op.save(obligation, "moved", "pending", why);
        if (const auto* rule = op.parts.rulebook.obligation_rule(obligation["rule"].as_string())) {
            set_timers(op, obligation, *rule, due);
        }
        note_score(op, obligation, std::nullopt);
    }
}

void cancel_obligations(Operation& op, const Record& subject, const std::string& why) {
    for (auto& obligation : pending_of(op, subject, "")) {
        obligation.state = "cancelled";
        op.timers.remove_all("obligations", obligation.id);
        op.save(obligation, "cancelled", "pending", why);
    }
}

void note_submission(Operation& op, const Record& subject, std::optional<base::Instant> submitted) {
    for (auto& obligation : pending_of(op, subject, "notice.fix")) {
        const bool was_in_time = submission_of(obligation).value_or(base::Instant::max()) <= *obligation.due;
        obligation.body.set("submitted_at", submitted ? Json(base::format_rfc3339(*submitted)) : Json());
        op.save(obligation, submitted ? "submitted" : "returned", "pending", "");
        const auto* rule = op.parts.rulebook.obligation_rule(obligation["rule"].as_string());
        if (rule != nullptr && !submitted && was_in_time && *obligation.due < op.now) {
            // While a timely reply was judged nobody was urged; now the time is over.
            op.timers.remove_all("obligations", obligation.id);
            set_timers(op, obligation, *rule, *obligation.due);
        }
    }
}

void fire_obligation(Operation& op, const store::Timer& timer) {
    const auto obligation = op.find("obligations", timer.subject);
    if (!obligation || obligation->state != "pending") {
        return;
    }
    const auto subject =
        op.find((*obligation)["subject_collection"].as_string(), (*obligation)["subject"].as_string());
    if (!subject || submission_of(*obligation).value_or(base::Instant::max()) <= *obligation->due) {
        return;
    }
    if (timer.kind == kRemind) {
        tell_debtor(op, *subject, *obligation);
        return;
    }
    const auto* rule = op.parts.rulebook.obligation_rule((*obligation)["rule"].as_string());
    const auto step = static_cast<std::size_t>(timer.data["step"].as_int());
    if (rule != nullptr && step < rule->ladder.size()) {
        climb(op, *subject, *obligation, rule->ladder[step]);
    }
}

bool is_overdue(const Record& obligation, base::Instant now) {
    return obligation.state == "pending" && obligation.due && *obligation.due < now
           && submission_of(obligation).value_or(base::Instant::max()) > *obligation.due;
}

void add_lateness(store::Database& database, const Record& obligation, base::Instant now, Json& view) {
    const bool overdue = is_overdue(obligation, now);
    view.set("overdue", overdue);
    if (overdue) {
        set_lateness(calendar_for(database, obligation.unit), obligation, now, view);
    }
}

} // namespace fengsui::workflow
