#include "base/error.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace fengsui::base {

std::string_view to_string(ErrorCode code) {
    switch (code) {
    case ErrorCode::invalid_argument:
        return "invalid_argument";
    case ErrorCode::not_found:
        return "not_found";
    case ErrorCode::conflict:
        return "conflict";
    case ErrorCode::forbidden:
        return "forbidden";
    case ErrorCode::unsupported:
        return "unsupported";
    case ErrorCode::io:
        return "io";
    case ErrorCode::corrupt:
        return "corrupt";
    case ErrorCode::cancelled:
        return "cancelled";
    case ErrorCode::deadline:
        return "deadline";
    case ErrorCode::internal:
        return "internal";
    }
    return "internal";
}

Error::Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

Error Error::context(std::string_view where) const {
    return {code_, std::string(where) + ": " + message_};
}

void fail_check(const char* condition, const char* message, const char* file, int line) {
    std::fprintf(stderr, "fengsui: broken invariant at %s:%d: %s (%s)\n", file, line, message, condition);
    std::abort();
}

} // namespace fengsui::base
