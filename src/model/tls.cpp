#include "model/tls.h"

#include <fmt/format.h>

namespace fengsui::model {

std::string_view to_string(Trust trust) {
    switch (trust) {
    case Trust::unknown:
        return "unknown";
    case Trust::trusted:
        return "trusted";
    case Trust::self_signed:
        return "self_signed";
    case Trust::untrusted:
        return "untrusted";
    case Trust::incomplete:
        return "incomplete";
    case Trust::broken:
        return "broken";
    }
    return "unknown";
}

std::string TlsEndpoint::locator() const {
    return host.find(':') != std::string::npos ? fmt::format("[{}]:{}", host, port)
                                               : fmt::format("{}:{}", host, port);
}

} // namespace fengsui::model
