// SMTP as far as STARTTLS: banner, EHLO, STARTTLS or QUIT. No mail, no login, no handshake.
#pragma once

#include "probe/visit.h"

namespace fengsui::probe::smtp {

/// Talks to each exchanger whose address is admitted; fills their facts and `mail.smtp_outcome`.
net::Task<> look_at_exchangers(Visit& visit, model::MailObservation& mail);

} // namespace fengsui::probe::smtp
