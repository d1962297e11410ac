#include "model/mail_policy.h"

#include "base/codec.h"
#include "base/text.h"
#include "model/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fengsui::model {

namespace {

constexpr std::size_t kMaxTags = 100;
constexpr std::size_t kMaxReports = 20;
constexpr std::size_t kMaxPatterns = 1000;

std::string shown(std::string_view text) {
    return base::shorten(base::scrub_utf8(text), 100);
}

bool is_policy_word(std::string_view value) {
    return base::iequals(value, "none") || base::iequals(value, "quarantine")
           || base::iequals(value, "reject");
}

/// The tag's policy when it is one; a fault when it is there and is none.
std::string take_policy(const TagRecord& record, std::string_view name, DmarcPolicy& policy) {
    const auto value = record.find(name);
    if (!value) {
        return {};
    }
    if (is_policy_word(*value)) {
        return base::to_lower(*value);
    }
    policy.faults.push_back(fmt::format("{}={} is not none, quarantine or reject", name, shown(*value)));
    return {};
}

void check_letters(
    const TagRecord& record, std::string_view name, std::string_view allowed, DmarcPolicy& policy
) {
    const auto value = record.find(name);
    if (!value) {
        return;
    }
    const bool is_known = value->size() == 1 && allowed.find(base::to_lower(value->front())) != allowed.npos;
    if (!is_known) {
        policy.faults.push_back(fmt::format("{}={} is not known", name, shown(*value)));
    }
}

void take_reports(const TagRecord& record, std::string_view name, DmarcPolicy& policy) {
    const auto value = record.find(name);
    if (!value) {
        return;
    }
    for (auto& report : parse_report_addresses(*value)) {
        if (report.domain.empty()) {
            policy.faults.push_back(fmt::format("{}: {} is not a mailto address", name, shown(report.uri)));
        } else {
            policy.has_valid_report = policy.has_valid_report || name == "rua";
            policy.reports.push_back(std::move(report));
        }
    }
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = !text.empty() && failure == std::errc() && end == text.data() + text.size();
    return is_number ? std::optional(number) : std::nullopt;
}

bool is_alphanumeric(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return base::is_alpha(c) || base::is_digit(c);
    });
}

bool is_mx_pattern(std::string_view pattern) {
    if (pattern.starts_with("*.")) {
        pattern.remove_prefix(2);
    }
    return pattern.find('*') == std::string_view::npos && normalise_host(pattern).has_value();
}

/// The fields of the policy that may stand once; the first of each counts (RFC 8461 3.2).
struct StsFields {
    std::optional<std::string> version;
    std::optional<std::string> mode;
    std::optional<std::string> max_age;
};

void take_field(std::string_view name, std::string_view value, StsFields& fields, MtaStsPolicy& policy) {
    auto* once = name == "version"   ? &fields.version
                 : name == "mode"    ? &fields.mode
                 : name == "max_age" ? &fields.max_age
                                     : nullptr;
    if (once != nullptr) {
        *once = once->value_or(std::string(value));
    } else if (name == "mx" && policy.mx.size() < kMaxPatterns) {
        policy.mx.push_back(base::to_lower(value));
        if (!is_mx_pattern(value)) {
            policy.faults.push_back(fmt::format("mx: {} is not a host name or *.domain", shown(value)));
        }
    }
}

void judge_fields(const StsFields& fields, MtaStsPolicy& policy) {
    constexpr std::uint64_t kMaxAge = 31557600;
    if (fields.version != "STSv1") {
        policy.faults.emplace_back("version: STSv1 is missing");
    }
    policy.mode = fields.mode.value_or("");
    const bool is_mode = policy.mode == "enforce" || policy.mode == "testing" || policy.mode == "none";
    if (!is_mode) {
        policy.faults.push_back(
            fmt::format("mode: \"{}\" is not enforce, testing or none", shown(policy.mode))
        );
    }
    policy.max_age = parse_count(fields.max_age.value_or(""));
    if (!policy.max_age || *policy.max_age > kMaxAge) {
        policy.faults.push_back(
            fmt::format("max_age: \"{}\" is not 0 to {}", shown(fields.max_age.value_or("")), kMaxAge)
        );
    }
    if (policy.mx.empty() && policy.mode != "none") {
        policy.faults.emplace_back("mx: no exchanger is named");
    }
}

/// DER as far as an RSA key needs it: every length is held against what is left.
class DerReader {
public:
    explicit DerReader(std::string_view bytes) : bytes_(bytes) {}

    /// The content of the next element when it has that tag.
    std::optional<std::string_view> take(unsigned char tag) {
        if (bytes_.size() < 2 || static_cast<unsigned char>(bytes_[0]) != tag) {
            return std::nullopt;
        }
        std::size_t length = static_cast<unsigned char>(bytes_[1]);
        std::size_t head = 2;
        if (length >= 0x80) {
            const std::size_t octets = length & 0x7F;
            if (octets == 0 || octets > 3 || bytes_.size() < 2 + octets) {
                return std::nullopt;
            }
            length = 0;
            for (std::size_t i = 0; i < octets; ++i) {
                length = length << 8 | static_cast<unsigned char>(bytes_[2 + i]);
            }
            head += octets;
        }
        if (bytes_.size() - head < length) {
            return std::nullopt;
        }
        const auto content = bytes_.substr(head, length);
        bytes_.remove_prefix(head + length);
        return content;
    }

private:
    std::string_view bytes_;
};

constexpr unsigned char kDerInteger = 0x02;
constexpr unsigned char kDerBitString = 0x03;
constexpr unsigned char kDerSequence = 0x30;

int bits_of_integer(std::string_view number) {
    while (!number.empty() && number.front() == 0) {
        number.remove_prefix(1);
    }
    if (number.empty()) {
        return 0;
    }
    int bits = static_cast<int>(number.size()) * 8;
    for (unsigned mask = 0x80; (static_cast<unsigned char>(number.front()) & mask) == 0; mask >>= 1) {
        --bits;
    }
    return bits;
}

std::string_view trimmed_lower(std::string& text) {
    text = base::to_lower(base::trim(text));
    return text;
}

void read_dkim_key(std::string_view value, DkimRecord& key) {
    std::string der;
    key.is_revoked = base::trim(value).empty();
    if (key.is_revoked) {
        return;
    }
    if (!base::decode_base64(value, der)) {
        key.fault = "p= is not base64";
        return;
    }
    // RFC 8463 section 4: an Ed25519 key is its 32 octets.
    key.key_bits = key.key_type == "ed25519" && der.size() == 32 ? 256 : rsa_key_bits(der);
    if (key.key_bits == 0) {
        key.fault = "p= is not a key of type " + shown(key.key_type);
    }
}

} // namespace

std::optional<std::string_view> TagRecord::find(std::string_view name) const& {
    const auto found =
        std::find_if(tags.begin(), tags.end(), [&](const PolicyTag& tag) { return tag.name == name; });
    return found == tags.end() ? std::nullopt : std::optional<std::string_view>(found->value);
}

TagRecord parse_tag_record(std::string_view record) {
    TagRecord parsed;
    for (const auto piece : base::split(record, ';')) {
        const auto text = base::trim(piece);
        if (text.empty() || parsed.tags.size() + parsed.malformed.size() >= kMaxTags) {
            continue;
        }
        const auto equals = text.find('=');
        auto name = base::to_lower(base::trim(text.substr(0, equals)));
        const bool is_named = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
            return base::is_alpha(c) || base::is_digit(c) || c == '_';
        });
        if (equals == std::string_view::npos || !is_named) {
            parsed.malformed.push_back(shown(text));
        } else if (parsed.find(name)) {
            parsed.repeated.push_back(std::move(name));
        } else {
            parsed.tags.push_back({std::move(name), std::string(base::trim(text.substr(equals + 1)))});
        }
    }
    return parsed;
}

std::vector<ReportAddress> parse_report_addresses(std::string_view value) {
    constexpr std::string_view kScheme = "mailto:";
    std::vector<ReportAddress> addresses;
    for (const auto piece : base::split(value, ',')) {
        const auto whole = base::trim(piece);
        const auto uri = base::trim(whole.substr(0, whole.find('!'))); // `!10m` of RFC 7489 6.2
        if (uri.empty() || addresses.size() >= kMaxReports) {
            continue;
        }
        ReportAddress address{std::string(uri), {}};
        const auto at = uri.rfind('@');
        if (base::istarts_with(uri, kScheme) && at != std::string_view::npos && at > kScheme.size()) {
            const auto rest = uri.substr(at + 1);
            const auto host = normalise_host(rest.substr(0, rest.find('?')));
            address.domain = host ? *host : std::string();
        }
        addresses.push_back(std::move(address));
    }
    return addresses;
}

DmarcPolicy parse_dmarc(std::string_view text) {
    DmarcPolicy policy;
    const auto record = parse_tag_record(text);
    for (const auto& piece : record.malformed) {
        policy.faults.push_back("\"" + piece + "\" is not a tag");
    }
    for (const auto& name : record.repeated) {
        policy.faults.push_back(shown(name) + " comes twice");
    }
    policy.p = take_policy(record, "p", policy);
    policy.sp = take_policy(record, "sp", policy);
    policy.np = take_policy(record, "np", policy);
    policy.is_testing = base::iequals(record.find("t").value_or("n"), "y");
    check_letters(record, "t", "yn", policy);
    check_letters(record, "psd", "ynu", policy);
    check_letters(record, "adkim", "rs", policy);
    check_letters(record, "aspf", "rs", policy);
    take_reports(record, "rua", policy);
    take_reports(record, "ruf", policy);
    policy.is_void = policy.p.empty() && !policy.has_valid_report;
    if (policy.is_void && !record.find("p")) {
        policy.faults.emplace_back("there is no p");
    }
    return policy;
}

std::optional<std::string> parse_mta_sts_record(std::string_view record) {
    constexpr std::size_t kMaxId = 32;
    const auto semicolon = record.find(';');
    const auto parsed = parse_tag_record(record);
    const auto id = parsed.find("id");
    const bool is_version = base::trim(record.substr(0, semicolon)) == "v=STSv1";
    const bool is_valid = is_version && semicolon != std::string_view::npos && id && !id->empty()
                          && id->size() <= kMaxId && is_alphanumeric(*id);
    return is_valid ? std::optional(std::string(*id)) : std::nullopt;
}

MtaStsPolicy parse_mta_sts_policy(std::string_view text) {
    MtaStsPolicy policy;
    StsFields fields;
    if (text.size() > kMtaStsLimit) {
        policy.faults.emplace_back("larger than 64 KiB");
        text = text.substr(0, kMtaStsLimit);
    }
    for (const auto line : base::lines(text)) {
        const auto trimmed = base::trim(line);
        const auto colon = trimmed.find(':');
        if (trimmed.empty()) {
            continue;
        }
        if (colon == std::string_view::npos) {
            if (policy.faults.size() < kMaxTags) {
                policy.faults.push_back("\"" + shown(trimmed) + "\" is not a field");
            }
            continue;
        }
        take_field(
            base::trim(trimmed.substr(0, colon)), base::trim(trimmed.substr(colon + 1)), fields, policy
        );
    }
    judge_fields(fields, policy);
    return policy;
}

bool mta_sts_covers(const MtaStsPolicy& policy, std::string_view exchanger) {
    const auto dot = exchanger.find('.');
    return std::any_of(policy.mx.begin(), policy.mx.end(), [&](const std::string& pattern) {
        if (pattern.starts_with("*.")) {
            return dot != std::string_view::npos
                   && base::iequals(exchanger.substr(dot + 1), std::string_view(pattern).substr(2));
        }
        return base::iequals(exchanger, pattern);
    });
}

bool is_tls_rpt(std::string_view record) {
    if (base::trim(record.substr(0, record.find(';'))) != "v=TLSRPTv1") {
        return false;
    }
    const auto parsed = parse_tag_record(record);
    const auto rua = parsed.find("rua");
    if (!rua) {
        return false;
    }
    const auto addresses = parse_report_addresses(*rua);
    return std::any_of(addresses.begin(), addresses.end(), [](const ReportAddress& address) {
        return !address.domain.empty() || base::istarts_with(address.uri, "https://");
    });
}

int rsa_key_bits(std::string_view der) {
    auto whole = DerReader(der).take(kDerSequence);
    if (!whole) {
        return 0;
    }
    DerReader inside(*whole);
    if (inside.take(kDerSequence)) { // the algorithm's identifier: a SubjectPublicKeyInfo
        const auto bits = inside.take(kDerBitString);
        whole = bits && !bits->empty() ? DerReader(bits->substr(1)).take(kDerSequence) : std::nullopt;
        if (!whole) {
            return 0;
        }
        inside = DerReader(*whole);
    }
    const auto modulus = inside.take(kDerInteger);
    return modulus && inside.take(kDerInteger) ? bits_of_integer(*modulus) : 0;
}

DkimRecord parse_dkim(std::string_view text) {
    DkimRecord key;
    const auto record = parse_tag_record(text);
    const auto version = record.find("v");
    if (version && *version != "DKIM1") {
        key.fault = "v= is not DKIM1";
        return key;
    }
    if (const auto type = record.find("k")) {
        key.key_type = base::to_lower(*type);
    }
    for (const auto hash : base::split(record.find("h").value_or(""), ':')) {
        std::string name(hash);
        if (!trimmed_lower(name).empty()) {
            key.hashes.push_back(std::move(name));
        }
    }
    for (const auto flag : base::split(record.find("t").value_or(""), ':')) {
        key.is_testing = key.is_testing || base::iequals(base::trim(flag), "y");
    }
    const auto value = record.find("p");
    if (!value) {
        key.fault = "there is no p=";
        return key;
    }
    read_dkim_key(*value, key);
    return key;
}

} // namespace fengsui::model
