#include "pipeline/grading.h"

#include "check/grade.h"
#include "store/grade_store.h"

namespace fengsui::pipeline {

void keep_grade(store::Database& database, const model::AssetId& asset, base::Instant at) {
    store::GradeStore grades(database);
    const auto grade = check::grade_of(grades.standings_of(asset));
    if (!grade["score"].is_null()) {
        grades.keep({asset, {}, at, grade["score"].as_int(), grade["grade"].as_string()});
    }
}

} // namespace fengsui::pipeline
