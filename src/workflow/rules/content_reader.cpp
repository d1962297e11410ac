// The smaller files: workflows, grading, laws, numbers, labels, calendars.
#include "base/text.h"
#include "workflow/rules/rulebook_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::workflow {

void RulebookReader::read_workflow(const Json& json) {
    auto parsed = parse_definition(json);
    for (auto& found : parsed.faults) {
        fault({}, found.where, std::move(found.message));
    }
    if (!parsed.faults.empty()) {
        return;
    }
    if (out_.rulebook.workflow(parsed.definition.wf, parsed.definition.v) != nullptr) {
        fault(json, "v", "another file has this version of the workflow; raise v");
        return;
    }
    out_.rulebook.add_workflow(std::move(parsed.definition));
}

void RulebookReader::read_grading(const Json& json) {
    require_known(json, {"rules"});
    if (json["rules"].items().empty()) {
        fault(json, "rules", "write a list of rules");
    }
    for (const auto& rule : json["rules"].items()) {
        if (require_object(rule, "rules")) {
            read_grading_rule(rule);
        }
    }
}

void RulebookReader::read_grading_rule(const Json& json) {
    const std::size_t faults_before = out_.faults.size();
    require_known(json, {"grade", "field", "gte", "when", "basis", "verified"});
    Rulebook::GradingRule rule;
    const std::int64_t grade = json["grade"].as_int();
    if (grade < 1 || grade > 4) {
        fault(json["grade"], "grade", "write 1 (特别重大) to 4 (一般)");
    }
    rule.grade = static_cast<int>(grade);
    rule.field = json["field"].as_string();
    rule.when = condition_of(json, "when");
    if (rule.field.empty() && json["when"].is_null()) {
        fault(json, "field", "a rule needs a field with gte, or a when, or both");
    }
    if (rule.field.empty() == json["gte"].is_number()) {
        fault(json, "gte", "field and gte (a number) go together");
    }
    rule.gte = json["gte"].as_double();
    rule.basis = text_of(json, "basis");
    rule.verified = json["verified"].as_bool();
    if (out_.faults.size() == faults_before) {
        out_.rulebook.grading_rules_.push_back(std::move(rule));
    }
}

void RulebookReader::read_laws(const Json& json) {
    require_known(json, {"laws"});
    for (const auto& item : json["laws"].items()) {
        if (!require_object(item, "laws")) {
            continue;
        }
        const std::size_t faults_before = out_.faults.size();
        require_known(item, {"names", "versions"});
        Rulebook::Law law;
        law.names = list_of(item, "names", true);
        if (item["versions"].items().empty()) {
            fault(item, "versions", "write a list of versions");
        }
        for (const auto& version : item["versions"].items()) {
            if (require_object(version, "versions")) {
                read_law_version(version, law);
            }
        }
        if (out_.faults.size() == faults_before) {
            out_.rulebook.laws_.push_back(std::move(law));
        }
    }
}

void RulebookReader::read_law_version(const Json& json, Rulebook::Law& law) {
    require_known(json, {"version", "from", "until", "verified", "replaces", "articles"});
    Rulebook::LawVersion version;
    version.version = text_of(json, "version");
    const auto from = base::parse_date(json["from"].as_string());
    const auto until = base::parse_date(json["until"].as_string());
    if (!from || (!json["until"].is_null() && !until)) {
        fault(json, "from", "from and until: write dates in quotes, like \"2026-01-01\"");
        return;
    }
    version.from = *from;
    if (until) {
        version.until = *until;
    }
    version.replaces = json["replaces"].as_string();
    const std::string before = law.versions.empty() ? "" : law.versions.back().version;
    if (version.replaces != before) {
        fault(json, "replaces", "oldest first; each later text names the one before it");
    }
    if (!law.versions.empty() && (!law.versions.back().until || *law.versions.back().until >= version.from)) {
        fault(json, "from", "two texts would be in force at once; give the earlier one an until before this");
    }
    for (const auto& range : json["articles"].items()) {
        const auto& parts = range.items();
        if (parts.size() != 3 || !parts[0].is_int() || !parts[1].is_int() || !parts[2].is_int()) {
            fault(range, "articles", "write [first, last, added]");
            return;
        }
        version.shifts.push_back(
            {static_cast<int>(parts[0].as_int()),
             static_cast<int>(parts[1].as_int()),
             static_cast<int>(parts[2].as_int())}
        );
    }
    law.versions.push_back(std::move(version));
}

void RulebookReader::read_number_series(const Json& json) {
    require_known(json, {"series"});
    for (const auto& [name, text] : json["series"].members()) {
        const auto form = both_languages(text, name);
        for (const std::string_view place : {"{year}", "{n}"}) {
            if (form.zh.find(place) == std::string::npos || form.en.find(place) == std::string::npos) {
                fault(text, name, fmt::format("{} is missing in zh or en", place));
            }
        }
        out_.rulebook.number_series_.insert_or_assign(name, form);
    }
}

void RulebookReader::read_labels(const Json& json) {
    require_known(json, {"labels"});
    for (const auto& [group, names] : json["labels"].members()) {
        for (const auto& [name, text] : names.members()) {
            const std::string key = fmt::format("{}.{}", group, name);
            out_.rulebook.labels_.insert_or_assign(key, both_languages(text, key));
        }
    }
}

void RulebookReader::read_calendar(const Json& json) {
    require_known(json, {"name", "verified", "label", "off", "workdays", "close", "zone"});
    CalendarTemplate draft;
    draft.name = text_of(json, "name");
    draft.verified = json["verified"].as_bool();
    auto parsed = parse_calendar(json);
    for (auto& found : parsed.faults) {
        fault(json, found.where, std::move(found.message));
    }
    draft.calendar = std::move(parsed.calendar);
    out_.rulebook.labels_.insert_or_assign("calendar." + draft.name, both_languages(json["label"], "label"));
    if (parsed.faults.empty()) {
        out_.rulebook.calendar_templates_.push_back(std::move(draft));
    }
}

} // namespace fengsui::workflow
