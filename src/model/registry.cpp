#include "model/registry.h"

#include "base/hash.h"
#include "base/text.h"

namespace fengsui::model {

namespace {

using base::Error;
using base::ErrorCode;

AssetTarget of_prefix(const Prefix& prefix, AssetKind kind) {
    AssetTarget target;
    target.kind = kind;
    target.prefix = prefix;
    return target;
}

base::Result<AssetTarget> parse_mail(std::string_view domain) {
    auto host = normalise_host(domain);
    if (!host) {
        return host.error();
    }
    if (IpAddress::parse(*host)) {
        return Error(ErrorCode::invalid_argument, "mail: takes a domain, not an address");
    }
    AssetTarget target;
    target.kind = AssetKind::mail;
    target.host = *host;
    return target;
}

base::Result<AssetTarget> parse_url(std::string_view text) {
    auto url = Url::parse(text);
    if (!url) {
        return url.error();
    }
    AssetTarget target;
    target.kind = AssetKind::url;
    target.host = url->host;
    if (const auto address = url->address()) {
        target.prefix = Prefix(*address, address->bits());
    }
    target.url = std::move(*url);
    return target;
}

} // namespace

std::string_view to_string(AssetKind kind) {
    switch (kind) {
    case AssetKind::url:
        return "url";
    case AssetKind::host:
        return "host";
    case AssetKind::mail:
        return "mail";
    case AssetKind::address:
        return "address";
    case AssetKind::prefix:
        return "prefix";
    }
    return "host";
}

std::string_view to_string(ProbeClass probe_class) {
    return probe_class == ProbeClass::careful ? "careful" : "passive";
}

base::Result<AssetTarget> AssetTarget::parse(std::string_view text) {
    text = base::trim(text);
    if (text.empty()) {
        return Error(
            ErrorCode::invalid_argument,
            "the asset is empty; give a URL, host name, mail:DOMAIN, IP address or prefix"
        );
    }
    if (base::istarts_with(text, "mail:")) {
        return parse_mail(base::trim(text.substr(5)));
    }
    if (text.find("://") != std::string_view::npos) {
        return parse_url(text);
    }
    if (text.find('/') != std::string_view::npos) {
        auto prefix = Prefix::parse(text);
        return prefix ? base::Result<AssetTarget>(of_prefix(*prefix, AssetKind::prefix)) : prefix.error();
    }
    if (const auto address = IpAddress::parse(text)) {
        return of_prefix(Prefix(*address, address->bits()), AssetKind::address);
    }
    auto host = normalise_host(text);
    if (!host) {
        return host.error();
    }
    AssetTarget target;
    target.host = *host;
    return target;
}

std::string AssetTarget::canonical() const {
    switch (kind) {
    case AssetKind::url:
        return url->str();
    case AssetKind::mail:
        return "mail:" + host;
    case AssetKind::address:
        return prefix->address().str();
    case AssetKind::prefix:
        return prefix->str();
    case AssetKind::host:
        return host;
    }
    return host;
}

bool Asset::is_authorised_on(base::Date today) const {
    return (!authorised_from || *authorised_from <= today)
           && (!authorised_until || today <= *authorised_until);
}

AssetId asset_id_of(const AssetTarget& target) {
    return AssetId("a" + base::sha256_hex(target.canonical()).substr(0, 16));
}

} // namespace fengsui::model
