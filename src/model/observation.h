// What one patrol of one target saw: the input of every check. Each part carries the outcome of looking,
// so that a check is asked only about what was seen.
#pragma once

#include "base/json.h"
#include "model/http.h"
#include "model/mail.h"
#include "model/registry.h"
#include "model/site_parts.h"
#include "model/tls.h"

namespace fengsui::model {

/// The parts that a check can read (`reads` in check.yaml). A part that could not be observed gives the
/// check its coverage; `whole` is always there.
enum class ObservationPart : std::uint8_t {
    whole,    ///< site.unreachable: judges reachability itself
    name,     ///< DNS addresses and CNAME chain of the host
    zone,     ///< DNSSEC and CAA of the host or mail domain
    web,      ///< home page over http and https
    document, ///< the final in-scope answer: headers, cookies, content
    options,  ///< answer to OPTIONS
    security_txt,
    exposure, ///< pages that no link names (class careful)
    tls,
    mail_dns, ///< MX, SPF, DMARC
    smtp,     ///< dialogues with the exchangers
    ipv6,
    mta_sts,      ///< the policy file of a mail domain
    delegation,   ///< the zone's NS records and the addresses behind them
    name_servers, ///< what those servers say when asked themselves
    transfer,     ///< zone transfers (class careful)
    ipv6_pages,   ///< the home page over both families
    ipv6_name_servers,
    ipv6_links,
    scripts, ///< hosts and libraries of the home page's scripts
    ports,   ///< TCP ports beside the web's own
    integrity,
};
std::optional<ObservationPart> parse_observation_part(std::string_view text);
std::string_view to_string(ObservationPart part);

struct NameObservation {
    Outcome outcome;
    NameResolution resolution;
};

struct ZoneObservation {
    Outcome outcome;
    DnssecFacts dnssec;
    CaaFacts caa;
    DelegationFacts delegation;
};

struct WebObservation {
    Outcome outcome; ///< completed when either chain was reached
    /// http:// counterpart; `plain.end` is skipped/not_applicable when the target has none
    HttpChain plain;
    /// https:// counterpart, likewise
    HttpChain secure;
    std::optional<HttpExchange> options;
    HttpChain security_txt;
    /// Directories asked for: those a page links, and under `careful` those of its resources
    std::vector<HttpExchange> directories;

    /// Final answer over https if there is one, else over http; null when all end elsewhere.
    [[nodiscard]] const HttpExchange* document() const;
};

/// One path asked for because such files are often left behind.
struct ExposedPath {
    std::string purpose; ///< the check id it is asked for
    HttpExchange exchange;
};

struct ExposureObservation {
    Outcome outcome;
    /// Answers for pages that cannot exist, in the root and in directories asked (the soft-404 controls).
    std::vector<HttpExchange> controls;
    std::vector<ExposedPath> paths;
};

struct TlsObservation {
    Outcome outcome;
    std::vector<TlsEndpoint> endpoints;
};

struct Knowledge; // model/knowledge.h

struct Observation {
    AssetTarget target;
    std::string target_text; ///< as registered
    ProbeClass probe_class = ProbeClass::passive;
    base::Instant judged_at{}; ///< `--now`, or the time of looking
    NameObservation name;
    ZoneObservation zone;
    WebObservation web;
    ExposureObservation exposure;
    TlsObservation tls;
    MailObservation mail;
    Ipv6Observation ipv6;
    ScriptsObservation scripts;
    PortsObservation ports;
    IntegrityObservation integrity;
    const Knowledge* knowledge = nullptr; ///< the operator's data files; null: none. Outlives the run.

    [[nodiscard]] Outcome outcome_of(ObservationPart part) const;
};

/// Reads the form that cases.yaml uses (docs/howto/add_a_check.md); the error names the field.
base::Result<Observation> observation_from_json(const base::Json& json);

} // namespace fengsui::model
