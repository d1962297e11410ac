// Signing what goes out: S/MIME (RFC 8551) by the office's own key. OpenSSL inside.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace fengsui::net {

/// Constant once made.
class MailSigner {
public:
    /// PEM files: the certificate with its chain after it, and its key without a pass phrase. Throws
    /// invalid_argument when one cannot be read or they do not belong together.
    MailSigner(const std::filesystem::path& certificate, const std::filesystem::path& key);
    ~MailSigner();
    MailSigner(const MailSigner&) = delete;
    MailSigner& operator=(const MailSigner&) = delete;

    /// A detached CMS signature (SHA-256) over the bytes as they will be sent: DER.
    [[nodiscard]] std::string sign(std::string_view entity) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::net
