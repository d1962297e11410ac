#include "net/socket/tls_stream.h"

#include "base/error.h"
#include "model/address.h"
#include "net/socket/socket_core.h"
#include "net/socket/tls_context.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cerrno>

namespace fengsui::net {

namespace {

int bio_read(BIO* bio, char* buffer, int capacity) {
    BIO_clear_retry_flags(bio);
    bool retry = false;
    const int count = static_cast<TlsStream*>(BIO_get_data(bio))->receive(buffer, capacity, retry);
    if (retry) {
        BIO_set_retry_read(bio);
    }
    return count;
}

int bio_write(BIO* bio, const char* bytes, int count) {
    BIO_clear_retry_flags(bio);
    bool retry = false;
    const int sent = static_cast<TlsStream*>(BIO_get_data(bio))->send(bytes, count, retry);
    if (retry) {
        BIO_set_retry_write(bio);
    }
    return sent;
}

long bio_control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
    if (command == BIO_CTRL_EOF) {
        return static_cast<TlsStream*>(BIO_get_data(bio))->is_at_end() ? 1 : 0;
    }
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

struct MethodFree {
    void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};

BIO_METHOD* make_bio_method() {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "fengsui socket");
    FENGSUI_CHECK(method != nullptr, "BIO_meth_new");
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_ctrl(method, bio_control);
    return method;
}

const BIO_METHOD* bio_method() {
    static const std::unique_ptr<BIO_METHOD, MethodFree> method(make_bio_method());
    return method.get();
}

bool is_name(const std::string& host) {
    return !host.empty() && !model::IpAddress::parse(host).has_value();
}

/// RFC 7301 section 3.1: each name with its length before it.
std::string alpn_list(const std::string& protocol) {
    return std::string(1, static_cast<char>(protocol.size())) + protocol;
}

std::string to_der(X509* certificate) {
    unsigned char* bytes = nullptr;
    const int length = i2d_X509(certificate, &bytes);
    if (length <= 0) {
        return {};
    }
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return der;
}

} // namespace

TlsStream::TlsStream(SocketCore& core, SSL_CTX& context) : core_(core), ssl_(SSL_new(&context)) {
    BIO* bio = ssl_ ? BIO_new(bio_method()) : nullptr;
    if (bio == nullptr) {
        throw base::Error(base::ErrorCode::internal, "OpenSSL cannot make a TLS stream");
    }
    SSL_set_app_data(ssl_.get(), this);
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
}

TlsStream::TlsStream(SocketCore& core, const TlsClientOptions& options)
    : TlsStream(core, client_tls_context(options.allow_legacy)) {
    if (is_name(options.server_name)) {
        SSL_set_tlsext_host_name(ssl_.get(), options.server_name.c_str());
    }
    if (!options.alpn.empty() && options.alpn.size() < 256) {
        const std::string list = alpn_list(options.alpn);
        SSL_set_alpn_protos(
            ssl_.get(),
            reinterpret_cast<const unsigned char*>(list.data()),
            static_cast<unsigned>(list.size())
        );
    }
    if (options.is_tls12_at_most) {
        SSL_set_max_proto_version(ssl_.get(), TLS1_2_VERSION);
    }
    SSL_set_tlsext_status_type(ssl_.get(), TLSEXT_STATUSTYPE_ocsp);
    SSL_set_connect_state(ssl_.get());
}

int answer_certificate_request(SSL* ssl, X509** /*certificate*/, EVP_PKEY** /*key*/) {
    static_cast<TlsStream*>(SSL_get_app_data(ssl))->note_certificate_request();
    return 0; // none
}

int take_ticket(SSL* ssl, SSL_SESSION* session) {
    if (SSL_version(ssl) == TLS1_3_VERSION) {
        static_cast<TlsStream*>(SSL_get_app_data(ssl))->note_ticket(SSL_SESSION_get_max_early_data(session));
    }
    return 0; // not kept
}

TlsStream::TlsStream(SocketCore& core, const TlsServer& server)
    : TlsStream(core, TlsServerAccess::context(server)) {
    SSL_set_accept_state(ssl_.get());
}

int TlsStream::receive(char* buffer, int capacity, bool& retry) {
    const ssize_t count = core_.try_receive(buffer, static_cast<std::size_t>(std::max(capacity, 0)));
    if (count < 0) {
        retry = errno == EAGAIN || errno == EINTR;
        os_error_ = retry ? 0 : errno;
    }
    is_at_end_ = count == 0;
    return static_cast<int>(count);
}

int TlsStream::send(const char* bytes, int count, bool& retry) {
    const ssize_t sent = core_.try_send(bytes, static_cast<std::size_t>(std::max(count, 0)));
    if (sent < 0) {
        retry = errno == EAGAIN || errno == EINTR;
        os_error_ = retry ? 0 : errno;
    }
    return static_cast<int>(sent);
}

TlsStep TlsStream::step_of(int result) {
    const int error = SSL_get_error(ssl_.get(), result);
    switch (error) {
    case SSL_ERROR_NONE:
        return TlsStep::done;
    case SSL_ERROR_WANT_READ:
        return TlsStep::want_read;
    case SSL_ERROR_WANT_WRITE:
        return TlsStep::want_write;
    case SSL_ERROR_ZERO_RETURN:
        is_broken_ = !is_established_;
        return TlsStep::ended;
    default:
        is_broken_ = true; // SSL_shutdown must not be called any more
        return TlsStep::failed;
    }
}

TlsStep TlsStream::handshake() {
    ERR_clear_error();
    const TlsStep step = step_of(SSL_do_handshake(ssl_.get()));
    is_established_ = step == TlsStep::done;
    return step;
}

TlsStep TlsStream::read(char* buffer, std::size_t capacity, std::size_t& count) {
    ERR_clear_error();
    return step_of(SSL_read_ex(ssl_.get(), buffer, capacity, &count));
}

TlsStep TlsStream::write(std::string_view bytes, std::size_t& count) {
    ERR_clear_error();
    return step_of(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count));
}

void TlsStream::shutdown() {
    if (!is_established_ || is_broken_) {
        return;
    }
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

model::Outcome TlsStream::failure() const {
    if (os_error_ != 0) {
        return core_.failure(boost::system::error_code(os_error_, boost::system::system_category()));
    }
    if (core_.cause() != EndCause::none || is_at_end_) {
        return core_.failure(boost::asio::error::eof);
    }
    return model::not_reached(model::Reason::tls_failed);
}

bool TlsStream::begin_renegotiation() {
    ERR_clear_error();
    const bool can =
        SSL_version(ssl_.get()) < TLS1_3_VERSION && SSL_get_secure_renegotiation_support(ssl_.get()) == 1;
    return can && SSL_renegotiate(ssl_.get()) == 1;
}

void TlsStream::note_ticket(std::uint32_t max_early_data) {
    has_ticket_ = true;
    max_early_data_ = std::max(max_early_data_, max_early_data);
}

void TlsStream::update(TlsSession& session) const {
    session.has_certificate_request = session.has_certificate_request || has_certificate_request_;
    session.has_ticket = session.has_ticket || has_ticket_;
    session.max_early_data = std::max(session.max_early_data, max_early_data_);
}

TlsSession TlsStream::session() const {
    TlsSession session;
    session.version = SSL_get_version(ssl_.get());
    const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl_.get());
    const char* name = cipher == nullptr ? nullptr : SSL_CIPHER_standard_name(cipher);
    session.cipher = name == nullptr ? "" : name;
    STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl_.get());
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        session.certificates.push_back(to_der(sk_X509_value(chain, i)));
    }
    const unsigned char* staple = nullptr;
    const long staple_size = SSL_get_tlsext_status_ocsp_resp(ssl_.get(), &staple);
    if (staple != nullptr && staple_size > 0) {
        session.ocsp_staple.assign(
            reinterpret_cast<const char*>(staple), static_cast<std::size_t>(staple_size)
        );
    }
    return session;
}

} // namespace fengsui::net
