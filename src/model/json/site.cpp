#include "model/json/site.h"

#include "model/json/fields.h"
#include "model/json/web.h"

namespace fengsui::model {

namespace {

using base::Json;

void read_address(Fields& in, std::string_view name, IpAddress& to) {
    if (const Json* value = in.take(name)) {
        to = parsed(IpAddress::parse(value->as_string()), *value, name);
    }
}

void read_optional_exchange(Fields& in, std::string_view name, std::optional<HttpExchange>& to) {
    if (const Json* value = in.take(name)) {
        to = read_exchange(*value);
    }
}

ScriptHost read_script_host(const Json& json) {
    ScriptHost host;
    Fields in(json);
    in.text("host", host.host);
    in.text("url", host.url);
    in.text("domain", host.domain);
    in.outcome("host_outcome", host.host_outcome, completed());
    in.outcome("domain_outcome", host.domain_outcome, Outcome());
    in.outcome("suffix_outcome", host.suffix_outcome, Outcome());
    in.finish();
    return host;
}

PortAttempt read_port_attempt(const Json& json) {
    PortAttempt attempt;
    Fields in(json);
    read_address(in, "address", attempt.address);
    in.number("port", attempt.port);
    in.outcome("outcome", attempt.outcome, completed());
    attempt.is_confirmed = attempt.outcome.is_completed();
    in.flag("confirmed", attempt.is_confirmed);
    in.text("banner", attempt.banner);
    in.finish();
    return attempt;
}

Ipv6Attempt read_ipv6_attempt(const Json& json) {
    Ipv6Attempt made;
    Fields in(json);
    read_address(in, "address", made.address);
    in.number("port", made.port);
    in.outcome("outcome", made.outcome, completed());
    in.finish();
    return made;
}

Ipv6Pages read_ipv6_pages(const Json& json) {
    Ipv6Pages pages;
    Fields in(json);
    in.outcome("outcome", pages.outcome, completed());
    for (const auto& [name, to] :
         {std::pair("v4", &pages.over_v4),
          std::pair("v6", &pages.over_v6),
          std::pair("v4_again", &pages.over_v4_again),
          std::pair("v6_again", &pages.over_v6_again)}) {
        if (const Json* value = in.take(name)) {
            *to = read_exchange(*value);
        }
    }
    in.finish();
    return pages;
}

Ipv6NameServers read_name_servers(const Json& json) {
    Ipv6NameServers servers;
    Fields in(json);
    in.outcome("outcome", servers.outcome, completed());
    in.text("zone", servers.zone);
    if (const Json* list = in.take("servers")) {
        for (const auto& item : list->items()) {
            Fields server(item);
            Ipv6NameServer& made = servers.servers.emplace_back();
            server.text("name", made.name);
            server.outcome("outcome", made.outcome, completed());
            server.addresses("addresses", made.addresses);
            server.finish();
        }
    }
    in.finish();
    return servers;
}

Ipv6Link read_ipv6_link(const Json& json) {
    Ipv6Link link;
    Fields in(json);
    in.text("url", link.url);
    in.number("level", link.level);
    in.outcome("v4", link.over_v4, Outcome());
    in.outcome("v6", link.over_v6, completed());
    link.status_v4 = link.over_v4.is_completed() ? 200 : 0;
    link.status_v6 = link.over_v6.is_completed() ? 200 : 0;
    in.number("status_v4", link.status_v4);
    in.number("status_v6", link.status_v6);
    in.finish();
    return link;
}

Ipv6Links read_ipv6_links(const Json& json) {
    Ipv6Links links;
    Fields in(json);
    in.outcome("outcome", links.outcome, completed());
    if (const Json* list = in.take("links")) {
        for (const auto& item : list->items()) {
            links.links.push_back(read_ipv6_link(item));
        }
    }
    in.finish();
    return links;
}

/// Visits on following days, so that a case need not write out what was learned.
PageBaseline learn_from(const Json& visits) {
    PageBaseline baseline;
    auto at = base::parse_rfc3339("2026-01-01T00:00:00Z").or_throw();
    for (const auto& visit : visits.items()) {
        baseline = baseline.learn(shape_of(read_exchange(visit)), at);
        at += std::chrono::hours(24);
    }
    return baseline;
}

} // namespace

ScriptsObservation read_scripts(const Json& json) {
    ScriptsObservation scripts;
    Fields in(json);
    in.outcome("outcome", scripts.outcome, completed());
    if (const Json* hosts = in.take("hosts")) {
        for (const auto& item : hosts->items()) {
            scripts.hosts.push_back(read_script_host(item));
        }
    }
    if (const Json* files = in.take("files")) {
        for (const auto& item : files->items()) {
            scripts.files.push_back(read_exchange(item));
        }
    }
    in.finish();
    return scripts;
}

PortsObservation read_ports(const Json& json) {
    PortsObservation ports;
    Fields in(json);
    in.outcome("outcome", ports.outcome, completed());
    in.flag("answers_everywhere", ports.answers_everywhere);
    if (const Json* attempts = in.take("attempts")) {
        for (const auto& item : attempts->items()) {
            ports.attempts.push_back(read_port_attempt(item));
        }
    }
    in.finish();
    return ports;
}

Ipv6Observation read_ipv6(const Json& json) {
    Ipv6Observation ipv6;
    Fields in(json);
    in.outcome("outcome", ipv6.outcome, completed());
    in.addresses("addresses", ipv6.addresses);
    in.flag("has_vantage", ipv6.has_vantage);
    ipv6.is_vantage_proven = ipv6.has_vantage;
    in.flag("vantage_proven", ipv6.is_vantage_proven);
    if (const Json* attempts = in.take("attempts")) {
        for (const auto& item : attempts->items()) {
            ipv6.attempts.push_back(read_ipv6_attempt(item));
        }
    }
    if (const Json* pages = in.take("pages")) {
        ipv6.pages = read_ipv6_pages(*pages);
    }
    if (const Json* servers = in.take("name_servers")) {
        ipv6.name_servers = read_name_servers(*servers);
    }
    if (const Json* links = in.take("links")) {
        ipv6.links = read_ipv6_links(*links);
    }
    in.finish();
    return ipv6;
}

IntegrityObservation read_integrity(const Json& json) {
    IntegrityObservation integrity;
    Fields in(json);
    in.outcome("outcome", integrity.outcome, completed());
    read_optional_exchange(in, "crawler", integrity.crawler);
    read_optional_exchange(in, "visitor_again", integrity.visitor_again);
    read_optional_exchange(in, "crawler_again", integrity.crawler_again);
    if (const Json* visits = in.take("learned_from")) {
        integrity.baseline = learn_from(*visits);
    }
    in.finish();
    return integrity;
}

} // namespace fengsui::model
