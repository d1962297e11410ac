// Which of the operator's own services may be contacted: those that the configuration named at the start.
#pragma once

#include "model/service.h"

#include <optional>
#include <vector>

namespace fengsui::registry {

class ServiceScope {
public:
    /// The endpoints do not change while the program runs. Throws invalid_argument for a host that is
    /// neither a name nor an address, a port of 0, and two endpoints of one kind and name.
    explicit ServiceScope(std::vector<model::ServiceEndpoint> endpoints);

    /// Nothing when no such service was configured.
    [[nodiscard]] std::optional<model::ServicePass> pass(model::ServiceKind kind, std::string_view name = {})
        const;

private:
    std::vector<model::ServiceEndpoint> endpoints_;
};

} // namespace fengsui::registry
