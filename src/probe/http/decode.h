// Which URLs a web visit asks for: counterparts, redirects, linked directories. Pure.
#pragma once

#include "model/observation.h"
#include "model/scope.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::probe::http {

/// Where the two chains begin.
struct Starts {
    std::optional<model::Url> plain;
    std::optional<model::Url> secure;
};

/// A host or address is asked at both default ports. A URL is asked as registered, and its other scheme
/// at the default port if its own is the default; else where another registered URL says.
Starts start_urls(const model::AssetTarget& target, std::string_view host, const model::ScopeGate& scope);

/// May the chain go on from `hops` to `next`? not_reached/http_invalid for a loop or too many.
model::Outcome judge_hop(const std::vector<model::HttpExchange>& hops, const model::Url& next);

/// Why a redirect leads nowhere: refused/policy when its Location has userinfo (`https://user@host/`), which
/// would put a password into a request of ours. completed: not for such a reason.
model::Outcome judge_location(const model::HttpExchange& hop);

/// An exchange already made with that GET, in any of the chains; null when there is none.
const model::HttpExchange* find_page(std::span<const model::HttpChain* const> chains, const model::Url& url);

/// The last answer that came from `host` itself, over https if there is one: where paths may be asked
/// for the asset's sake. Null when the host did not answer.
const model::HttpExchange* own_answer(const model::WebObservation& web, std::string_view host);

/// Same-origin directories (paths that end in '/') that the page links, those that look like stores of
/// files first. The page's own directory and the root are left out.
std::vector<model::Url> linked_directories(const model::HttpExchange& page, std::size_t limit);
/// Directories in which the page's own images, scripts and style sheets lie.
std::vector<model::Url> resource_directories(const model::HttpExchange& page, std::size_t limit);

/// `path` with {host} replaced, on `origin`; none when it is not a plain path (contracts.md section 4).
std::optional<model::Url> wanted_url(const model::Url& origin, std::string_view path, std::string_view host);

} // namespace fengsui::probe::http
