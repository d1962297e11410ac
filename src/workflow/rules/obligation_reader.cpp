#include "base/text.h"
#include "workflow/rules/rulebook_reader.h"
#include "workflow/rules/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::workflow {

namespace {

constexpr std::array<std::string_view, 5> kReceivers = {
    "debtor", "creditor", "authority", "regulator", "upper"};
constexpr std::array<std::string_view, 5> kReceiverRoles = {"contact", "head", "leader", "officer", "duty"};

template <class Words>
bool is_listed(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

void RulebookReader::read_obligations(const Json& json) {
    require_known(json, {"rules"});
    if (json["rules"].items().empty()) {
        fault(json, "rules", "write a list of rules");
    }
    for (const auto& rule : json["rules"].items()) {
        if (require_object(rule, "rules")) {
            read_obligation(rule);
        }
    }
}

void RulebookReader::read_obligation(const Json& json) {
    const std::size_t faults_before = out_.faults.size();
    require_known(
        json,
        {"id",
         "groups",
         "on",
         "when",
         "debtor",
         "creditor",
         "cc",
         "form",
         "from",
         "due",
         "cal",
         "due_fact",
         "basis",
         "statutory",
         "verified",
         "remind",
         "overdue",
         "label"}
    );
    ObligationRule rule;
    rule.id = text_of(json, "id");
    if (!rule.id.empty() && !is_dotted_word(rule.id)) {
        fault(json["id"], "id", "write words with dots between them, like notice.fix.high");
    }
    rule.groups = list_of(json, "groups", false);
    rule.on = text_of(json, "on");
    rule.when = condition_of(json, "when");
    rule.debtor = text_of(json, "debtor");
    rule.creditors = list_of(json, "creditor", true);
    rule.cc = list_of(json, "cc", false);
    rule.form = text_of(json, "form");
    rule.from = text_of(json, "from");
    rule.basis = text_of(json, "basis");
    rule.is_statutory = json["statutory"].as_bool();
    rule.verified = json["verified"].as_bool();
    read_deadline(json, rule);
    read_ladder(json, rule);
    const auto label = both_languages(json["label"], "label");
    if (out_.faults.size() == faults_before) {
        out_.rulebook.labels_.insert_or_assign("rule." + rule.id, label);
        out_.rulebook.obligation_rules_.push_back(std::move(rule));
    }
}

/// `due` is a period, or (as in `tick.due_at`) the fact that says it.
void RulebookReader::read_deadline(const Json& json, ObligationRule& rule) {
    rule.due_fact = json["due_fact"].as_string();
    const std::string due = text_of(json, "due");
    if (is_dotted_word(due) && due.find('.') != std::string::npos) {
        rule.due_fact = due;
    } else if (!due.empty()) {
        const auto period = parse_period(due);
        if (period) {
            rule.due = *period;
        } else {
            fault(json["due"], "due", period.error().message());
        }
    }
    const std::string cal = text_of(json, "cal");
    rule.is_workday = cal == "workday";
    if (cal != "workday" && cal != "clock") {
        fault(json["cal"], "cal", "write clock or workday");
    } else if (rule.due && rule.due->is_workday() != rule.is_workday) {
        fault(json["cal"], "cal", "workday goes with a due in working days (PnWD), clock with every other");
    }
    for (const auto& text : list_of(json, "remind", false)) {
        const auto period = parse_period(text);
        if (!period || period->is_workday()) {
            fault(
                json["remind"],
                "remind",
                fmt::format("\"{}\": write a clock time before due, like P1D or PT4H", text)
            );
        } else {
            rule.reminders.push_back(*period);
        }
    }
}

void RulebookReader::read_ladder(const Json& json, ObligationRule& rule) {
    for (const auto& item : json["overdue"].items()) {
        if (!require_object(item, "overdue")) {
            continue;
        }
        require_known(item, {"after", "kind", "to", "document"});
        LadderStep step;
        step.kind = text_of(item, "kind");
        step.document = item["document"].as_string();
        if (!item["after"].is_null()) {
            const auto after = parse_period(item["after"].as_string());
            if (after) {
                step.after = *after;
            } else {
                fault(item["after"], "overdue after", after.error().message());
            }
        }
        for (const auto& receiver : list_of(item, "to", true)) {
            if (!read_receiver(receiver, step)) {
                fault(
                    item["to"],
                    "overdue to",
                    fmt::format(
                        "\"{}\": write debtor, creditor, authority, regulator or upper, a colon, and "
                        "contact, head, "
                        "leader, officer or duty",
                        base::shorten(base::scrub_utf8(receiver), 40)
                    )
                );
            }
        }
        rule.ladder.push_back(std::move(step));
    }
}

bool RulebookReader::read_receiver(std::string_view text, LadderStep& step) {
    const auto parts = base::split(text, ':');
    if (parts.size() != 2 || !is_listed(kReceivers, parts[0]) || !is_listed(kReceiverRoles, parts[1])) {
        return false;
    }
    step.to.push_back({std::string(parts[0]), std::string(parts[1])});
    return true;
}

} // namespace fengsui::workflow
