// What the exposure checks share: a file counts as exposed only when its content proves what it is and when
// pages that cannot exist are answered differently.
#pragma once

#include "model/check.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fengsui::check {

/// What shows that an answer is the real file. Nothing in it may hold a secret in the clear.
struct FileProof {
    std::string pattern;                       ///< what was recognised
    std::string excerpt;                       ///< masked and short
    base::Json details = base::Json::object(); ///< further members of the evidence
    std::string locator_path;                  ///< when several files show one thing: its path; else empty
};

using FileRule = std::function<std::optional<FileProof>(const model::HttpExchange&)>;

struct ExposureRule {
    std::string_view check;            ///< id; the `purpose` of the paths asked for it
    FileRule prove;                    ///< asked only about answers with status 200 or 206 …
    bool accepts_unauthorised = false; ///< … and 401
};

/// Judges every path that was asked for the check. Nothing is claimed when a page that cannot exist gives the
/// same proof, or when no such page was answered; a path that was not reached leaves absence open.
model::Verdict judge_exposure(const model::Observation& seen, const ExposureRule& rule);

/// Whether the answer is the site's way of saying "no such page": same kind of status as one of the
/// controls and a similar body, the echoed path left aside.
bool is_soft_404(const model::HttpExchange& exchange, const std::vector<model::HttpExchange>& controls);

} // namespace fengsui::check
