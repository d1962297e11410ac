#include "store/query_store.h"

#include "store/database.h"
#include "store/sqlite/condition.h"
#include "store/sqlite/records.h"
#include "store/sqlite/registry_rows.h"
#include "store/sqlite/scope_cache.h"
#include "store/sqlite/unit_below.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fengsui::store {

namespace {

using base::Error;
using base::ErrorCode;
using base::Json;
using sqlite::Collection;
using sqlite::Condition;
using sqlite::Reading;

std::int64_t parse_cursor(std::string_view cursor) {
    std::int64_t seq = 0;
    const auto [end, failure] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), seq);
    if (failure != std::errc() || end != cursor.data() + cursor.size() || seq < 0) {
        throw Error(
            ErrorCode::invalid_argument, "cursor is not one that a page gave; leave it out for the first page"
        );
    }
    return seq;
}

void add_filters(const Collection& collection, const ListRequest& request, Condition& condition) {
    for (const auto& [field, value] : request.equals) {
        const auto filter = std::find_if(
            collection.filters.begin(),
            collection.filters.end(),
            [&name = field](const auto& known) { return known.field == name; }
        );
        if (filter == collection.filters.end()) {
            throw Error(
                ErrorCode::invalid_argument,
                fmt::format("{} cannot be filtered by \"{}\"", collection.name, field)
            );
        }
        condition.add(filter->expression, value);
    }
}

void add_visible(const Collection& collection, const VisibleUnits& visible, Condition& condition) {
    if (!collection.other_unit.empty()) {
        condition.add_visible_either(collection.unit, collection.other_unit, visible);
    } else if (!collection.unit.empty()) {
        condition.add_visible(collection.unit, visible);
    }
}

void add_finding_details(sqlite::Connection& connection, std::string_view id, Json& finding) {
    Json severities = Json::array();
    auto rows =
        connection.prepare("SELECT at, severity, tool FROM severity_history WHERE finding = ? ORDER BY seq");
    rows.bind(id);
    while (rows.step()) {
        severities.push(Json::object(
            {{"at", base::format_rfc3339(rows.instant(0))},
             {"severity", rows.text(1)},
             {"tool", rows.text(2)}}
        ));
    }
    finding.set("severity_history", std::move(severities));
    Json runs = Json::array();
    auto links = connection.prepare(
        "SELECT r.run FROM finding_runs r JOIN findings f ON f.seq = r.finding WHERE f.id = ? "
        "ORDER BY r.run"
    );
    links.bind(id);
    while (links.step()) {
        runs.push(links.text(0));
    }
    finding.set("runs", std::move(runs));
}

} // namespace

Page QueryStore::list(std::string_view collection, const ListRequest& request) {
    if (request.limit < 1 || request.limit > 1000) {
        throw Error(ErrorCode::invalid_argument, "limit is 1 to 1000");
    }
    const auto& kind = sqlite::collection_named(collection);
    Condition condition;
    if (!request.cursor.empty()) {
        condition.add(fmt::format("{} > ?", kind.seq), parse_cursor(request.cursor));
    }
    add_filters(kind, request, condition);
    add_visible(kind, request.visible, condition);
    auto& connection = database_.connection();
    const Reading reading(connection);
    // One row more than asked for tells whether there is another page.
    auto rows =
        connection.prepare(fmt::format("{}{} ORDER BY {} LIMIT ?", kind.select, condition.sql(), kind.seq));
    condition.bind(rows);
    rows.bind(static_cast<std::int64_t>(request.limit) + 1);
    Page page;
    std::int64_t last = 0;
    while (rows.step()) {
        if (page.items.size() == request.limit) {
            page.next_cursor = std::to_string(last);
            break;
        }
        last = rows.integer(0);
        page.items.push_back(kind.to_json(rows));
        if (kind.extend != nullptr) {
            kind.extend(connection, page.items.back());
        }
    }
    return page;
}

std::optional<Json> QueryStore::get(
    std::string_view collection, std::string_view id, const VisibleUnits& visible
) {
    const auto& kind = sqlite::collection_named(collection);
    Condition condition;
    condition.add(fmt::format("{} = ?", kind.id), std::string(id));
    add_visible(kind, visible, condition);
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare(fmt::format("{}{}", kind.select, condition.sql()));
    condition.bind(row);
    if (!row.step()) {
        return std::nullopt;
    }
    auto record = kind.to_json(row);
    if (kind.extend != nullptr) {
        kind.extend(connection, record);
    }
    if (collection == "findings") {
        add_finding_details(connection, id, record);
    }
    return record;
}

std::vector<Json> QueryStore::history(std::string_view collection, std::string_view id) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare(
        "SELECT at, \"by\", event, from_state, to_state, reason FROM history WHERE collection = ? "
        "AND record = ? ORDER BY seq"
    );
    rows.bind(collection).bind(id);
    const auto text_or_null = [&rows](int column) {
        auto text = rows.text(column);
        return text.empty() ? Json() : Json(std::move(text));
    };
    std::vector<Json> events;
    while (rows.step()) {
        events.push_back(Json::object(
            {{"at", base::format_rfc3339(rows.instant(0))},
             {"by", rows.text(1)},
             {"event", rows.text(2)},
             {"from", text_or_null(3)},
             {"to", text_or_null(4)},
             {"reason", text_or_null(5)}}
        ));
    }
    return events;
}

std::vector<model::UnitId> QueryStore::subtree(const model::UnitId& unit) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    std::vector<model::UnitId> units;
    for (auto& id : sqlite::units_below(connection, unit.str())) {
        units.emplace_back(std::move(id));
    }
    return units;
}

VisibleUnits QueryStore::scope_of(std::vector<model::UnitId> tops) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    const auto generation = sqlite::read_generation(connection);
    auto& cache = database_.scopes();
    if (auto known = cache.find(generation, tops)) {
        return {std::move(tops), std::move(known)};
    }
    auto members = std::make_shared<VisibleUnits::Members>();
    for (const auto& top : tops) {
        for (auto& id : sqlite::units_below(connection, top.str())) {
            members->emplace(std::move(id));
        }
    }
    if (connection.depth() == 1) { // a transaction's tree may never come to be
        cache.keep(generation, tops, members);
    }
    return {std::move(tops), std::move(members)};
}

std::vector<Json> QueryStore::coverage_of(const model::AssetId& asset) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare(
        "SELECT check_id, target, status, reason, run, at, last_completed_at, last_completed_run FROM "
        "coverage WHERE asset = ? ORDER BY check_id"
    );
    rows.bind(asset.str());
    std::vector<Json> lines;
    while (rows.step()) {
        auto line =
            Json::object({{"check", rows.text(0)}, {"target", rows.text(1)}, {"status", rows.text(2)}});
        line.set("reason", rows.text(3).empty() ? Json() : Json(rows.text(3)));
        line.set("run", rows.text(4));
        line.set("at", base::format_rfc3339(rows.instant(5)));
        line.set("last_completed_at", rows.is_null(6) ? Json() : Json(base::format_rfc3339(rows.instant(6))));
        line.set("last_completed_run", rows.is_null(7) ? Json() : Json(rows.text(7)));
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace fengsui::store
