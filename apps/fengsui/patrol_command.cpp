// `patrol` and `check`: one round over the registry, or over the targets named.
#include "fengsui/command_line.h"
#include "fengsui/commands.h"
#include "fengsui/engine.h"
#include "fengsui/output.h"
#include "fengsui/selection.h"
#include "fengsui/templates.h"

#include "base/hash.h"
#include "base/text.h"
#include "pipeline/grading.h"
#include "pipeline/template_flow.h"
#include "store/data_dir_lock.h"
#include "store/database.h"
#include "store/query_store.h"
#include "store/registry_store.h"
#include "store/run_store.h"

#include <fmt/format.h>

#include <unordered_set>

namespace fengsui::apps {

namespace {

using base::Json;
using pipeline::PatrolTarget;

struct PatrolWords {
    std::vector<std::string> units;
    std::vector<std::string> checks;
    std::vector<std::string> targets; ///< of `check`
    std::vector<std::string> templates;
    std::optional<std::string> registry;
    std::optional<std::string> fail_on;
    std::optional<std::string> format;
    bool once = false;
    bool relearn = false;
};

/// Where results are kept: the data directory, or nowhere for a one-off check of a registry file.
class Ledger {
public:
    Ledger() = default;
    explicit Ledger(const std::filesystem::path& data_dir)
        : database_(store::Database::open(data_dir, store::OpenMode::read_write)),
          lock_(std::in_place, data_dir) {}

    [[nodiscard]] bool is_kept() const { return database_ != nullptr; }
    [[nodiscard]] store::Database& database() { return *database_; }

    /// A new run, or the one that a killed process left with the same scope; targets done are taken out.
    model::RunId begin(const Json& scope, std::vector<PatrolTarget>& targets) {
        if (!is_kept()) {
            return model::RunId("r" + base::hex(base::random_bytes(8)));
        }
        store::RunStore runs(*database_);
        const std::string key = base::sha256_hex(base::to_text(scope));
        const auto unfinished = runs.find_unfinished_run(key);
        if (unfinished && is_recent(*unfinished)) {
            const auto done = runs.completed_targets(*unfinished);
            const std::unordered_set<model::AssetId> known(done.begin(), done.end());
            std::erase_if(targets, [&](const PatrolTarget& target) {
                return known.contains(target.asset.id);
            });
            return *unfinished;
        }
        return runs.begin_run({key, scope, FENGSUI_VERSION, targets.size(), base::now()});
    }

    /// What an older run saw is no longer what is there: it is begun anew.
    [[nodiscard]] bool is_recent(const model::RunId& run) {
        constexpr auto kWorthContinuing = std::chrono::hours(24);
        const auto record = store::QueryStore(*database_).get("runs", run.str());
        const auto started =
            record ? base::parse_rfc3339((*record)["started_at"].as_string()) : base::Instant{};
        return started && base::now() - *started < kWorthContinuing;
    }

    [[nodiscard]] pipeline::Recorder recorder() {
        if (!is_kept()) {
            return {};
        }
        return [this](const store::TargetResult& result) {
            auto recorded = store::FindingStore(*database_).record(result);
            if (result.ends_target) {
                pipeline::keep_grade(*database_, result.asset, result.at);
            }
            return recorded;
        };
    }

    void finish(const model::RunId& run, std::string_view state, const Json& summary) {
        if (is_kept()) {
            store::RunStore(*database_).finish_run(run, state, summary, base::now());
        }
    }

private:
    std::unique_ptr<store::Database> database_;
    std::optional<store::DataDirLock> lock_;
};

registry::RegistrySource store_source(store::Database& database) {
    return {
        [&database] { return store::RegistryStore(database).generation(); },
        [&database] { return store::RegistryStore(database).load().data; },
    };
}

net::Task<> patrol_task(
    Engine& engine,
    pipeline::Patrol& patrol,
    model::RunId run,
    std::vector<PatrolTarget> targets,
    pipeline::PatrolProgress& progress
) {
    auto round = patrol.run(std::move(run), std::move(targets));
    progress = co_await std::move(round);
    // Ends what waits for signals, so that the program can end.
    engine.runtime.stop_traffic();
}

int exit_status_of(const PatrolOutput& output, const std::optional<model::Severity>& fail_on) {
    return fail_on && output.worst() && *output.worst() >= *fail_on ? 1 : 0;
}

/// A copy of a plan for each target under way: fewer of them when the templates are many.
constexpr std::size_t kPlannedTemplates = 400'000;

/// Every template that loads, compiled together; the others are told on standard error. Null: none asked for.
std::unique_ptr<pipeline::TemplateSet> load_set(const PatrolWords& words, const Settings& settings) {
    if (words.templates.empty()) {
        return nullptr;
    }
    std::vector<std::shared_ptr<const templates::Template>> all;
    std::vector<templates::Judgement> judgements;
    std::vector<std::string> unloaded;
    const auto packs = read_templates(words.templates, settings, 1, [&](ReadTemplate read) {
        if (!read.is_valid()) {
            const auto& faults = read.loaded.faults;
            const auto stem = std::filesystem::path(read.path).stem().string();
            unloaded.push_back(read.loaded.id.empty() ? stem : read.loaded.id);
            print_error(
                settings.language,
                fmt::format("{}: {}", read.path, faults.empty() ? "" : faults.front().str())
            );
            return;
        }
        all.push_back(read.loaded.value);
        judgements.push_back(std::move(*read.judgement));
    });
    for (const auto& pack : packs) {
        print_error(
            settings.language,
            fmt::format(
                fmt::runtime(base::message(settings.language, "template.pack")),
                pack.path,
                pack.sha256,
                pack.files,
                pack.left_out
            )
        );
    }
    if (all.empty()) {
        throw base::Error(
            base::ErrorCode::invalid_argument,
            std::string(base::message(settings.language, "error.no_templates"))
        );
    }
    auto set = std::make_unique<pipeline::TemplateSet>(std::move(all), std::move(judgements));
    set->unloaded = std::move(unloaded);
    return set;
}

pipeline::PatrolOptions options_with(const Settings& settings, const pipeline::TemplateSet* set) {
    auto options = patrol_options(settings);
    options.flow.templates = set;
    if (set != nullptr) {
        const auto most = std::max<std::size_t>(4, kPlannedTemplates / set->judgements.size());
        options.concurrency = static_cast<unsigned>(std::min<std::size_t>(options.concurrency, most));
    }
    return options;
}

Json scope_of(const PatrolWords& words, const Settings& settings) {
    Json scope = Json::object();
    const auto list = [](const std::vector<std::string>& texts) {
        return Json(base::JsonArray(texts.begin(), texts.end()));
    };
    scope.set("units", list(words.units))
        .set("checks", list(words.checks))
        .set("targets", list(words.targets));
    scope.set("registry", words.registry.value_or(""));
    if (!words.templates.empty()) {
        scope.set("templates", list(words.templates));
    }
    scope.set("now", settings.now ? base::format_rfc3339(*settings.now) : std::string());
    return scope;
}

int run_patrol(const PatrolWords& words, TypedOptions& typed) {
    const bool is_nuclei = words.format == "nuclei" && !words.templates.empty();
    typed.format = is_nuclei ? "jsonl" : words.format;
    Settings settings = resolve_settings(typed);
    settings.format = is_nuclei ? OutputFormat::nuclei : settings.format;
    const auto set = load_set(words, settings);
    const auto fail_on = parse_fail_on(words.fail_on, settings.language);
    const auto checks = select_checks(words.checks, settings.language);
    const bool one_off = !words.targets.empty();

    Ledger ledger = one_off && words.registry ? Ledger() : Ledger(settings.data_dir);
    Engine engine(
        settings, words.registry ? registry::file_source(*words.registry) : store_source(ledger.database())
    );
    auto selection = one_off
                         ? select_named(engine.authority.data(), words.targets, checks)
                         : select_registered(engine.authority.data(), words.units, checks, settings.language);
    require_contact(settings, selection.targets);

    const Json scope = scope_of(words, settings);
    const auto run = ledger.begin(scope, selection.targets);
    PatrolOutput output(settings.format, settings.language);
    for (const auto& refused : selection.refused) {
        output.show(refused, run);
    }
    pipeline::PatrolEvents events;
    events.on_target = [&](const pipeline::TargetReport& report) {
        output.show(report, run);
    };
    events.on_progress = [&](const pipeline::PatrolProgress& progress) {
        output.show_progress(progress);
    };
    auto options = options_with(settings, set.get());
    if (ledger.is_kept()) {
        options.flow.memory = page_memory(ledger.database());
        options.flow.memory.is_relearning = words.relearn;
    }
    pipeline::Patrol patrol(engine.services, ledger.recorder(), std::move(options), events);

    bool interrupted = false;
    engine.runtime.on_interrupt([&] {
        interrupted = true;
        engine.runtime.stop_traffic();
    });
    pipeline::PatrolProgress progress;
    engine.runtime.run(patrol_task(engine, patrol, run, std::move(selection.targets), progress));
    ledger.finish(run, interrupted ? "stopped" : "finished", pipeline::summary_line(progress));
    output.show_summary(
        progress, interrupted ? PatrolOutput::Ending::stopped : PatrolOutput::Ending::finished
    );
    return interrupted ? 3 : exit_status_of(output, fail_on);
}

void add_shared(Command& command, PatrolWords& words, TypedOptions& typed) {
    command.texts("--check", words.checks, "help.option.check");
    command.text("--registry", words.registry, "help.option.registry");
    command.flag("--relearn", words.relearn, "help.option.relearn");
    command.text("--fail-on", words.fail_on, "help.option.fail_on");
    command.text("--format", words.format, "help.option.format");
    typed.add_network(command);
}

} // namespace

void add_patrol_command(Command& root, TypedOptions& typed) {
    const auto words = std::make_shared<PatrolWords>();
    Command command = root.add("patrol", "help.patrol");
    command.texts("--unit", words->units, "help.option.unit");
    command.texts("--template", words->templates, "help.option.template");
    command.flag("--once", words->once, "help.option.once");
    add_shared(command, *words, typed);
    command.run([words, &typed] { return run_patrol(*words, typed); });
}

void add_check_command(Command& root, TypedOptions& typed) {
    const auto words = std::make_shared<PatrolWords>();
    Command command = root.add("check", "help.check");
    command.arguments("TARGET", words->targets, "help.argument.targets");
    add_shared(command, *words, typed);
    command.run([words, &typed] { return run_patrol(*words, typed); });
}

} // namespace fengsui::apps
