#include "base/text.h"
#include "check/common/exposure_proof.h"
#include "check/common/exposure_text.h"

#include <algorithm>

namespace fengsui::check {

namespace {

constexpr std::size_t kLines = 1000;
constexpr std::size_t kShown = 5;
constexpr int kDepth = 16;

void collect(const base::Json& value, std::string_view key, int depth, base::Json& found) {
    const Assignment member{key, value.as_string()};
    if (value.is_string() && holds_credential(member) && found.items().size() < kShown) {
        found.push(masked(member));
    }
    for (const auto& [name, inner] : value.members()) {
        if (depth < kDepth) {
            collect(inner, name, depth + 1, found);
        }
    }
}

base::Json credentials_of(const std::vector<std::string_view>& lines) {
    base::Json found = base::Json::array();
    for (const auto line : lines) {
        const auto assignment = read_assignment(line);
        if (assignment && holds_credential(*assignment) && found.items().size() < kShown) {
            found.push(masked(*assignment));
        }
    }
    return found;
}

/// At least two settings, and more settings than anything else.
bool has_shape_of_settings(const std::vector<std::string_view>& lines) {
    const auto count = std::count_if(lines.begin(), lines.end(), [](auto line) {
        const auto assignment = read_assignment(line);
        return assignment && assignment->key.find(' ') == std::string_view::npos
               && line.substr(0, line.find_first_of("=:")).find(' ') == std::string_view::npos;
    });
    return count >= 2 && static_cast<std::size_t>(count) * 2 > lines.size();
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    const auto body = base::trim(exchange.body);
    const bool is_php = body.substr(0, 5) == "<?php";
    if (!is_php && looks_like_html(body)) {
        return std::nullopt;
    }
    std::string_view kind = is_php ? "PHP source" : "settings";
    base::Json credentials = base::Json::array();
    if (!body.empty() && body.front() == '{') {
        kind = "JSON settings";
        if (const auto document = base::parse_json(body)) {
            collect(*document, {}, 0, credentials);
        }
    } else {
        const auto lines = meaningful_lines(body, kLines);
        credentials = is_php || has_shape_of_settings(lines) ? credentials_of(lines) : credentials;
    }
    if (credentials.items().empty()) {
        return std::nullopt;
    }
    const std::string excerpt = credentials.items().front().as_string();
    return FileProof{
        std::string(kind) + " with credentials",
        excerpt,
        base::Json::object({{"credentials", credentials}}),
        {}};
}

} // namespace

model::Verdict exposure_config_file(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.config_file", prove, false});
}

} // namespace fengsui::check
