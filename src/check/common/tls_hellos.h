// What the checks of hand-made hellos share: facts that are known or not, and the profile's words for them.
#pragma once

#include "check/common/tls_endpoints.h"

namespace fengsui::check {

/// The four levels of NCSC-NL's TLS guidelines 2025-05 (standards.md 1.4) that make a claim.
inline constexpr std::string_view kInsufficient = "insufficient";
inline constexpr std::string_view kPhaseOut = "phase_out";

using OfferedOf = std::function<model::Offered(const model::TlsEndpoint&)>;
using Describe = std::function<void(base::Json& evidence, const model::TlsEndpoint&)>;

/// Why a fact of that endpoint is unknown.
model::Outcome blindness(const model::TlsEndpoint& endpoint);

/// Claims the endpoints whose fact is `wrong`, with what `describe` adds to the evidence; cannot tell where
/// it is unknown.
model::Verdict judge_fact(
    const model::Observation& seen, const OfferedOf& fact, model::Offered wrong, const Describe& describe
);

/// Claims the endpoints that accept a suite of that class (`rc4`, `cbc_sha1` …).
model::Verdict judge_suite_class(const model::Observation& seen, std::string_view kind);

/// The level and the profile it is by.
void set_level(base::Json& evidence, std::string_view level);

} // namespace fengsui::check
