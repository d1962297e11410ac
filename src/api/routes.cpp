#include "api/route.h"

namespace fengsui::api {

std::vector<Route> all_routes() {
    std::vector<Route> routes;
    const auto add = [&](const auto& table) {
        routes.insert(routes.end(), table.begin(), table.end());
    };
    add(session_routes());
    add(second_factor_routes());
    add(oidc_routes());
    add(user_routes());
    add(registry_routes());
    add(registry_write_routes());
    add(registry_file_routes());
    add(check_request_routes());
    add(finding_routes());
    add(grade_routes());
    add(run_routes());
    add(bulk_routes()); // before what would take `bulk` for an id
    add(case_record_routes());
    add(document_routes());
    add(export_routes());
    add(scorecard_routes());
    add(overview_routes());
    add(audit_routes());
    add(clock_routes());
    add(live_routes());
    return routes;
}

} // namespace fengsui::api
