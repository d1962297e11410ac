#include "probe/tls/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::probe::tls {

namespace {

struct Suite {
    std::uint16_t code;
    std::string_view name;
};

// The IANA registry's names, the soundest first: where a server follows the client, it is asked for these.
constexpr std::array kSuites = {
    Suite{0xC02C, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
    Suite{0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
    Suite{0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
    Suite{0xCCA8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    Suite{0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
    Suite{0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
    Suite{0xC0AD, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM"},
    Suite{0xC0AC, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"},
    Suite{0xC024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
    Suite{0xC028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"},
    Suite{0xC023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
    Suite{0xC027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
    Suite{0xC087, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384"},
    Suite{0xC08B, "TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384"},
    Suite{0xC086, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256"},
    Suite{0xC08A, "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256"},
    Suite{0xC073, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384"},
    Suite{0xC077, "TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384"},
    Suite{0xC072, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256"},
    Suite{0xC076, "TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256"},
    Suite{0xC05D, "TLS_ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384"},
    Suite{0xC061, "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384"},
    Suite{0xC05C, "TLS_ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256"},
    Suite{0xC060, "TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256"},
    Suite{0xC049, "TLS_ECDHE_ECDSA_WITH_ARIA_256_CBC_SHA384"},
    Suite{0xC04D, "TLS_ECDHE_RSA_WITH_ARIA_256_CBC_SHA384"},
    Suite{0xC048, "TLS_ECDHE_ECDSA_WITH_ARIA_128_CBC_SHA256"},
    Suite{0xC04C, "TLS_ECDHE_RSA_WITH_ARIA_128_CBC_SHA256"},
    Suite{0x009F, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
    Suite{0xCCAA, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    Suite{0x009E, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
    Suite{0xC09F, "TLS_DHE_RSA_WITH_AES_256_CCM"},
    Suite{0xC09E, "TLS_DHE_RSA_WITH_AES_128_CCM"},
    Suite{0x006B, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"},
    Suite{0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"},
    Suite{0xC07D, "TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384"},
    Suite{0xC07C, "TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256"},
    Suite{0x00C4, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256"},
    Suite{0x00BE, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256"},
    Suite{0xC053, "TLS_DHE_RSA_WITH_ARIA_256_GCM_SHA384"},
    Suite{0xC052, "TLS_DHE_RSA_WITH_ARIA_128_GCM_SHA256"},
    Suite{0xC0AF, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8"},
    Suite{0xC0AE, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"},
    Suite{0xC0A3, "TLS_DHE_RSA_WITH_AES_256_CCM_8"},
    Suite{0xC0A2, "TLS_DHE_RSA_WITH_AES_128_CCM_8"},
    Suite{0x00A3, "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384"},
    Suite{0x00A2, "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256"},
    Suite{0x006A, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256"},
    Suite{0x0040, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256"},
    Suite{0xC00A, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
    Suite{0xC014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    Suite{0xC009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
    Suite{0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    Suite{0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"},
    Suite{0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"},
    Suite{0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA"},
    Suite{0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA"},
    Suite{0x0088, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA"},
    Suite{0x0045, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA"},
    Suite{0x0087, "TLS_DHE_DSS_WITH_CAMELLIA_256_CBC_SHA"},
    Suite{0x0044, "TLS_DHE_DSS_WITH_CAMELLIA_128_CBC_SHA"},
    Suite{0x009A, "TLS_DHE_RSA_WITH_SEED_CBC_SHA"},
    Suite{0x0099, "TLS_DHE_DSS_WITH_SEED_CBC_SHA"},
    Suite{0xC005, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA"},
    Suite{0xC00F, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA"},
    Suite{0xC004, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA"},
    Suite{0xC00E, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA"},
    Suite{0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384"},
    Suite{0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
    Suite{0xC09D, "TLS_RSA_WITH_AES_256_CCM"},
    Suite{0xC09C, "TLS_RSA_WITH_AES_128_CCM"},
    Suite{0xC0A1, "TLS_RSA_WITH_AES_256_CCM_8"},
    Suite{0xC0A0, "TLS_RSA_WITH_AES_128_CCM_8"},
    Suite{0xC051, "TLS_RSA_WITH_ARIA_256_GCM_SHA384"},
    Suite{0xC050, "TLS_RSA_WITH_ARIA_128_GCM_SHA256"},
    Suite{0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256"},
    Suite{0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256"},
    Suite{0x00C0, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256"},
    Suite{0x00BA, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256"},
    Suite{0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"},
    Suite{0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    Suite{0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA"},
    Suite{0x0041, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA"},
    Suite{0x0096, "TLS_RSA_WITH_SEED_CBC_SHA"},
    Suite{0x0007, "TLS_RSA_WITH_IDEA_CBC_SHA"},
    Suite{0xC008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"},
    Suite{0xC012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    Suite{0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    Suite{0x0013, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA"},
    Suite{0xC003, "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA"},
    Suite{0xC00D, "TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA"},
    Suite{0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
    Suite{0xC007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"},
    Suite{0xC011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA"},
    Suite{0x0066, "TLS_DHE_DSS_WITH_RC4_128_SHA"},
    Suite{0xC002, "TLS_ECDH_ECDSA_WITH_RC4_128_SHA"},
    Suite{0xC00C, "TLS_ECDH_RSA_WITH_RC4_128_SHA"},
    Suite{0x0005, "TLS_RSA_WITH_RC4_128_SHA"},
    Suite{0x0004, "TLS_RSA_WITH_RC4_128_MD5"},
    Suite{0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA"},
    Suite{0x0012, "TLS_DHE_DSS_WITH_DES_CBC_SHA"},
    Suite{0x0009, "TLS_RSA_WITH_DES_CBC_SHA"},
    Suite{0x0063, "TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA"},
    Suite{0x0065, "TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA"},
    Suite{0x0062, "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA"},
    Suite{0x0064, "TLS_RSA_EXPORT1024_WITH_RC4_56_SHA"},
    Suite{0x0014, "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA"},
    Suite{0x0011, "TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA"},
    Suite{0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"},
    Suite{0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5"},
    Suite{0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5"},
    Suite{0x00A7, "TLS_DH_anon_WITH_AES_256_GCM_SHA384"},
    Suite{0x00A6, "TLS_DH_anon_WITH_AES_128_GCM_SHA256"},
    Suite{0x006D, "TLS_DH_anon_WITH_AES_256_CBC_SHA256"},
    Suite{0x006C, "TLS_DH_anon_WITH_AES_128_CBC_SHA256"},
    Suite{0xC019, "TLS_ECDH_anon_WITH_AES_256_CBC_SHA"},
    Suite{0xC018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"},
    Suite{0x003A, "TLS_DH_anon_WITH_AES_256_CBC_SHA"},
    Suite{0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA"},
    Suite{0x00C5, "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256"},
    Suite{0x00BF, "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256"},
    Suite{0x0089, "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA"},
    Suite{0x0046, "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA"},
    Suite{0x009B, "TLS_DH_anon_WITH_SEED_CBC_SHA"},
    Suite{0xC017, "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA"},
    Suite{0x001B, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"},
    Suite{0xC016, "TLS_ECDH_anon_WITH_RC4_128_SHA"},
    Suite{0x0018, "TLS_DH_anon_WITH_RC4_128_MD5"},
    Suite{0x001A, "TLS_DH_anon_WITH_DES_CBC_SHA"},
    Suite{0x0019, "TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA"},
    Suite{0x0017, "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5"},
    Suite{0xC006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA"},
    Suite{0xC010, "TLS_ECDHE_RSA_WITH_NULL_SHA"},
    Suite{0xC001, "TLS_ECDH_ECDSA_WITH_NULL_SHA"},
    Suite{0xC00B, "TLS_ECDH_RSA_WITH_NULL_SHA"},
    Suite{0x003B, "TLS_RSA_WITH_NULL_SHA256"},
    Suite{0x0002, "TLS_RSA_WITH_NULL_SHA"},
    Suite{0x0001, "TLS_RSA_WITH_NULL_MD5"},
    Suite{0xC015, "TLS_ECDH_anon_WITH_NULL_SHA"},
    Suite{0x1302, "TLS_AES_256_GCM_SHA384"},
    Suite{0x1303, "TLS_CHACHA20_POLY1305_SHA256"},
    Suite{0x1301, "TLS_AES_128_GCM_SHA256"},
    Suite{0x1304, "TLS_AES_128_CCM_SHA256"},
    Suite{0x1305, "TLS_AES_128_CCM_8_SHA256"},
    // GB/T 38636-2020 table 2; RFC 8998.
    Suite{0x00C6, "TLS_SM4_GCM_SM3"},
    Suite{0x00C7, "TLS_SM4_CCM_SM3"},
    Suite{0xE011, "ECDHE_SM4_CBC_SM3"},
    Suite{0xE013, "ECC_SM4_CBC_SM3"},
    Suite{0xE015, "IBSDH_SM4_CBC_SM3"},
    Suite{0xE017, "IBC_SM4_CBC_SM3"},
    Suite{0xE019, "RSA_SM4_CBC_SM3"},
    Suite{0xE01C, "RSA_SM4_CBC_SHA256"},
    Suite{0xE051, "ECDHE_SM4_GCM_SM3"},
    Suite{0xE053, "ECC_SM4_GCM_SM3"},
    Suite{0xE055, "IBSDH_SM4_GCM_SM3"},
    Suite{0xE057, "IBC_SM4_GCM_SM3"},
    Suite{0xE059, "RSA_SM4_GCM_SM3"},
    Suite{0xE05A, "RSA_SM4_GCM_SHA256"},
};

bool has(std::string_view name, std::string_view part) {
    return name.find(part) != std::string_view::npos;
}

std::string_view name_of(std::uint16_t suite) {
    const auto found =
        std::find_if(kSuites.begin(), kSuites.end(), [&](const Suite& known) { return known.code == suite; });
    return found == kSuites.end() ? std::string_view() : found->name;
}

/// What is wrong with its cipher, whatever the key exchange.
SuiteClass cipher_class(std::string_view name) {
    constexpr std::array kWords = {
        std::pair{std::string_view("_WITH_NULL_"), SuiteClass::null},
        std::pair{std::string_view("EXPORT"), SuiteClass::export_grade},
        std::pair{std::string_view("_RC4_"), SuiteClass::rc4},
        std::pair{std::string_view("_3DES_"), SuiteClass::triple_des},
        std::pair{std::string_view("_DES_"), SuiteClass::des},
    };
    for (const auto& [word, kind] : kWords) {
        if (has(name, word)) {
            return kind;
        }
    }
    return name.ends_with("_CBC_SHA") ? SuiteClass::cbc_sha1 : SuiteClass::other;
}

bool is_static_rsa(std::string_view name) {
    return name.starts_with("TLS_RSA_WITH_");
}
bool is_anonymous(std::string_view name) {
    return has(name, "_anon_");
}

/// The class of a suite that has no check of its own.
SuiteClass quality(std::string_view name) {
    const bool is_ecdhe = name.starts_with("TLS_ECDHE_");
    if (has(name, "_CCM_8") || has(name, "_DSS_") || (!is_ecdhe && !name.starts_with("TLS_DHE_"))) {
        return SuiteClass::other;
    }
    const bool is_modern = has(name, "_WITH_AES_128_GCM") || has(name, "_WITH_AES_256_GCM")
                           || has(name, "_CHACHA20_") || name.ends_with("_CCM");
    return is_ecdhe && is_modern ? SuiteClass::sound : SuiteClass::phase_out;
}

bool is_classic(std::string_view name) {
    return has(name, "_WITH_");
}

template <class Wanted>
std::vector<std::uint16_t> select(Wanted wanted) {
    std::vector<std::uint16_t> codes;
    for (const auto& suite : kSuites) {
        if (is_classic(suite.name) && wanted(suite)) {
            codes.push_back(suite.code);
        }
    }
    return codes;
}

} // namespace

std::string_view to_string(SuiteClass kind) {
    switch (kind) {
    case SuiteClass::null:
        return "null";
    case SuiteClass::anonymous:
        return "anonymous";
    case SuiteClass::export_grade:
        return "export";
    case SuiteClass::rc4:
        return "rc4";
    case SuiteClass::des:
        return "des";
    case SuiteClass::triple_des:
        return "3des";
    case SuiteClass::static_rsa:
        return "static_rsa";
    case SuiteClass::cbc_sha1:
        return "cbc_sha1";
    case SuiteClass::phase_out:
        return "phase_out";
    case SuiteClass::sound:
        return "sound";
    case SuiteClass::other:
        break;
    }
    return "other";
}

bool is_in(std::uint16_t suite, SuiteClass kind) {
    const auto name = name_of(suite);
    if (!is_classic(name)) {
        return false;
    }
    switch (kind) {
    case SuiteClass::static_rsa:
        return is_static_rsa(name);
    case SuiteClass::anonymous:
        return is_anonymous(name);
    case SuiteClass::cbc_sha1:
        return cipher_class(name) == kind && !is_anonymous(name);
    case SuiteClass::phase_out:
    case SuiteClass::sound:
    case SuiteClass::other:
        return !is_bad(suite) && quality(name) == kind;
    default:
        return cipher_class(name) == kind;
    }
}

bool is_bad(std::uint16_t suite) {
    for (std::size_t i = 0; i < kBadClassCount; ++i) {
        if (is_in(suite, static_cast<SuiteClass>(i))) {
            return true;
        }
    }
    return false;
}

KeyExchange key_exchange_of(std::uint16_t suite) {
    const auto name = name_of(suite);
    if (name.starts_with("TLS_ECDHE_")) {
        return KeyExchange::ecdhe;
    }
    if (name.starts_with("TLS_DHE_")) {
        return KeyExchange::dhe;
    }
    if (name.starts_with("TLS_DH_anon_")) {
        return KeyExchange::dh_anonymous;
    }
    return name.starts_with("TLS_ECDH_anon_") ? KeyExchange::ecdh_anonymous : KeyExchange::none;
}

const std::vector<std::uint16_t>& all_suites() {
    static const auto suites = select([](const Suite&) { return true; });
    return suites;
}

std::vector<std::uint16_t> suites_of(SuiteClass kind) {
    return select([kind](const Suite& suite) { return is_in(suite.code, kind); });
}

std::vector<std::uint16_t> legacy_suites() {
    return select([](const Suite& suite) {
        return suite.name.ends_with("_SHA") || suite.name.ends_with("_MD5");
    });
}

std::vector<std::uint16_t> dhe_suites() {
    return select([](const Suite& suite) { return key_exchange_of(suite.code) == KeyExchange::dhe; });
}

std::vector<std::uint16_t> ecdhe_suites() {
    return select([](const Suite& suite) { return key_exchange_of(suite.code) == KeyExchange::ecdhe; });
}

std::string suite_name(std::uint16_t suite) {
    const auto name = name_of(suite);
    return name.empty() ? fmt::format("0x{:04X}", suite) : std::string(name);
}

} // namespace fengsui::probe::tls
