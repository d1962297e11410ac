// Where results go: JSON lines for programs, or text, a progress bar and a summary for people.
#pragma once

#include "fengsui/settings.h"

#include "pipeline/patrol.h"

#include <map>

namespace fengsui::apps {

/// Writes a JSON line to standard output at once; throws io when that is closed or full.
void print_line(const base::Json& line);
void print_text(std::string_view text);
/// A sentence on standard error, with the program's name before it.
void print_error(base::Language language, std::string_view text);

/// Gathers a run's results for people; for programs it prints them as they come.
class PatrolOutput {
public:
    PatrolOutput(OutputFormat format, base::Language language);

    void show(const pipeline::TargetReport& report, const model::RunId& run);
    void show_progress(const pipeline::PatrolProgress& progress);
    enum class Ending { finished, stopped };
    void show_summary(const pipeline::PatrolProgress& progress, Ending ending);

    /// The worst severity found, if anything was.
    [[nodiscard]] std::optional<model::Severity> worst() const { return worst_; }

private:
    void clear_progress();
    void keep(const pipeline::TargetReport& report);
    void print_worst() const;
    void print_unreached() const;

    OutputFormat format_;
    base::Language language_;
    bool has_bar_;
    std::chrono::steady_clock::time_point bar_drawn_{};
    std::optional<model::Severity> worst_;
    std::vector<model::Finding> worst_findings_;                ///< at most ten, worst first
    std::map<std::string, std::vector<std::string>> unreached_; ///< reason to targets
};

} // namespace fengsui::apps
