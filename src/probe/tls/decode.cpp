#include "probe/tls/decode.h"

#include "probe/tls/wire.h"

#include <algorithm>

namespace fengsui::probe::tls {

namespace {

constexpr std::size_t kFlightLimit = std::size_t{64} * 1024;
/// A chain whose leaf has 10,000 names is some 300 KiB, and the key exchange comes after it.
constexpr std::size_t kFlightAfterHello = std::size_t{512} * 1024;
/// RFC 5246 6.2.3: 2^14 + 2048 octets of ciphertext.
constexpr std::size_t kRecordLimit = (1U << 14) + 2048;
constexpr std::size_t kMostCertificates = 100;
constexpr int kUnrecognizedName = 112; // RFC 6066 section 3
/// RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest".
constexpr std::string_view kRetryRandom(
    "\xCF\x21\xAD\x74\xE5\x9A\x61\x11\xBE\x1D\x8C\x02\x1E\x65\xB8\x91\xC2\xA2\x11\x16\x7A\xBB\x8C\x5E\x07\x9E"
    "\x09\xE2\xC8\xA8\x33\x9C",
    32
);

/// Calls `take(type, data)` for each extension; false when lengths do not add up.
template <class Take>
bool read_extensions(std::string_view block, Take take) {
    while (!block.empty()) {
        if (block.size() < 4) {
            return false;
        }
        const auto type = get16(block, 0);
        block.remove_prefix(2);
        std::string_view data;
        if (!take_block(block, 2, data)) {
            return false;
        }
        take(type, data);
    }
    return true;
}

} // namespace

void ServerFlight::feed(std::string_view bytes) {
    while (state_ == State::reading && !bytes.empty()) {
        const auto limit = has_hello_ ? kFlightAfterHello : kFlightLimit;
        const auto room = limit - std::min(limit, taken_);
        if (room == 0) {
            state_ = State::too_long;
            return;
        }
        const auto piece = bytes.substr(0, room);
        bytes.remove_prefix(piece.size());
        taken_ += piece.size();
        records_ += piece;
        if (dialect_ == Dialect::sslv2) {
            read_sslv2();
        } else {
            read_records();
        }
    }
}

/// Whether the first octets can be a record of the dialect; told early, so that a silent plain-text server
/// costs no waiting.
bool ServerFlight::read_record_head(std::string_view rest) {
    const auto type = get8(rest, 0);
    if (type < 20 || type > 24) {
        return false;
    }
    if (rest.size() > 1) {
        const auto major = get8(rest, 1);
        return major == 3 || (dialect_ == Dialect::tlcp && major == 1);
    }
    return true;
}

void ServerFlight::read_records() {
    std::size_t at = 0;
    const std::string all = std::move(records_);
    records_.clear();
    while (state_ == State::reading && all.size() > at) {
        const auto rest = std::string_view(all).substr(at);
        const bool is_whole_head = rest.size() >= 5;
        if (!read_record_head(rest) || (is_whole_head && get16(rest, 3) > kRecordLimit)) {
            state_ = State::not_tls;
            return;
        }
        if (!is_whole_head || rest.size() < 5 + get16(rest, 3)) {
            break;
        }
        const auto length = get16(rest, 3);
        alert_version_ = static_cast<std::uint16_t>(get16(rest, 1));
        read_record(static_cast<unsigned>(get8(rest, 0)), rest.substr(5, length));
        at += 5 + length;
    }
    records_ = all.substr(at);
}

/// SERVER-HELLO or ERROR of the SSL 2.0 draft behind a two-octet header; a TLS alert is as good a no.
void ServerFlight::read_sslv2() {
    constexpr std::size_t kFixedHello = 11;
    if (get8(records_, 0) < 0x80) {
        read_records();
        return;
    }
    if (records_.size() < 3) {
        return;
    }
    const auto length = get16(records_, 0) & 0x7FFF;
    const auto body = std::string_view(records_).substr(2);
    const auto type = get8(body, 0);
    if (type == 0 && length == 3) { // ERROR with its code
        if (body.size() >= 3) {
            alert_ = static_cast<int>(get16(body, 1));
            state_ = State::alert;
        }
        return;
    }
    if (type != 4 || length < kFixedHello) {
        state_ = State::not_tls;
        return;
    }
    if (body.size() < kFixedHello) {
        return;
    }
    const auto sum = kFixedHello + get16(body, 5) + get16(body, 7) + get16(body, 9);
    version_ = static_cast<std::uint16_t>(get16(body, 3));
    has_hello_ = version_ == kSsl2 && sum == length;
    state_ = has_hello_ ? State::complete : State::not_tls;
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
    if (type == kHelloRequest) {
        return;
    }
    if (type == kServerHello && !has_hello_ && read_server_hello(body)) {
        has_hello_ = true;
        state_ = is_retry_request_ ? State::complete : State::reading;
        return;
    }
    if (!has_hello_ || type == kServerHello) {
        state_ = State::broken;
        return;
    }
    read_rest(type, body);
}

void ServerFlight::read_rest(unsigned type, std::string_view body) {
    constexpr unsigned kCertificate = 11;
    constexpr unsigned kServerKeyExchange = 12;
    constexpr unsigned kCertificateRequest = 13;
    constexpr unsigned kServerHelloDone = 14;
    switch (type) {
    case kCertificate:
        read_certificates(body);
        return;
    case kServerKeyExchange:
        key_exchange_ = body;
        return;
    case kCertificateRequest:
        has_certificate_request_ = true;
        return;
    case kServerHelloDone:
        state_ = State::complete;
        return;
    default: // CertificateStatus, NewSessionTicket and what else may come
        return;
    }
}

/// RFC 5246 7.4.2.
void ServerFlight::read_certificates(std::string_view body) {
    std::string_view list;
    if (!take_block(body, 3, list) || !body.empty()) {
        return; // whoever chose a version and a suite has answered, whatever the rest is worth
    }
    std::vector<std::string> found;
    std::string_view der;
    while (!list.empty()) {
        if (!take_block(list, 3, der)) {
            return;
        }
        if (found.size() < kMostCertificates) {
            found.emplace_back(der);
        }
    }
    certificates_ = std::move(found);
}

bool ServerFlight::read_server_hello(std::string_view body) {
    constexpr std::size_t kFixed = 2 + 32;
    if (body.size() < kFixed) {
        return false;
    }
    version_ = static_cast<std::uint16_t>(get16(body, 0));
    is_retry_request_ = body.substr(2, 32) == kRetryRandom;
    body.remove_prefix(kFixed);
    std::string_view session;
    if (!take_block(body, 1, session) || session.size() > 32 || body.size() < 3) {
        return false;
    }
    suite_ = static_cast<std::uint16_t>(get16(body, 0));
    compression_ = get8(body, 2);
    body.remove_prefix(3);
    if (body.empty()) {
        return true; // RFC 5246 7.4.1.3: extensions may be absent altogether
    }
    std::string_view block;
    return take_block(body, 2, block) && body.empty()
           && read_extensions(block, [this](std::size_t type, std::string_view data) {
                  read_extension(type, data);
              });
}

void ServerFlight::read_extension(std::size_t type, std::string_view data) {
    switch (type) {
    case 23:
        has_extended_master_secret_ = true;
        return;
    case 0xFF01:
        has_renegotiation_info_ = true;
        return;
    case 43: // supported_versions, RFC 8446 4.2.1
        version_ = data.size() == 2 ? static_cast<std::uint16_t>(get16(data, 0)) : version_;
        return;
    case 51: // key_share: a group in a HelloRetryRequest, an entry in a ServerHello
        group_ = data.size() >= 2 ? static_cast<std::uint16_t>(get16(data, 0)) : group_;
        return;
    default:
        return;
    }
}

base::Result<KeyExchangeFacts> decode_key_exchange(
    std::string_view body, KeyExchange kind, std::uint16_t version
) {
    const base::Error cut(base::ErrorCode::invalid_argument, "a ServerKeyExchange that is cut off");
    KeyExchangeFacts facts;
    std::string_view part;
    if (kind == KeyExchange::dhe || kind == KeyExchange::dh_anonymous) {
        std::string_view prime;
        const bool is_whole =
            take_block(body, 2, prime) && take_block(body, 2, part) && take_block(body, 2, part);
        if (!is_whole || prime.empty()) {
            return cut;
        }
        facts.prime = prime;
    } else if (kind == KeyExchange::ecdhe || kind == KeyExchange::ecdh_anonymous) {
        if (body.size() < 3) {
            return cut;
        }
        // RFC 8422 5.4: explicit_prime 1, explicit_char2 2, named_curve 3. Explicit parameters are not read
        // on.
        const auto type = get8(body, 0);
        if (type != 3) {
            facts.group = type == 1 ? 0xFF01 : 0xFF02;
            return facts;
        }
        facts.group = static_cast<std::uint16_t>(get16(body, 1));
        body.remove_prefix(3);
        if (!take_block(body, 1, part)) {
            return cut;
        }
    }
    const bool is_signed = kind == KeyExchange::dhe || kind == KeyExchange::ecdhe;
    if (is_signed && version == kTls12 && body.size() >= 2) {
        facts.signature = static_cast<std::uint16_t>(get16(body, 0));
    }
    return facts;
}

namespace {

bool is_accepted(const HelloQuestion& question, const ServerFlight& flight, Versions versions) {
    if (question.version == kSsl2) {
        return flight.version() == kSsl2;
    }
    const bool is_offered =
        std::find(question.suites.begin(), question.suites.end(), flight.suite()) != question.suites.end();
    const bool fits = versions == Versions::exact ? flight.version() == question.version
                                                  : flight.version() <= question.version;
    return is_offered && fits;
}

} // namespace

model::Offered judge_answer(
    const HelloQuestion& question, const HelloAnswer& answer, bool others_work, Versions versions
) {
    using State = ServerFlight::State;
    const auto& flight = answer.flight;
    if (flight.state() == State::alert) {
        // A name that is not served here says nothing about versions.
        return flight.alert() == kUnrecognizedName ? model::Offered::unknown : model::Offered::no;
    }
    if (flight.has_hello()) {
        return is_accepted(question, flight, versions) ? model::Offered::yes : model::Offered::no;
    }
    const bool is_closed =
        answer.end == HelloEnd::closed && flight.state() == State::reading && !flight.is_midway();
    return is_closed && others_work ? model::Offered::no : model::Offered::unknown;
}

} // namespace fengsui::probe::tls
