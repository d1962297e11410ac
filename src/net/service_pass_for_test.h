// Passes for the tests of net, which does not link the registry. Never include this beside
// "registry/service_scope.h": it takes the place of the one class that may make passes.
#pragma once

#include "model/service.h"

namespace fengsui::registry {

class ServiceScope {
public:
    static model::ServicePass pass(model::ServiceKind kind, const std::string& host, std::uint16_t port) {
        return model::ServicePass({kind, "", host, port});
    }
};

} // namespace fengsui::registry
