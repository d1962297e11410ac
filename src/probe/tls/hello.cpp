#include "probe/tls/hello.h"

#include "probe/tls/wire.h"

#include <fmt/format.h>

#include <array>

namespace fengsui::probe::tls {

namespace {

void put_extension(std::string& out, std::uint16_t type, std::string_view data) {
    put16(out, type);
    put_block16(out, data);
}

std::string words(const std::vector<std::uint16_t>& values) {
    std::string out;
    for (const auto value : values) {
        put16(out, value);
    }
    return out;
}

std::string list16(const std::vector<std::uint16_t>& values) {
    std::string out;
    put_block16(out, words(values));
    return out;
}

void put_server_name(std::string& out, const std::string& name) {
    if (name.empty()) {
        return;
    }
    std::string entry(1, '\0'); // host_name
    put_block16(entry, name);
    std::string list;
    put_block16(list, entry);
    put_extension(out, 0, list);
}

/// RFC 8446 4.2.1, and 4.2.8: an empty key_share asks for the server's choice of a group.
void put_versions(std::string& out, const std::vector<std::uint16_t>& versions) {
    if (versions.empty()) {
        return;
    }
    std::string list;
    put8(list, versions.size() * 2);
    list += words(versions);
    put_extension(out, 43, list);
    put_extension(out, 51, std::string(2, '\0'));
}

/// GM/T 0024-2023: what newer TLCP stacks want to see.
std::string tlcp_extensions(const HelloQuestion& question) {
    std::string out;
    put_server_name(out, question.server_name);
    put_extension(out, 10, list16({41}));     // curveSM2
    put_extension(out, 13, list16({0x0704})); // SM2 with SM3
    return out;
}

std::string extensions(const HelloQuestion& question) {
    if (question.version == kTlcp) {
        return tlcp_extensions(question);
    }
    std::string out;
    if (question.has_grease) {
        put_extension(out, 0x4A4A, {});
    }
    put_server_name(out, question.server_name);
    put_extension(out, 23, {});                       // extended_master_secret, RFC 7627
    put_extension(out, 0xFF01, std::string(1, '\0')); // renegotiation_info, RFC 5746
    if (!question.groups.empty()) {
        put_extension(out, 10, list16(question.groups));
        put_extension(out, 11, std::string("\x01\x00", 2)); // uncompressed points, RFC 4492
    }
    if (question.version >= kTls12) {
        put_extension(out, 13, list16(question.signatures));
    }
    put_versions(out, question.versions);
    return out;
}

/// RFC 7685: some load balancers hang on hellos of 256 to 511 octets.
void pad(std::string& out, std::size_t length_so_far) {
    constexpr std::size_t kHeader = 4;
    const auto length = length_so_far + out.size();
    if (length > 0xFF && length < 0x200) {
        const auto lacking = 0x200 - length;
        put_extension(out, 21, std::string(lacking > kHeader ? lacking - kHeader : 1, '\0'));
    }
}

std::string full_random(const HelloQuestion& question) {
    std::string random = question.random;
    random.resize(32, '\0');
    return random;
}

std::string hello_body(const HelloQuestion& question) {
    std::string body;
    put16(body, question.version);
    body += full_random(question);
    put8(body, 0); // no session
    body += list16(question.suites);
    body += question.offers_compression ? std::string("\x02\x01\x00", 3) : std::string("\x01\x00", 2);
    if (question.has_extensions) {
        auto block = extensions(question);
        constexpr std::size_t kMessageHeader = 4;
        pad(block, kMessageHeader + body.size() + 2);
        put_block16(body, block);
    }
    return body;
}

/// The SSL 2.0 draft's CLIENT-HELLO with its seven cipher kinds, no session, a challenge of 16 octets.
std::string sslv2_hello(const HelloQuestion& question) {
    constexpr std::array<std::uint32_t, 7> kKinds = {
        0x0700C0, 0x050080, 0x030080, 0x010080, 0x060040, 0x040080, 0x020080};
    std::string message(1, '\x01');
    put16(message, kSsl2);
    put16(message, kKinds.size() * 3);
    put16(message, 0);
    put16(message, 16);
    for (const auto kind : kKinds) {
        put8(message, kind >> 16);
        put16(message, kind);
    }
    message += full_random(question).substr(0, 16);
    std::string record;
    put16(record, 0x8000 | message.size());
    return record + message;
}

struct Named {
    std::uint16_t code;
    const char* name;
};

template <class Table>
std::string name_in(const Table& table, std::uint16_t code) {
    for (const auto& known : table) {
        if (known.code == code) {
            return known.name;
        }
    }
    return fmt::format("0x{:04X}", code);
}

} // namespace

std::string client_hello(const HelloQuestion& question) {
    if (question.version == kSsl2) {
        return sslv2_hello(question);
    }
    const auto body = hello_body(question);
    std::string message(1, '\x01');
    put8(message, body.size() >> 16);
    put16(message, body.size());
    message += body;
    std::string record(1, '\x16');
    // RFC 5246 E.1: 03 01 is what old and new servers alike take in the first record.
    const bool is_apart = question.version == kTlcp || question.version == kSsl3;
    put16(record, is_apart ? question.version : kTls10);
    put_block16(record, message);
    return record;
}

std::vector<std::uint16_t> tlcp_suites() {
    return {0xE011, 0xE051, 0xE013, 0xE053, 0xE015, 0xE055, 0xE017, 0xE057, 0xE019, 0xE059, 0xE01C, 0xE05A};
}

std::string group_name(std::uint16_t group) {
    constexpr std::array kGroups = {
        Named{1, "sect163k1"},
        Named{2, "sect163r1"},
        Named{3, "sect163r2"},
        Named{4, "sect193r1"},
        Named{5, "sect193r2"},
        Named{6, "sect233k1"},
        Named{7, "sect233r1"},
        Named{8, "sect239k1"},
        Named{9, "sect283k1"},
        Named{10, "sect283r1"},
        Named{11, "sect409k1"},
        Named{12, "sect409r1"},
        Named{13, "sect571k1"},
        Named{14, "sect571r1"},
        Named{15, "secp160k1"},
        Named{16, "secp160r1"},
        Named{17, "secp160r2"},
        Named{18, "secp192k1"},
        Named{19, "secp192r1"},
        Named{20, "secp224k1"},
        Named{21, "secp224r1"},
        Named{22, "secp256k1"},
        Named{23, "secp256r1"},
        Named{24, "secp384r1"},
        Named{25, "secp521r1"},
        Named{26, "brainpoolP256r1"},
        Named{27, "brainpoolP384r1"},
        Named{28, "brainpoolP512r1"},
        Named{29, "x25519"},
        Named{30, "x448"},
        Named{41, "curveSM2"},
        Named{256, "ffdhe2048"},
        Named{257, "ffdhe3072"},
        Named{258, "ffdhe4096"},
        Named{4587, "SecP256r1MLKEM768"},
        Named{4588, "X25519MLKEM768"},
        Named{4589, "SecP384r1MLKEM1024"},
        Named{0xFF01, "explicit_prime_curve"},
        Named{0xFF02, "explicit_char2_curve"},
    };
    return name_in(kGroups, group);
}

std::string signature_name(std::uint16_t scheme) {
    constexpr std::array kSchemes = {
        Named{0x0101, "rsa_pkcs1_md5"},
        Named{0x0201, "rsa_pkcs1_sha1"},
        Named{0x0202, "dsa_sha1"},
        Named{0x0203, "ecdsa_sha1"},
        Named{0x0301, "rsa_pkcs1_sha224"},
        Named{0x0303, "ecdsa_sha224"},
        Named{0x0401, "rsa_pkcs1_sha256"},
        Named{0x0402, "dsa_sha256"},
        Named{0x0403, "ecdsa_secp256r1_sha256"},
        Named{0x0501, "rsa_pkcs1_sha384"},
        Named{0x0503, "ecdsa_secp384r1_sha384"},
        Named{0x0601, "rsa_pkcs1_sha512"},
        Named{0x0603, "ecdsa_secp521r1_sha512"},
        Named{0x0804, "rsa_pss_rsae_sha256"},
        Named{0x0805, "rsa_pss_rsae_sha384"},
        Named{0x0806, "rsa_pss_rsae_sha512"},
        Named{0x0807, "ed25519"},
        Named{0x0808, "ed448"},
    };
    return name_in(kSchemes, scheme);
}

} // namespace fengsui::probe::tls
