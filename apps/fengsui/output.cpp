#include "fengsui/output.h"

#include "base/error.h"
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace fengsui::apps {

namespace {

using base::message;
using pipeline::PatrolProgress;
using pipeline::TargetReport;

constexpr std::size_t kWorstShown = 10;
constexpr std::size_t kUnreachedShown = 5;

bool is_colourful() {
    return isatty(STDOUT_FILENO) != 0;
}

/// A severity as people see it: a word, coloured on a terminal, padded to the same width.
std::string severity_tag(model::Severity severity, base::Language language) {
    constexpr std::array<std::string_view, 5> kColours = {"36", "32", "33", "31", "1;31"};
    const std::string word(message(language, fmt::format("severity.{}", to_string(severity))));
    std::string padded = word + std::string(language == base::Language::en ? 8 - word.size() : 0, ' ');
    if (!is_colourful()) {
        return padded;
    }
    return fmt::format("\x1b[{}m{}\x1b[0m", kColours[static_cast<std::size_t>(severity)], padded);
}

std::string duration_text(double seconds) {
    const auto whole = std::lround(seconds);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string bar_text(const PatrolProgress& progress, base::Language language) {
    constexpr std::size_t kWidth = 30;
    const std::size_t filled =
        progress.targets_total == 0 ? kWidth : kWidth * progress.targets_done / progress.targets_total;
    const auto left = progress.seconds_left();
    std::string bar;
    for (std::size_t i = 0; i < kWidth; ++i) {
        bar += i < filled ? "█" : "░";
    }
    const std::string left_text =
        left ? fmt::format(fmt::runtime(message(language, "progress.left")), duration_text(*left))
             : std::string();
    const std::string words = fmt::format(
        fmt::runtime(message(language, "progress.line")),
        fmt::arg("done", progress.targets_done),
        fmt::arg("total", progress.targets_total),
        fmt::arg("rate", fmt::format("{:.0f}", progress.requests_per_second())),
        fmt::arg("left", left_text)
    );
    return fmt::format("{} {}", bar, words);
}

/// `[id:matcher] [severity] place [values]`, as people know it from nuclei.
std::string hit_text(const base::Json& line) {
    std::string name = line["template-id"].as_string();
    for (const auto* part : {"matcher-name", "extractor-name"}) {
        name += line[part].is_string() ? ":" + line[part].as_string() : "";
    }
    std::string text = fmt::format(
        "[{}] [{}] {}", name, line["info"]["severity"].as_string(), line["matched-at"].as_string()
    );
    for (const auto& value : line["extracted-results"].items()) {
        text += fmt::format(" [{}]", base::shorten(base::scrub_utf8(value.as_string()), 200));
    }
    return text;
}

void require_written(bool written) {
    if (!written) {
        throw base::Error(
            base::ErrorCode::io, "standard output cannot be written: it is closed or the disk is full"
        );
    }
}

} // namespace

void print_line(const base::Json& line) {
    std::string text = base::to_text(line);
    text += '\n';
    require_written(
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0
    );
}

void print_text(std::string_view text) {
    const std::string with_end = std::string(text) + "\n";
    require_written(std::fwrite(with_end.data(), 1, with_end.size(), stdout) == with_end.size());
}

void print_error(base::Language language, std::string_view text) {
    const std::string line = fmt::format("{}{}\n", message(language, "error.prefix"), text);
    std::fwrite(line.data(), 1, line.size(), stderr);
}

PatrolOutput::PatrolOutput(OutputFormat format, base::Language language)
    : format_(format), language_(language), has_bar_(isatty(STDERR_FILENO) != 0) {}

void PatrolOutput::show(const TargetReport& report, const model::RunId& run) {
    keep(report);
    if (format_ == OutputFormat::jsonl) {
        for (const auto& line : pipeline::result_lines(report, run)) {
            print_line(line);
        }
        return;
    }
    if (!report.hits.empty()) {
        clear_progress();
    }
    for (const auto& hit : report.hits) {
        if (format_ == OutputFormat::nuclei) {
            print_line(hit.nuclei_line);
        } else {
            print_text(hit_text(hit.line));
        }
    }
}

void PatrolOutput::keep(const TargetReport& report) {
    const auto is_worse = [](const model::Finding& a, const model::Finding& b) {
        return a.severity > b.severity;
    };
    for (const auto& finding : report.findings) {
        worst_ = std::max(worst_.value_or(model::Severity::info), finding.severity);
        const auto place =
            std::upper_bound(worst_findings_.begin(), worst_findings_.end(), finding, is_worse);
        if (worst_findings_.size() < kWorstShown || place != worst_findings_.end()) {
            worst_findings_.insert(place, finding);
        }
        if (worst_findings_.size() > kWorstShown) {
            worst_findings_.pop_back();
        }
    }
    if (!report.is_reached() && !report.obstacle().is_completed()) {
        unreached_[std::string(to_string(report.obstacle().reason))].push_back(report.asset.value);
    }
}

void PatrolOutput::show_progress(const PatrolProgress& progress) {
    constexpr auto kRedraw = std::chrono::milliseconds(200);
    const auto now = std::chrono::steady_clock::now();
    if (!has_bar_ || now - bar_drawn_ < kRedraw) {
        return;
    }
    bar_drawn_ = now;
    const std::string line = "\r\x1b[K" + bar_text(progress, language_);
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fflush(stderr);
}

void PatrolOutput::clear_progress() {
    if (has_bar_) {
        std::fputs("\r\x1b[K", stderr);
        std::fflush(stderr);
    }
}

void PatrolOutput::show_summary(const PatrolProgress& progress, Ending ending) {
    clear_progress();
    if (format_ == OutputFormat::jsonl) {
        print_line(pipeline::summary_line(progress));
        return;
    }
    if (format_ == OutputFormat::nuclei) {
        return;
    }
    const auto word = [&](std::string_view key) {
        return message(language_, key);
    };
    print_text(fmt::format("\n{}", word(ending == Ending::stopped ? "summary.stopped" : "summary.title")));
    print_text(fmt::format(
        "  {} {}   {} {}   {} {}   {} {}",
        word("summary.targets"),
        progress.targets_total,
        word("summary.reached"),
        progress.targets_reached,
        word("summary.requests"),
        progress.requests,
        word("summary.seconds"),
        duration_text(progress.seconds())
    ));
    std::string counts;
    for (std::size_t i = progress.findings.size(); i-- > 0;) {
        counts += fmt::format(
            "  {} {}", severity_tag(static_cast<model::Severity>(i), language_), progress.findings[i]
        );
    }
    print_text(fmt::format("  {}:{}", word("summary.findings"), counts));
    print_worst();
    print_unreached();
    std::fflush(stdout);
}

void PatrolOutput::print_worst() const {
    if (worst_findings_.empty()) {
        return;
    }
    print_text(fmt::format("\n{}", message(language_, "summary.worst")));
    for (const auto& finding : worst_findings_) {
        const auto& title = language_ == base::Language::zh ? finding.title.zh : finding.title.en;
        const auto& place = finding.locator.empty() ? finding.target : finding.locator;
        print_text(fmt::format(
            "  {}  {}  {}  [{}]", severity_tag(finding.severity, language_), place, title, finding.check.str()
        ));
    }
}

void PatrolOutput::print_unreached() const {
    if (unreached_.empty()) {
        return;
    }
    print_text(fmt::format("\n{}", message(language_, "summary.unreached")));
    for (const auto& [reason, targets] : unreached_) {
        print_text(fmt::format("  {} ({}):", message(language_, "reason." + reason), targets.size()));
        for (std::size_t i = 0; i < std::min(kUnreachedShown, targets.size()); ++i) {
            print_text("    " + targets[i]);
        }
        if (targets.size() > kUnreachedShown) {
            print_text(
                "    "
                + fmt::format(
                    fmt::runtime(message(language_, "summary.more")), targets.size() - kUnreachedShown
                )
            );
        }
    }
}

} // namespace fengsui::apps
