#include "check/secrets.h"

#include "base/text.h"
#include "check/common/exposure_text.h"

namespace fengsui::check {

namespace {

constexpr std::string_view kSecretHeaders[] = {
    "Set-Cookie:", "Cookie:", "Authorization:", "Proxy-Authorization:"};

std::string without_secret(std::string_view line) {
    for (const auto header : kSecretHeaders) {
        if (base::istarts_with(line, header)) {
            const auto end = line.find('=', header.size());
            return std::string(line.substr(0, end == std::string_view::npos ? header.size() : end + 1)) + "…";
        }
    }
    const auto assignment = read_assignment(line);
    return assignment && holds_credential(*assignment) ? masked(*assignment) : std::string(line);
}

} // namespace

std::string without_secrets(std::string_view text) {
    std::string kept;
    for (const auto line : base::split(text, '\n')) {
        if (!kept.empty()) {
            kept += '\n';
        }
        kept += without_secret(line);
    }
    return kept;
}

} // namespace fengsui::check
