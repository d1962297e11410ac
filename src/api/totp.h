// One-time passwords by time (RFC 6238): SHA-1, six digits, thirty seconds, as every authenticator app does.
#pragma once

#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fengsui::api {

/// 20 random octets as base32, for the app and for the store. A secret: log it nowhere.
std::string new_totp_secret();

/// What the QR code says: `otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=ISSUER…`.
std::string totp_uri(std::string_view issuer, std::string_view account, std::string_view secret);

/// The step of `code`, when it is right for now or the step before or after and later than `last_step`; store
/// it as the new last step before letting anybody in, so that no code works twice. Spaces in the code do not
/// matter. Nothing when it is wrong, used already, or the secret cannot be read.
std::optional<std::int64_t> check_totp(
    std::string_view secret, std::string_view code, base::Instant now, std::optional<std::int64_t> last_step
);

/// The code of one step, `digits` long (RFC 4226 5.3).
std::string totp_code(std::string_view key, std::int64_t step, unsigned digits = 6);
/// The number of thirty-second steps since 1970.
std::int64_t totp_step(base::Instant at);

} // namespace fengsui::api
