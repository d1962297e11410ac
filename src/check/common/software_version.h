// Versions of software: their order, the ranges that data files give, and whose they are.
#pragma once

#include "model/knowledge.h"

#include <string_view>

namespace fengsui::check {

/// Below, equal or above 0. Numbers by value, `1.0.0-rc.1` before `1.0.0`, OpenSSL's `1.0.2k` after
/// `1.0.2`; missing parts count as 0. Not semver alone: upstreams differ.
int compare_versions(std::string_view a, std::string_view b);

bool is_within(const model::VersionSpan& span, std::string_view version);

/// The text names a distribution whose packages get mended without a new upstream version:
/// `Apache/2.4.41 (Ubuntu)`, `7.4.3-4ubuntu2.18`, `1.18.0-6+deb11u3`, `2.4.6-97.el7`. Empty: none seen.
std::string_view distribution_of(std::string_view text);

/// `2.4.41-4ubuntu3.14` → `2.4.41`, `1:8.4p1-5+deb11u1` → `8.4p1`: what upstream called it.
std::string_view upstream_version(std::string_view version);

/// Starts with a digit and has at least one dot: enough to look up.
bool is_exact_enough(std::string_view version);

} // namespace fengsui::check
