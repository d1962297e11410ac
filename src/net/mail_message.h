// A mail as a struct, and the bytes that it is sent as (RFC 5322, 2045–2047, 2231).
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::net {

class MailSigner;

/// `local@domain`: a dot-atom (RFC 5322 3.2.3, RFC 6531 for other scripts), the domain in A-label form.
struct MailAddress {
    std::string name; ///< for people; may be empty
    std::string local;
    std::string domain;

    /// Reads `local@domain` or `Name <local@domain>`. The error says what is wrong.
    static base::Result<MailAddress> parse(std::string_view text);
    [[nodiscard]] std::string spec() const { return local + "@" + domain; }
    /// The local part is not ASCII: only a relay with SMTPUTF8 takes it.
    [[nodiscard]] bool needs_utf8() const;
};

struct MailAttachment {
    std::string name;
    std::string media_type; ///< `type/subtype`; anything else is sent as application/octet-stream
    std::string bytes;
};

struct MailMessage {
    std::string from; ///< as MailAddress::parse reads it
    std::vector<std::string> to;
    std::string subject;
    std::string text;
    std::string html; ///< empty: text only
    std::vector<MailAttachment> attachments;
    std::string message_id; ///< without brackets; the same for every try, so that doubles can be dropped
    base::Instant date{};
    std::string language; ///< Content-Language, e.g. zh-CN
};

/// What the relay is told and given.
struct MailEnvelope {
    std::string from;
    std::vector<std::string> to;
    std::string bytes; ///< ends with CR LF; all ASCII unless `needs_utf8`
    bool needs_utf8 = false;
};

/// Deterministic: the same message gives the same bytes (without a signer). No header can be injected:
/// every text is made one line and encoded. An error for addresses or ids that are none.
base::Result<MailEnvelope> compose_mail(const MailMessage& message, const MailSigner* signer = nullptr);

} // namespace fengsui::net
