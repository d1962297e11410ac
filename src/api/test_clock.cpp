// The clock of `serve --test-clock`: time stands still until it is moved, and what falls due runs then.
#include "api/api.h"
#include "api/problem.h"
#include "store/record_store.h"
#include "workflow/due_batch.h"

namespace fengsui::api {

namespace {

using base::Json;

/// So many in one transaction's turn; other requests come in between.
constexpr std::size_t kBatch = 200;

void run_until(const Call& call, base::Instant until) {
    while (workflow::run_due_batch(call.services.engine, call.services.database, until, kBatch) > 0) {
    }
}

Reply move_clock(const Call& call) {
    if (call.services.standing_clock == nullptr) {
        throw absent();
    }
    auto to = base::parse_rfc3339(call.body["now"].as_string());
    if (!to) {
        throw Problem(400, "malformed", "now: " + to.error().message());
    }
    const auto until = *to;
    call.services.standing_clock->move(until, [&call, until] {
        run_until(call, until);
        store::RecordStore(call.services.database).write_value("test_clock", base::format_rfc3339(until));
    });
    return {200, Json::object({{"now", base::format_rfc3339(until)}}), {}};
}

} // namespace

std::span<const Route> clock_routes() {
    static constexpr BodyField kFields[] = {{"now", "time", true}};
    static constexpr Route kRoutes[] = {
        {"PUT",
         "/test/clock",
         Access::admin,
         "Move the clock and run what falls due, with --test-clock",
         &move_clock,
         {},
         false,
         false,
         {},
         kFields},
    };
    return kRoutes;
}

} // namespace fengsui::api
