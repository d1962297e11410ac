#include "base/text.h"
#include "check/common/exposure_proof.h"
#include "check/common/exposure_text.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace fengsui::check {

namespace {

constexpr std::size_t kLines = 500;

bool is_hex_of_length(std::string_view text, std::initializer_list<std::size_t> lengths) {
    const bool is_hex = std::all_of(text.begin(), text.end(), [](char c) {
        return base::is_digit(c) || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'f');
    });
    return is_hex && std::find(lengths.begin(), lengths.end(), text.size()) != lengths.end();
}

/// Thirteen characters of crypt(3)'s alphabet.
bool is_des_crypt(std::string_view text) {
    return text.size() == 13 && std::all_of(text.begin(), text.end(), [](char c) {
               return base::is_alpha(c) || base::is_digit(c) || c == '.' || c == '/';
           });
}

std::string_view hash_kind(std::string_view hash) {
    constexpr std::pair<std::string_view, std::string_view> kPrefixes[] = {
        {"$apr1$", "MD5 (apr1)"},
        {"$1$", "MD5 (crypt)"},
        {"$2", "bcrypt"},
        {"$5$", "SHA-256 (crypt)"},
        {"$6$", "SHA-512 (crypt)"},
        {"$y$", "yescrypt"},
        {"{SHA}", "SHA-1"},
        {"{SSHA}", "salted SHA-1"},
    };
    for (const auto& [prefix, name] : kPrefixes) {
        if (hash.substr(0, prefix.size()) == prefix && hash.size() >= prefix.size() + 16) {
            return name;
        }
    }
    return is_hex_of_length(hash, {32, 40, 64}) ? "plain hash" : is_des_crypt(hash) ? "DES (crypt)" : "";
}

/// `user:hash`; htpasswd(1).
std::string_view entry_kind(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0
        || line.find_first_of(" \t<") != std::string_view::npos) {
        return {};
    }
    const auto rest = line.substr(colon + 1);
    return hash_kind(rest.substr(0, rest.find(':')));
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    const auto lines = meaningful_lines(exchange.body, kLines);
    if (lines.empty() || looks_like_html(exchange.body)) {
        return std::nullopt;
    }
    for (const auto line : lines) {
        if (entry_kind(line).empty()) {
            return std::nullopt;
        }
    }
    const auto user = lines.front().substr(0, lines.front().find(':'));
    const std::string kind(entry_kind(lines.front()));
    base::Json details =
        base::Json::object({{"entries", static_cast<std::uint64_t>(lines.size())}, {"hash", kind}});
    return FileProof{"user:hash lines", base::mask_secret(user) + ":" + kind, std::move(details), {}};
}

} // namespace

model::Verdict exposure_password_file(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.password_file", prove, false});
}

} // namespace fengsui::check
