#include "check/common/tls_names.h"

#include "base/text.h"

#include <algorithm>

namespace fengsui::check {

namespace {

std::string_view without_root_dot(std::string_view name) {
    return !name.empty() && name.back() == '.' ? name.substr(0, name.size() - 1) : name;
}

} // namespace

bool name_covers(std::string_view pattern, std::string_view host) {
    pattern = without_root_dot(pattern);
    host = without_root_dot(host);
    if (pattern.empty() || host.empty()) {
        return false;
    }
    if (pattern.substr(0, 2) != "*.") {
        return pattern.find('*') == std::string_view::npos && base::iequals(pattern, host);
    }
    const auto parent = pattern.substr(2);
    const auto dot = host.find('.');
    if (parent.find('*') != std::string_view::npos || parent.empty() || dot == std::string_view::npos
        || dot == 0) {
        return false;
    }
    return base::iequals(parent, host.substr(dot + 1));
}

bool certificate_covers(const model::CertificateFacts& facts, std::string_view host) {
    if (const auto address = model::IpAddress::parse(host)) {
        return std::find(facts.ip_addresses.begin(), facts.ip_addresses.end(), *address)
               != facts.ip_addresses.end();
    }
    return std::any_of(facts.dns_names.begin(), facts.dns_names.end(), [&](const auto& name) {
        return name_covers(name, host);
    });
}

bool has_names(const model::CertificateFacts& facts) {
    return !facts.dns_names.empty() || !facts.ip_addresses.empty();
}

} // namespace fengsui::check
