// One HTTP request to a service of the operator's: the only place of the program where a request has a body.
#pragma once

#include "model/http.h"
#include "model/service.h"
#include "net/task.h"

#include <optional>
#include <string>

namespace fengsui::net {

class ServiceClient;

struct ServiceRequest {
    std::string path = "/"; ///< with its query
    model::Scheme scheme = model::Scheme::https;
    model::HttpHeaders headers; ///< Host, Content-Length, Connection, User-Agent are the client's own
    std::string content_type;   ///< empty: GET, otherwise POST of `body`
    std::string body;
};

struct ServiceAnswer {
    int status = 0; ///< 0: no answer, and `trouble` says why
    std::string trouble;
    bool was_asked = false; ///< the right server was reached, and the request sent at least in part
    model::HttpHeaders headers;
    std::string body; ///< decoded, at most 1 MiB
    bool is_body_complete = false;
    std::optional<std::chrono::seconds> retry_after;
};

/// A connection of its own for one request. Certificates are verified for the pass's host; redirects are not
/// followed. A header that would break the framing is left out.
Task<ServiceAnswer> fetch_from_service(
    ServiceClient& client, model::ServicePass pass, ServiceRequest request, Deadline deadline
);

} // namespace fengsui::net
