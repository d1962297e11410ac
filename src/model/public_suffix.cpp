#include "model/public_suffix.h"

#include "model/address.h"

#include <libpsl.h>

namespace fengsui::model {

namespace {

std::string registrable(const std::string& host) {
    if (IpAddress::parse(host).has_value()) {
        return {};
    }
    const char* found = psl_registrable_domain(psl_builtin(), host.c_str());
    return found == nullptr ? std::string() : std::string(found);
}

/// Without the prevailing rule "*", which makes every unlisted top-level domain a suffix.
bool is_listed_suffix(std::string_view suffix) {
    return psl_is_public_suffix2(
               psl_builtin(), std::string(suffix).c_str(), PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE
           )
           != 0;
}

} // namespace

std::string registrable_domain(std::string_view host) {
    return registrable(std::string(host));
}

std::string registrable_domain_of_known_suffix(std::string_view host) {
    auto domain = registrable(std::string(host));
    const auto dot = domain.find('.');
    const bool is_known =
        dot != std::string::npos && is_listed_suffix(std::string_view(domain).substr(dot + 1));
    return is_known ? domain : std::string();
}

bool is_same_registrable_domain(std::string_view host, std::string_view other) {
    if (host == other) {
        return true;
    }
    const auto domain = registrable_domain(host);
    return !domain.empty() && domain == registrable_domain(other);
}

} // namespace fengsui::model
