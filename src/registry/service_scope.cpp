#include "registry/service_scope.h"

#include "model/url.h"

#include <algorithm>

namespace fengsui::registry {

namespace {

void normalise(model::ServiceEndpoint& endpoint) {
    if (endpoint.port == 0) {
        throw base::Error(
            base::ErrorCode::invalid_argument, endpoint.host + ": a service needs a port; write HOST:PORT"
        );
    }
    if (const auto address = model::IpAddress::parse(endpoint.host)) {
        endpoint.host = address->str();
        return;
    }
    endpoint.host = model::normalise_host(endpoint.host).context("service").or_throw();
}

} // namespace

ServiceScope::ServiceScope(std::vector<model::ServiceEndpoint> endpoints) {
    for (auto& endpoint : endpoints) {
        if (pass(endpoint.kind, endpoint.name)) {
            throw base::Error(
                base::ErrorCode::invalid_argument, "the service " + endpoint.name + " is configured twice"
            );
        }
        normalise(endpoint);
        endpoints_.push_back(std::move(endpoint));
    }
}

std::optional<model::ServicePass> ServiceScope::pass(model::ServiceKind kind, std::string_view name) const {
    const auto found = std::find_if(endpoints_.begin(), endpoints_.end(), [&](const auto& endpoint) {
        return endpoint.kind == kind && endpoint.name == name;
    });
    return found == endpoints_.end() ? std::nullopt : std::optional(model::ServicePass(*found));
}

} // namespace fengsui::registry
