// Routes as data: what the router matches, what the OpenAPI document says, what a test counts.
#pragma once

#include "base/json.h"
#include "net/http_server.h"
#include "store/query_store.h"
#include "store/user_store.h"

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
};

struct Caller {
    store::User user;
    std::string session_hash; ///< empty for bearer tokens
    std::string csrf;
    store::VisibleUnits visible; ///< nothing: all

    /// Of role unit alone: may not use what is the authority's.
    [[nodiscard]] bool is_only_unit() const;
    [[nodiscard]] bool has_role(std::string_view role) const;
};

/// One request as a handler sees it. Handlers run on the pool and may block.
struct Call {
    Services& services;
    const net::ServerRequest& request;
    std::vector<std::string> path_values; ///< of `{…}` in the pattern, in order
    Caller caller;                        ///< empty user id for Access::anyone
    base::Json body;                      ///< parsed when the method has one
    base::Instant now{};
};

struct Reply {
    int status = 200;
    base::Json body;
    model::HttpHeaders headers;
};

struct Route {
    std::string_view method;
    std::string_view pattern; ///< below /api/v1, e.g. `/findings/{id}`
    Access access = Access::signed_in;
    std::string_view summary;
    Reply (*handler)(const Call& call) = nullptr;
    std::span<const std::string_view> filters = {}; ///< query parameters beside limit and cursor
    bool is_list = false;
};

/// Every resource's table, in the order of the document.
std::vector<Route> all_routes();

std::span<const Route> session_routes();
std::span<const Route> user_routes();
std::span<const Route> registry_routes();
std::span<const Route> finding_routes();
std::span<const Route> run_routes();
std::span<const Route> overview_routes();
std::span<const Route> audit_routes();
/// Answered on the I/O thread by Api itself: here for the document, without handler.
std::span<const Route> live_routes();

/// The list of a collection with the route's filters; unknown query parameters are 400.
Reply list_reply(const Call& call, std::string_view collection, std::span<const std::string_view> filters);
/// One record with its ETag, or 404.
Reply record_reply(const Call& call, std::string_view collection);

} // namespace fengsui::api
