#include "fengsui/service_settings.h"

#include "base/text.h"
#include "net/mail_message.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace fengsui::apps {

namespace {

using model::ServiceKind;

constexpr std::size_t kMaxSecret = 4096;
/// Where the provider sends people back to, below public_url.
constexpr std::string_view kCallback = "/api/v1/session/oidc/callback";

base::Error bad(std::string_view option, std::string_view what) {
    return {base::ErrorCode::invalid_argument, fmt::format("{}: {}", option, what)};
}

std::string read_secret(std::string_view option, const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    const std::string secret(base::trim(text.str()));
    if (!in || secret.empty() || secret.size() > kMaxSecret) {
        throw bad(option, fmt::format("no secret can be read from {}; check its name and permissions", file));
    }
    return secret;
}

model::ServiceEndpoint read_relay(const std::string& text) {
    // A URL's authority is what HOST:PORT is; a host and nothing else would be given port 80 silently.
    const auto url = model::Url::parse("http://" + text + "/");
    const bool has_port = text.find_last_of(':') != std::string::npos && text.back() != ']';
    if (!url || !has_port || url->path != "/") {
        throw bad("mail_relay", fmt::format("\"{}\" is not HOST:PORT; write it like mail.example:587", text));
    }
    return {ServiceKind::mail_relay, "", url->host, url->port};
}

net::SmtpSecurity read_security(const std::string& text) {
    using net::SmtpSecurity;
    for (const auto security : {SmtpSecurity::none, SmtpSecurity::starttls, SmtpSecurity::tls}) {
        if (to_string(security) == text) {
            return security;
        }
    }
    throw bad("mail_security", fmt::format("\"{}\" is not starttls, tls or none", text));
}

/// What the relay is greeted with: the public address's host, when it is a name.
std::string own_name(const std::string& public_url) {
    const auto url = model::Url::parse(public_url);
    return url && !url->address() ? url->host : net::SmtpRelay().hello;
}

void read_mail(const ServiceOptions& options, ServiceSettings& settings) {
    if (options.mail_relay.empty()) {
        return;
    }
    settings.endpoints.push_back(read_relay(options.mail_relay));
    pipeline::MailChannel channel;
    channel.relay.security = read_security(options.mail_security);
    channel.relay.hello = own_name(options.public_url);
    channel.relay.user = options.mail_user;
    if (!options.mail_user.empty()) {
        if (channel.relay.security == net::SmtpSecurity::none) {
            throw bad("mail_user", "a password is sent only under TLS; set mail_security to starttls or tls");
        }
        channel.relay.password = read_secret("mail_password_file", options.mail_password_file);
    }
    static_cast<void>(net::MailAddress::parse(options.mail_from).context("mail_from").or_throw());
    channel.from = options.mail_from;
    if (options.mail_sign_certificate.empty() != options.mail_sign_key.empty()) {
        throw bad("mail_sign_certificate", "certificate and key go together; set mail_sign_key, too");
    }
    if (!options.mail_sign_certificate.empty()) {
        settings.signer =
            std::make_unique<net::MailSigner>(options.mail_sign_certificate, options.mail_sign_key);
        channel.signer = settings.signer.get();
    }
    settings.mail = std::move(channel);
}

void read_webhooks(const ServiceOptions& options, ServiceSettings& settings) {
    for (const auto& hook : options.webhooks) {
        const std::string where = "webhooks, " + hook.name;
        auto url = model::Url::parse(hook.url).context(where).or_throw();
        if (hook.name.empty() || settings.webhooks.contains(hook.name)) {
            throw bad(where, "each webhook needs a name of its own");
        }
        settings.endpoints.push_back({ServiceKind::webhook, hook.name, url.host, url.port});
        settings.webhooks[hook.name] = {std::move(url), read_secret(where, hook.secret_file)};
    }
}

void read_oidc(const ServiceOptions& options, ServiceSettings& settings) {
    if (options.oidc_issuer.empty()) {
        return;
    }
    api::OidcConfig config;
    config.issuer = options.oidc_issuer;
    config.client_id = options.oidc_client_id;
    config.claim = options.oidc_claim;
    std::string base = options.public_url;
    while (base.ends_with('/')) {
        base.pop_back();
    }
    config.redirect_uri = base + std::string(kCallback);
    if (!options.oidc_client_secret_file.empty()) {
        config.client_secret = read_secret("oidc_client_secret_file", options.oidc_client_secret_file);
    }
    const auto issuer = config.check();
    settings.endpoints.push_back({ServiceKind::identity_provider, "", issuer.host, issuer.port});
    settings.oidc = std::move(config);
}

} // namespace

ServiceSettings read_services(const ServiceOptions& options) {
    ServiceSettings settings;
    if (!options.public_url.empty()) {
        static_cast<void>(model::Url::parse(options.public_url).context("public_url").or_throw());
    }
    read_mail(options, settings);
    read_webhooks(options, settings);
    read_oidc(options, settings);
    return settings;
}

} // namespace fengsui::apps
