// A finding: acceptance runs out at its time.
#include "workflow/engine/times.h"
#include "workflow/links/links.h"

namespace fengsui::workflow {

void link_finding(Operation& op, const Record& finding, std::string_view event, const Json& /*input*/) {
    if (event == "accept") {
        if (const auto at = point_in_time(finding["expires_at"], op.calendar_of(finding.unit))) {
            op.timers.add({0, *at, "finding.expire", "findings", finding.id, {}});
        }
    } else if (event == "expire") {
        const auto authority = op.tree.authority_of(finding.unit);
        op.tell(finding, {"expired", finding.unit.str(), "contact", {}, {}, finding["target"].as_string()});
        op.tell(
            finding,
            {"expired",
             authority ? authority->id.str() : "",
             "officer",
             {},
             {},
             finding["target"].as_string()}
        );
    } else if (finding.state != "accepted") {
        op.timers.remove_all("findings", finding.id);
    }
}

} // namespace fengsui::workflow
