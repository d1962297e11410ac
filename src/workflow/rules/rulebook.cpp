#include "workflow/rulebook.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::workflow {

namespace {

using base::Json;

constexpr std::string_view kUnverified = "未核实";

Json list_of_texts(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const auto& text : texts) {
        list.push(text);
    }
    return list;
}

void put_in(std::string& text, std::string_view place, const std::string& value) {
    const auto at = text.find(place);
    if (at != std::string::npos) {
        text.replace(at, place.size(), value);
    }
}

} // namespace

bool matches_prefix(std::string_view prefix, std::string_view name) {
    return !prefix.empty() && name.starts_with(prefix)
           && (name.size() == prefix.size() || name[prefix.size()] == '.');
}

bool ObligationRule::answers_to(std::string_view name) const {
    return matches_prefix(name, id) || std::find(groups.begin(), groups.end(), name) != groups.end();
}

base::Result<base::Instant> ObligationRule::due_of(
    base::Instant start, const Json& facts, const Calendar& calendar
) const {
    const Json& said = due_fact.empty() ? Json() : fact(facts, due_fact);
    if (said.is_null()) {
        if (due) {
            return add_period(start, *due, calendar);
        }
        return base::Error(
            base::ErrorCode::invalid_argument, fmt::format("rule {}: {} is not given", id, due_fact)
        );
    }
    if (!said.as_string().starts_with('P')) {
        return base::parse_rfc3339(said.as_string()).context(due_fact);
    }
    const auto period = parse_period(said.as_string());
    if (!period) {
        return period.error().context(due_fact);
    }
    return add_period(start, *period, calendar);
}

Json GradeProposal::to_json() const {
    return Json::object(
        {{"grade", grade},
         {"basis", list_of_texts(basis)},
         {"verified", verified},
         {"notes", list_of_texts(notes)}}
    );
}

Json Citation::to_json() const {
    return Json::object({{"law", law}, {"version", version}, {"article", article}});
}

const Definition* Rulebook::workflow(std::string_view wf) const {
    const Definition* newest = nullptr;
    for (const auto& definition : workflows_) {
        if (definition.wf == wf && (newest == nullptr || definition.v > newest->v)) {
            newest = &definition;
        }
    }
    return newest;
}

const Definition* Rulebook::workflow(std::string_view wf, int version) const {
    for (const auto& definition : workflows_) {
        if (definition.wf == wf && definition.v == version) {
            return &definition;
        }
    }
    return nullptr;
}

std::vector<const Definition*> Rulebook::workflows() const {
    std::vector<const Definition*> all;
    for (const auto& definition : workflows_) {
        all.push_back(&definition);
    }
    return all;
}

void Rulebook::add_workflow(Definition definition) {
    add_labels(definition);
    for (auto& known : workflows_) {
        if (known.wf == definition.wf && known.v == definition.v) {
            known = std::move(definition);
            return;
        }
    }
    workflows_.push_back(std::move(definition));
}

/// Labels of a newer version replace those of an older one where both name the same thing.
void Rulebook::add_labels(const Definition& definition) {
    const auto put = [&](std::string key, const Json& text) {
        if (!text["zh"].as_string().empty()) {
            labels_.insert_or_assign(std::move(key), Text{text["zh"].as_string(), text["en"].as_string()});
        }
    };
    put("workflow." + definition.wf, definition.labels["workflow"]);
    for (const auto& [name, text] : definition.labels["states"].members()) {
        put(fmt::format("state.{}.{}", definition.wf, name), text);
    }
    for (const auto& [name, text] : definition.labels["events"].members()) {
        put(fmt::format("event.{}.{}", definition.wf, name), text);
    }
}

const ObligationRule* Rulebook::obligation_rule(std::string_view id) const {
    for (const auto& rule : obligation_rules_) {
        if (rule.id == id) {
            return &rule;
        }
    }
    return nullptr;
}

std::vector<const ObligationRule*> Rulebook::rules_for(std::string_view on, const Json& facts) const {
    std::vector<const ObligationRule*> found;
    for (const auto& rule : obligation_rules_) {
        if (rule.on == on && rule.when.eval(facts)) {
            found.push_back(&rule);
        }
    }
    return found;
}

std::vector<const ObligationRule*> Rulebook::rules_named(std::string_view name, const Json& facts) const {
    std::vector<const ObligationRule*> found;
    for (const auto& rule : obligation_rules_) {
        if (rule.answers_to(name) && rule.when.eval(facts)) {
            found.push_back(&rule);
        }
    }
    return found;
}

GradeProposal Rulebook::propose_grade(const Json& incident) const {
    GradeProposal proposal;
    for (const auto& rule : grading_rules_) {
        const Json& value = rule.field.empty() ? Json() : fact(incident, rule.field);
        const bool reached = rule.field.empty() || (value.is_number() && value.as_double() >= rule.gte);
        if (!reached || rule.grade > proposal.grade || !rule.when.eval(incident)) {
            continue;
        }
        if (rule.grade < proposal.grade || proposal.basis.empty()) {
            proposal = {rule.grade, {}, false, {}};
        }
        if (std::find(proposal.basis.begin(), proposal.basis.end(), rule.basis) == proposal.basis.end()) {
            proposal.basis.push_back(rule.basis);
        }
        proposal.verified = proposal.verified || rule.verified;
    }
    if (!proposal.verified) {
        proposal.notes.emplace_back(kUnverified);
    }
    return proposal;
}

bool Rulebook::has_number_series(std::string_view type) const {
    return number_series_.find(type) != number_series_.end();
}

std::string Rulebook::format_number(std::string_view type, int year, std::int64_t n, base::Language language)
    const {
    auto series = number_series_.find(type);
    if (series == number_series_.end()) {
        series = number_series_.find("other");
    }
    if (series == number_series_.end()) {
        return fmt::format("{} {}/{}", type, year, n);
    }
    std::string text = language == base::Language::zh ? series->second.zh : series->second.en;
    put_in(text, "{year}", std::to_string(year));
    put_in(text, "{n}", std::to_string(n));
    return text;
}

std::string Rulebook::series_key(std::string_view type, int year, std::string_view authority) {
    return fmt::format("{}/{}/{}", type, year, authority);
}

std::string_view Rulebook::label(base::Language language, std::string_view group, std::string_view name)
    const {
    const auto found = labels_.find(fmt::format("{}.{}", group, name));
    if (found == labels_.end()) {
        return name;
    }
    return language == base::Language::zh ? found->second.zh : found->second.en;
}

} // namespace fengsui::workflow
