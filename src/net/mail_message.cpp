#include "net/mail_message.h"

#include "base/hash.h"
#include "base/text.h"
#include "model/url.h"
#include "net/mail_signer.h"
#include "net/mail_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::net {

namespace {

constexpr std::size_t kMaxLocal = 64; // RFC 5321 4.5.3.1
constexpr std::size_t kMaxAddress = 254;
constexpr std::size_t kMaxMessageId = 200;
constexpr std::string_view kAtomMarks = "!#$%&'*+-/=?^_`{|}~";

base::Error bad(std::string_view text, std::string_view what) {
    return {
        base::ErrorCode::invalid_argument,
        fmt::format("\"{}\" is not a mail address: {}", base::shorten(base::scrub_utf8(text), 100), what)};
}

bool is_atom_char(char c) {
    return base::is_alpha(c) || base::is_digit(c) || static_cast<unsigned char>(c) >= 0x80
           || kAtomMarks.find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
    const auto atoms = base::split(text, '.');
    return std::all_of(atoms.begin(), atoms.end(), [](auto atom) {
        return !atom.empty() && std::all_of(atom.begin(), atom.end(), is_atom_char);
    });
}

/// `"Name" <address>` taken apart; the name without its quotes.
std::string_view split_name(std::string_view text, std::string& name) {
    const auto open = text.rfind('<');
    if (open == std::string_view::npos || !text.ends_with('>')) {
        return text;
    }
    auto before = base::trim(text.substr(0, open));
    if (before.size() >= 2 && before.front() == '"' && before.back() == '"') {
        before = before.substr(1, before.size() - 2);
    }
    name = one_line(before);
    return text.substr(open + 1, text.size() - open - 2);
}

/// RFC 5322 3.3; the clock's own zone is UTC.
std::string date_text(base::Instant at) {
    // `Sun, 06 Nov 1994 08:49:37 GMT` is the same but for the zone.
    std::string text = base::format_http_date(at);
    return text.substr(0, text.size() - 3) + "+0000";
}

bool is_media_type(std::string_view text) {
    const auto slash = text.find('/');
    const auto is_token = [](std::string_view token) {
        return !token.empty() && std::all_of(token.begin(), token.end(), [](char c) {
            return base::is_alpha(c) || base::is_digit(c)
                   || std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
        });
    };
    return slash != std::string_view::npos && text.size() < 100 && is_token(text.substr(0, slash))
           && is_token(text.substr(slash + 1));
}

/// Mostly ASCII stays readable on the wire; other scripts cost less as base64.
std::string text_part(std::string_view type, std::string_view text) {
    const std::string clean = base::scrub_utf8(with_crlf(text));
    const auto high = std::count_if(clean.begin(), clean.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x80;
    });
    const bool is_mostly_ascii = static_cast<std::size_t>(high) * 6 <= clean.size();
    return fmt::format(
        "Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: {}\r\n\r\n{}",
        type,
        is_mostly_ascii ? "quoted-printable" : "base64",
        is_mostly_ascii ? quoted_printable(clean) : base64_lines(with_crlf(clean))
    );
}

std::string attachment_part(const MailAttachment& attachment) {
    return fmt::format(
        "Content-Type: {}\r\nContent-Disposition: attachment{}\r\nContent-Transfer-Encoding: "
        "base64\r\n\r\n{}",
        is_media_type(attachment.media_type) ? attachment.media_type : "application/octet-stream",
        filename_parameter(attachment.name),
        base64_lines(attachment.bytes)
    );
}

/// Bodies are base64 or quoted-printable, in which `=_` cannot occur: no boundary is ever met by chance.
std::string boundary_of(const MailMessage& message, std::string_view level) {
    return fmt::format("=_{}_{}", base::sha256_hex(message.message_id).substr(0, 24), level);
}

std::string multipart(
    std::string_view parameters, const std::string& boundary, const std::vector<std::string>& parts
) {
    std::string out =
        fmt::format("Content-Type: multipart/{};\r\n boundary=\"{}\"\r\n\r\n", parameters, boundary);
    for (const auto& part : parts) {
        out += fmt::format("--{}\r\n{}\r\n", boundary, part);
    }
    return out + fmt::format("--{}--\r\n", boundary);
}

std::string body_entity(const MailMessage& message) {
    std::string body = text_part("text/plain", message.text);
    if (!message.html.empty()) {
        const std::vector<std::string> forms = {body, text_part("text/html", message.html)};
        body = multipart("alternative", boundary_of(message, "a"), forms);
    }
    if (message.attachments.empty()) {
        return body;
    }
    std::vector<std::string> parts = {body};
    for (const auto& attachment : message.attachments) {
        parts.push_back(attachment_part(attachment));
    }
    return multipart("mixed", boundary_of(message, "m"), parts);
}

/// RFC 8551 3.5.3: the first part is the entity as signed; the CR LF before a boundary is not part of it.
std::string signed_entity(const MailMessage& message, const MailSigner& signer) {
    const std::string entity = body_entity(message);
    const std::string signature =
        "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: "
        "base64\r\nContent-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n"
        + base64_lines(signer.sign(entity));
    return multipart(
        "signed; protocol=\"application/pkcs7-signature\";\r\n micalg=sha-256",
        boundary_of(message, "s"),
        {entity, signature}
    );
}

std::string mailbox_text(const MailAddress& address) {
    return address.name.empty() ? address.spec()
                                : fmt::format("{}\r\n <{}>", encode_phrase(address.name), address.spec());
}

bool is_message_id(std::string_view text) {
    const auto at = text.find('@');
    return text.size() <= kMaxMessageId && at != std::string_view::npos && is_plain_ascii(text)
           && is_dot_atom(text.substr(0, at)) && is_dot_atom(text.substr(at + 1));
}

std::string head(const MailMessage& message, const MailAddress& from, const std::vector<MailAddress>& to) {
    std::string receivers;
    for (const auto& address : to) {
        receivers += (receivers.empty() ? "" : ",\r\n ") + mailbox_text(address);
    }
    std::string out = fmt::format(
        "Date: {}\r\nFrom: {}\r\nTo: {}\r\nMessage-ID: <{}>\r\n",
        date_text(message.date),
        mailbox_text(from),
        receivers,
        message.message_id
    );
    out += unstructured_header("Subject", message.subject);
    if (!message.language.empty() && is_media_type("x/" + message.language)) {
        out += "Content-Language: " + message.language + "\r\n";
    }
    // RFC 3834 5: out-of-office programs keep quiet.
    return out + "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n";
}

} // namespace

base::Result<MailAddress> MailAddress::parse(std::string_view text) {
    MailAddress address;
    const auto spec = base::trim(split_name(base::trim(text), address.name));
    const auto at = spec.rfind('@');
    if (at == std::string_view::npos) {
        return bad(text, "write local@domain");
    }
    address.local = spec.substr(0, at);
    if (address.local.size() > kMaxLocal || !base::is_valid_utf8(address.local)
        || !is_dot_atom(address.local)) {
        return bad(text, "what stands before the @ has other characters than mail allows, or more than 64");
    }
    auto domain = model::normalise_host(spec.substr(at + 1));
    if (!domain || domain->find('.') == std::string::npos) {
        // `localhost` is the one dotless name that mail is delivered to.
        if (!domain || *domain != "localhost") {
            return bad(text, domain ? "the domain has no dot" : domain.error().message());
        }
    }
    address.domain = std::move(*domain);
    if (address.spec().size() > kMaxAddress) {
        return bad(text, "longer than 254 characters");
    }
    return address;
}

bool MailAddress::needs_utf8() const {
    return !is_plain_ascii(local);
}

base::Result<MailEnvelope> compose_mail(const MailMessage& message, const MailSigner* signer) {
    const auto from = MailAddress::parse(message.from);
    if (!from) {
        return from.error().context("from");
    }
    std::vector<MailAddress> to;
    MailEnvelope envelope;
    envelope.needs_utf8 = from->needs_utf8();
    for (const auto& text : message.to) {
        auto address = MailAddress::parse(text);
        if (!address) {
            return address.error().context("to");
        }
        envelope.needs_utf8 = envelope.needs_utf8 || address->needs_utf8();
        envelope.to.push_back(address->spec());
        to.push_back(std::move(*address));
    }
    if (to.empty()) {
        return base::Error(base::ErrorCode::invalid_argument, "a mail needs a receiver");
    }
    if (!is_message_id(message.message_id)) {
        return base::Error(base::ErrorCode::invalid_argument, "a Message-ID is of the form local@domain");
    }
    envelope.from = from->spec();
    envelope.bytes = head(message, *from, to)
                     + (signer != nullptr ? signed_entity(message, *signer) : body_entity(message));
    return envelope;
}

} // namespace fengsui::net
