// Handing one mail to the operator's relay (RFC 5321, 3207, 4954). What comes of it is data.
#pragma once

#include "model/service.h"
#include "net/mail_message.h"
#include "net/task.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fengsui::net {

class ServiceClient;

enum class SmtpSecurity : std::uint8_t {
    none,     ///< a relay on this machine or a separate wire; no password is ever sent
    starttls, ///< required: a relay that does not offer it gets no mail
    tls,      ///< from the first byte (RFC 8314)
};
std::string_view to_string(SmtpSecurity security);

struct SmtpRelay {
    SmtpSecurity security = SmtpSecurity::starttls;
    std::string user; ///< empty: no AUTH
    std::string password;
    std::string hello = "fengsui.invalid"; ///< our own name in EHLO
};

enum class SmtpResult : std::uint8_t {
    delivered, ///< the relay has taken it
    rejected,  ///< it said 5yz, or the mail cannot be sent over it: trying again is of no use
    temporary, ///< 4yz, or nothing reached it: try again
};

struct RefusedReceiver {
    std::string address;
    bool is_permanent = false;
    std::string detail;
};

struct SmtpOutcome {
    SmtpResult result = SmtpResult::temporary;
    std::string detail; ///< the relay's words, or what went wrong
    /// It ended before the mail was mentioned: the next mail would meet the same.
    bool is_relay_trouble = false;
    /// Receivers that were not taken, while others were (`delivered`) or none was.
    std::vector<RefusedReceiver> refused;
};

/// The pass must be for a mail relay. Certificates are verified for the pass's host. Ends by `deadline`.
Task<SmtpOutcome> send_mail(
    ServiceClient& client, model::ServicePass pass, SmtpRelay relay, MailEnvelope mail, Deadline deadline
);

} // namespace fengsui::net
