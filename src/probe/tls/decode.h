// Hand-made ClientHellos and what servers answer to them: asks for classes, never for keys. Pure, fuzzed.
#pragma once

#include "model/tls.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::probe::tls {

constexpr std::uint16_t kTls10 = 0x0301;
constexpr std::uint16_t kTls11 = 0x0302;
constexpr std::uint16_t kTls12 = 0x0303;
constexpr std::uint16_t kTls13 = 0x0304;

/// One question to a server: this version at most, one of these suites.
struct HelloQuestion {
    std::uint16_t version = kTls12;
    std::span<const std::uint16_t> suites;
    std::string server_name; ///< SNI; empty: none
    std::string random;      ///< 32 bytes; shorter is padded with zeros
};

/// The record that carries the ClientHello. Offers no TLS 1.3, no compression, no session.
std::string client_hello(const HelloQuestion& question);

/// Suites that servers of TLS 1.0 and 1.1 know.
std::span<const std::uint16_t> legacy_suites();
/// Suites with RSA key transport only (RFC 5246 appendix A.5 and later): no forward secrecy.
std::span<const std::uint16_t> static_rsa_suites();
/// The IANA name, or 0xABCD for a suite not in the two lists.
std::string suite_name(std::uint16_t suite);

/// Reads a server's first flight piece by piece, at most 64 KiB of it, and stops at ServerHelloDone or
/// the first encrypted record. Accepts any fragmentation; never trusts a length.
class ServerFlight {
public:
    enum class State : std::uint8_t {
        reading,  ///< more bytes are wanted
        complete, ///< ServerHelloDone, or encryption began after a ServerHello
        alert,    ///< a fatal alert
        not_tls,  ///< the bytes are not TLS records (plain HTTP, SSLv2, garbage)
        broken,   ///< TLS records with broken handshake messages
        too_long, ///< more than the limit without an end
    };

    void feed(std::string_view bytes);
    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] bool has_hello() const { return has_hello_; }
    [[nodiscard]] std::uint16_t version() const { return version_; } ///< that the ServerHello chose
    [[nodiscard]] std::uint16_t suite() const { return suite_; }
    [[nodiscard]] int alert() const { return alert_; } ///< AlertDescription, or -1
    /// Part of a record or message has come, but not all of it.
    [[nodiscard]] bool is_midway() const { return !records_.empty() || !handshake_.empty(); }

private:
    void read_records();
    void read_handshake();
    void read_alert();
    void read_record(unsigned type, std::string_view payload);
    void read_message(unsigned type, std::string_view body);
    bool read_server_hello(std::string_view body);

    State state_ = State::reading;
    bool has_hello_ = false;
    std::uint16_t version_ = 0;
    std::uint16_t suite_ = 0;
    int alert_ = -1;
    std::size_t taken_ = 0;
    std::string records_;
    std::string handshake_;
    std::string alerts_;
};

/// How a conversation of one hello ended.
enum class HelloEnd : std::uint8_t { answered, closed, silent, not_connected };

struct HelloAnswer {
    HelloEnd end = HelloEnd::not_connected; ///< answered: the flight came to a state of its own
    ServerFlight flight;
};

/// Was the question accepted? `no` only on an alert, on another version or suite than asked for, or on a
/// close while the normal handshake works; everything else is unknown.
model::Offered judge_answer(const HelloQuestion& question, const HelloAnswer& answer, bool handshake_works);

} // namespace fengsui::probe::tls
