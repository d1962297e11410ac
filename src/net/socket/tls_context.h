// The contexts that TLS streams are made from. Private to net.
#pragma once

#include "net/listener.h"

#include <openssl/ssl.h>

#include <memory>
#include <vector>

namespace fengsui::net {

struct TlsFree {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }
};
template <class T>
using TlsPointer = std::unique_ptr<T, TlsFree>;

/// A new context or base::Error.
TlsPointer<SSL_CTX> make_tls_context(const SSL_METHOD* method);

/// Callbacks of the client context: no certificate is ever sent, no session ever kept (tls_stream.cpp).
int answer_certificate_request(SSL* ssl, X509** certificate, EVP_PKEY** key);
int take_ticket(SSL* ssl, SSL_SESSION* session);

/// The process's client context. Constant once made; OpenSSL counts references itself.
SSL_CTX& client_tls_context(bool allow_legacy);

struct TlsServer::State {
    struct Identity {
        std::string name; ///< lower case
        TlsPointer<X509> leaf;
        TlsPointer<EVP_PKEY> key;
        TlsPointer<STACK_OF(X509)> chain; ///< below the leaf, as given
    };
    TlsPointer<SSL_CTX> context;
    std::vector<std::unique_ptr<Identity>> identities;

    [[nodiscard]] const Identity* find(const char* server_name) const;
};

struct TlsServerAccess {
    /// Puts the certificate of the name asked for (RFC 6066 section 3) into the handshake.
    static int choose_identity(SSL* ssl, void* state);
    static SSL_CTX& context(const TlsServer& server) { return *server.state_->context; }
};

} // namespace fengsui::net
