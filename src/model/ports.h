// TCP ports beside the web's own: which are looked at, and what was seen.
#pragma once

#include "model/address.h"
#include "model/finding.h"
#include "model/outcome.h"

#include <string>
#include <vector>

namespace fengsui::model {

enum class PortKind : std::uint8_t { other, database, remote_administration };

/// One line of content/ports.yaml.
struct KnownPort {
    std::uint16_t port = 0;
    std::string service;
    PortKind kind = PortKind::other;
    std::optional<Severity> severity; ///< when it differs from the check's
};

/// Every port that a patrol looks at, in the order of the file. Read once at first use.
const std::vector<KnownPort>& known_ports();
/// Reads the file's form; the error names line and field.
base::Result<std::vector<KnownPort>> parse_known_ports(std::string_view yaml);
/// The port's line, or null.
const KnownPort* find_known_port(std::uint16_t port);

struct PortAttempt {
    IpAddress address;
    std::uint16_t port = 0;
    Outcome outcome;           ///< completed: it took a connection
    bool is_confirmed = false; ///< and a second one later
    std::string banner;        ///< what it said unasked, at most 256 bytes
};

struct PortsObservation {
    Outcome outcome;
    std::vector<PortAttempt> attempts;
    bool answers_everywhere = false; ///< a port that nobody uses was open, too: something answers for all
};

} // namespace fengsui::model
