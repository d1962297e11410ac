#include "api/totp.h"

#include "api/form.h"
#include "base/codec.h"
#include "base/hash.h"
#include "base/hmac.h"

#include <fmt/format.h>

namespace fengsui::api {

namespace {

constexpr std::chrono::seconds kStep{30};
constexpr std::size_t kKeyBytes = 20; // RFC 4226 section 4, R6
constexpr std::int64_t kStepsEitherWay = 1;

std::string without_spaces(std::string_view code) {
    std::string digits;
    for (const char c : code) {
        digits += c == ' ' ? "" : std::string(1, c);
    }
    return digits;
}

} // namespace

std::string new_totp_secret() {
    return base::base32(base::random_bytes(kKeyBytes));
}

std::string totp_uri(std::string_view issuer, std::string_view account, std::string_view secret) {
    return fmt::format(
        "otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30",
        percent_encoded(issuer),
        percent_encoded(account),
        secret
    );
}

std::int64_t totp_step(base::Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch() / kStep;
}

std::string totp_code(std::string_view key, std::int64_t step, unsigned digits) {
    std::string counter(8, '\0');
    for (std::size_t i = 0; i < counter.size(); ++i) {
        counter[i] = static_cast<char>((static_cast<std::uint64_t>(step) >> (56 - 8 * i)) & 0xff);
    }
    const std::string code = base::hmac_sha1(key, counter);
    const auto octet = [&](std::size_t i) {
        return std::uint32_t{static_cast<unsigned char>(code[i])};
    };
    const std::size_t offset = octet(code.size() - 1) & 15; // RFC 4226 5.3: dynamic truncation
    const std::uint32_t number = ((octet(offset) & 127) << 24) | (octet(offset + 1) << 16)
                                 | (octet(offset + 2) << 8) | octet(offset + 3);
    std::uint32_t limit = 1;
    for (unsigned i = 0; i < digits; ++i) {
        limit *= 10;
    }
    return fmt::format("{:0{}}", number % limit, digits);
}

std::optional<std::int64_t> check_totp(
    std::string_view secret, std::string_view code, base::Instant now, std::optional<std::int64_t> last_step
) {
    std::string key;
    if (!base::decode_base32(secret, key) || key.empty()) {
        return std::nullopt;
    }
    const std::string typed = without_spaces(code);
    std::optional<std::int64_t> found;
    const std::int64_t present = totp_step(now);
    for (std::int64_t step = present - kStepsEitherWay; step <= present + kStepsEitherWay; ++step) {
        const bool is_unused = !last_step || step > *last_step;
        if (base::is_same_secret(totp_code(key, step), typed) && is_unused && !found) {
            found = step;
        }
    }
    return found;
}

} // namespace fengsui::api
