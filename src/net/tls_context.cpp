#include "net/socket/tls_context.h"

#include "base/error.h"
#include "base/text.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

namespace fengsui::net {

namespace {

constexpr long kMaxCertificateBytes = 1024L * 1024; // a chain of 10 000 names is some 300 KiB

[[noreturn]] void fail(base::ErrorCode code, std::string_view what) {
    std::array<char, 160> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    throw base::Error(code, fmt::format("{}: {}", what, text.data()));
}

TlsPointer<SSL_CTX> make_client_context(bool allow_legacy) {
    TlsPointer<SSL_CTX> context = make_tls_context(TLS_client_method());
    SSL_CTX* ctx = context.get();
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, nullptr); // the caller judges afterwards
    // Tickets are looked at and thrown away.
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ctx, take_ticket);
    SSL_CTX_set_client_cert_cb(ctx, answer_certificate_request);
    SSL_CTX_set_min_proto_version(ctx, allow_legacy ? TLS1_VERSION : TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION);
    const char* ciphers = allow_legacy ? "DEFAULT:!PSK:!SRP:@SECLEVEL=0" : "DEFAULT:!PSK:!SRP:@SECLEVEL=1";
    if (SSL_CTX_set_cipher_list(ctx, ciphers) != 1) {
        fail(base::ErrorCode::internal, "TLS client ciphers");
    }
    if (allow_legacy) {
        SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT); // servers without RFC 5746 are seen too
    }
    return context;
}

TlsPointer<STACK_OF(X509)> read_chain(const std::string& pem) {
    const TlsPointer<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    TlsPointer<STACK_OF(X509)> chain(sk_X509_new_null());
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        sk_X509_push(chain.get(), certificate);
    }
    ERR_clear_error(); // the end of the text is an error to PEM_read
    return chain;
}

TlsPointer<EVP_PKEY> read_key(const std::string& pem) {
    const TlsPointer<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return TlsPointer<EVP_PKEY>(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

int protocol_version(const std::string& name) {
    if (name == "TLSv1") {
        return TLS1_VERSION;
    }
    if (name == "TLSv1.1") {
        return TLS1_1_VERSION;
    }
    if (name == "TLSv1.2") {
        return TLS1_2_VERSION;
    }
    if (name == "TLSv1.3") {
        return TLS1_3_VERSION;
    }
    throw base::Error(base::ErrorCode::invalid_argument, fmt::format("unknown TLS version '{}'", name));
}

} // namespace

TlsPointer<SSL_CTX> make_tls_context(const SSL_METHOD* method) {
    TlsPointer<SSL_CTX> context(SSL_CTX_new(method));
    if (!context) {
        fail(base::ErrorCode::internal, "TLS context");
    }
    SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF); // many servers send no close_notify
    SSL_CTX_set_mode(
        context.get(),
        SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
            | SSL_MODE_NO_AUTO_CHAIN
    );
    SSL_CTX_set_read_ahead(
        context.get(), 1
    ); // one recv for header and body; read() always asks OpenSSL first
    SSL_CTX_set_max_cert_list(context.get(), kMaxCertificateBytes);
    return context;
}

SSL_CTX& client_tls_context(bool allow_legacy) {
    static const TlsPointer<SSL_CTX> legacy = make_client_context(true);
    static const TlsPointer<SSL_CTX> modern = make_client_context(false);
    return allow_legacy ? *legacy : *modern;
}

const TlsServer::State::Identity* TlsServer::State::find(const char* server_name) const {
    if (server_name != nullptr) {
        const std::string wanted = base::to_lower(server_name);
        for (const auto& identity : identities) {
            if (identity->name == wanted) {
                return identity.get();
            }
        }
    }
    return identities.empty() ? nullptr : identities.front().get();
}

int TlsServerAccess::choose_identity(SSL* ssl, void* state) {
    const auto* identity =
        static_cast<const TlsServer::State*>(state)->find(SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
    if (identity == nullptr) {
        return 0;
    }
    return SSL_use_cert_and_key(ssl, identity->leaf.get(), identity->key.get(), identity->chain.get(), 1);
}

namespace {

/// Security level 0 would sign with SHA-1 for whoever asks.
constexpr const char* kSoundSignatures =
    "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:"
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448";

void apply_ways(SSL_CTX* ctx, const TlsServer::Settings& settings) {
    std::uint64_t options = 0;
    options |= settings.prefers_own_order ? SSL_OP_CIPHER_SERVER_PREFERENCE : 0;
    options |= settings.has_extended_master_secret ? 0 : SSL_OP_NO_EXTENDED_MASTER_SECRET;
    options |= settings.allows_client_renegotiation ? SSL_OP_ALLOW_CLIENT_RENEGOTIATION : 0;
    SSL_CTX_set_options(ctx, options);
    SSL_CTX_set_max_early_data(ctx, settings.max_early_data);
    const std::string signatures =
        std::string(kSoundSignatures) + (settings.signs_with_sha1 ? ":RSA+SHA1:ECDSA+SHA1" : "");
    const bool has_groups = !settings.groups.empty();
    if (SSL_CTX_set1_sigalgs_list(ctx, signatures.c_str()) != 1
        || (has_groups && SSL_CTX_set1_groups_list(ctx, settings.groups.c_str()) != 1)) {
        fail(base::ErrorCode::invalid_argument, fmt::format("TLS groups '{}'", settings.groups));
    }
}

} // namespace

TlsServer::TlsServer(const Settings& settings) : state_(std::make_unique<State>()) {
    state_->context = make_tls_context(TLS_server_method());
    SSL_CTX* ctx = state_->context.get();
    SSL_CTX_set_min_proto_version(ctx, protocol_version(settings.min_version));
    SSL_CTX_set_max_proto_version(ctx, protocol_version(settings.max_version));
    const std::string ciphers = (settings.ciphers.empty() ? "DEFAULT" : settings.ciphers) + ":@SECLEVEL=0";
    if (SSL_CTX_set_cipher_list(ctx, ciphers.c_str()) != 1) {
        fail(base::ErrorCode::invalid_argument, fmt::format("TLS ciphers '{}'", settings.ciphers));
    }
    SSL_CTX_set_dh_auto(ctx, 1);
    apply_ways(ctx, settings);
    SSL_CTX_set_cert_cb(ctx, &TlsServerAccess::choose_identity, state_.get());
}

TlsServer::~TlsServer() = default;

void TlsServer::add_identity(
    const std::string& server_name, const std::string& chain_pem, const std::string& key_pem
) {
    auto identity = std::make_unique<State::Identity>();
    identity->name = base::to_lower(server_name);
    identity->chain = read_chain(chain_pem);
    identity->leaf.reset(sk_X509_shift(identity->chain.get()));
    if (!identity->leaf) {
        throw base::Error(
            base::ErrorCode::invalid_argument, fmt::format("{}: no certificate in the PEM text", server_name)
        );
    }
    identity->key = read_key(key_pem);
    if (!identity->key) {
        fail(base::ErrorCode::invalid_argument, fmt::format("{}: private key", server_name));
    }
    if (X509_check_private_key(identity->leaf.get(), identity->key.get()) != 1) {
        fail(
            base::ErrorCode::invalid_argument,
            fmt::format("{}: the key does not fit the certificate", server_name)
        );
    }
    state_->identities.push_back(std::move(identity));
}

} // namespace fengsui::net
