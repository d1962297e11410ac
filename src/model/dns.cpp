#include "model/dns.h"

#include <algorithm>

namespace fengsui::model {

std::vector<IpAddress> NameResolution::of_family(IpFamily family) const {
    std::vector<IpAddress> chosen;
    std::copy_if(
        addresses.begin(),
        addresses.end(),
        std::back_inserter(chosen),
        [&](const IpAddress& address) { return address.family() == family; }
    );
    return chosen;
}

std::string_view to_string(DnssecState state) {
    constexpr std::string_view kStates[] = {"unknown", "secure", "insecure", "bogus"};
    return kStates[static_cast<std::size_t>(state)];
}

bool NameResolution::is_refused(const IpAddress& address) const {
    return std::find(refused.begin(), refused.end(), address) != refused.end();
}

} // namespace fengsui::model
