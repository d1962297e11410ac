// Which part of a host name somebody registered, by the Public Suffix List (libpsl's built-in copy).
#pragma once

#include <string>
#include <string_view>

namespace fengsui::model {

/// `www.a.com.cn` → `a.com.cn`. Below an unlisted top-level domain the last two labels. Empty when the host
/// is an address, a single label or a public suffix itself.
std::string registrable_domain(std::string_view host);

/// The same only where the list knows the suffix: what lies below `.test` or `.lan` nobody can register.
std::string registrable_domain_of_known_suffix(std::string_view host);

/// Both belong to one registrable domain, or are equal.
bool is_same_registrable_domain(std::string_view host, std::string_view other);

} // namespace fengsui::model
