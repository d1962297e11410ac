#include "workflow/intake/result.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace fengsui::workflow {

using base::Json;

Json Unmatched::to_json() const {
    return Json::object({{"line", std::uint64_t{line}}, {"where", where}, {"reason", reason}});
}

base::Result<Intake> read_report(std::string_view format, std::string_view text, const AssetFinder& find) {
    if (!base::is_valid_utf8(text)) {
        return base::Error(base::ErrorCode::invalid_argument, "the report is not UTF-8");
    }
    if (format == "nuclei") {
        return read_nuclei(text, find);
    }
    if (format == "defectdojo") {
        return read_defectdojo(text, find);
    }
    if (format == "csv") {
        return read_csv(text, find);
    }
    return base::Error(base::ErrorCode::unsupported, "format: is one of nuclei, defectdojo, csv");
}

namespace intake {

std::string severity_word(std::string_view word) {
    struct Word {
        std::string_view theirs;
        std::string_view ours;
    };
    static constexpr std::array<Word, 15> kWords = {
        {{"critical", "critical"},
         {"high", "high"},
         {"medium", "medium"},
         {"moderate", "medium"},
         {"low", "low"},
         {"info", "info"},
         {"informational", "info"},
         {"information", "info"},
         {"none", "info"},
         {"超危", "critical"},
         {"严重", "critical"},
         {"高危", "high"},
         {"中危", "medium"},
         {"低危", "low"},
         {"信息", "info"}}};
    const auto plain = base::to_lower(base::trim(word));
    const auto* const found =
        std::find_if(kWords.begin(), kWords.end(), [&](const Word& entry) { return entry.theirs == plain; });
    return found == kWords.end() ? std::string() : std::string(found->ours);
}

std::string check_id(std::string_view tool, std::string_view name) {
    constexpr std::size_t kLongest = 120;
    std::string id;
    for (const char c : base::to_lower(base::trim(name))) {
        const bool is_plain = base::is_digit(c) || base::is_alpha(c) || static_cast<unsigned char>(c) >= 0x80;
        if (is_plain) {
            id.push_back(c);
        } else if (!id.empty() && id.back() != '_') {
            id.push_back('_');
        }
    }
    while (!id.empty() && id.back() == '_') {
        id.pop_back();
    }
    id = id.size() > kLongest ? base::shorten(id, kLongest) : id;
    return id.empty() ? id : base::to_lower(tool) + "." + id;
}

std::string locator_of(std::string_view where) {
    const auto scheme = where.find("://");
    if (scheme == std::string_view::npos) {
        return {};
    }
    const auto path = where.find_first_of("/?#", scheme + 3);
    return path == std::string_view::npos ? std::string() : std::string(where.substr(path));
}

void take(Claim claim, const AssetFinder& find, Intake& intake) {
    const auto refuse = [&](std::string_view reason) {
        intake.unmatched.push_back({claim.line, claim.where, std::string(reason)});
    };
    if (claim.where.empty()) {
        refuse("no_target");
        return;
    }
    if (claim.check.empty()) {
        refuse("no_check");
        return;
    }
    const auto severity = severity_word(claim.severity);
    if (severity.empty()) {
        refuse("unknown_severity");
        return;
    }
    const auto asset = find(claim.where);
    if (!asset) {
        refuse("not_registered");
        return;
    }
    intake.results.push_back(Json::object({
        {"asset", *asset},
        {"check", claim.check},
        {"locator", claim.locator},
        {"severity", severity},
        {"title", claim.title.empty() ? claim.check : claim.title},
        {"evidence", std::move(claim.evidence)},
    }));
}

} // namespace intake
} // namespace fengsui::workflow
