// What evidence may keep of an answer: everything but passwords, tokens, keys and cookies.
#pragma once

#include <string>
#include <string_view>

namespace fengsui::check {

/// The text line by line: an assignment of a credential and the value of a cookie or authorisation header
/// keep their first letters and their length only. Other lines stay as they are.
std::string without_secrets(std::string_view text);

} // namespace fengsui::check
