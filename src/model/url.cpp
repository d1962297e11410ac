#include "model/url.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <idn2.h>

namespace fengsui::model {

namespace {

using base::Error;
using base::ErrorCode;

Error bad_url(std::string_view text, std::string_view why) {
    return {
        ErrorCode::invalid_argument,
        fmt::format("\"{}\" is not a usable URL: {}", base::shorten(base::scrub_utf8(text), 200), why)};
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
    });
}

/// Percent-encodes what may not stand raw in a request line, so that servers see one token.
std::string encode_raw(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7F || c == '"' || c == '<' || c == '>') {
            out += fmt::format("%{:02X}", byte);
        } else {
            out += c;
        }
    }
    return out;
}

bool is_ldh_label(std::string_view label) {
    const auto allowed = [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
    };
    return !label.empty() && label.size() <= 63 && std::all_of(label.begin(), label.end(), allowed)
           && label.front() != '-' && label.back() != '-';
}

base::Result<std::string> to_ascii(std::string_view text) {
    const bool ascii =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) {
        return base::to_lower(text);
    }
    char* encoded = nullptr;
    const int status =
        idn2_to_ascii_8z(std::string(text).c_str(), &encoded, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    if (status != IDN2_OK) {
        return Error(
            ErrorCode::invalid_argument,
            fmt::format(
                "\"{}\" is not a valid internationalised name: {}",
                base::scrub_utf8(text),
                idn2_strerror(status)
            )
        );
    }
    std::string name(encoded);
    idn2_free(encoded);
    return base::to_lower(name);
}

base::Result<std::uint16_t> parse_port(std::string_view digits) {
    unsigned port = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (failure != std::errc() || end != digits.data() + digits.size() || port == 0 || port > 65535) {
        return Error(
            ErrorCode::invalid_argument,
            fmt::format("port \"{}\" is not 1 to 65535", base::scrub_utf8(digits))
        );
    }
    return static_cast<std::uint16_t>(port);
}

struct HostPort {
    std::string host;
    std::optional<std::uint16_t> port;
};

base::Result<HostPort> parse_authority(std::string_view text) {
    HostPort result;
    std::string_view port;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) {
            return Error(ErrorCode::invalid_argument, "the bracket of the IPv6 address is not closed");
        }
        auto address = IpAddress::parse(text.substr(1, close - 1));
        if (!address) {
            return address.error();
        }
        result.host = address->str();
        port = text.substr(close + 1);
        if (!port.empty() && !port.starts_with(':')) {
            return Error(ErrorCode::invalid_argument, "only a port may follow the bracket");
        }
    } else {
        const auto colon = text.find(':');
        auto host = normalise_host(text.substr(0, colon));
        if (!host) {
            return host.error();
        }
        result.host = *host;
        port = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
    }
    if (port.size() > 1) {
        auto number = parse_port(port.substr(1));
        if (!number) {
            return number.error();
        }
        result.port = *number;
    }
    return result;
}

} // namespace

std::string_view to_string(Scheme scheme) {
    return scheme == Scheme::https ? "https" : "http";
}

base::Result<std::string> normalise_host(std::string_view text) {
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    auto ascii = to_ascii(text);
    if (!ascii) {
        return ascii;
    }
    if (ascii->empty() || ascii->size() > 253) {
        return Error(ErrorCode::invalid_argument, "a host name has 1 to 253 characters");
    }
    for (const auto label : base::split(*ascii, '.')) {
        if (!is_ldh_label(label)) {
            return Error(
                ErrorCode::invalid_argument,
                fmt::format(
                    "\"{}\" in \"{}\" is not a valid label of a host name",
                    base::scrub_utf8(label),
                    base::shorten(base::scrub_utf8(text), 100)
                )
            );
        }
    }
    // A name whose last label is a number would be read as an IPv4 address by resolvers (WHATWG URL 3.5).
    const auto last = ascii->substr(ascii->rfind('.') + 1);
    const bool numeric = std::all_of(last.begin(), last.end(), base::is_digit);
    if (numeric && !IpAddress::parse(*ascii)) {
        return Error(
            ErrorCode::invalid_argument, fmt::format("\"{}\" is neither a name nor an IP address", *ascii)
        );
    }
    return ascii;
}

base::Result<Url> Url::parse(std::string_view text) {
    Url url;
    if (base::istarts_with(text, "https://")) {
        url.scheme = Scheme::https;
    } else if (!base::istarts_with(text, "http://")) {
        return bad_url(text, "it must begin with http:// or https://");
    }
    auto rest = text.substr(url.scheme == Scheme::https ? 8 : 7);
    rest = rest.substr(0, rest.find('#'));
    const auto authority = rest.substr(0, rest.find_first_of("/?\\"));
    if (authority.find('@') != std::string_view::npos) {
        return bad_url(text, "user information is not accepted");
    }
    if (has_control(authority)) {
        return bad_url(text, "control characters or spaces in the host");
    }
    auto host_port = parse_authority(authority);
    if (!host_port) {
        return bad_url(text, host_port.error().message());
    }
    url.host = host_port->host;
    url.port = host_port->port.value_or(default_port(url.scheme));
    const auto tail = rest.substr(authority.size());
    const auto question = tail.find('?');
    std::string path = encode_raw(tail.substr(0, question));
    std::replace(path.begin(), path.end(), '\\', '/');
    url.path = path.empty() ? "/" : remove_dot_segments(path);
    if (question != std::string_view::npos) {
        url.query = encode_raw(tail.substr(question + 1));
    }
    return url;
}

base::Result<Url> Url::resolve(std::string_view reference) const {
    reference = base::trim(reference);
    reference = reference.substr(0, reference.find('#'));
    if (reference.empty()) {
        return *this;
    }
    const auto colon = reference.find(':');
    const bool has_scheme = colon != std::string_view::npos && colon < reference.find_first_of("/?");
    if (has_scheme) {
        return parse(reference);
    }
    if (reference.starts_with("//") || reference.starts_with("\\\\")) {
        return parse(fmt::format("{}://{}", to_string(scheme), reference.substr(2)));
    }
    Url url = *this;
    const auto question = reference.find('?');
    std::string merged = encode_raw(reference.substr(0, question));
    std::replace(merged.begin(), merged.end(), '\\', '/');
    if (question != std::string_view::npos) {
        url.query = encode_raw(reference.substr(question + 1));
    } else {
        url.query.clear();
    }
    if (merged.empty()) {
        return url;
    }
    if (!merged.starts_with('/')) {
        merged.insert(0, url.path.substr(0, url.path.rfind('/') + 1));
    }
    url.path = remove_dot_segments(merged);
    return url;
}

std::string Url::authority() const {
    const std::string name = host.find(':') != std::string::npos ? "[" + host + "]" : host;
    return has_default_port() ? name : fmt::format("{}:{}", name, port);
}

std::string Url::origin() const {
    return fmt::format("{}://{}", to_string(scheme), authority());
}

std::string Url::request_target() const {
    return query.empty() ? path : path + "?" + query;
}

std::string Url::str() const {
    return origin() + request_target();
}

std::optional<IpAddress> Url::address() const {
    auto parsed = IpAddress::parse(host);
    return parsed ? std::optional(*parsed) : std::nullopt;
}

std::string remove_dot_segments(std::string_view path) {
    std::vector<std::string_view> kept;
    const auto segments = base::split(path, '/');
    for (std::size_t i = 1; i < segments.size(); ++i) {
        const bool last = i + 1 == segments.size();
        if (segments[i] == "..") {
            if (!kept.empty()) {
                kept.pop_back();
            }
        } else if (segments[i] != ".") {
            kept.push_back(segments[i]);
            continue;
        }
        if (last) {
            kept.emplace_back();
        }
    }
    std::string out;
    for (const auto segment : kept) {
        out += '/';
        out += segment;
    }
    return out.empty() ? "/" : out;
}

} // namespace fengsui::model
