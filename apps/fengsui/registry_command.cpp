// `registry import|export|owner`.
#include "fengsui/command_line.h"
#include "fengsui/commands.h"
#include "fengsui/output.h"
#include "fengsui/problems.h"

#include "registry/export.h"
#include "registry/owner_index.h"
#include "store/database.h"
#include "store/registry_store.h"

#include <fmt/format.h>

#include <cstdio>

namespace fengsui::apps {

namespace {

using base::Json;
using base::message;

struct ImportWords {
    std::string file;
    bool dry_run = false;
    std::optional<std::string> format;
};

struct ExportWords {
    std::optional<std::string> format;
};

struct OwnerWords {
    std::vector<std::string> queries;
    std::optional<std::string> registry;
    std::optional<std::string> format;
};

void print_import(
    const Settings& settings,
    const ImportWords& words,
    const registry::ImportReading& reading,
    const store::ImportSummary& summary
) {
    if (settings.format == OutputFormat::jsonl) {
        Json line = Json::object(
            {{"type", "import"},
             {"file", words.file},
             {"dry_run", words.dry_run},
             {"rows", std::uint64_t{reading.rows}},
             {"encoding", reading.encoding}}
        );
        const Json counts = summary.to_json();
        for (const auto& [name, value] : counts.members()) {
            line.set(name, value);
        }
        print_line(line);
        return;
    }
    if (words.dry_run) {
        print_text(message(settings.language, "import.preview"));
    } else {
        print_text(fmt::format(
            fmt::runtime(message(settings.language, "import.done")),
            reading.rows,
            words.file,
            reading.encoding
        ));
    }
    print_text(fmt::format(
        fmt::runtime(message(settings.language, "import.summary")),
        summary.units_added,
        summary.units_changed,
        summary.systems_added,
        summary.systems_changed,
        summary.assets_added,
        summary.assets_changed,
        summary.assets_withdrawn
    ));
}

int run_import(const ImportWords& words, TypedOptions& typed) {
    typed.format = words.format;
    const Settings settings = resolve_settings(typed);
    const auto database = store::Database::open(settings.data_dir, store::OpenMode::read_write);
    store::RegistryStore registry(*database);
    auto reading = registry::read_registry_file(words.file, registry.load().data);
    require_usable(settings, words.file, reading);
    const store::RegistryImport import{std::move(reading.data), words.file, base::now()};
    const auto summary =
        words.dry_run ? registry.preview(import).summary : registry.replace(import, "system");
    print_import(settings, words, reading, summary);
    return 0;
}

int run_export(const ExportWords& words, TypedOptions& typed) {
    typed.format.reset();
    const Settings settings = resolve_settings(typed);
    const std::string format = words.format.value_or("csv");
    if (format != "csv" && format != "json") {
        throw base::Error(base::ErrorCode::invalid_argument, fmt::format("--format {}: csv or json", format));
    }
    const auto database = store::Database::open(settings.data_dir, store::OpenMode::read_only);
    const auto data = store::RegistryStore(*database).load().data;
    const std::string text = format == "csv" ? registry::to_csv(data) : registry::to_json_text(data);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
        throw base::Error(
            base::ErrorCode::io, "standard output cannot be written: it is closed or the disk is full"
        );
    }
    return 0;
}

std::string unit_name(const model::RegistryData& data, const model::UnitId& id) {
    for (const auto& unit : data.units) {
        if (unit.id == id) {
            return unit.name;
        }
    }
    return {};
}

void print_owner(
    const Settings& settings,
    const model::RegistryData& data,
    const std::string& query,
    const std::optional<registry::Owner>& owner
) {
    if (settings.format == OutputFormat::jsonl) {
        Json line = Json::object({{"type", "owner"}, {"query", query}, {"registered", owner.has_value()}});
        if (owner) {
            line.set("unit", owner->asset->unit.str()).set("unit_name", unit_name(data, owner->asset->unit));
            line.set("system", owner->asset->system.str());
            line.set("entry", owner->asset->value).set("how", to_string(owner->how));
        }
        print_line(line);
    } else if (owner) {
        print_text(fmt::format(
            fmt::runtime(message(settings.language, "owner.line")),
            query,
            owner->asset->unit.str(),
            unit_name(data, owner->asset->unit),
            owner->asset->value,
            to_string(owner->how)
        ));
    } else {
        print_text(fmt::format(fmt::runtime(message(settings.language, "owner.unknown")), query));
    }
}

int run_owner(const OwnerWords& words, TypedOptions& typed) {
    typed.format = words.format;
    const Settings settings = resolve_settings(typed);
    const auto data =
        words.registry
            ? read_registry_or_report(settings, *words.registry)
            : store::RegistryStore(*store::Database::open(settings.data_dir, store::OpenMode::read_only))
                  .load()
                  .data;
    const registry::OwnerIndex index(data);
    int status = 0;
    for (const auto& query : words.queries) {
        const auto owner = index.find_text(query);
        if (!owner) {
            print_error(settings.language, owner.error().message());
            status = 2;
            continue;
        }
        print_owner(settings, data, query, *owner);
    }
    return status;
}

} // namespace

void add_registry_command(Command& root, TypedOptions& typed) {
    Command command = root.add("registry", "help.registry");
    const auto import_words = std::make_shared<ImportWords>();
    Command import = command.add("import", "help.registry.import");
    import.argument("FILE", import_words->file, "help.argument.file");
    import.flag("--dry-run", import_words->dry_run, "help.option.dry_run");
    import.text("--format", import_words->format, "help.option.format");
    import.run([import_words, &typed] { return run_import(*import_words, typed);
});

const auto export_words = std::make_shared<ExportWords>();
Command export_command = command.add("export", "help.registry.export");
export_command.text("--format", export_words->format, "help.option.export_format");
export_command.run([export_words, &typed] { return run_export(*export_words, typed); });

const auto owner_words = std::make_shared<OwnerWords>();
Command owner = command.add("owner", "help.registry.owner");
owner.arguments("QUERY", owner_words->queries, "help.argument.owner");
owner.text("--registry", owner_words->registry, "help.option.registry");
owner.text("--format", owner_words->format, "help.option.format");
owner.run([owner_words, &typed] { return run_owner(*owner_words, typed); });
} // namespace fengsui::apps

} // namespace fengsui::apps
