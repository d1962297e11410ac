// The options about the operator's own services made into what the services are built from.
#pragma once

#include "fengsui/settings.h"

#include "api/oidc.h"
#include "model/service.h"
#include "net/mail_signer.h"
#include "pipeline/sending_flow.h"

#include <map>
#include <memory>

namespace fengsui::apps {

struct ServiceSettings {
    std::vector<model::ServiceEndpoint> endpoints; ///< for registry::ServiceScope
    std::unique_ptr<net::MailSigner> signer;       ///< outlives the flow that `mail` goes to
    std::optional<pipeline::MailChannel> mail;
    std::map<std::string, net::WebhookTarget> webhooks;
    std::optional<api::OidcConfig> oidc;
};

/// Reads the secret files, too. Throws invalid_argument naming the option and the mend.
ServiceSettings read_services(const ServiceOptions& options);

} // namespace fengsui::apps
