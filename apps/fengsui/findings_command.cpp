// `findings`: what the store holds, also while a patrol runs.
#include "fengsui/command_line.h"
#include "fengsui/commands.h"
#include "fengsui/output.h"
#include "fengsui/selection.h"

#include "check/texts.h"
#include "store/database.h"
#include "store/query_store.h"

#include <fmt/format.h>

namespace fengsui::apps {

namespace {

using base::Json;

struct FindingsWords {
    std::vector<std::string> units;
    std::optional<std::string> severity;
    std::optional<std::string> state;
    std::optional<std::string> presence;
    std::optional<std::string> format;
    std::optional<std::string> fail_on;
};

Json as_line(const Json& stored) {
    Json line = Json::object({{"type", "finding"}});
    for (const auto& [name, value] : stored.members()) {
        line.set(name, value);
    }
    check::add_texts(line);
    return line;
}

void print_finding(const Settings& settings, const Json& line) {
    if (settings.format == OutputFormat::jsonl) {
        print_line(line);
        return;
    }
    const auto& title = line["title"][settings.language == base::Language::zh ? "zh" : "en"].as_string();
    const auto& severity = line["severity"].as_string();
    const auto& place =
        line["locator"].as_string().empty() ? line["target"].as_string() : line["locator"].as_string();
    print_text(fmt::format(
        "{}  {:<8}  {}  {}  {}  [{}]",
        line["id"].as_string(),
        severity,
        line["presence"].as_string(),
        place,
        title,
        line["check"].as_string()
    ));
}

store::ListRequest request_of(const FindingsWords& words, store::QueryStore& query, base::Language language) {
    store::ListRequest request;
    const auto filter = [&](const char* field, const std::optional<std::string>& value) {
        if (value) {
            request.equals.emplace_back(field, *value);
        }
    };
    filter("severity", words.severity);
    filter("state", words.state);
    filter("presence", words.presence);
    std::vector<model::UnitId> tops;
    for (const auto& unit : words.units) {
        if (!query.get("units", unit)) {
            throw base::Error(
                base::ErrorCode::invalid_argument,
                fmt::format(fmt::runtime(base::message(language, "error.unknown_unit")), unit)
            );
        }
        tops.emplace_back(unit);
    }
    if (!tops.empty()) {
        request.visible = query.scope_of(std::move(tops));
    }
    request.limit = 1000;
    return request;
}

int run_findings(const FindingsWords& words, TypedOptions& typed) {
    typed.format = words.format;
    const Settings settings = resolve_settings(typed);
    parse_fail_on(words.severity, settings.language);
    const auto fail_on = parse_fail_on(words.fail_on, settings.language);
    const auto database = store::Database::open(settings.data_dir, store::OpenMode::read_only);
    store::QueryStore query(*database);
    auto request = request_of(words, query, settings.language);
    bool is_bad = false;
    std::size_t count = 0;
    do {
        const auto page = query.list("findings", request);
        for (const auto& stored : page.items) {
            print_finding(settings, as_line(stored));
            const auto severity = model::parse_severity(stored["severity"].as_string());
            is_bad = is_bad
                     || (fail_on && severity && *severity >= *fail_on
                         && stored["presence"].as_string() == "present");
            ++count;
        }
        request.cursor = page.next_cursor;
    } while (!request.cursor.empty());
    if (count == 0 && settings.format == OutputFormat::text) {
        print_text(base::message(settings.language, "findings.none"));
    }
    return is_bad ? 1 : 0;
}

} // namespace

void add_findings_command(Command& root, TypedOptions& typed) {
    const auto words = std::make_shared<FindingsWords>();
    Command command = root.add("findings", "help.findings");
    command.texts("--unit", words->units, "help.option.unit");
    command.text("--severity", words->severity, "help.option.severity");
    command.text("--state", words->state, "help.option.state");
    command.text("--presence", words->presence, "help.option.presence");
    command.text("--fail-on", words->fail_on, "help.option.fail_on");
    command.text("--format", words->format, "help.option.format");
    command.run([words, &typed] { return run_findings(*words, typed); });
}

} // namespace fengsui::apps
