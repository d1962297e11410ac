// Which hello to ask next, and what the answers come to: the whole look at a server's TLS but for the bytes
// and the waiting. Pure. docs/standards_tls.md tells the order and why.
#pragma once

#include "probe/tls/decode.h"

#include <array>
#include <deque>
#include <optional>

namespace fengsui::probe::tls {

enum class Topic : std::uint8_t {
    general, ///< TLS 1.2 with every suite that an ordinary server may have
    bad,     ///< the classes that each have a check
    tls10,
    tls11,
    tls13,       ///< with values that nobody knows yet (RFC 8701)
    tls13_plain, ///< the same without them
    dhe,
    curve,
    signature,
    future_version, ///< client_version 3.5
    sslv3,
    phase_out,
    sound,
    order,
    sslv2,
    tlcp,
    tlcp_extended,
    listing, ///< more suites of the classes that are there
};

struct Question {
    Topic topic = Topic::general;
    HelloQuestion hello;
};

/// What is known before the first hello.
struct Introduction {
    std::string server_name; ///< SNI; empty: none
    bool handshake_works = false;
    bool is_tls13 = false; ///< the version that the handshake came to
    std::uint16_t leaf_group =
        0; ///< of an EC certificate: RFC 8422 5.1 lets no other curve list do without it
};

class Interview {
public:
    /// Far below what the cap of 60 connections a host leaves beside the web visit.
    static constexpr int kMostQuestions = 40;

    explicit Interview(Introduction introduction);

    /// None: everything was asked, or asking on is of no use.
    std::optional<Question> next();
    void take(const Question& question, const HelloAnswer& answer);
    /// Ends it: what was not asked stays unknown for this reason.
    void stop(model::Outcome why);

    /// The smallest finite-field modulus seen, big-endian; empty: none.
    [[nodiscard]] const std::string& modulus() const { return modulus_; }
    /// DER, of TLCP.
    [[nodiscard]] const std::vector<std::string>& tlcp_certificates() const { return tlcp_certificates_; }
    /// Some TLS up to 1.2 was answered.
    [[nodiscard]] bool is_classic() const { return base_version_ != 0; }
    [[nodiscard]] bool is_any_answered() const;
    /// Fills in what the answers showed; the modulus and the TLCP chain are the caller's to judge.
    void report(model::TlsEndpoint& endpoint) const;

private:
    using Offered = model::Offered;

    [[nodiscard]] bool is_wanted(Topic topic) const;
    [[nodiscard]] HelloQuestion hello_for(Topic topic) const;
    [[nodiscard]] HelloQuestion classic_hello(std::vector<std::uint16_t> suites) const;
    [[nodiscard]] HelloQuestion modern_hello(bool has_grease) const;
    [[nodiscard]] std::vector<std::uint16_t> general_suites() const;
    [[nodiscard]] std::vector<std::uint16_t> bad_suites(Offered state) const;
    [[nodiscard]] std::vector<std::uint16_t> worse_suites() const;
    [[nodiscard]] bool has_accepted(SuiteClass kind) const;

    void note_silence(const HelloAnswer& answer);
    void note_hello(const Question& question, const ServerFlight& flight);
    void note_version(std::uint16_t version);
    void note_suite(std::uint16_t suite);
    void note_key_exchange(const ServerFlight& flight);
    void take_topic(const Question& question, const ServerFlight& flight, Offered verdict);
    void take_general(const ServerFlight& flight, Offered verdict);
    void take_bad(Offered verdict);
    void take_modern(const Question& question, const ServerFlight& flight);
    void take_curve(Offered verdict);
    void take_future(Offered verdict);
    void take_order(const ServerFlight& flight, Offered verdict);
    void take_tlcp(const Question& question, const ServerFlight& flight);
    [[nodiscard]] Offered where_classic(Offered seen, Offered harmless) const;
    [[nodiscard]] model::SuiteOrderFacts suite_order() const;

    Introduction introduction_;
    std::deque<Topic> agenda_;
    model::Outcome outcome_ = model::completed();
    int asked_ = 0;
    int silent_ = 0;
    int listed_ = 0;
    bool is_over_ = false;
    bool works_ = false;      ///< some TLS hello or the handshake was answered
    bool is_refused_ = false; ///< the general hello was, so no TLS up to 1.2 is there unless seen later
    std::uint16_t base_version_ = 0; ///< the highest up to 1.2 that was answered
    Offered sslv2_ = Offered::unknown;
    Offered sslv3_ = Offered::unknown;
    Offered tls10_ = Offered::unknown;
    Offered tls11_ = Offered::unknown;
    Offered tls12_ = Offered::unknown;
    Offered tls13_ = Offered::unknown;
    std::array<Offered, kBadClassCount> classes_{};
    Offered phase_out_ = Offered::unknown;
    Offered sound_ = Offered::unknown;
    std::vector<std::uint16_t> accepted_;
    std::uint16_t general_choice_ = 0;
    model::SuiteOrderFacts order_;
    Offered dhe_ = Offered::unknown;
    std::string modulus_;
    std::uint16_t modulus_suite_ = 0;
    model::NamedFact curve_;
    model::NamedFact signature_;
    Offered compression_ = Offered::unknown;
    Offered secure_renegotiation_ = Offered::unknown;
    Offered extended_master_secret_ = Offered::unknown;
    model::NamedFact intolerance_;
    int refused_modern_ = 0;
    int refused_future_ = 0;
    bool has_certificate_request_ = false;
    model::TlcpFacts tlcp_;
    std::vector<std::string> tlcp_certificates_;
};

} // namespace fengsui::probe::tls
