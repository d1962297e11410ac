// The three mechanisms of failure (ARCHITECTURE.md): the world's answers are data, `Error` ends a unit
// of work, `FENGSUI_CHECK` ends the process because we are wrong.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace fengsui::base {

/// What kind of failure ended the work; mapped once to an exit status and to an HTTP status.
enum class ErrorCode {
    invalid_argument, ///< bad input or wrong use: exit 2, HTTP 400/422
    not_found,        ///< HTTP 404
    conflict,         ///< locked by another process, wrong state: exit 3, HTTP 409
    forbidden,        ///< not permitted: exit 2, HTTP 403
    unsupported,      ///< newer schema, unknown version: exit 3
    io,               ///< disk full, unreadable: exit 3
    corrupt,          ///< stored data do not add up: exit 3
    cancelled,        ///< stopped by the user: exit 3
    deadline,         ///< time is up
    internal,         ///< anything else
};

std::string_view to_string(ErrorCode code);

/// A failure of one unit of work. `what()` is the message with its trail of contexts, for people:
/// it names the place and the mend.
class Error : public std::exception {
public:
    Error(ErrorCode code, std::string message);

    [[nodiscard]] ErrorCode code() const { return code_; }
    [[nodiscard]] const std::string& message() const { return message_; }
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

    /// The same error with "where: " put before its message.
    [[nodiscard]] Error context(std::string_view where) const;

private:
    ErrorCode code_;
    std::string message_;
};

/// Prints the broken invariant and aborts. Called by FENGSUI_CHECK only.
[[noreturn]] void fail_check(const char* condition, const char* message, const char* file, int line);

} // namespace fengsui::base

/// Asserts an invariant of our own, in release builds too.
#define FENGSUI_CHECK(condition, message)                                                                    \
    ((condition) ? static_cast<void>(0)                                                                      \
                 : ::fengsui::base::fail_check(#condition, message, __FILE__, __LINE__))
