#include "pipeline/template_answers.h"

#include "base/text.h"
#include "template/policy.h"

#include <fmt/format.h>

#include <array>

namespace fengsui::pipeline {

namespace {

using base::Json;
using net::DnsType;

struct NamedType {
    std::string_view name;
    DnsType type;
};
constexpr std::array kTypes = {
    NamedType{"A", DnsType::a},
    NamedType{"NS", DnsType::ns},
    NamedType{"CNAME", DnsType::cname},
    NamedType{"SOA", DnsType::soa},
    NamedType{"PTR", DnsType::ptr},
    NamedType{"MX", DnsType::mx},
    NamedType{"TXT", DnsType::txt},
    NamedType{"AAAA", DnsType::aaaa},
    NamedType{"DS", DnsType::ds},
    NamedType{"TLSA", DnsType::tlsa},
    NamedType{"CAA", DnsType::caa},
};

std::string type_name(DnsType type) {
    for (const auto& known : kTypes) {
        if (known.type == type) {
            return std::string(known.name);
        }
    }
    return fmt::format("TYPE{}", static_cast<unsigned>(type));
}

std::string_view code_name(net::DnsCode code) {
    static constexpr std::array<std::string_view, 6> kNames = {
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
    const auto number = static_cast<std::size_t>(code);
    return number < kNames.size() ? kNames[number] : "NOERROR";
}

std::string absolute(const std::string& name) {
    return name.ends_with('.') ? name : name + ".";
}

/// Names in the data are absolute, texts are quoted, as in a zone file.
std::string shown_data(const net::DnsRecord& record) {
    std::string text = record.text();
    switch (record.type) {
    case DnsType::ns:
    case DnsType::cname:
    case DnsType::ptr:
    case DnsType::mx:
        return absolute(text);
    case DnsType::txt:
        return fmt::format("\"{}\"", text);
    case DnsType::soa: {
        std::string out;
        int word = 0;
        for (const auto part : base::split(text, ' ')) {
            out += (word == 0 ? "" : " ") + (word < 2 ? absolute(std::string(part)) : std::string(part));
            ++word;
        }
        return out;
    }
    default:
        return text;
    }
}

std::string shown_record(const net::DnsRecord& record) {
    return fmt::format(
        "{}\t{}\tIN\t{}\t{}", absolute(record.name), record.ttl, type_name(record.type), shown_data(record)
    );
}

std::string shown_section(std::string_view title, const std::vector<net::DnsRecord>& records) {
    if (records.empty()) {
        return {};
    }
    std::string out = fmt::format("\n;; {} SECTION:\n", title);
    for (const auto& record : records) {
        out += shown_record(record) + "\n";
    }
    return out;
}

std::string joined(const std::vector<net::DnsRecord>& records) {
    std::string out;
    for (const auto& record : records) {
        out += shown_record(record);
    }
    return out;
}

std::string shown_question(const net::DnsMessage& message, const templates::DnsRequest& request) {
    const auto& asked = message.questions;
    const std::string name = asked.empty() ? request.name : asked.front().name;
    return fmt::format(
        ";{}\tIN\t {}", absolute(name), asked.empty() ? request.type : type_name(asked.front().type)
    );
}

std::string shown_message(const net::DnsMessage& message, const std::string& question) {
    std::string flags = message.is_response ? " qr" : "";
    flags += message.is_authoritative ? " aa" : "";
    flags += message.is_truncated ? " tc" : "";
    flags += message.recursion_desired ? " rd" : "";
    flags += message.recursion_available ? " ra" : "";
    flags += message.is_authenticated ? " ad" : "";
    std::string out = fmt::format(
        ";; opcode: QUERY, status: {}, id: {}\n;; flags:{}; QUERY: {}, ANSWER: {}, AUTHORITY: {}, "
        "ADDITIONAL: {}\n",
        code_name(message.code),
        message.id,
        flags,
        message.questions.size(),
        message.answers.size(),
        message.authorities.size(),
        message.additionals.size()
    );
    out += fmt::format("\n;; QUESTION SECTION:\n{}\n", question);
    out += shown_section("ANSWER", message.answers);
    out += shown_section("AUTHORITY", message.authorities);
    return out + shown_section("ADDITIONAL", message.additionals);
}

/// Values of an attribute in an RFC 4514 name, as they stand there.
std::vector<std::string> attribute_values(std::string_view name, std::string_view attribute) {
    std::vector<std::string> values;
    std::string part;
    const auto end_part = [&] {
        const auto text = base::trim(part);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos && base::iequals(text.substr(0, equals), attribute)) {
            values.emplace_back(text.substr(equals + 1));
        }
        part.clear();
    };
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] == '\\' && at + 1 < name.size()) {
            part += name[++at];
        } else if (name[at] == ',' || name[at] == '+') {
            end_part();
        } else {
            part += name[at];
        }
    }
    end_part();
    return values;
}

Json text_list(const std::vector<std::string>& texts) {
    return {base::JsonArray(texts.begin(), texts.end())};
}

/// `TLSv1.2` is `tls12`.
std::string short_version(std::string_view version) {
    std::string out;
    for (const char c : base::to_lower(version)) {
        if (c != 'v' && c != '.') {
            out += c;
        }
    }
    return out == "tls1" ? "tls10" : out;
}

bool covers(const std::string& pattern, const std::string& host) {
    if (pattern.starts_with("*.")) {
        const auto dot = host.find('.');
        return dot != std::string::npos && host.substr(dot + 1) == pattern.substr(2);
    }
    return pattern == host;
}

bool names_host(const model::CertificateFacts& leaf, const std::string& host) {
    const auto address = model::IpAddress::parse(host);
    if (address.has_value()) {
        return std::find(leaf.ip_addresses.begin(), leaf.ip_addresses.end(), *address)
               != leaf.ip_addresses.end();
    }
    return std::any_of(leaf.dns_names.begin(), leaf.dns_names.end(), [&host](const std::string& name) {
        return covers(name, host);
    });
}

void add_certificate(
    const model::CertificateFacts& leaf, const model::TlsEndpoint& endpoint, base::Instant now, Json& facts
) {
    const auto organisation = attribute_values(leaf.subject, "O");
    const auto issuer_name = attribute_values(leaf.issuer, "CN");
    const bool is_wild = std::any_of(leaf.dns_names.begin(), leaf.dns_names.end(), [](const auto& name) {
        return name.starts_with("*.");
    });
    facts.set("expired", leaf.not_after < now)
        .set("self_signed", leaf.is_self_signed)
        .set("mismatched", !names_host(leaf, endpoint.host))
        .set("untrusted", endpoint.trust == model::Trust::untrusted)
        .set("wildcard_certificate", is_wild)
        .set("not_before", base::format_rfc3339(leaf.not_before))
        .set("not_after", base::format_rfc3339(leaf.not_after))
        .set("subject_dn", leaf.subject)
        .set("subject_cn", leaf.common_name)
        .set("subject_org", text_list(organisation))
        .set("subject_an", text_list(leaf.dns_names))
        .set("serial", leaf.serial)
        .set("issuer_dn", leaf.issuer)
        .set("issuer_cn", issuer_name.empty() ? std::string() : issuer_name.front())
        .set("issuer_org", text_list(attribute_values(leaf.issuer, "O")))
        .set("fingerprint_hash", Json::object({{"sha256", leaf.sha256}}));
}

std::string authority_of(const templates::HttpRequest& request) {
    const bool is_default = request.port == (request.scheme == "https" ? 443 : 80);
    return is_default ? request.host : fmt::format("{}:{}", request.host, request.port);
}

/// A browser brings the cookies that the same host set on the way.
void add_cookies(const model::HttpExchange& answer, templates::HttpRequest& next) {
    for (const auto value : model::all_headers(answer.headers, "Set-Cookie")) {
        const auto pair = base::trim(value.substr(0, value.find(';')));
        const auto name = pair.substr(0, pair.find('='));
        const bool is_sound = !name.empty() && name.size() < pair.size() && pair.size() <= 4096;
        if (is_sound && next.cookies.size() < 16384) {
            next.cookies += (next.cookies.empty() ? "" : "; ") + std::string(pair);
        }
    }
}

/// The rules of sending, against the hop's own origin.
bool is_permitted(const templates::PlannedRequest& request) {
    const auto origin = templates::Target::parse(
        fmt::format("{}://{}:{}", request.http.scheme, request.http.host, request.http.port)
    );
    return origin.has_value() && !templates::guard_request(request, *origin);
}

} // namespace

std::optional<DnsType> dns_type_of(std::string_view name) {
    for (const auto& known : kTypes) {
        if (base::iequals(known.name, name)) {
            return known.type;
        }
    }
    return std::nullopt;
}

templates::DnsAnswer dns_answer_of(const templates::DnsRequest& request, const net::DnsMessage& message) {
    templates::DnsAnswer out;
    out.name = request.name;
    out.type = request.type;
    out.rcode = static_cast<int>(message.code);
    out.question = shown_question(message, request);
    out.request = out.question;
    out.answer = joined(message.answers);
    out.authority = joined(message.authorities);
    out.additional = joined(message.additionals);
    out.raw = shown_message(message, out.question);
    for (const auto& record : message.answers) {
        out.records[base::to_lower(type_name(record.type))].push_back(record.text());
    }
    return out;
}

Json tls_facts_of(const model::TlsEndpoint& endpoint, base::Instant now) {
    Json facts = Json::object({
        {"host", endpoint.host},
        {"ip", endpoint.address.str()},
        {"port", std::to_string(endpoint.port)},
        {"probe_status", true},
        {"tls_version", short_version(endpoint.version)},
        {"cipher", endpoint.cipher},
        {"tls_connection", "ctls"},
    });
    if (!endpoint.chain.empty()) {
        add_certificate(endpoint.chain.front(), endpoint, now, facts);
    }
    return facts;
}

std::optional<templates::PlannedRequest> next_hop(
    const templates::PlannedRequest& first,
    const templates::PlannedRequest& sent,
    const model::HttpExchange& answer
) {
    const auto* location = answer.header("Location");
    if (!answer.is_redirect() || location == nullptr || first.http.redirects == templates::Redirects::none) {
        return std::nullopt;
    }
    const auto base_url = model::Url::parse(sent.http.url());
    const auto to = base_url ? base_url->resolve(*location) : base::Result<model::Url>(base_url.error());
    if (!to) {
        return std::nullopt;
    }
    templates::PlannedRequest next = sent;
    next.http.scheme = model::to_string(to->scheme);
    next.http.host = to->host.find(':') == std::string::npos ? to->host : "[" + to->host + "]";
    next.http.port = to->port;
    next.http.target = to->request_target();
    const bool is_same_host = next.http.host == sent.http.host;
    if (first.http.redirects == templates::Redirects::same_host
        && authority_of(next.http) != authority_of(first.http)) {
        return std::nullopt;
    }
    if (!is_same_host) {
        next.http.cookies.clear();
        next.http.headers.clear();
    } else if (next.http.uses_cookies) {
        add_cookies(answer, next.http);
    }
    if (next.http.method == "OPTIONS" && answer.status <= 303) {
        next.http.method = "GET"; // as browsers and Go do
    }
    return is_permitted(next) ? std::optional(std::move(next)) : std::nullopt;
}

} // namespace fengsui::pipeline
