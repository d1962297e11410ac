#include "model/check.h"

#include "check/common/integrity_views.h"

namespace fengsui::check {

namespace {

using model::PageChange;
using model::Severity;

/// A redesign is news, not an alarm; code from a new place deserves a look at once.
std::optional<Severity> severity_of(const ConfirmedChange& found) {
    if (found.change == PageChange::redesign) {
        return Severity::info;
    }
    return found.departure.new_resources.empty() ? std::nullopt : std::optional(Severity::medium);
}

} // namespace

model::Verdict integrity_changed(const model::Observation& seen, const base::Json&) {
    const auto found = confirmed_change(seen);
    if (found.why_not) {
        return {*found.why_not, {}};
    }
    if (found.change != PageChange::changed && found.change != PageChange::redesign) {
        return {};
    }
    auto evidence = change_evidence(seen, found);
    evidence.set("kind", found.change == PageChange::redesign ? "redesign" : "changed");
    return {model::completed(), {{"", std::move(evidence), severity_of(found)}}};
}

} // namespace fengsui::check
