#include "template/request.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fengsui::templates {

namespace {

base::Error bad_target(std::string_view text, std::string_view why) {
    return {base::ErrorCode::invalid_argument, fmt::format("\"{:.80}\" is no target: {}", text, why)};
}

bool read_port(std::string_view digits, std::uint16_t& port) {
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return failure == std::errc() && end == digits.data() + digits.size() && port != 0;
}

} // namespace

base::Result<Target> Target::parse(std::string_view text) {
    Target out;
    out.input = text;
    std::string_view rest = text;
    if (const auto mark = rest.find("://"); mark != std::string_view::npos) {
        out.scheme = base::to_lower(rest.substr(0, mark));
        rest.remove_prefix(mark + 3);
    }
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, end);
    const auto tail = rest.substr(end, rest.find('#', end) - end);
    out.path = tail.substr(0, tail.find('?'));
    out.query = tail.find('?') == std::string_view::npos ? "" : tail.substr(tail.find('?') + 1);
    const auto bracket = authority.rfind(']');
    const auto colon = authority.rfind(':');
    const bool is_bare_v6 = bracket == std::string_view::npos && authority.find(':') != colon;
    if (colon != std::string_view::npos && !is_bare_v6
        && (bracket == std::string_view::npos || colon > bracket)) {
        if (!read_port(authority.substr(colon + 1), out.port)) {
            return bad_target(text, "the port is none");
        }
        out.has_port = true;
        authority = authority.substr(0, colon);
    } else {
        out.port = out.scheme == "https" ? 443 : 80;
    }
    out.host = is_bare_v6 ? fmt::format("[{}]", authority) : base::to_lower(authority);
    if (authority.empty() || authority.find('@') != std::string_view::npos) {
        return bad_target(text, "it has no host, or a user");
    }
    return out;
}

std::string Target::authority() const {
    return has_port ? fmt::format("{}:{}", host, port) : host;
}

std::string Target::root() const {
    return fmt::format("{}://{}", scheme, authority());
}

std::string HttpRequest::url() const {
    const bool is_default = port == (scheme == "https" ? 443 : 80);
    return fmt::format("{}://{}{}{}", scheme, host, is_default ? "" : fmt::format(":{}", port), target);
}

namespace {

std::string on_the_wire(const std::string& target) {
    return target.empty() || target.front() == '?' ? "/" + target : target;
}

} // namespace

std::string HttpRequest::dump() const {
    std::string out = fmt::format("{} {} HTTP/1.1\r\n", method, on_the_wire(target));
    if (model::find_header(headers, "Host") == nullptr) {
        const bool is_default = port == (scheme == "https" ? 443 : 80);
        out += fmt::format("Host: {}{}\r\n", host, is_default ? "" : fmt::format(":{}", port));
    }
    for (const auto& header : headers) {
        out += fmt::format("{}: {}\r\n", header.name, header.value);
    }
    if (!cookies.empty()) {
        out += fmt::format("Cookie: {}\r\n", cookies);
    }
    return out + "\r\n" + body;
}

std::string PlannedRequest::key() const {
    switch (protocol) {
    case Protocol::dns:
        return fmt::format("dns {} {}", dns.type, base::to_lower(dns.name));
    case Protocol::ssl:
        return fmt::format(
            "ssl {}:{} {} {} {}",
            ssl.host,
            ssl.port,
            ssl.min_version,
            ssl.max_version,
            fmt::join(ssl.cipher_suites, ",")
        );
    case Protocol::tcp: {
        std::string out = fmt::format("tcp {}:{} {} {}", tcp.host, tcp.port, tcp.read_size, tcp.reads_all);
        for (const auto& [bytes, size] : tcp.inputs) {
            out += fmt::format(" {}:{}", bytes, size);
        }
        return out;
    }
    default:
        break;
    }
    std::string out = fmt::format(
        "{} {}://{}:{}{}", http.method, http.scheme, http.host, http.port, on_the_wire(http.target)
    );
    auto headers = http.headers;
    std::sort(headers.begin(), headers.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    for (const auto& header : headers) {
        out += fmt::format("\n{}: {}", base::to_lower(header.name), header.value);
    }
    return out + "\n" + http.cookies;
}

std::string PlannedRequest::describe() const {
    switch (protocol) {
    case Protocol::dns:
        return fmt::format("DNS {} {}", dns.type, dns.name);
    case Protocol::ssl:
        return fmt::format("TLS {}:{}", ssl.host, ssl.port);
    case Protocol::tcp:
        return fmt::format("TCP {}:{}", tcp.host, tcp.port);
    default:
        return fmt::format("{} {}", http.method, http.url());
    }
}

} // namespace fengsui::templates
