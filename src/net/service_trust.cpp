#include "net/service_trust.h"

#include "base/error.h"
#include "model/address.h"
#include "net/socket/tls_context.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace fengsui::net {

namespace {

struct StoreFree {
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
    void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};

constexpr int kAuthLevel = 1; // keys and hashes of at least 80 bits

TlsPointer<X509> parse_der(const std::string& der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    return TlsPointer<X509>(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
}

bool set_identity(X509_VERIFY_PARAM* wanted, const std::string& host) {
    if (model::IpAddress::parse(host)) {
        return X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1;
    }
    X509_VERIFY_PARAM_set_hostflags(
        wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT
    );
    return X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size()) == 1;
}

} // namespace

struct ServiceTrust::State {
    std::unique_ptr<X509_STORE, StoreFree> roots{X509_STORE_new()};
};

ServiceTrust::ServiceTrust(const std::optional<std::filesystem::path>& additional)
    : state_(std::make_unique<State>()) {
    FENGSUI_CHECK(state_->roots != nullptr, "X509_STORE_new");
    // A machine without roots is no error: nobody is trusted then.
    X509_STORE_set_default_paths(state_->roots.get());
    if (additional && X509_STORE_load_file(state_->roots.get(), additional->c_str()) != 1) {
        ERR_clear_error();
        throw base::Error(
            base::ErrorCode::invalid_argument, "no PEM certificates can be read from " + additional->string()
        );
    }
    ERR_clear_error();
}

ServiceTrust::~ServiceTrust() = default;

std::string ServiceTrust::objection(const std::vector<std::string>& certificates, const std::string& host)
    const {
    const TlsPointer<STACK_OF(X509)> sent(sk_X509_new_null());
    for (const auto& der : certificates) {
        auto certificate = parse_der(der);
        if (!certificate || sk_X509_push(sent.get(), certificate.get()) == 0) {
            ERR_clear_error();
            return "a certificate cannot be read";
        }
        static_cast<void>(certificate.release());
    }
    if (sk_X509_num(sent.get()) == 0) {
        return "no certificate was sent";
    }
    const std::unique_ptr<X509_STORE_CTX, StoreFree> context(X509_STORE_CTX_new());
    FENGSUI_CHECK(context != nullptr, "X509_STORE_CTX_new");
    X509* leaf = sk_X509_value(sent.get(), 0);
    if (X509_STORE_CTX_init(context.get(), state_->roots.get(), leaf, sent.get()) != 1) {
        ERR_clear_error();
        return "the certificate cannot be judged";
    }
    X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(context.get());
    X509_STORE_CTX_set_default(context.get(), "ssl_server"); // purpose and extended key usage
    X509_VERIFY_PARAM_set_auth_level(wanted, kAuthLevel);
    if (!set_identity(wanted, host)) {
        ERR_clear_error();
        return "the host's name cannot be looked for";
    }
    const bool is_good = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    return is_good ? std::string() : X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

} // namespace fengsui::net
