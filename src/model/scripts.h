// Scripts of the home page that come from elsewhere: what the DNS knows of their hosts, and their beginnings.
#pragma once

#include "model/http.h"

namespace fengsui::model {

/// A host outside the site from which a page loads scripts or style sheets. Only the DNS is asked about it.
struct ScriptHost {
    std::string host;
    std::string url;    ///< one of the references, as resolved
    std::string domain; ///< registrable, below a listed public suffix; else empty
    Outcome host_outcome;
    Outcome domain_outcome; ///< of SOA and NS of the domain; asked when the host does not exist
    Outcome suffix_outcome; ///< of the public suffix: NXDOMAIN there means that the resolver is blind
};

struct ScriptsObservation {
    Outcome outcome;
    std::vector<ScriptHost> hosts;
    std::vector<HttpExchange> files; ///< own scripts fetched to see which library they are
};

} // namespace fengsui::model
