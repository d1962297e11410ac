// Routes as data: what the router matches, what the OpenAPI document says, what a test counts.
#pragma once

#include "base/json.h"
#include "net/http_server.h"
#include "store/query_store.h"
#include "store/user_store.h"
#include "workflow/engine.h"

#include <functional>
#include <span>

namespace fengsui::api {

struct Services;

/// Who may use a route at all.
enum class Access : std::uint8_t {
    anyone,    ///< no credential needed
    signed_in, ///< any user
    authority, ///< any user but one of role unit alone
    admin,     ///< role admin
    auditing,  ///< roles admin and auditor
    operating, ///< roles officer and admin
    officer,   ///< role officer
    unit,      ///< role unit
    handing_in ///< any user but one of roles auditor and admin alone
};

struct Caller {
    store::User user;
    std::string session_hash; ///< empty for bearer tokens
    std::string csrf;
    store::VisibleUnits visible;

    /// Of role unit alone: may not use what is the authority's.
    [[nodiscard]] bool is_only_unit() const;
    [[nodiscard]] bool has_role(std::string_view role) const;
};

struct Route;

/// One request as a handler sees it. Handlers run on the pool and may block.
struct Call {
    Services& services;
    const Route& route;
    const net::ServerRequest& request;
    std::vector<std::string> path_values; ///< of `{…}` in the pattern, in order
    Caller caller;                        ///< empty user id for Access::anyone
    base::Json body;                      ///< parsed when the method has one
    base::Instant now{};

    /// As the case engine sees this request; throws Problem 400 for an If-Match that is none.
    [[nodiscard]] workflow::Request as_request() const;
};

struct Reply {
    int status = 200;
    base::Json body;
    model::HttpHeaders headers;
    std::optional<std::string> bytes{}; ///< in place of `body`: its headers name its type
};

/// A member of a request's body, for the document.
struct BodyField {
    std::string_view name;
    std::string_view type; ///< of JSON schema; `time`, `date` and `strings` mean what they say
    bool is_required = false;
};

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which the tables read
struct Route {
    std::string_view method;
    std::string_view pattern; ///< below /api/v1, e.g. `/findings/{id}`
    Access access = Access::signed_in;
    std::string_view summary;
    Reply (*handler)(const Call& call) = nullptr;
    std::span<const std::string_view> filters = {}; ///< query parameters beside limit and cursor
    bool is_list = false;
    bool is_in_parts = false;               ///< has transactions of its own and may be repeated
    std::string_view collection = {};       ///< for the handlers that serve many
    std::span<const BodyField> fields = {}; ///< of the request's body
};

/// Every resource's table, in the order of the document.
std::vector<Route> all_routes();

std::span<const Route> session_routes();
/// The second factor of whoever is signed in.
std::span<const Route> second_factor_routes();
/// Answered by Api itself, as live_routes.
std::span<const Route> oidc_routes();
std::span<const Route> user_routes();
std::span<const Route> registry_routes();
/// An asset looked at out of turn.
std::span<const Route> check_request_routes();
std::span<const Route> finding_routes();
std::span<const Route> grade_routes();
/// Runs of the patrol and of other tools, and the reports of those.
std::span<const Route> run_routes();
std::vector<Route> registry_write_routes();
/// Whole registry files: preview, import, export.
std::span<const Route> registry_file_routes();
std::vector<Route> document_routes();
std::vector<Route> export_routes();
std::span<const Route> scorecard_routes();
std::vector<Route> bulk_routes();
/// Cases, notices and all that share their shape.
std::vector<Route> case_record_routes();
std::span<const Route> clock_routes();
std::span<const Route> overview_routes();
std::span<const Route> audit_routes();
/// Answered on the I/O thread by Api itself: here for the document, without handler.
std::span<const Route> live_routes();

/// Below /api/batch/v2: the form is Internet.nl's, and not part of our own document.
std::span<const Route> batch_routes();

/// The list of a collection with the route's filters; unknown query parameters are 400.
Reply list_reply(const Call& call, std::string_view collection, std::span<const std::string_view> filters);
store::ListRequest list_request(const Call& call, std::span<const std::string_view> filters);
Reply page_reply(store::Page page);
/// One record with its ETag, or 404.
Reply record_reply(const Call& call, std::string_view collection);
/// Any record with its ETag.
Reply tagged_reply(base::Json record, int status = 200);
/// What became of a record that the caller may read.
Reply history_reply(const Call& call, std::vector<base::Json> events);
/// Throws Problem 412 when If-Match names another revision.
void require_revision(const Call& call, std::int64_t rev);

} // namespace fengsui::api
