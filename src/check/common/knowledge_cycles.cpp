// endoflife.date: which lines of releases are supported. Both the older list and the newer object.
#include "check/common/knowledge_parts.h"

namespace fengsui::check {

namespace {

using base::Json;
using model::ReleaseCycle;

constexpr std::size_t kMaxCycles = std::size_t{2} * 1024 * 1024;

/// A date, or only whether it has ended.
void read_end(const Json& end, ReleaseCycle& cycle) {
    if (end.is_bool()) {
        cycle.has_ended = end.as_bool();
    } else if (const auto date = base::parse_date(end.as_string())) {
        cycle.ends = *date;
    }
}

ReleaseCycle older_form(const Json& json) {
    ReleaseCycle cycle;
    cycle.cycle = json["cycle"].is_int() ? std::to_string(json["cycle"].as_int()) : json["cycle"].as_string();
    cycle.latest = json["latest"].as_string();
    read_end(json["eol"], cycle);
    return cycle;
}

ReleaseCycle newer_form(const Json& json) {
    ReleaseCycle cycle;
    cycle.cycle = json["name"].as_string();
    cycle.latest = json["latest"]["name"].as_string();
    read_end(json["eolFrom"], cycle);
    if (json["isEol"].is_bool() && !cycle.ends) {
        cycle.has_ended = json["isEol"].as_bool();
    }
    return cycle;
}

} // namespace

DataResult read_cycles(std::string_view product, const base::TextSource& source, model::Knowledge& into) {
    const auto text = read_all(source, kMaxCycles);
    if (!text) {
        return text.error();
    }
    const auto json = base::parse_json(*text);
    if (!json) {
        return json.error();
    }
    const bool is_newer = json->is_object();
    const auto& result = (*json)["result"];
    const auto& name = result["name"].as_string();
    DataReport report;
    std::vector<ReleaseCycle> cycles;
    for (const auto& item : is_newer ? result["releases"].items() : json->items()) {
        auto cycle = is_newer ? newer_form(item) : older_form(item);
        ++report.entries;
        if (!cycle.cycle.empty()) {
            cycles.push_back(std::move(cycle));
            ++report.kept;
        }
    }
    into.cycles[name.empty() ? std::string(product) : name] = std::move(cycles);
    return report;
}

} // namespace fengsui::check
