// The headers that make a request conditional: If-Match and Idempotency-Key (contract_rest.md 6.1).
#pragma once

#include "net/http_server.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace fengsui::api {

/// The revisions of If-Match; nothing when it is not there or `*`. A tag that is none of ours, or weak
/// (RFC 9110 13.1.1: compared strongly), is a revision that no record has. Throws Problem 400 when malformed.
std::optional<std::vector<std::int64_t>> wanted_revisions(const net::ServerRequest& request);

/// The key, when there is one. Throws Problem 400 unless it is 1 to 255 visible ASCII characters.
std::optional<std::string> idempotency_key(const net::ServerRequest& request);

} // namespace fengsui::api
