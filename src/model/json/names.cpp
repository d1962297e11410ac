#include "model/json/names.h"

#include "model/json/fields.h"

namespace fengsui::model {

namespace {

using base::Json;

DnssecState read_state(const Json& json) {
    for (const auto state :
         {DnssecState::unknown, DnssecState::secure, DnssecState::insecure, DnssecState::bogus}) {
        if (to_string(state) == json.as_string()) {
            return state;
        }
    }
    throw bad_field(json, fmt::format("state: \"{}\" is not known", json.as_string()));
}

NameServerAnswer read_answer(const Json& json) {
    NameServerAnswer answer;
    Fields in(json);
    in.outcome("outcome", answer.outcome, completed());
    answer.is_authoritative = answer.has_soa = answer.outcome.is_completed();
    in.number("code", answer.code);
    in.flag("authoritative", answer.is_authoritative);
    in.flag("has_soa", answer.has_soa);
    in.flag("signed", answer.is_signed);
    in.finish();
    return answer;
}

ZoneTransfer read_transfer(const Json& json) {
    ZoneTransfer transfer;
    Fields in(json);
    in.outcome("outcome", transfer.outcome, completed());
    in.number("code", transfer.code);
    in.texts("records", transfer.records);
    in.finish();
    return transfer;
}

NameServerAddress read_server_address(const Json& json) {
    NameServerAddress server;
    Fields in(json);
    if (const Json* address = in.take("address")) {
        server.address = parsed(IpAddress::parse(address->as_string()), *address, "address");
    }
    in.outcome("outcome", server.outcome, completed());
    if (const Json* udp = in.take("udp")) {
        server.udp = read_answer(*udp);
    }
    if (const Json* tcp = in.take("tcp")) {
        server.tcp = read_answer(*tcp);
    }
    if (const Json* transfer = in.take("transfer")) {
        server.transfer = read_transfer(*transfer);
    }
    in.finish();
    return server;
}

NameServer read_server(const Json& json) {
    NameServer server;
    Fields in(json);
    in.text("name", server.name);
    if (const Json* resolution = in.take("resolution")) {
        server.resolution = read_resolution(*resolution);
    }
    in.text("nonexistent", server.nonexistent);
    if (const Json* addresses = in.take("addresses")) {
        for (const auto& address : addresses->items()) {
            server.addresses.push_back(read_server_address(address));
        }
    }
    in.finish();
    return server;
}

DelegationFacts read_delegation(const Json& json) {
    DelegationFacts facts;
    Fields in(json);
    in.outcome("outcome", facts.outcome, completed());
    in.outcome("asked_outcome", facts.asked_outcome, completed());
    in.outcome("transfer_outcome", facts.transfer_outcome, completed());
    in.text("zone", facts.zone);
    if (const Json* servers = in.take("servers")) {
        for (const auto& server : servers->items()) {
            facts.servers.push_back(read_server(server));
        }
    }
    in.finish();
    return facts;
}

TlsaRecord read_tlsa_record(const Json& json) {
    TlsaRecord record;
    Fields in(json);
    in.number("usage", record.usage);
    in.number("selector", record.selector);
    in.number("matching", record.matching);
    in.text("data", record.data);
    if (const Json* matches = in.take("matches")) {
        for (const auto& position : matches->items()) {
            record.matches.push_back(static_cast<int>(position.as_int()));
        }
    }
    in.finish();
    return record;
}

} // namespace

NameResolution read_resolution(const Json& json) {
    NameResolution resolution;
    Fields in(json);
    in.text("name", resolution.name);
    in.outcome("outcome", resolution.outcome, completed());
    in.texts("cnames", resolution.cnames);
    in.addresses("addresses", resolution.addresses);
    in.outcome("v6_outcome", resolution.v6_outcome, completed());
    in.addresses("refused", resolution.refused);
    if (const Json* reason = in.take("refusal")) {
        resolution.refusal = parse_reason(reason->as_string()).value_or(Reason::none);
    }
    in.finish();
    return resolution;
}

TxtLookup read_txt(const Json& json) {
    TxtLookup lookup;
    Fields in(json);
    in.outcome("outcome", lookup.outcome, completed());
    in.text("name", lookup.name);
    in.texts("records", lookup.records);
    in.finish();
    return lookup;
}

TlsaLookup read_tlsa(const Json& json) {
    TlsaLookup lookup;
    Fields in(json);
    in.outcome("outcome", lookup.outcome, completed());
    in.text("name", lookup.name);
    lookup.is_secure = true;
    in.flag("secure", lookup.is_secure);
    if (const Json* records = in.take("records")) {
        for (const auto& record : records->items()) {
            lookup.records.push_back(read_tlsa_record(record));
        }
    }
    in.finish();
    return lookup;
}

ZoneObservation read_zone(const Json& json) {
    ZoneObservation zone;
    Fields in(json);
    in.outcome("outcome", zone.outcome, completed());
    if (const Json* dnssec = in.take("dnssec")) {
        Fields facts(*dnssec);
        facts.outcome("outcome", zone.dnssec.outcome, completed());
        facts.text("zone", zone.dnssec.zone);
        facts.flag("signed", zone.dnssec.is_signed);
        facts.flag("authenticated", zone.dnssec.is_authenticated);
        if (const Json* state = facts.take("state")) {
            zone.dnssec.state = read_state(*state);
        }
        facts.flag("judged_by_anchor", zone.dnssec.is_judged_by_anchor);
        facts.text("detail", zone.dnssec.detail);
        facts.finish();
    }
    if (const Json* caa = in.take("caa")) {
        Fields facts(*caa);
        facts.outcome("outcome", zone.caa.outcome, completed());
        facts.text("found_at", zone.caa.found_at);
        facts.texts("records", zone.caa.records);
        facts.finish();
    }
    if (const Json* delegation = in.take("delegation")) {
        zone.delegation = read_delegation(*delegation);
    }
    in.finish();
    return zone;
}

} // namespace fengsui::model
