#include "check/grade.h"

#include "base/embedded.h"
#include "check/catalog.h"

#include <algorithm>
#include <map>

namespace fengsui::check {

namespace {

using base::Json;
using model::CheckStanding;
using model::Severity;

const Json& rules() {
    static const Json read = base::parse_yaml(base::embedded_file("measures/site.yaml")).or_throw();
    return read;
}

std::string area_of(const std::string& check) {
    return check.substr(0, check.find('.'));
}

/// What a check is worth: by the severity of what it looks for, or of what it found if that is graver.
std::int64_t worth_of(const Check& known, const CheckStanding& standing) {
    const auto severity = std::max(known.info.severity, standing.worst.value_or(Severity::info));
    return rules()["points"][to_string(severity)].as_int();
}

std::string_view status_of(const CheckStanding& standing) {
    if (!standing.is_judged && !standing.worst) {
        return "unknown";
    }
    if (!standing.worst || *standing.worst == Severity::info) {
        return "passed";
    }
    return standing.is_accepted ? "accepted" : "failed";
}

struct Area {
    std::int64_t points = 0;
    std::int64_t of = 0;
    Json lines = Json::array();
};

struct Tally {
    std::map<std::string, Area> areas;
    std::int64_t judged = 0;
    std::int64_t all = 0;
    std::optional<Severity> worst;
};

void add_line(const Check& known, const CheckStanding& standing, Tally& tally) {
    const auto worth = worth_of(known, standing);
    const auto status = status_of(standing);
    const bool is_known = status != "unknown";
    auto& area = tally.areas[area_of(standing.check.str())];
    tally.all += worth;
    tally.judged += is_known ? worth : 0;
    area.of += is_known ? worth : 0;
    area.points += status == "passed" ? worth : 0;
    if (standing.worst && (!tally.worst || *standing.worst > *tally.worst)) {
        tally.worst = standing.worst;
    }
    const auto& references = known.info.references;
    area.lines.push(Json::object(
        {{"check", standing.check.str()},
         {"title", known.info.title.to_json()},
         {"status", status},
         {"points", status == "passed" ? worth : 0},
         {"of", is_known ? worth : 0},
         {"references", base::JsonArray(references.begin(), references.end())},
         {"findings", base::JsonArray(standing.findings.begin(), standing.findings.end())}}
    ));
}

Json area_json(const std::string& name, Area area) {
    const auto& title = rules()["areas"][name];
    return Json::object(
        {{"area", name},
         {"title", title.is_null() ? Json::object({{"zh", name}, {"en", name}}) : title},
         {"score", area.of > 0 ? Json(100 * area.points / area.of) : Json()},
         {"points", area.points},
         {"of", area.of},
         {"lines", std::move(area.lines)}}
    );
}

Json cap_for(std::optional<Severity> worst) {
    if (!worst) {
        return {};
    }
    const auto& cap = rules()["caps"][to_string(*worst)];
    return cap.is_null() ? Json() : Json::object({{"severity", to_string(*worst)}, {"at_most", cap}});
}

/// The mean of the areas that have points, never above the cap.
Json score_of(const Tally& tally, const Json& cap) {
    std::int64_t sum = 0;
    std::int64_t count = 0;
    for (const auto& [name, area] : tally.areas) {
        if (area.of > 0) {
            sum += 100 * area.points / area.of;
            ++count;
        }
    }
    const bool is_enough = tally.all > 0 && 100 * tally.judged >= rules()["least_seen"].as_int() * tally.all;
    if (count == 0 || !is_enough) {
        return {};
    }
    return std::min(sum / count, cap["at_most"].as_int(100));
}

Json letter_of(const Json& score) {
    if (!score.is_null()) {
        for (const auto& [letter, least] : rules()["grades"].members()) {
            if (score.as_int() >= least.as_int()) {
                return letter;
            }
        }
    }
    return {};
}

} // namespace

Json grade_of(const std::vector<model::CheckStanding>& checks) {
    Tally tally;
    for (const auto& standing : checks) {
        if (const auto* known = find_check(standing.check.str())) {
            add_line(*known, standing, tally);
        }
    }
    const auto cap = cap_for(tally.worst);
    const auto score = score_of(tally, cap);
    Json areas = Json::array();
    for (auto& [name, area] : tally.areas) {
        areas.push(area_json(name, std::move(area)));
    }
    return Json::object(
        {{"profile", rules()["profile"]},
         {"version", rules()["version"]},
         {"score", score},
         {"grade", letter_of(score)},
         {"seen", tally.all > 0 ? 100 * tally.judged / tally.all : 0},
         {"cap", cap},
         {"areas", std::move(areas)}}
    );
}

} // namespace fengsui::check
