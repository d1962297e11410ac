// The source of the catalogue: written by cmake/checks.cmake into the build directory from the folders.
#pragma once

#include "model/check.h"

#include <span>

namespace fengsui::check {

struct EmbeddedCheck {
    std::string_view yaml;
    model::CheckFunction function = nullptr;
};

std::span<const EmbeddedCheck> embedded_checks();

} // namespace fengsui::check
