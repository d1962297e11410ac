// Scorecards: figures of a unit and all below it, never of a person (contract_rest.md 6.3).
#include "api/api.h"
#include "api/body.h"
#include "workflow/spreadsheet.h"

#include <algorithm>

namespace fengsui::api {

namespace {

using base::Json;

constexpr std::string_view kPeriod[] = {"from", "until", "format"};
constexpr std::string_view kListFilters[] = {"from", "until", "format", "unit"};
constexpr std::array<std::string_view, 12> kFigures = {
    "id",
    "unit_name",
    "issued",
    "on_time_ack",
    "on_time_fix",
    "first_pass",
    "recurrence",
    "zero_report",
    "median_fix_days",
    "overdue_open",
    "drills",
    "until"};

std::optional<base::Instant> time_parameter(const Call& call, std::string_view name) {
    const auto* text = call.request.parameter(name);
    if (text == nullptr) {
        return std::nullopt;
    }
    const auto at = base::parse_rfc3339(*text);
    if (!at) {
        throw Problem(400, "malformed", std::string(name) + ": " + at.error().message());
    }
    return *at;
}

Json card_of(const Call& call, const Json& unit) {
    const auto card = workflow::scorecard(
        call.services.database,
        model::UnitId(unit["id"].as_string()),
        time_parameter(call, "from"),
        time_parameter(call, "until"),
        call.now
    );
    Json named = card;
    named.set("unit_name", unit["name"]);
    return named;
}

bool wants_sheet(const Call& call) {
    const auto* format = call.request.parameter("format");
    if (format == nullptr || *format == "json") {
        return false;
    }
    if (*format != "xlsx") {
        throw Problem(400, "malformed", "format: json or xlsx");
    }
    return true;
}

workflow::SheetCell cell_of(const Json& value) {
    if (value.is_number()) {
        return value.as_double();
    }
    return value.is_null() ? workflow::SheetCell() : workflow::SheetCell(value.as_string());
}

Reply sheet_reply(const std::vector<Json>& cards) {
    workflow::Sheet sheet;
    sheet.name = "scorecards";
    sheet.header.assign(kFigures.begin(), kFigures.end());
    for (const auto& card : cards) {
        auto& row = sheet.rows.emplace_back();
        for (const auto figure : kFigures) {
            row.push_back(cell_of(card[figure]));
        }
    }
    Reply reply;
    reply.bytes = workflow::to_xlsx({sheet});
    reply.headers = {
        {"Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"Content-Disposition", "attachment; filename=\"scorecards.xlsx\""}};
    return reply;
}

/// A page of units, each with its figures.
Reply list_cards(const Call& call) {
    const bool is_sheet = wants_sheet(call);
    auto request = list_request(call, kListFilters);
    std::erase_if(request.equals, [](const auto& filter) { return filter.first != "unit"; });
    auto page = store::QueryStore(call.services.database).list("units", request);
    for (auto& item : page.items) {
        item = card_of(call, item);
    }
    return is_sheet ? sheet_reply(page.items) : page_reply(std::move(page));
}

Reply show_card(const Call& call) {
    const Json unit = record_reply(call, "units").body;
    Json card = card_of(call, unit);
    return wants_sheet(call) ? sheet_reply({card}) : tagged_reply(std::move(card));
}

base::Instant required_time(const Json& body, std::string_view name) {
    const auto at = base::parse_rfc3339(required_text(body, name));
    if (!at) {
        throw Problem(400, "malformed", std::string(name) + ": " + at.error().message());
    }
    return *at;
}

constexpr BodyField kSummaryFields[] = {{"from", "time", true}, {"until", "time", true}};

/// The period's summary with charts, as HTML with a PDF beside it: the HTML's record.
Reply summarise(const Call& call) {
    record_reply(call, "units"); // 404 outside the caller's scope
    const auto from = required_time(call.body, "from");
    const auto until = required_time(call.body, "until");
    if (until <= from) {
        throw guard_failed("until", "until: must be later than from");
    }
    const auto document =
        call.services.engine.summarise(model::UnitId(call.path_values[0]), from, until, call.as_request());
    return {201, document.to_json(), {}};
}

} // namespace

std::span<const Route> scorecard_routes() {
    static constexpr Route kRoutes[] = {
        {"GET", "/scorecards", Access::signed_in, "Scorecards of the units", &list_cards, kListFilters, true},
        {"GET",
         "/scorecards/{id}",
         Access::signed_in,
         "A unit's scorecard over its subtree",
         &show_card,
         kPeriod},
        {.method = "POST",
         .pattern = "/scorecards/{id}/summary",
         .access = Access::officer,
         .summary = "A document about a period: HTML and PDF with charts",
         .handler = &summarise,
         .fields = kSummaryFields},
    };
    return kRoutes;
}

} // namespace fengsui::api
