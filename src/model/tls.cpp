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

std::string_view to_string(Primality primality) {
    switch (primality) {
    case Primality::unknown:
        return "unknown";
    case Primality::safe_prime:
        return "safe_prime";
    case Primality::prime:
        return "prime";
    case Primality::composite:
        return "composite";
    }
    return "unknown";
}

std::string_view to_string(ClientCertificate certificate) {
    switch (certificate) {
    case ClientCertificate::unknown:
        return "unknown";
    case ClientCertificate::not_asked:
        return "not_asked";
    case ClientCertificate::asked:
        return "asked";
    case ClientCertificate::required:
        return "required";
    }
    return "unknown";
}

std::string_view to_string(Revocation status) {
    switch (status) {
    case Revocation::unknown:
        return "unknown";
    case Revocation::good:
        return "good";
    case Revocation::revoked:
        return "revoked";
    }
    return "unknown";
}

const SuiteClassFacts& TlsEndpoint::suite_class(std::string_view name) const {
    static const SuiteClassFacts kNotAsked;
    const auto found = suites.find(name);
    return found == suites.end() ? kNotAsked : found->second;
}

std::string TlsEndpoint::locator() const {
    return host.find(':') != std::string::npos ? fmt::format("[{}]:{}", host, port)
                                               : fmt::format("{}:{}", host, port);
}

} // namespace fengsui::model
