#include "fengsui/problems.h"

#include "fengsui/output.h"

#include <fmt/format.h>

namespace fengsui::apps {

namespace {

using base::message;

std::string sentence(const Settings& settings, const std::string& file, const registry::Problem& problem) {
    std::string place = file;
    if (problem.row > 0) {
        place += ", " + fmt::format(fmt::runtime(message(settings.language, "problem.row")), problem.row);
    }
    if (!problem.column.empty()) {
        place +=
            ", " + fmt::format(fmt::runtime(message(settings.language, "problem.column")), problem.column);
    }
    return fmt::format(
        "{}: {}", place, settings.language == base::Language::zh ? problem.message.zh : problem.message.en
    );
}

void report_problems(
    const Settings& settings, const std::string& file, const std::vector<registry::Problem>& problems
) {
    for (const auto& problem : problems) {
        print_error(settings.language, sentence(settings, file, problem));
        if (settings.format == OutputFormat::jsonl) {
            base::Json line = base::Json::object({{"type", "problem"}, {"file", file}});
            const base::Json details = problem.to_json();
            for (const auto& [name, value] : details.members()) {
                line.set(name, value);
            }
            print_line(line);
        }
    }
}

base::Error refusal(const Settings& settings, const std::string& file, std::size_t count) {
    return {
        base::ErrorCode::invalid_argument,
        fmt::format(fmt::runtime(message(settings.language, "error.registry_problems")), file, count)};
}

} // namespace

void require_usable(
    const Settings& settings, const std::string& file, const registry::ImportReading& reading
) {
    if (!reading.is_usable()) {
        report_problems(settings, file, reading.problems);
        throw refusal(settings, file, reading.problems.size());
    }
}

model::RegistryData read_registry_or_report(const Settings& settings, const std::string& file) {
    auto reading = registry::read_registry_file(file);
    require_usable(settings, file, reading);
    return std::move(reading.data);
}

} // namespace fengsui::apps
