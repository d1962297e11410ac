#include "model/ports.h"

#include "base/embedded.h"
#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::model {

namespace {

using base::Error;
using base::ErrorCode;
using base::Json;

std::optional<PortKind> parse_port_kind(std::string_view text) {
    if (text == "database") {
        return PortKind::database;
    }
    if (text == "remote_administration") {
        return PortKind::remote_administration;
    }
    return text == "other" ? std::optional(PortKind::other) : std::nullopt;
}

base::Result<KnownPort> read_port(const Json& line) {
    const auto number = line["port"].as_int();
    const auto kind = parse_port_kind(line["kind"].as_string());
    const auto& severity = line["severity"].as_string();
    KnownPort port;
    port.service = line["service"].as_string();
    port.severity = parse_severity(severity);
    if (number < 1 || number > 65535 || !kind || port.service.empty()
        || (!severity.empty() && !port.severity)) {
        return Error(
            ErrorCode::invalid_argument,
            fmt::format("line {}: port, service, kind and perhaps severity are needed", line.line())
        );
    }
    port.port = static_cast<std::uint16_t>(number);
    port.kind = *kind;
    return port;
}

std::vector<KnownPort> load_known_ports() {
    auto ports = parse_known_ports(base::embedded_file("ports.yaml"));
    FENGSUI_CHECK(ports.has_value(), ports ? "" : ports.error().what());
    return std::move(*ports);
}

} // namespace

base::Result<std::vector<KnownPort>> parse_known_ports(std::string_view yaml) {
    const auto document = base::parse_yaml(yaml);
    if (!document) {
        return document.error();
    }
    std::vector<KnownPort> ports;
    for (const auto& line : document->items()) {
        auto port = read_port(line);
        if (!port) {
            return port.error();
        }
        ports.push_back(std::move(*port));
    }
    return ports;
}

const std::vector<KnownPort>& known_ports() {
    static const std::vector<KnownPort> ports = load_known_ports();
    return ports;
}

const KnownPort* find_known_port(std::uint16_t port) {
    const auto& ports = known_ports();
    const auto found =
        std::find_if(ports.begin(), ports.end(), [port](const KnownPort& one) { return one.port == port; });
    return found == ports.end() ? nullptr : &*found;
}

} // namespace fengsui::model
