#include "template/template.h"

#include <algorithm>

namespace fengsui::templates {

std::string_view to_string(Protocol protocol) {
    static constexpr std::string_view kNames[] = {"http", "dns", "ssl", "tcp"};
    return kNames[static_cast<std::size_t>(protocol)];
}

std::string_view to_string(SignatureStatus status) {
    static constexpr std::string_view kNames[] = {"absent", "verified", "unverified", "invalid"};
    return kNames[static_cast<std::size_t>(status)];
}

bool Template::has_tag(std::string_view tag) const {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

} // namespace fengsui::templates
