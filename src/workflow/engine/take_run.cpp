#include "workflow/engine/take_run.h"

#include "store/query_store.h"
#include "store/run_store.h"
#include "workflow/engine/verification.h"
#include "workflow/entities/entity.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace fengsui::workflow {

namespace {

using model::Severity;

struct RunTarget {
    model::Asset asset;
    bool is_completed = false;
};

/// The run as handed in, checked.
struct GivenRun {
    std::string tool;
    std::optional<std::set<std::string>> checks; ///< nothing: all that the tool knows; empty: none
    std::optional<Severity> minimum;
    std::vector<RunTarget> targets;
    std::vector<model::Finding> results; ///< in the order given
    base::Instant at{};

    [[nodiscard]] bool looked_for(const std::string& check) const {
        return !checks || checks->contains(check);
    }
    [[nodiscard]] bool filters_out(Severity severity) const { return minimum && severity < *minimum; }
    [[nodiscard]] bool completed(const model::AssetId& asset) const {
        return std::any_of(targets.begin(), targets.end(), [&](const RunTarget& target) {
            return target.asset.id == asset && target.is_completed;
        });
    }
};

[[noreturn]] void malformed(const std::string& message) {
    throw Refusal(RefusalKind::malformed, message);
}

model::Asset asset_named(Operation& op, const Json& id, std::string_view where) {
    const auto asset = op.tree.asset(id.as_string());
    if (!id.is_string() || !asset || !op.actor.can_see(asset->unit)) {
        refuse_reference(where);
    }
    return *asset;
}

Severity severity_of(const Json& value, std::string_view where) {
    const auto severity = model::parse_severity(value.as_string());
    if (!severity) {
        malformed(fmt::format("{}: severity is one of critical, high, medium, low, info", where));
    }
    return *severity;
}

bool flag(const Json& target, std::string_view name, bool otherwise) {
    const auto& value = member(target, name, &Json::is_bool);
    return value.is_null() ? otherwise : value.as_bool();
}

void read_targets(Operation& op, const Json& body, GivenRun& run) {
    const auto& targets = body["targets"];
    if (!targets.is_array()) {
        throw Refusal::missing({"targets"}, "targets: a list, which may be empty");
    }
    for (const auto& target : targets.items()) {
        if (!target.is_object()) {
            malformed("targets: each is {asset attempted reached completed error}");
        }
        const bool is_completed = flag(target, "completed", false) && flag(target, "reached", true)
                                  && flag(target, "attempted", true);
        run.targets.push_back({asset_named(op, target["asset"], "targets"), is_completed});
    }
}

/// A tool's words are in one language: they stand for both.
model::LocalText words(const Json& title, const std::string& otherwise) {
    if (title.is_object()) {
        return {title["zh"].as_string(), title["en"].as_string()};
    }
    const auto& text = title.as_string().empty() ? otherwise : title.as_string();
    return {text, text};
}

model::Finding read_result(Operation& op, const Json& result) {
    if (!result.is_object()) {
        malformed("results: each is {asset check locator severity title evidence …}");
    }
    model::Finding finding;
    const auto asset = asset_named(op, result["asset"], "results");
    finding.asset = asset.id;
    finding.unit = asset.unit;
    finding.target = asset.value;
    finding.check = model::CheckId(required_text(result, "check"));
    finding.locator = member(result, "locator", &Json::is_string).as_string();
    finding.severity = severity_of(result["severity"], "results");
    finding.title = words(result["title"], finding.check.str());
    const auto& evidence = result["evidence"];
    finding.evidence = evidence.is_object() ? evidence : Json::object();
    if (evidence.is_string() && !evidence.as_string().empty()) {
        finding.evidence.set("text", evidence);
    }
    const auto& disclosure = member(result, "disclosure", &Json::is_string).as_string();
    if (!disclosure.empty() && disclosure != "published" && disclosure != "unpublished") {
        malformed("results: disclosure is published or unpublished");
    }
    if (!disclosure.empty()) {
        finding.more.set("disclosure", disclosure);
    }
    if (const auto& provider = member(result, "provider", &Json::is_string); !provider.is_null()) {
        finding.more.set("provider", provider);
    }
    return finding;
}

GivenRun read_run(Operation& op, const Json& body) {
    GivenRun run;
    run.tool = required_text(body, "tool");
    run.at = op.now;
    const auto& checks = member(body, "checks", &Json::is_array);
    if (!checks.is_null()) {
        run.checks.emplace();
    }
    for (const auto& check : checks.items()) {
        if (!check.is_string()) {
            malformed("checks: a list of check ids");
        }
        run.checks->insert(check.as_string());
    }
    const auto& filters = member(body, "filters", &Json::is_object);
    if (const auto& minimum = filters["min_severity"]; !minimum.is_null()) {
        run.minimum = severity_of(minimum, "filters.min_severity");
    }
    for (const std::string_view name : {"started_at", "ended_at"}) {
        if (const auto& at = member(body, name, &Json::is_string);
            !at.is_null() && !base::parse_rfc3339(at.as_string())) {
            malformed(fmt::format("{}: is not an RFC 3339 time", name));
        }
    }
    read_targets(op, body, run);
    const auto& results = body["results"];
    if (!results.is_array()) {
        throw Refusal::missing({"results"}, "results: a list, which may be empty");
    }
    for (const auto& result : results.items()) {
        run.results.push_back(read_result(op, result));
    }
    return run;
}

std::string family_of(const Operation& op, const std::string& check) {
    return op.parts.options.family_of ? op.parts.options.family_of(check) : check;
}

using ByFamily = std::map<std::string, store::CheckResult>;

store::CheckResult& result_of(
    ByFamily& results, const Operation& op, const std::string& check, bool adds_only
) {
    const auto family = family_of(op, check);
    auto [place, is_new] = results.try_emplace(family);
    if (is_new) {
        place->second.check = model::CheckId(check);
        place->second.family = family;
        place->second.outcome = model::completed();
        place->second.adds_only = adds_only;
    }
    return place->second;
}

/// What the run says of one asset: results, and what it looked for and did not see.
store::TargetResult target_result(
    Operation& op, const GivenRun& run, const model::Asset& asset, const model::RunId& id
) {
    store::TargetResult target;
    target.asset = asset.id;
    target.target = asset.value;
    target.run = id;
    target.at = run.at;
    target.tool = run.tool;
    target.by = op.actor.id;
    const bool is_completed = run.completed(asset.id);
    target.ends_target = is_completed;
    ByFamily results;
    for (const auto& found : run.results) {
        if (found.asset == asset.id) {
            const auto& check = found.check.str();
            result_of(results, op, check, !is_completed || !run.looked_for(check)).findings.push_back(found);
        }
    }
    if (is_completed) {
        for (const auto& check : run.checks.value_or(std::set<std::string>())) {
            result_of(results, op, check, false);
        }
        for (const auto& standing : store::FindingStore(op.parts.database).standing(asset.id)) {
            if (!run.looked_for(standing.check.str())) {
                continue;
            }
            auto& result = result_of(results, op, standing.check.str(), false);
            if (run.filters_out(standing.severity)) {
                result.unseen.push_back(standing.locator);
            }
        }
    }
    for (auto& [family, result] : results) {
        target.checks.push_back(std::move(result));
    }
    return target;
}

struct Counts {
    std::int64_t created = 0;
    std::int64_t updated = 0;
    std::int64_t absent = 0;
    std::int64_t reopened = 0;
    std::int64_t ignored = 0;
};

void count_found(Operation& op, const store::RecordedTarget& recorded, Counts& counts) {
    std::set<std::string> created;
    for (const auto& change : recorded.changes) {
        if (change.kind == store::ChangeKind::found) {
            created.insert(change.finding.id.str());
        }
        counts.absent += change.kind == store::ChangeKind::absent ? 1 : 0;
    }
    for (const auto& finding : recorded.findings) {
        const auto state = op.find("findings", finding.id.str())->state;
        if (created.contains(finding.id.str())) {
            ++counts.created;
        } else if (state == "dismissed" || state == "accepted") {
            ++counts.ignored;
        } else if (state != "closed") {
            ++counts.updated;
        }
    }
}

std::vector<model::Asset> assets_of(Operation& op, const GivenRun& run) {
    std::vector<model::Asset> assets;
    const auto add = [&](const model::Asset& asset) {
        if (std::none_of(assets.begin(), assets.end(), [&](const auto& known) {
                return known.id == asset.id;
            })) {
            assets.push_back(asset);
        }
    };
    for (const auto& target : run.targets) {
        add(target.asset);
    }
    for (const auto& result : run.results) {
        add(*op.tree.asset(result.asset.str()));
    }
    return assets;
}

Json ids_of_results(const Operation& op, const GivenRun& run) {
    Json ids = Json::array();
    for (const auto& result : run.results) {
        ids.push(model::finding_id_of(model::finding_fingerprint(
                                          family_of(op, result.check.str()), result.asset, result.locator
                                      ))
                     .str());
    }
    return ids;
}

Json flags_of(const GivenRun& run) {
    Json flags = Json::array();
    const bool covers =
        std::any_of(run.targets.begin(), run.targets.end(), [](const auto& one) { return one.is_completed; });
    if (!covers) {
        flags.push("empty_coverage");
    }
    if (run.minimum) {
        flags.push("filtered");
    }
    return flags;
}

Witness witness_of(const Operation& op, const GivenRun& run) {
    return [&op, &run](const Record& finding) {
        const auto& check = finding["check"].as_string();
        const model::AssetId asset(finding["asset"].as_string());
        const auto severity = model::parse_severity(finding["severity"].as_string()).value_or(Severity::info);
        Sighting seen;
        seen.is_covered = run.completed(asset) && run.looked_for(check) && !run.filters_out(severity);
        seen.is_present =
            std::any_of(run.results.begin(), run.results.end(), [&](const model::Finding& result) {
                const auto fingerprint = model::finding_fingerprint(
                    family_of(op, result.check.str()), result.asset, result.locator
                );
                return fingerprint == finding["fingerprint"].as_string();
            });
        return seen;
    };
}

Record load_verification(Operation& op, const Json& body) {
    const auto id = required_text(body, "verification");
    auto verification = op.find("verifications", id);
    if (!verification || !op.actor.can_see(verification->unit)) {
        refuse_reference("verification");
    }
    if (verification->state != "planned" && verification->state != "running") {
        throw Refusal(
            RefusalKind::wrong_state,
            "the re-check is " + verification->state + "; only a planned one takes a run"
        );
    }
    return *verification;
}

} // namespace

std::vector<std::string> follow_up(
    Operation& op, const store::TargetResult& result, const store::RecordedTarget& recorded, bool plans
) {
    std::vector<std::string> reopened;
    for (const auto& id : op.records.closed_but_seen(result.asset, result.run)) {
        const bool reappeared =
            std::any_of(recorded.changes.begin(), recorded.changes.end(), [&](const auto& change) {
                return change.kind == store::ChangeKind::reappeared && change.finding.id.str() == id;
            });
        if (follow(op, "findings", id, "reopen", Json::object({{"counted", reappeared}}))) {
            reopened.push_back(id);
        }
    }
    for (const auto& change : recorded.changes) {
        const auto finding = change.kind == store::ChangeKind::absent && plans
                                 ? op.find("findings", change.finding.id.str())
                                 : std::nullopt;
        const auto record_of_case = finding && finding->state == "in_case"
                                        ? op.find("cases", (*finding)["case"].as_string())
                                        : std::nullopt;
        if (record_of_case && record_of_case->state != "closed" && record_of_case->state != "archived") {
            plan_verification(op, *record_of_case);
        }
    }
    return reopened;
}

Json take_run(Operation& op, const Json& body) {
    const auto run = read_run(op, body);
    std::optional<Record> verification;
    if (!body["verification"].is_null()) {
        verification = load_verification(op, body);
    }
    store::RunStore runs(op.parts.database);
    const auto id = runs.begin_run(
        {"import/" + run.tool,
         {},
         member(body, "tool_version", &Json::is_string).as_string(),
         run.targets.size(),
         op.now}
    );
    Counts counts;
    for (const auto& asset : assets_of(op, run)) {
        const auto target = target_result(op, run, asset, id);
        const auto recorded = store::FindingStore(op.parts.database).record(target);
        count_found(op, recorded, counts);
        counts.reopened += static_cast<std::int64_t>(follow_up(op, target, recorded, !verification).size());
    }
    Json details = Json::object();
    for (const std::string_view name :
         {"started_at", "ended_at", "checks", "filters", "targets", "verification"}) {
        details.set(name, body[name]);
    }
    details.set(
        "counts",
        Json::object({
            {"created", counts.created},
            {"updated", counts.updated},
            {"absent", counts.absent},
            {"reopened", counts.reopened},
            {"ignored", counts.ignored},
        })
    );
    details.set("findings", ids_of_results(op, run));
    details.set("flags", flags_of(run));
    runs.end_import(id, {run.tool, op.actor.id, details, op.now});
    if (verification) {
        judge_verification(op, *verification, id.str(), witness_of(op, run));
    }
    return *store::QueryStore(op.parts.database).get("runs", id.str());
}

} // namespace fengsui::workflow
