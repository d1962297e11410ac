// Errors as problem+json (RFC 9457) with a stable `code`.
#pragma once

#include "base/json.h"

#include <exception>
#include <string>
#include <string_view>

namespace fengsui::api {

/// Thrown by handlers to end a request; becomes the answer.
class Problem : public std::exception {
public:
    Problem(int status, std::string code, std::string detail);

    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] const char* what() const noexcept override { return detail_.c_str(); }
    [[nodiscard]] base::Json to_json() const;

    /// Adds a member such as `missing` or sets Retry-After seconds.
    Problem& with(std::string_view name, base::Json value);
    Problem& retry_after(int seconds);
    [[nodiscard]] int retry_after() const { return retry_after_; }
    /// The methods that a 405 names (RFC 9110 15.5.6).
    Problem& allow(std::string_view methods);
    [[nodiscard]] const std::string& allow() const { return allow_; }

private:
    int status_;
    std::string code_;
    std::string detail_;
    base::Json members_ = base::Json::object();
    int retry_after_ = 0;
    std::string allow_;
};

/// The standard title of an HTTP status.
std::string_view status_title(int status);

/// 404, the same for what is absent and for what is outside the caller's scope.
Problem absent();

} // namespace fengsui::api
