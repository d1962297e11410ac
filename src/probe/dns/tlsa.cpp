#include "probe/dns/tlsa.h"

#include "base/text.h"
#include "probe/tls/certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>

namespace fengsui::probe::dns {

namespace {

constexpr std::size_t kMaxRecords = 20;
constexpr std::size_t kMaxCertificates = 20;

std::string raw_digest(const EVP_MD* algorithm, const std::string& bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) != 1) {
        return {};
    }
    return {reinterpret_cast<char*>(digest.data()), size};
}

std::string public_key_info(const std::string& der) {
    const auto certificate = tls::parse_certificate(der);
    unsigned char* info = nullptr;
    const int size = certificate ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &info) : 0;
    std::string bytes;
    if (size > 0) {
        bytes.assign(reinterpret_cast<char*>(info), static_cast<std::size_t>(size));
        OPENSSL_free(info);
    }
    ERR_clear_error();
    return bytes;
}

/// RFC 6698 2.1.3: the content itself, its SHA-256 or its SHA-512.
std::string matched_data(const model::TlsaRecord& record, const std::string& content) {
    switch (record.matching) {
    case 0:
        return content;
    case 1:
        return raw_digest(EVP_sha256(), content);
    case 2:
        return raw_digest(EVP_sha512(), content);
    default:
        return {};
    }
}

} // namespace

std::vector<model::TlsaRecord> read_tlsa(const net::DnsMessage& message, std::string_view owner) {
    std::vector<model::TlsaRecord> records;
    std::string at(owner);
    for (const auto& record : message.answers) {
        if (record.type == net::DnsType::cname && base::iequals(record.name, at)) {
            at = record.text(); // RFC 7671 section 7
        }
        const bool is_one = record.type == net::DnsType::tlsa && record.data.size() > 3
                            && base::iequals(record.name, at) && records.size() < kMaxRecords;
        if (is_one) {
            const auto octet = [&](std::size_t i) {
                return static_cast<unsigned char>(record.data[i]);
            };
            records.push_back({octet(0), octet(1), octet(2), base::hex(record.data.substr(3)), {}});
        }
    }
    return records;
}

void match_tlsa(std::vector<model::TlsaRecord>& records, const std::vector<std::string>& certificates) {
    for (std::size_t i = 0; i < certificates.size() && i < kMaxCertificates; ++i) {
        const auto info = public_key_info(certificates[i]);
        for (auto& record : records) {
            const auto& content = record.selector == 0 ? certificates[i] : info;
            const bool is_known = record.selector == 0 || (record.selector == 1 && !info.empty());
            if (is_known && base::hex(matched_data(record, content)) == record.data && !record.data.empty()) {
                record.matches.push_back(static_cast<int>(i));
            }
        }
    }
}

} // namespace fengsui::probe::dns
