// The program's log: one line an event on standard error. Never secrets, never bodies.
#pragma once

#include <string_view>

namespace fengsui::base {

enum class LogLevel { debug, info, warning, error };

/// From now on only lines of `level` and above are written. The default is `warning`.
void set_log_level(LogLevel level);
void log(LogLevel level, std::string_view message);
inline void log_info(std::string_view message) {
    log(LogLevel::info, message);
}
inline void log_warning(std::string_view message) {
    log(LogLevel::warning, message);
}
inline void log_error(std::string_view message) {
    log(LogLevel::error, message);
}

} // namespace fengsui::base
