// When two pages say the same thing in other words.
#pragma once

#include "model/http.h"

namespace fengsui::check {

/// The beginning of the body without the places where the page repeats the path it was asked for.
std::string without_echo(const model::HttpExchange& exchange);

/// Equal texts, or texts that share at least four fifths of their runs of three words; numbers count as
/// equal.
bool is_similar(std::string_view a, std::string_view b);

} // namespace fengsui::check
