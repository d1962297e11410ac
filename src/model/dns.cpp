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

bool NameResolution::is_refused(const IpAddress& address) const {
    return std::find(refused.begin(), refused.end(), address) != refused.end();
}

} // namespace fengsui::model
