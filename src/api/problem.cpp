#include "api/problem.h"

#include <utility>

namespace fengsui::api {

Problem::Problem(int status, std::string code, std::string detail)
    : status_(status), code_(std::move(code)), detail_(std::move(detail)) {}

base::Json Problem::to_json() const {
    base::Json json = base::Json::object({
        {"type", "about:blank"},
        {"title", status_title(status_)},
        {"status", status_},
        {"code", code_},
        {"detail", detail_},
    });
    for (const auto& [name, value] : members_.members()) {
        json.set(name, value);
    }
    return json;
}

Problem& Problem::with(std::string_view name, base::Json value) {
    members_.set(name, std::move(value));
    return *this;
}

Problem& Problem::allow(std::string_view methods) {
    allow_ = methods;
    return *this;
}

Problem& Problem::retry_after(int seconds) {
    retry_after_ = seconds;
    return *this;
}

std::string_view status_title(int status) {
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 503:
        return "Service Unavailable";
    default:
        return "Internal Server Error";
    }
}

Problem absent() {
    return {404, "not_found", "there is no such record, or it is outside your scope"};
}

} // namespace fengsui::api
