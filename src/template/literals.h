// Literals that every match of a regular expression holds: what opens its gate.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::templates {

/// Of the returned literals (three bytes or more) at least one stands in every match; empty: unknown.
std::vector<std::string> required_regex_literals(std::string_view pattern, bool& ignore_case);

/// How telling a literal is: its length, but for the marks that stand in nearly every page.
std::size_t literal_worth(std::string_view literal);

} // namespace fengsui::templates
