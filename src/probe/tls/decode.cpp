#include "probe/tls/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::probe::tls {

namespace {

constexpr std::size_t kFlightLimit = std::size_t{64} * 1024;
/// RFC 5246 6.2.3: 2^14 + 2048 octets of ciphertext.
constexpr std::size_t kRecordLimit = (1U << 14) + 2048;
constexpr int kUnrecognizedName = 112; // RFC 6066 section 3

struct Suite {
    std::uint16_t code;
    std::string_view name;
};

// The IANA registry's names.
constexpr std::array kStaticRsa = {
    Suite{0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384"},
    Suite{0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
    Suite{0xC0A1, "TLS_RSA_WITH_AES_256_CCM_8"},
    Suite{0xC09D, "TLS_RSA_WITH_AES_256_CCM"},
    Suite{0xC0A0, "TLS_RSA_WITH_AES_128_CCM_8"},
    Suite{0xC09C, "TLS_RSA_WITH_AES_128_CCM"},
    Suite{0xC051, "TLS_RSA_WITH_ARIA_256_GCM_SHA384"},
    Suite{0xC050, "TLS_RSA_WITH_ARIA_128_GCM_SHA256"},
    Suite{0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256"},
    Suite{0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256"},
    Suite{0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"},
    Suite{0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    Suite{0x00C0, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256"},
    Suite{0x00BA, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256"},
    Suite{0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA"},
    Suite{0x0041, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA"},
    Suite{0x0096, "TLS_RSA_WITH_SEED_CBC_SHA"},
    Suite{0x0007, "TLS_RSA_WITH_IDEA_CBC_SHA"},
    Suite{0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
    Suite{0x0005, "TLS_RSA_WITH_RC4_128_SHA"},
    Suite{0x0004, "TLS_RSA_WITH_RC4_128_MD5"},
    Suite{0x0009, "TLS_RSA_WITH_DES_CBC_SHA"},
};

constexpr std::array<std::uint16_t, kStaticRsa.size()> codes_of(const decltype(kStaticRsa)& suites) {
    std::array<std::uint16_t, kStaticRsa.size()> codes{};
    for (std::size_t i = 0; i < suites.size(); ++i) {
        codes[i] = suites[i].code;
    }
    return codes;
}
constexpr auto kStaticRsaCodes = codes_of(kStaticRsa);

// ECDHE and DHE with CBC, then RSA key transport: what RFC 2246, 4346, 4492 and 4132 servers can choose.
constexpr std::array<std::uint16_t, 23> kLegacy = {
    0xC014, 0xC00A, 0xC013, 0xC009, 0x0039, 0x0038, 0x0033, 0x0032, 0x0088, 0x0045, 0x0035, 0x002F,
    0x0084, 0x0041, 0x0096, 0x0007, 0xC012, 0xC008, 0x0016, 0x0013, 0x000A, 0x0005, 0x0004,
};

void put8(std::string& out, std::size_t value) {
    out.push_back(static_cast<char>(value & 0xFF));
}
void put16(std::string& out, std::size_t value) {
    put8(out, value >> 8);
    put8(out, value);
}
void put_block16(std::string& out, std::string_view block) {
    put16(out, block.size());
    out += block;
}
void put_extension(std::string& out, std::uint16_t type, std::string_view data) {
    put16(out, type);
    put_block16(out, data);
}

std::size_t get8(std::string_view in, std::size_t at) {
    return static_cast<unsigned char>(in[at]);
}
std::size_t get16(std::string_view in, std::size_t at) {
    return get8(in, at) << 8 | get8(in, at + 1);
}
std::size_t get24(std::string_view in, std::size_t at) {
    return get16(in, at) << 8 | get8(in, at + 2);
}

void put_server_name(std::string& out, const std::string& name) {
    if (name.empty()) {
        return;
    }
    std::string entry(1, '\0'); // host_name
    put_block16(entry, name);
    std::string list;
    put_block16(list, entry);
    put_extension(out, 0, list);
}

std::string list16(std::initializer_list<std::uint16_t> values) {
    std::string items;
    for (const auto value : values) {
        put16(items, value);
    }
    std::string out;
    put_block16(out, items);
    return out;
}

std::string extensions(const HelloQuestion& question) {
    std::string out;
    put_server_name(out, question.server_name);
    put_extension(out, 23, {});                         // extended_master_secret, RFC 7627
    put_extension(out, 0xFF01, std::string(1, '\0'));   // renegotiation_info, RFC 5746
    put_extension(out, 10, list16({29, 23, 24, 25}));   // x25519, P-256, P-384, P-521
    put_extension(out, 11, std::string("\x01\x00", 2)); // uncompressed points, RFC 4492
    if (question.version >= kTls12) {
        // Every RSA and ECDSA scheme of RFC 5246 and 8446, the weak ones last: the question is another.
        put_extension(
            out,
            13,
            list16({0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0603, 0x0203, 0x0201})
        );
    }
    return out;
}

/// Calls `take(type, data)` for each extension; false when lengths do not add up.
template <class Take>
bool read_extensions(std::string_view block, Take take) {
    while (!block.empty()) {
        if (block.size() < 4 || block.size() - 4 < get16(block, 2)) {
            return false;
        }
        const auto length = get16(block, 2);
        take(get16(block, 0), block.substr(4, length));
        block.remove_prefix(4 + length);
    }
    return true;
}

} // namespace

std::span<const std::uint16_t> legacy_suites() {
    return kLegacy;
}

std::span<const std::uint16_t> static_rsa_suites() {
    return kStaticRsaCodes;
}

std::string suite_name(std::uint16_t suite) {
    for (const auto& known : kStaticRsa) {
        if (known.code == suite) {
            return std::string(known.name);
        }
    }
    return fmt::format("0x{:04X}", suite);
}

std::string client_hello(const HelloQuestion& question) {
    std::string body;
    put16(body, question.version);
    std::string random = question.random;
    random.resize(32, '\0');
    body += random;
    put8(body, 0); // no session
    std::string suites;
    for (const auto suite : question.suites) {
        put16(suites, suite);
    }
    put_block16(body, suites);
    put8(body, 1);
    put8(body, 0); // null compression only
    put_block16(body, extensions(question));

    std::string message(1, '\x01');
    put8(message, body.size() >> 16);
    put16(message, body.size());
    message += body;
    std::string record(1, '\x16');
    // RFC 5246 E.1: 03 01 is what old and new servers alike take in the first record.
    put16(record, kTls10);
    put_block16(record, message);
    return record;
}

void ServerFlight::feed(std::string_view bytes) {
    if (state_ != State::reading) {
        return;
    }
    const auto room = kFlightLimit - taken_;
    const bool is_over = bytes.size() > room;
    bytes = bytes.substr(0, room);
    taken_ += bytes.size();
    records_ += bytes;
    read_records();
    if (is_over && state_ == State::reading) {
        state_ = State::too_long;
    }
}

void ServerFlight::read_records() {
    std::size_t at = 0;
    const std::string_view all = records_;
    while (state_ == State::reading && all.size() > at) {
        const auto rest = all.substr(at);
        const auto type = get8(rest, 0);
        // Told by the first bytes already, so that a silent plain-text server costs no waiting.
        if (type < 20 || type > 24 || (rest.size() > 1 && get8(rest, 1) != 3)) {
            state_ = State::not_tls;
            return;
        }
        if (rest.size() < 5) {
            break;
        }
        const auto length = get16(rest, 3);
        if (length > kRecordLimit) {
            state_ = State::not_tls;
            return;
        }
        if (rest.size() < 5 + length) {
            break;
        }
        read_record(static_cast<unsigned>(type), rest.substr(5, length));
        at += 5 + length;
    }
    records_.erase(0, at);
}

void ServerFlight::read_record(unsigned type, std::string_view payload) {
    switch (type) {
    case 21:
        alerts_ += payload;
        read_alert();
        return;
    case 22:
        handshake_ += payload;
        read_handshake();
        return;
    default: // change_cipher_spec, application_data: only after a ServerHello do they make sense
        state_ = has_hello_ ? State::complete : State::broken;
    }
}

void ServerFlight::read_alert() {
    while (alerts_.size() >= 2 && state_ == State::reading) {
        const auto level = get8(alerts_, 0);
        const auto description = static_cast<int>(get8(alerts_, 1));
        alerts_.erase(0, 2);
        if (level == 2) {
            alert_ = description;
            state_ = State::alert;
        } else if (level != 1) {
            state_ = State::broken;
        }
    }
}

void ServerFlight::read_handshake() {
    while (handshake_.size() >= 4 && state_ == State::reading) {
        const auto length = get24(handshake_, 1);
        if (length > kFlightLimit && !has_hello_) {
            state_ = State::broken;
            return;
        }
        if (handshake_.size() - 4 < length) {
            return;
        }
        const std::string body = handshake_.substr(4, length);
        const auto type = static_cast<unsigned>(get8(handshake_, 0));
        handshake_.erase(0, 4 + length);
        read_message(type, body);
    }
}

void ServerFlight::read_message(unsigned type, std::string_view body) {
    constexpr unsigned kHelloRequest = 0;
    constexpr unsigned kServerHello = 2;
    constexpr unsigned kServerHelloDone = 14;
    if (type == kHelloRequest) {
        return;
    }
    if (type == kServerHello && !has_hello_ && read_server_hello(body)) {
        has_hello_ = true;
        return;
    }
    if (!has_hello_ || type == kServerHello) {
        state_ = State::broken;
    } else if (type == kServerHelloDone) {
        state_ = State::complete;
    }
}

bool ServerFlight::read_server_hello(std::string_view body) {
    constexpr std::size_t kFixed = 2 + 32 + 1; // version, random, session id length
    if (body.size() < kFixed) {
        return false;
    }
    const auto session = get8(body, kFixed - 1);
    if (session > 32 || body.size() < kFixed + session + 3) {
        return false;
    }
    version_ = static_cast<std::uint16_t>(get16(body, 0));
    suite_ = static_cast<std::uint16_t>(get16(body, kFixed + session));
    body.remove_prefix(kFixed + session + 3);
    if (body.empty()) {
        return true; // RFC 5246 7.4.1.3: extensions may be absent altogether
    }
    if (body.size() < 2 || body.size() - 2 != get16(body, 0)) {
        return false;
    }
    return read_extensions(body.substr(2), [this](std::size_t type, std::string_view data) {
        if (type == 43 && data.size() == 2) { // supported_versions, RFC 8446 4.2.1
            version_ = static_cast<std::uint16_t>(get16(data, 0));
        }
    });
}

namespace {

bool is_accepted(const HelloQuestion& question, const ServerFlight& flight) {
    const bool is_offered =
        std::find(question.suites.begin(), question.suites.end(), flight.suite()) != question.suites.end();
    return is_offered && flight.version() == question.version;
}

} // namespace

model::Offered judge_answer(const HelloQuestion& question, const HelloAnswer& answer, bool handshake_works) {
    using State = ServerFlight::State;
    const auto& flight = answer.flight;
    if (flight.state() == State::alert) {
        // A name that is not served here says nothing about versions.
        return flight.alert() == kUnrecognizedName ? model::Offered::unknown : model::Offered::no;
    }
    if (flight.has_hello()) {
        return is_accepted(question, flight) ? model::Offered::yes : model::Offered::no;
    }
    const bool is_closed =
        answer.end == HelloEnd::closed && flight.state() == State::reading && !flight.is_midway();
    return is_closed && handshake_works ? model::Offered::no : model::Offered::unknown;
}

} // namespace fengsui::probe::tls
