// What servers answer to hand-made ClientHellos. Pure, fuzzed.
#pragma once

#include "model/tls.h"
#include "probe/tls/hello.h"
#include "probe/tls/suites.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::probe::tls {

/// Reads a server's first flight piece by piece, at most 64 KiB before and 512 KiB after its ServerHello,
/// and stops at ServerHelloDone, a HelloRetryRequest or the first encrypted record. Accepts any
/// fragmentation; never trusts a length.
class ServerFlight {
public:
    enum class State : std::uint8_t {
        reading,  ///< more bytes are wanted
        complete, ///< ServerHelloDone, HelloRetryRequest, or encryption began after a ServerHello
        alert,    ///< a fatal alert
        not_tls,  ///< the bytes are not TLS records (plain HTTP, garbage)
        broken,   ///< TLS records with broken handshake messages
        too_long, ///< more than the limit without an end
    };
    /// How else than TLS the answer may look: SSL 2.0 and TLCP have records of their own.
    enum class Dialect : std::uint8_t { tls, sslv2, tlcp };

    ServerFlight() = default;
    explicit ServerFlight(Dialect dialect) : dialect_(dialect) {}

    void feed(std::string_view bytes);
    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] bool has_hello() const { return has_hello_; }
    [[nodiscard]] std::uint16_t version() const { return version_; } ///< that the ServerHello chose
    [[nodiscard]] std::uint16_t suite() const { return suite_; }     ///< 0 in SSL 2.0
    [[nodiscard]] int alert() const { return alert_; }               ///< AlertDescription, or -1
    /// The record version of the alert: TLCP says 0101.
    [[nodiscard]] std::uint16_t alert_version() const { return alert_version_; }
    /// Part of a record or message has come, but not all of it.
    [[nodiscard]] bool is_midway() const { return !records_.empty() || !handshake_.empty(); }

    [[nodiscard]] bool has_compression() const { return compression_ != 0; }
    [[nodiscard]] bool has_extended_master_secret() const { return has_extended_master_secret_; }
    [[nodiscard]] bool has_renegotiation_info() const { return has_renegotiation_info_; }
    [[nodiscard]] bool has_certificate_request() const { return has_certificate_request_; }
    [[nodiscard]] bool is_retry_request() const { return is_retry_request_; }
    [[nodiscard]] std::uint16_t key_share_group() const { return group_; } ///< of TLS 1.3; 0: none
    /// DER, as sent; of TLS 1.2 and below, and TLCP.
    [[nodiscard]] const std::vector<std::string>& certificates() const { return certificates_; }
    /// The body of the ServerKeyExchange; empty: none.
    [[nodiscard]] const std::string& key_exchange() const { return key_exchange_; }

private:
    void read_records();
    bool read_record_head(std::string_view rest);
    void read_handshake();
    void read_alert();
    void read_sslv2();
    void read_record(unsigned type, std::string_view payload);
    void read_message(unsigned type, std::string_view body);
    void read_rest(unsigned type, std::string_view body);
    bool read_server_hello(std::string_view body);
    void read_extension(std::size_t type, std::string_view data);
    void read_certificates(std::string_view body);

    Dialect dialect_ = Dialect::tls;
    State state_ = State::reading;
    bool has_hello_ = false;
    bool has_extended_master_secret_ = false;
    bool has_renegotiation_info_ = false;
    bool has_certificate_request_ = false;
    bool is_retry_request_ = false;
    std::uint16_t version_ = 0;
    std::uint16_t suite_ = 0;
    std::uint16_t group_ = 0;
    std::size_t compression_ = 0;
    int alert_ = -1;
    std::uint16_t alert_version_ = 0;
    std::size_t taken_ = 0;
    std::string records_;
    std::string handshake_;
    std::string alerts_;
    std::vector<std::string> certificates_;
    std::string key_exchange_;
};

/// What a ServerKeyExchange says of the keys.
struct KeyExchangeFacts {
    std::string prime;           ///< of finite-field Diffie-Hellman, big-endian
    std::uint16_t group = 0;     ///< the named curve; 0xFF01 and 0xFF02 for explicit ones
    std::uint16_t signature = 0; ///< SignatureScheme, of TLS 1.2; 0: none said
};

base::Result<KeyExchangeFacts> decode_key_exchange(
    std::string_view body, KeyExchange kind, std::uint16_t version
);

/// How a conversation of one hello ended.
enum class HelloEnd : std::uint8_t { answered, closed, silent, not_connected };

struct HelloAnswer {
    HelloEnd end = HelloEnd::not_connected; ///< answered: the flight came to a state of its own
    ServerFlight flight{};
    model::Outcome outcome{}; ///< of the connecting
};

/// Which versions count as a yes: exactly the one asked for, or whatever the server came down to.
enum class Versions : std::uint8_t { exact, up_to };

/// Was the question accepted? `no` only on an alert, on another version or suite than asked for, or on a
/// close while other hellos work; everything else is unknown.
model::Offered judge_answer(
    const HelloQuestion& question,
    const HelloAnswer& answer,
    bool others_work,
    Versions versions = Versions::exact
);

} // namespace fengsui::probe::tls
