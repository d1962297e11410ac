#include "base/text.h"
#include "check/common/exposure_proof.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using namespace std::string_view_literals;

/// SQLite database header string; https://www.sqlite.org/fileformat.html section 1.3.1.
bool is_database(std::string_view body) {
    return body.substr(0, 16) == "SQLite format 3\0"sv;
}

/// Working copies before 1.7: the format number, a blank line and "dir"; later ones: the number alone.
bool is_entries(std::string_view text) {
    const auto lines = base::lines(text.substr(0, 200));
    if (lines.empty()) {
        return false;
    }
    const auto number = lines.front();
    const bool is_format =
        !number.empty() && number.size() <= 2 && std::all_of(number.begin(), number.end(), base::is_digit);
    const bool is_alone = base::trim(text) == number;
    const bool has_directory = lines.size() > 2 && lines[1].empty() && lines[2] == "dir";
    return is_format && (is_alone || has_directory);
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    if (is_database(exchange.body)) {
        return FileProof{"SQLite 3 database (wc.db)", "SQLite format 3", base::Json::object(), "/.svn/"};
    }
    if (is_entries(exchange.body)) {
        const auto format = base::lines(std::string_view(exchange.body).substr(0, 16)).front();
        return FileProof{"svn entries format", std::string(format), base::Json::object(), "/.svn/"};
    }
    return std::nullopt;
}

} // namespace

model::Verdict exposure_svn_repository(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.svn_repository", prove, false});
}

} // namespace fengsui::check
