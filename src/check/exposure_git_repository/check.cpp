#include "base/text.h"
#include "check/common/exposure_proof.h"
#include "check/common/exposure_text.h"

#include <algorithm>

namespace fengsui::check {

namespace {

bool is_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return base::is_digit(c) || (c >= 'a' && c <= 'f');
    });
}

/// A symbolic reference, or the id of a commit (SHA-1 or SHA-256); gitrepository-layout(5), HEAD.
bool is_head(std::string_view text) {
    const bool is_one_line = text.find('\n') == std::string_view::npos;
    const bool is_reference = text.substr(0, 10) == "ref: refs/";
    return is_one_line && (is_reference || ((text.size() == 40 || text.size() == 64) && is_hex(text)));
}

/// The first remote's URL without its credentials; git-config(1).
std::string remote_of(std::string_view config) {
    for (const auto line : meaningful_lines(config, 200)) {
        const auto assignment = read_assignment(line);
        if (assignment && assignment->key == "url") {
            return masked_url(assignment->value);
        }
    }
    return {};
}

bool is_config(std::string_view text) {
    return base::icontains(text, "[core]") && base::icontains(text, "repositoryformatversion");
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    const auto body = base::trim(exchange.body);
    if (looks_like_html(body)) {
        return std::nullopt;
    }
    if (is_head(body)) {
        return FileProof{"git HEAD", std::string(body), base::Json::object(), "/.git/"};
    }
    if (!is_config(body)) {
        return std::nullopt;
    }
    FileProof proof{"git config with [core]", "[core]", base::Json::object(), "/.git/"};
    const auto remote = remote_of(body);
    if (!remote.empty()) {
        proof.details.set("remote", remote);
    }
    return proof;
}

} // namespace

model::Verdict exposure_git_repository(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.git_repository", prove, false});
}

} // namespace fengsui::check
