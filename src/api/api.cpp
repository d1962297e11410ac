#include "api/api.h"

#include "api/auth.h"
#include "api/conditions.h"
#include "api/oidc_routes.h"
#include "api/openapi.h"
#include "api/problem.h"
#include "api/static_files.h"
#include "base/log.h"
#include "base/text.h"
#include "store/idempotency_store.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::api {

namespace {

using base::Json;
using net::ServerRequest;
using net::ServerResponse;

constexpr std::string_view kBase = "/api/v1";
constexpr std::string_view kBatchBase = "/api/batch/v2";
constexpr std::string_view kNoPatrol = "\"patrol\":null}"; // records.cpp: who may not read runs

/// A handler's own headers are stricter, and stay.
void add_security_headers(ServerResponse& response) {
    static constexpr std::pair<std::string_view, std::string_view> kHeaders[] = {
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Content-Security-Policy",
         "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
         "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"}};
    for (const auto& [name, value] : kHeaders) {
        if (model::find_header(response.headers, name) == nullptr) {
            response.headers.push_back({std::string(name), std::string(value)});
        }
    }
}

ServerResponse json_response(int status, const Json& body) {
    ServerResponse response;
    response.status = status;
    if (status != 204) {
        response.headers.push_back({"Content-Type", "application/json"});
        response.body = base::to_text(body);
    }
    response.headers.push_back({"Cache-Control", "no-store"});
    return response;
}

ServerResponse problem_response(const Problem& problem) {
    ServerResponse response = json_response(problem.status(), problem.to_json());
    response.headers.front().value = "application/problem+json";
    if (problem.retry_after() > 0) {
        response.headers.push_back({"Retry-After", std::to_string(problem.retry_after())});
    }
    if (!problem.allow().empty()) {
        response.headers.push_back({"Allow", problem.allow()});
    }
    if (problem.status() == 401) {
        response.headers.push_back({"WWW-Authenticate", "Bearer"});
    }
    return response;
}

/// contract_rest.md: one mapping of our own error codes.
Problem to_problem(const base::Error& error) {
    using base::ErrorCode;
    switch (error.code()) {
    case ErrorCode::invalid_argument:
        return {400, "malformed", error.message()};
    case ErrorCode::not_found:
        return absent();
    case ErrorCode::conflict:
        return {409, "conflict", error.message()};
    case ErrorCode::forbidden:
        return {403, "forbidden", error.message()};
    case ErrorCode::io:
    case ErrorCode::corrupt:
        base::log_error(error.message());
        return {503, "storage", "the store cannot be written or read now"};
    default:
        base::log_error(error.message());
        return {500, "internal", "something went wrong on our side"};
    }
}

Problem to_problem(const workflow::Refusal& refusal) {
    using workflow::RefusalKind;
    const auto with_members = [&](int status, std::string_view code) {
        Problem problem(status, std::string(code), refusal.what());
        for (const auto& [name, value] : refusal.members().members()) {
            problem.with(name, value);
        }
        return problem;
    };
    switch (refusal.kind()) {
    case RefusalKind::malformed:
        return with_members(400, "malformed");
    case RefusalKind::role:
        return with_members(403, "role");
    case RefusalKind::absent:
        return absent(); // nothing of its own: it must not tell unknown from out of scope
    case RefusalKind::stale:
        return with_members(412, "stale");
    case RefusalKind::wrong_state:
        return with_members(409, "wrong_state");
    case RefusalKind::guard:
        return with_members(422, "guard_failed");
    }
    return {500, "internal", "something went wrong on our side"};
}

/// Segments of `path` against `pattern`; values of the `{…}` on success.
bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& values) {
    const auto want = base::split(pattern, '/');
    const auto have = base::split(path, '/');
    values.clear();
    if (want.size() != have.size()) {
        return false;
    }
    for (std::size_t i = 0; i < want.size(); ++i) {
        if (want[i].starts_with('{') && !have[i].empty()) {
            values.emplace_back(have[i]);
        } else if (want[i] != have[i]) {
            return false;
        }
    }
    return true;
}

bool has_body(std::string_view method) {
    return method == "POST" || method == "PATCH" || method == "PUT";
}

/// contract_rest.md 6.1: no text may hold one, however it was escaped. At most 64 deep, by parse_json.
bool has_nul(const Json& value) {
    const auto in_text = [](const std::string& text) {
        return text.find('\0') != std::string::npos;
    };
    const auto& items = value.items();
    const auto& members = value.members();
    return in_text(value.as_string()) || std::any_of(items.begin(), items.end(), has_nul)
           || std::any_of(members.begin(), members.end(), [&](const base::JsonMember& member) {
                  return in_text(member.first) || has_nul(member.second);
              });
}

/// `POST /{collection}`: what makes a record needs a body.
bool makes_record(const Route& route) {
    return route.method == "POST" && route.pattern.find('/', 1) == std::string_view::npos;
}

Json read_body(const ServerRequest& request, bool is_wanted) {
    if (!is_wanted || request.body.empty()) {
        return Json::object();
    }
    const auto* type = request.header("Content-Type");
    if (type == nullptr || !base::istarts_with(*type, "application/json")
        || request.header("Content-Encoding") != nullptr) {
        throw Problem(415, "media_type", "send the body as application/json without content coding");
    }
    if (!base::is_valid_utf8(request.body)) {
        throw Problem(400, "malformed", "the body is not UTF-8");
    }
    auto body = base::parse_json(request.body);
    if (!body || !body->is_object()) {
        throw Problem(400, "malformed", body ? "the body must be an object" : body.error().message());
    }
    if (has_nul(*body)) {
        throw Problem(400, "malformed", "the body has a text with a NUL character");
    }
    return *body;
}

/// Lists judge their parameters themselves.
void require_known_parameters(const Route& route, const ServerRequest& request) {
    if (route.method != "GET" || route.is_list) {
        return;
    }
    for (const auto& [name, value] : request.query) {
        if (std::find(route.filters.begin(), route.filters.end(), name) == route.filters.end()) {
            throw Problem(400, "unknown_parameter", fmt::format("\"{}\" is not a parameter of this", name));
        }
    }
}

ServerResponse response_of(Reply reply) {
    ServerResponse response;
    if (reply.bytes) {
        response.status = reply.status;
        response.body = std::move(*reply.bytes);
        response.headers.push_back({"Cache-Control", "no-store"});
    } else {
        response = json_response(reply.status, reply.body);
    }
    response.headers.insert(response.headers.end(), reply.headers.begin(), reply.headers.end());
    return response;
}

store::KeptAnswer kept_answer(ServerResponse response) {
    store::KeptAnswer kept{response.status, {}, std::move(response.body)};
    for (const auto& header : response.headers) {
        kept.headers.emplace_back(header.name, header.value);
    }
    return kept;
}

/// contract_rest.md 6.1: the same key and request are answered as the first time.
ServerResponse answer_once(const Route& route, const Call& call, std::string key) {
    const auto& request = call.request;
    const store::KeyedRequest keyed{
        call.caller.user.id, std::move(key), request.method + " " + request.target + "\n" + request.body};
    const std::function<store::KeptAnswer()> work = [&] {
        return kept_answer(response_of(route.handler(call)));
    };
    store::IdempotencyStore answers(call.services.database);
    auto kept = route.is_in_parts ? answers.run_in_parts(keyed, base::now(), work)
                                  : answers.run(keyed, base::now(), work);
    if (!kept) {
        throw Problem(422, "idempotency_mismatch", "this Idempotency-Key was used for another request");
    }
    ServerResponse response;
    response.status = kept->status;
    response.body = std::move(kept->body);
    for (auto& [name, value] : kept->headers) {
        response.headers.push_back({std::move(name), std::move(value)});
    }
    return response;
}

ServerResponse answer(
    Services& services,
    const Route& route,
    const ServerRequest& request,
    const std::vector<std::string>& values
) {
    const auto now = services.clock.now();
    Call call{services, route, request, values, {}, {}, now};
    if (route.access != Access::anyone) {
        call.caller = authenticate(services, request, now);
        require_access(call.caller, route.access);
    }
    require_known_parameters(route, request);
    if (makes_record(route) && request.body.empty()) {
        throw Problem(400, "malformed", "a body is needed: an object in JSON");
    }
    call.body = read_body(request, has_body(request.method) || !route.fields.empty());
    auto key =
        request.method == "POST" && route.access != Access::anyone ? idempotency_key(request) : std::nullopt;
    return key ? answer_once(route, call, std::move(*key)) : response_of(route.handler(call));
}

ServerResponse answer_or_problem(
    Services& services,
    const Route& route,
    const ServerRequest& request,
    const std::vector<std::string>& values
) {
    try {
        return answer(services, route, request, values);
    } catch (const Problem& problem) {
        return problem_response(problem);
    } catch (const workflow::Refusal& refusal) {
        return problem_response(to_problem(refusal));
    } catch (const base::Error& error) {
        return problem_response(to_problem(error));
    }
}

Problem not_offered(std::string_view allow) {
    Problem problem(405, "method", "this method is not offered here");
    problem.allow(allow);
    return problem;
}

ReaderRights rights_of(Caller caller) {
    const auto audience = caller.is_only_unit() ? Audience::everyone : Audience::authority;
    return {std::move(caller.visible), audience};
}

/// What of a request says who asks; the rest need not live as long as a stream.
ServerRequest credential_of(const ServerRequest& request) {
    ServerRequest credential;
    credential.method = "GET";
    credential.headers = request.headers;
    return credential;
}

std::optional<ReaderRights> rights_now(Services& services, const ServerRequest& credential) {
    try {
        return rights_of(authenticate(services, credential, services.clock.now()));
    } catch (const Problem&) {
        return std::nullopt; // revoked, expired or disabled
    } catch (const base::Error& error) {
        base::log_error(error.message());
        return std::nullopt;
    }
}

void require_get(const ServerRequest& request) {
    if (request.method != "GET") {
        throw not_offered("GET, HEAD");
    }
}

ServerResponse plain_text(std::string text) {
    ServerResponse response;
    response.headers.push_back({"Content-Type", "text/plain; version=0.0.4; charset=utf-8"});
    response.body = std::move(text);
    return response;
}

} // namespace

Api::Api(Services& services) : services_(services), routes_(all_routes()) {}

net::Task<ServerResponse> Api::handle(ServerRequest request) {
    ServerResponse response;
    try {
        auto work = dispatch(request);
        response = co_await std::move(work);
    } catch (const Problem& problem) {
        response = problem_response(problem);
    } catch (const base::Error& error) {
        response = problem_response(to_problem(error));
    }
    add_security_headers(response);
    co_return response;
}

std::string Api::unreadable(int status) {
    const auto code = status == 413   ? "too_large"
                      : status == 431 ? "head_too_large"
                      : status == 408 ? "timeout"
                      : status == 503 ? "busy"
                      : status == 500 ? "internal"
                                      : "malformed";
    const auto detail = status == 503   ? "too many connections; try again"
                        : status == 500 ? "something went wrong on our side"
                                        : "the request cannot be read";
    return base::to_text(Problem(status, code, detail).to_json());
}

net::Task<ServerResponse> Api::dispatch(const ServerRequest& request) {
    if (request.path.starts_with(std::string(kBatchBase) + "/")) {
        auto picked = pick_route(batch_routes(), request, request.path.substr(kBatchBase.size()));
        co_return co_await std::move(picked);
    }
    const bool is_api = request.path == kBase || request.path.starts_with(std::string(kBase) + "/");
    if (!is_api) {
        auto outside = outside_api(request);
        co_return co_await std::move(outside);
    }
    const std::string path = request.path.substr(kBase.size());
    if (path == "/openapi.json") {
        require_get(request);
        co_return json_response(200, openapi_document(routes_));
    }
    if (path == "/events/stream" && request.method == "GET") {
        auto stream = open_stream(request);
        co_return co_await std::move(stream);
    }
    if (path == "/patrol" || path.starts_with("/patrol/actions/")) {
        auto steered = steer_patrol(request, path);
        co_return co_await std::move(steered);
    }
    if (path == "/session/oidc" || path == "/session/oidc/callback") {
        auto elsewhere = sign_in_elsewhere(request, path);
        co_return co_await std::move(elsewhere);
    }
    if (path == "/test/clock" && services_.standing_clock == nullptr) {
        throw absent();
    }
    auto picked = pick_route(routes_, request, path);
    co_return co_await std::move(picked);
}

net::Task<ServerResponse> Api::pick_route(
    std::span<const Route> routes, const ServerRequest& request, std::string path
) {
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    std::string allow;
    for (const auto& route : routes) {
        std::vector<std::string> values;
        if (!matches(route.pattern, path, values)) {
            continue;
        }
        allow +=
            (allow.empty() ? "" : ", ") + std::string(route.method == "GET" ? "GET, HEAD" : route.method);
        if (route.method == method) {
            auto run = run_route(route, request, std::move(values));
            co_return co_await std::move(run);
        }
    }
    throw allow.empty() ? absent() : not_offered(allow);
}

/// Health, figures and the pages: no credential, nothing to change.
net::Task<ServerResponse> Api::outside_api(const ServerRequest& request) {
    if (request.path == "/self-check" && services_.offers_self_check
        && (request.method == "GET" || request.method == "HEAD" || request.method == "POST")) {
        ServerResponse page;
        const std::function<void()> answer_visitor = [&] {
            page = self_check(services_, request);
        };
        co_await services_.runtime.offload(answer_visitor);
        co_return page;
    }
    require_get(request);
    if (request.path == "/healthz") {
        co_return plain_text("ok\n");
    }
    if (request.path == "/metrics") {
        co_return metrics();
    }
    if (request.path == "/readyz") {
        auto ready = readiness();
        co_return co_await std::move(ready);
    }
    ServerResponse response;
    const std::function<void()> work = [&] {
        response = static_file(services_.web_root, request.path);
    };
    co_await services_.runtime.offload(work);
    co_return response;
}

/// Ready is who can read the store.
net::Task<ServerResponse> Api::readiness() {
    const std::function<void()> work = [this] {
        (void)store::UserStore(services_.database).count();
    };
    co_await services_.runtime.offload(work);
    co_return plain_text("ok\n");
}

net::Task<ServerResponse> Api::run_route(
    const Route& route, const ServerRequest& request, std::vector<std::string> values
) {
    ServerResponse response;
    const std::function<void()> work = [&] {
        response = answer_or_problem(services_, route, request, values);
    };
    co_await services_.runtime.offload(work);
    if (route.method != "GET" && services_.on_write) {
        services_.on_write();
    }
    if (route.pattern == "/overview" && response.status == 200 && !response.body.ends_with(kNoPatrol)) {
        // The patrol's state lives on this thread.
        response.body.pop_back();
        response.body += ",\"patrol\":" + base::to_text(services_.patrol.status()) + "}";
    }
    co_return response;
}

net::Task<Caller> Api::identify(const ServerRequest& request, Access access) {
    Caller caller;
    const std::function<void()> work = [&] {
        caller = authenticate(services_, request, services_.clock.now());
        require_access(caller, access);
    };
    co_await services_.runtime.offload(work);
    co_return caller;
}

net::Task<ServerResponse> Api::steer_patrol(const ServerRequest& request, std::string path) {
    const bool reads = path == "/patrol";
    if (request.method != (reads ? "GET" : "POST")) {
        throw not_offered(reads ? "GET, HEAD" : "POST");
    }
    auto identified = identify(request, reads ? Access::authority : Access::operating);
    co_await std::move(identified);
    read_body(request, has_body(request.method)); // the same refusals as everywhere
    if (path == "/patrol/actions/start") {
        services_.patrol.start();
    } else if (path == "/patrol/actions/stop") {
        services_.patrol.stop();
    } else if (!reads) {
        throw absent();
    }
    co_return json_response(200, services_.patrol.status());
}

net::Task<ServerResponse> Api::sign_in_elsewhere(const ServerRequest& request, std::string path) {
    if (services_.oidc == nullptr) {
        throw absent();
    }
    require_get(request);
    auto task =
        path == "/session/oidc" ? services_.oidc->start() : services_.oidc->finish(services_, request);
    co_return co_await std::move(task);
}

net::Task<ServerResponse> Api::open_stream(const ServerRequest& request) {
    auto identified = identify(request, Access::signed_in);
    Caller caller = co_await std::move(identified);
    if (!request.query.empty()) {
        throw Problem(400, "unknown_parameter", "the stream has no parameters");
    }
    ServerResponse response;
    response.headers.push_back({"Content-Type", "text/event-stream"});
    response.headers.push_back({"Cache-Control", "no-store"});
    RightsCheck check = [this, credential = credential_of(request)] {
        return rights_now(services_, credential);
    };
    response.stream = [this, rights = rights_of(std::move(caller)), check](net::ResponseStream& stream) {
        return services_.events.serve(stream, rights, check);
    };
    co_return response;
}

ServerResponse Api::metrics() const {
    std::string text;
    for (const auto& metric : services_.metrics()) {
        text += fmt::format("# HELP {} {}\n", metric.name, metric.help);
        text += fmt::format("# TYPE {} {}\n{} {}\n", metric.name, metric.type, metric.name, metric.value);
    }
    return plain_text(text);
}

} // namespace fengsui::api
