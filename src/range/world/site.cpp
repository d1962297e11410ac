#include "range/world/site.h"

namespace fengsui::range {

bool Site::is_resolvable() const {
    return trouble == NameTrouble::none && !has(Fault::dns_private_address) && !has(Fault::dns_dangling_cname)
           && !has(Fault::dns_dnssec_bogus);
}

bool Site::listens() const {
    const bool is_closed = has(Fault::site_unreachable) && hostile == Hostile::none;
    return is_resolvable() && !is_closed && is_authorised;
}

bool Site::is_readable() const {
    switch (hostile) {
    case Hostile::silent:
    case Hostile::reset:
    case Hostile::garbage:
    case Hostile::redirect_loop:
    case Hostile::record_flood:
        return false;
    default:
        return listens();
    }
}

std::string Site::origin(bool secure) const {
    const auto port = secure ? https_port : http_port;
    std::string text = (secure ? "https://" : "http://") + host;
    if (port != (secure ? 443 : 80)) {
        text += ":" + std::to_string(port);
    }
    return text;
}

} // namespace fengsui::range
