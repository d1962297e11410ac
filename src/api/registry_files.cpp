// Registry files over the API (contracts.md section 2): looked through before they count, all or nothing.
#include "api/api.h"
#include "api/body.h"
#include "api/registry.h"
#include "base/codec.h"
#include "registry/export.h"
#include "registry/import.h"
#include "store/database.h"
#include "store/registry_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace fengsui::api {

namespace {

using base::Json;

/// More than anybody reads through; the counts are of all.
constexpr std::size_t kMostShown = 2000;
/// In place of what the caller may not see. No import takes an id with a blank at its end.
constexpr std::string_view kHidden = "*** ";

/// The registry as far as the caller may know it: what lies outside keeps its claims and loses its owner.
class KnownRegistry {
public:
    explicit KnownRegistry(const Call& call) : call_(call) {
        auto loaded = store::RegistryStore(call.services.database).load();
        generation_ = loaded.generation;
        data_ = std::move(loaded.data);
        for (const auto& unit : data_.units) {
            parents_.emplace(unit.id.str(), unit.parent.str());
        }
        if (!call.caller.visible.are_all()) {
            hide_others();
        }
    }

    [[nodiscard]] const model::RegistryData& data() const { return data_; }
    [[nodiscard]] std::uint64_t generation() const { return generation_; }
    /// What of `import` lies outside the caller's scope, as problems like the others.
    [[nodiscard]] std::vector<registry::Problem> judge(const model::RegistryData& import) const;

private:
    [[nodiscard]] bool sees(const model::UnitId& unit) const { return call_.caller.visible.contain(unit); }
    /// A visible unit's parent is known from its own record.
    [[nodiscard]] bool is_parent_of_visible(const model::UnitId& unit) const {
        const auto& tops = call_.caller.visible.tops();
        return std::any_of(tops.begin(), tops.end(), [&](const model::UnitId& one) {
            const auto parent = parents_.find(one.str());
            return parent != parents_.end() && parent->second == unit.str();
        });
    }
    void hide_others() {
        std::erase_if(data_.units, [this](const model::Unit& unit) {
            return !sees(unit.id) && !is_parent_of_visible(unit.id);
        });
        for (auto& system : data_.systems) {
            system.unit = sees(system.unit) ? system.unit : model::UnitId(std::string(kHidden));
        }
        for (auto& asset : data_.assets) {
            if (!sees(asset.unit)) {
                asset.unit = model::UnitId(std::string(kHidden));
                asset.value = kHidden;
            }
        }
    }

    const Call& call_;
    std::uint64_t generation_ = 0;
    model::RegistryData data_;
    std::unordered_map<std::string, std::string> parents_; ///< of all units, the hidden ones too
};

std::vector<registry::Problem> KnownRegistry::judge(const model::RegistryData& import) const {
    std::vector<registry::Problem> problems;
    if (call_.caller.visible.are_all()) {
        return problems;
    }
    std::unordered_set<model::UnitId> listed;
    for (const auto& unit : import.units) {
        listed.insert(unit.id);
    }
    for (const auto& unit : import.units) {
        const auto stored = parents_.find(unit.id.str());
        const bool is_known = stored != parents_.end();
        const bool keeps_parent = is_known && stored->second == unit.parent.str();
        if (is_known && !sees(unit.id)) {
            problems.push_back(
                {0,
                 "unit",
                 "outside_scope",
                 {fmt::format("单位 {} 不在您的管辖范围内", unit.id.str()),
                  fmt::format("the unit {} is outside your scope", unit.id.str())}}
            );
        } else if (!keeps_parent && !sees(unit.parent) && !listed.contains(unit.parent)) {
            problems.push_back(
                {0,
                 "parent",
                 "parent_outside_scope",
                 {fmt::format("单位 {} 须设在您管辖的单位之下", unit.id.str()),
                  fmt::format("the unit {} must stand below a unit of your scope", unit.id.str())}}
            );
        }
    }
    return problems;
}

struct GivenFile {
    std::string name;
    registry::ImportReading reading;
    std::uint64_t generation = 0;
};

GivenFile read_file(const Call& call) {
    GivenFile file;
    file.name = required_text(call.body, "name", 255);
    const auto text = required_text(call.body, "content", call.request.body.size());
    std::string bytes;
    if (!base::decode_base64(text, bytes)) {
        throw Problem(400, "malformed", "content: is not base64");
    }
    const KnownRegistry known(call);
    file.generation = known.generation();
    file.reading = registry::read_registry_bytes(bytes, known.data());
    auto outside = known.judge(file.reading.data);
    auto& problems = file.reading.problems;
    problems.insert(problems.begin(), outside.begin(), outside.end());
    return file;
}

Json problems_json(const registry::ImportReading& reading) {
    Json list = Json::array();
    const auto count = std::min(reading.problems.size(), kMostShown);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& problem = reading.problems[i];
        list.push(Json::object(
            {{"row", problem.row},
             {"column", problem.column},
             {"code", problem.code},
             {"message", problem.message.to_json()}}
        ));
    }
    return list;
}

Json reading_json(const GivenFile& file) {
    const auto& reading = file.reading;
    return Json::object(
        {{"name", file.name},
         {"format", reading.format},
         {"encoding", reading.encoding},
         {"rows", std::uint64_t{reading.rows}},
         {"custom_columns",
          Json::array(base::JsonArray(reading.custom_columns.begin(), reading.custom_columns.end()))},
         {"generation", file.generation},
         {"usable", reading.is_usable()},
         {"problem_count", std::uint64_t{reading.problems.size()}},
         {"problems", problems_json(reading)}}
    );
}

void set_all(Json& to, const Json& from) {
    for (const auto& [name, value] : from.members()) {
        to.set(name, value);
    }
}

Reply preview_file(const Call& call) {
    auto file = read_file(call);
    Json answer = reading_json(file);
    if (file.reading.is_usable()) {
        const auto preview = store::RegistryStore(call.services.database)
                                 .preview({std::move(file.reading.data), file.name, call.now});
        Json differences = Json::array();
        const auto shown = std::min(preview.differences.size(), kMostShown);
        for (std::size_t i = 0; i < shown; ++i) {
            differences.push(preview.differences[i].to_json());
        }
        set_all(answer, preview.summary.to_json());
        answer.set("generation", preview.summary.generation);
        answer.set("differences", std::move(differences));
        answer.set("difference_count", std::uint64_t{preview.differences.size()});
    }
    return {200, std::move(answer), {}};
}

Reply import_file(const Call& call) {
    auto file = read_file(call);
    if (!file.reading.is_usable()) {
        throw guard_failed("content", "the file has problems; nothing was changed")
            .with("problems", problems_json(file.reading));
    }
    const Json* seen = member_of(call.body, "generation", &Json::is_int);
    if (seen != nullptr && seen->as_int() != static_cast<std::int64_t>(file.generation)) {
        throw Problem(412, "stale", "the registry was changed since the preview; look at it again");
    }
    Json answer = reading_json(file);
    const auto summary =
        store::RegistryStore(call.services.database)
            .replace({std::move(file.reading.data), file.name, call.now}, call.caller.user.id);
    set_all(answer, summary.to_json());
    answer.set("generation", summary.generation);
    return {200, std::move(answer), {}};
}

/// The registry of the caller's scope as a file that the import takes.
Reply export_file(const Call& call) {
    const auto* wanted = call.request.parameter("format");
    const std::string format = wanted == nullptr || wanted->empty() ? "csv" : *wanted;
    if (format != "csv" && format != "json") {
        throw Problem(400, "malformed", "format: csv or json");
    }
    auto data = store::RegistryStore(call.services.database).load().data;
    const auto& visible = call.caller.visible;
    std::erase_if(data.units, [&](const auto& unit) { return !visible.contain(unit.id); });
    std::erase_if(data.systems, [&](const auto& system) { return !visible.contain(system.unit); });
    std::erase_if(data.assets, [&](const auto& asset) { return !visible.contain(asset.unit); });
    Reply reply;
    reply.bytes = format == "csv" ? registry::to_csv(data) : registry::to_json_text(data);
    reply.headers = {
        {"Content-Type", format == "csv" ? "text/csv; charset=utf-8" : "application/json"},
        {"Content-Disposition", fmt::format("attachment; filename=\"registry.{}\"", format)},
        {"X-Content-Type-Options", "nosniff"}};
    return reply;
}

constexpr BodyField kFileFields[] = {
    {"name", "string", true}, {"content", "string", true}, {"generation", "integer"}};

} // namespace

std::span<const Route> registry_file_routes() {
    static constexpr std::string_view kFormat[] = {"format"};
    static constexpr Route kRoutes[] = {
        {"POST",
         "/registry/preview",
         Access::operating,
         "What is wrong with a registry file, and what its import would change",
         &preview_file,
         {},
         false,
         true, // undone at its end: no transaction around it
         {},
         kFileFields},
        {"POST",
         "/registry/import",
         Access::operating,
         "Take over a registry file, all or nothing",
         &import_file,
         {},
         false,
         false,
         {},
         kFileFields},
        {"GET",
         "/registry/export",
         Access::operating,
         "The registry as a file that the import takes",
         &export_file,
         kFormat},
    };
    return kRoutes;
}

} // namespace fengsui::api
