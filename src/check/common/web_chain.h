// Questions that several web and DNS checks ask of an observation.
#pragma once

#include "model/observation.h"

#include <optional>
#include <string_view>
#include <vector>

namespace fengsui::check {

/// Whether the target is a host by name; an address, a prefix or a URL with a literal address is not.
bool names_a_host(const model::AssetTarget& target);

/// Equal but for a leading `www.`.
bool is_same_site(std::string_view host, std::string_view other);

/// Every answer of both chains, plain first.
std::vector<const model::HttpExchange*> answered_hops(const model::WebObservation& web);

enum class PageKind : std::uint8_t { any, html };
/// Why the document's headers say nothing of the site: a server error, or not HTML where HTML is asked.
std::optional<model::Outcome> why_not_judged(const model::HttpExchange& document, PageKind wanted);

/// The answer is "come back later": it tells nothing of what the site otherwise serves.
bool is_rate_limited(const model::HttpExchange& exchange);

} // namespace fengsui::check
