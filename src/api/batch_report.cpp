#include "api/batch_report.h"

#include "base/embedded.h"

#include <algorithm>
#include <map>

namespace fengsui::api {

namespace {

using base::Json;
using model::CheckStanding;

const Json& table() {
    static const Json read = base::parse_yaml(base::embedded_file("batch/internet_nl.yaml")).or_throw();
    return read;
}

struct Category {
    std::int64_t got = 0;
    std::int64_t of = 0;
    bool has_failed = false;
    bool is_judged = false;

    [[nodiscard]] std::string_view status() const {
        return has_failed ? "failed" : is_judged ? "passed" : "not_tested";
    }
};

/// The worst of what the test's checks say; not_tested when none of them was judged.
std::string_view status_of(const Json& test, const std::vector<CheckStanding>& standings) {
    bool is_judged = false;
    for (const auto& check : test["checks"].items()) {
        const auto standing = std::find_if(standings.begin(), standings.end(), [&](const CheckStanding& one) {
            return one.check.str() == check.as_string();
        });
        if (standing == standings.end()) {
            continue;
        }
        if (standing->worst) {
            return test["worst"].as_string();
        }
        is_judged = is_judged || standing->is_judged;
    }
    return is_judged ? "passed" : "not_tested";
}

std::string_view verdict_of(std::string_view status) {
    return status == "passed" ? "good" : status == "not_tested" ? "not-tested" : "bad";
}

void count(const Json& test, std::string_view status, Category& category) {
    constexpr std::int64_t kFull = 10;
    if (status == "not_tested") {
        return;
    }
    category.is_judged = true;
    category.has_failed = category.has_failed || status == "failed";
    if (test["scored"].as_bool()) {
        category.of += kFull;
        category.got += status == "passed" ? kFull : 0;
    }
}

Json percentage_of(const std::map<std::string, Category>& categories) {
    std::int64_t sum = 0;
    std::int64_t scored = 0;
    for (const auto& [name, category] : categories) {
        if (category.of > 0) {
            sum += 100 * category.got / category.of;
            ++scored;
        }
    }
    return scored > 0 ? Json(sum / scored) : Json();
}

} // namespace

const Json& batch_kind(std::string_view kind) {
    return table()[kind];
}

std::string_view batch_api_version() {
    return table()["api_version"].as_string();
}

Json batch_report(const Json& kind, const std::vector<CheckStanding>& standings) {
    std::map<std::string, Category> categories;
    Json tests = Json::object();
    for (const auto& [name, test] : kind["tests"].members()) {
        const auto status = status_of(test, standings);
        count(test, status, categories[test["category"].as_string()]);
        tests.set(name, Json::object({{"status", status}, {"verdict", verdict_of(status)}}));
    }
    Json summary = Json::object();
    for (const auto& name : kind["categories"].items()) {
        const auto status = categories[name.as_string()].status();
        summary.set(name.as_string(), Json::object({{"status", status}, {"verdict", status}}));
    }
    return Json::object(
        {{"status", "ok"},
         {"scoring", Json::object({{"percentage", percentage_of(categories)}})},
         {"results", Json::object({{"categories", std::move(summary)}, {"tests", std::move(tests)}})}}
    );
}

} // namespace fengsui::api
