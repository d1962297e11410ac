// The roots and revocation lists that certificates are judged by, and the judging (OpenSSL inside).
#pragma once

#include "model/tls.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace fengsui::probe {

class TrustStore {
public:
    /// The system's roots, and those of `additional` (PEM). `lists`: revocation lists (PEM, or one of DER).
    /// Throws base::Error when a file cannot be read.
    explicit TrustStore(
        const std::optional<std::filesystem::path>& additional,
        const std::optional<std::filesystem::path>& lists = std::nullopt
    );
    ~TrustStore();
    TrustStore(const TrustStore&) = delete;
    TrustStore& operator=(const TrustStore&) = delete;

    struct Judgement {
        std::vector<model::CertificateFacts> chain; ///< as sent
        model::Trust trust = model::Trust::unknown;
        std::string detail;
        bool is_ordered = true;
    };
    /// Judges DER certificates as sent, leaf first. Dates are left aside (checks judge them). Malformed
    /// certificates give fewer facts, never an exception.
    [[nodiscard]] Judgement judge(const std::vector<std::string>& certificates) const;

    /// A list or an OCSP answer that was fetched.
    struct Fetched {
        std::string source; ///< its address
        std::string bytes;
        bool is_ocsp = false;
    };
    struct RevocationQuestion {
        std::vector<std::string> certificates; ///< DER as sent, leaf first
        std::string ocsp_staple;
        std::vector<Fetched> fetched;
        base::Instant judged_at{};
    };
    /// One entry for each certificate whose issuer was sent or is a root we know, the leaf first.
    [[nodiscard]] std::vector<model::RevocationFacts> judge_revocation(const RevocationQuestion& question
    ) const;
    /// DER of an OCSP request for the leaf; empty when its issuer is not known.
    [[nodiscard]] std::string leaf_ocsp_request(const std::vector<std::string>& certificates) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::probe
