#include "workflow/engine/basis.h"

namespace fengsui::workflow {

namespace {

/// Numbers are written as numbers or as texts.
std::string text_of(const base::Json& value) {
    return value.is_int() ? std::to_string(value.as_int()) : value.as_string();
}

} // namespace

JudgedBases judge_bases(const Rulebook& rulebook, const base::Json& bases, base::Date on) {
    JudgedBases judged;
    judged.is_well_formed = bases.is_array() && !bases.items().empty();
    for (const auto& basis : bases.items()) {
        const Citation cited{text_of(basis["law"]), text_of(basis["version"]), text_of(basis["article"])};
        if (cited.law.empty() || cited.version.empty() || cited.article.empty()) {
            judged.is_well_formed = false;
            continue;
        }
        const auto verdict = rulebook.judge_basis(cited, on);
        if (verdict.known && !verdict.in_force) {
            judged.suggest.push_back(verdict.suggestion ? verdict.suggestion->to_json() : base::Json());
        }
    }
    return judged;
}

} // namespace fengsui::workflow
