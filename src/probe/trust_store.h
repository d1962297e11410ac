// The roots that certificates are judged by, and the judging of a chain (OpenSSL inside).
#pragma once

#include "model/tls.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace fengsui::probe {

class TrustStore {
public:
    /// The system's roots, and those of `additional` (PEM). Throws base::Error when that file cannot be read.
    explicit TrustStore(const std::optional<std::filesystem::path>& additional);
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

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::probe
