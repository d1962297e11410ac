#include "base/text.h"
#include "template/functions.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace fengsui::templates {

namespace {

using Outcome = base::Result<Value>;

base::Result<double> number_in(std::string_view text) {
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size()) {
        return function_error(fmt::format("{:.40} could not be converted to a number", text));
    }
    return value;
}

Outcome to_number(const Arguments& arguments) {
    std::string text = arguments.text(0);
    const auto value = number_in(text.starts_with('+') ? text.substr(1) : text);
    return value ? Outcome(Value::number(*value)) : value.error();
}

Outcome to_bool(const Arguments& arguments) {
    const Value& value = arguments[0];
    if (value.is_bool()) {
        return value;
    }
    if (value.is_number()) {
        return Value::boolean(value.as_number() == 1);
    }
    const std::string storage = value.to_text();
    const auto text = base::trim(storage);
    static constexpr std::string_view kTrue[] = {"1", "t", "T", "true", "TRUE", "True"};
    for (const auto word : kTrue) {
        if (text == word) {
            return Value::boolean(true);
        }
    }
    const auto number = number_in(text);
    return Value::boolean(number && *number == 1);
}

Outcome based(const Arguments& arguments, std::string_view prefix, int base_number) {
    const std::string text = arguments.text(0);
    std::string_view digits = text;
    const bool is_negative = digits.starts_with('-');
    digits.remove_prefix(is_negative ? 1 : 0);
    digits.remove_prefix(digits.starts_with(prefix) ? prefix.size() : 0);
    std::int64_t value = 0;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, base_number);
    if (failure != std::errc() || end != digits.data() + digits.size()) {
        return function_error("invalid number");
    }
    return Value::number(static_cast<double>(is_negative ? -value : value));
}
Outcome hex_to_dec(const Arguments& arguments) {
    return based(arguments, "0x", 16);
}
Outcome oct_to_dec(const Arguments& arguments) {
    return based(arguments, "0o", 8);
}
Outcome bin_to_dec(const Arguments& arguments) {
    return based(arguments, "0b", 2);
}
Outcome dec_to_hex(const Arguments& arguments) {
    const auto value = arguments.whole(0);
    if (!value) {
        return value.error();
    }
    return Value::text(*value < 0 ? fmt::format("-{:x}", -*value) : fmt::format("{:x}", *value));
}

Outcome compare_versions(const Arguments& arguments) {
    std::string constraints;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        constraints += (i > 1 ? "," : "") + arguments.text(i);
    }
    const auto holds = version_satisfies(arguments.text(0), constraints);
    return holds ? Outcome(Value::boolean(*holds)) : holds.error();
}

/// A known port means the protocol's own.
Outcome network_port(const Arguments& arguments) {
    const std::string port = arguments.text(0);
    static constexpr std::string_view kKnown[] = {"", "80", "443", "8080", "8081", "8443", "53"};
    for (const auto known : kKnown) {
        if (port == known) {
            return Value::text(arguments.text(1));
        }
    }
    return Value::text(port);
}

Outcome ip_format(const Arguments& arguments) {
    const std::string text = arguments.text(0);
    const auto format = arguments.whole(1);
    std::uint32_t address = 0;
    const auto parts = base::split(text, '.');
    for (const auto part : parts) {
        const auto number = number_in(part);
        if (!number || *number < 0 || *number > 255) {
            return function_error("ip_format: not an IPv4 address");
        }
        address = address << 8U | static_cast<std::uint32_t>(*number);
    }
    if (!format || parts.size() != 4) {
        return function_error("ip_format: not an IPv4 address");
    }
    switch (*format) {
    case 1:
        return Value::text(text);
    case 4:
        return Value::text(fmt::format("0x{:x}", address));
    case 5:
        return Value::text(fmt::format("{}", address));
    default:
        return function_error("ip_format: this form is not provided");
    }
}

Outcome refused(const Arguments& /*arguments*/) {
    return function_error("not provided");
}

constexpr Function kFunctions[] = {
    {"to_number", 1, 1, to_number},
    {"to_bool", 1, 1, to_bool},
    {"hex_to_dec", 1, 1, hex_to_dec},
    {"oct_to_dec", 1, 1, oct_to_dec},
    {"bin_to_dec", 1, 1, bin_to_dec},
    {"dec_to_hex", 1, 1, dec_to_hex},
    {"compare_versions", 2, kAnyCount, compare_versions},
    {"getNetworkPort", 2, 2, network_port},
    {"ip_format", 2, 2, ip_format},
};

constexpr std::string_view kConnects = "it opens a connection of its own";
constexpr std::string_view kCrafts = "it crafts payloads or credentials";

/// Known, so that a template that calls one is refused with a reason and not called wrong.
constexpr Function kRefused[] = {
    {"resolve", 0, kAnyCount, refused, kConnects},
    {"jarm", 0, kAnyCount, refused, kConnects},
    {"public_ip", 0, kAnyCount, refused, kConnects},
    {"llm_prompt", 0, kAnyCount, refused, kConnects},
    {"wappalyzer", 0, kAnyCount, refused, "it is not provided"},
    {"wait_for", 0, kAnyCount, refused, "it waits"},
    {"print_debug", 0, kAnyCount, refused, "it writes to the log"},
    {"generate_java_gadget", 0, kAnyCount, refused, kCrafts},
    {"generate_dotnet_gadget", 0, kAnyCount, refused, kCrafts},
    {"generate_jwt", 0, kAnyCount, refused, kCrafts},
    {"aes_cbc", 0, kAnyCount, refused, kCrafts},
    {"aes_gcm", 0, kAnyCount, refused, kCrafts},
    {"rsa_encrypt", 0, kAnyCount, refused, kCrafts},
    {"zip", 0, kAnyCount, refused, kCrafts},
    {"cookie_unsign", 0, kAnyCount, refused, "it guesses keys"},
};

} // namespace

std::span<const Function> number_functions() {
    return kFunctions;
}
std::span<const Function> refused_functions() {
    return kRefused;
}

} // namespace fengsui::templates
