#include "base/text.h"
#include "check/common/exposure_proof.h"
#include "check/common/exposure_text.h"

#include <algorithm>

namespace fengsui::check {

namespace {

constexpr std::size_t kLines = 500;
constexpr std::size_t kShown = 20;

bool is_variable_name(std::string_view key) {
    return !key.empty() && key.front() >= 'A' && key.front() <= 'Z'
           && std::all_of(key.begin(), key.end(), [](char c) {
                  return (c >= 'A' && c <= 'Z') || base::is_digit(c) || c == '_';
              });
}

std::optional<Assignment> variable(std::string_view line) {
    const auto sign = line.find('=');
    const bool is_exported = line.substr(0, 7) == "export ";
    const auto name = base::trim(line.substr(0, sign).substr(is_exported ? 7 : 0));
    if (sign == std::string_view::npos || !is_variable_name(name)) {
        return std::nullopt;
    }
    return read_assignment(line);
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    if (looks_like_html(exchange.body)) {
        return std::nullopt;
    }
    const auto lines = meaningful_lines(exchange.body, kLines);
    std::size_t count = 0;
    base::Json variables = base::Json::array();
    for (const auto line : lines) {
        const auto found = variable(line);
        count += found ? 1 : 0;
        if (found && count <= kShown) {
            variables.push(masked(*found));
        }
    }
    // Values of several lines are allowed for; prose with a stray equals sign is not.
    if (count < 2 || count * 2 < lines.size()) {
        return std::nullopt;
    }
    const std::string excerpt = variables.items().front().as_string();
    return FileProof{"KEY=VALUE lines", excerpt, base::Json::object({{"variables", variables}}), {}};
}

} // namespace

model::Verdict exposure_environment_file(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.environment_file", prove, false});
}

} // namespace fengsui::check
