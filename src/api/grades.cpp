// Grades of sites and mail domains, every point with its check and clause (content/measures/site.yaml).
#include "api/api.h"
#include "check/grade.h"
#include "store/grade_store.h"
#include "store/unit_tree.h"

namespace fengsui::api {

namespace {

using base::Json;

/// Percent of the jurisdiction's graded assets that are not better; null without a grade. It tells a unit
/// where it stands and nothing of any other.
Json percentile_of(const Call& call, store::GradeStore& grades, const Json& score, const std::string& unit) {
    if (score.is_null()) {
        return {};
    }
    const auto authority = store::UnitTree(call.services.database).authority_of(model::UnitId(unit));
    const auto place = grades.place_of(score.as_int(), authority ? authority->id : model::UnitId(unit));
    return place.all > 0 ? Json(100 * place.not_better / place.all) : Json();
}

Json entry_of(const store::StoredGrade& grade) {
    return Json::object(
        {{"at", base::format_rfc3339(grade.at)}, {"score", grade.score}, {"grade", grade.grade}}
    );
}

Reply show_grade(const Call& call) {
    const auto record = record_reply(call, "assets").body; // 404 outside the caller's scope
    const model::AssetId asset(call.path_values[0]);
    store::GradeStore grades(call.services.database);
    Reply reply;
    reply.body = Json::object(
        {{"asset", asset.str()},
         {"unit", record["unit"]},
         {"value", record["value"]},
         {"at", base::format_rfc3339(call.now)}}
    );
    const auto grade = check::grade_of(grades.standings_of(asset));
    for (const auto& [name, value] : grade.members()) {
        reply.body.set(name, value);
    }
    reply.body.set("percentile", percentile_of(call, grades, grade["score"], record["unit"].as_string()));
    Json history = Json::array();
    for (const auto& kept : grades.history(asset)) {
        history.push(entry_of(kept));
    }
    reply.body.set("history", std::move(history));
    return reply;
}

/// The worst come first: they are what has to be done.
Reply list_grades(const Call& call) {
    constexpr std::size_t kMost = 1000;
    record_reply(call, "units"); // 404 outside the caller's scope
    Json items = Json::array();
    std::int64_t sum = 0;
    const auto grades =
        store::GradeStore(call.services.database).newest_below(model::UnitId(call.path_values[0]), kMost);
    for (const auto& grade : grades) {
        auto entry = entry_of(grade);
        entry.set("asset", grade.asset.str());
        entry.set("unit", grade.unit.str());
        items.push(std::move(entry));
        sum += grade.score;
    }
    const auto count = static_cast<std::int64_t>(grades.size());
    return {
        200,
        Json::object(
            {{"items", std::move(items)},
             {"mean", count > 0 ? Json(sum / count) : Json()},
             {"next_cursor", nullptr}}
        ),
        {}};
}

} // namespace

std::span<const Route> grade_routes() {
    static constexpr Route kRoutes[] = {
        {"GET",
         "/assets/{id}/grade",
         Access::signed_in,
         "The grade of an asset, point by point",
         &show_grade},
        {"GET",
         "/units/{id}/grades",
         Access::signed_in,
         "Newest grades of a unit's subtree, worst first",
         &list_grades},
    };
    return kRoutes;
}

} // namespace fengsui::api
