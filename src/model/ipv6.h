// What IPv6 gives where IPv4 answers.
#pragma once

#include "model/http.h"

namespace fengsui::model {

struct Ipv6Attempt {
    IpAddress address;
    std::uint16_t port = 0;
    Outcome outcome;
};

/// The home page fetched at one address of each family, one right after the other.
struct Ipv6Pages {
    Outcome outcome;
    HttpExchange over_v4;
    HttpExchange over_v6;
    HttpExchange over_v4_again; ///< asked when the two differ: a page that differs from itself says nothing
    HttpExchange over_v6_again;
};

struct Ipv6NameServer {
    std::string name;
    Outcome outcome; ///< of the AAAA question; completed also without an answer
    std::vector<IpAddress> addresses;
};

struct Ipv6NameServers {
    Outcome outcome;
    std::string zone;
    std::vector<Ipv6NameServer> servers;
};

/// A page of the site itself, asked over both families. Level 2: linked by the home page; 3: by such a page.
struct Ipv6Link {
    std::string url;
    int level = 2;
    Outcome over_v4; ///< skipped/not_applicable: not asked, because it works over IPv6
    Outcome over_v6;
    int status_v4 = 0;
    int status_v6 = 0;

    [[nodiscard]] bool works_over_v6() const { return over_v6.is_completed() && is_good(status_v6); }
    /// A link that works over IPv6 counts as working: it is the site's.
    [[nodiscard]] bool works() const {
        return works_over_v6() || (over_v4.is_completed() && is_good(status_v4));
    }
    [[nodiscard]] static bool is_good(int status) { return status >= 200 && status < 400; }
};

struct Ipv6Links {
    Outcome outcome;
    std::vector<Ipv6Link> links;
};

struct Ipv6Observation {
    Outcome outcome;
    std::vector<IpAddress> addresses;  ///< AAAA that may be contacted
    std::vector<Ipv6Attempt> attempts; ///< only ports that answer over IPv4
    bool has_vantage = false;          ///< this machine can speak IPv6 to such addresses
    /// An answer over IPv6 was had lately, here or from another target: silence is then the site's doing.
    bool is_vantage_proven = false;
    Ipv6Pages pages;
    Ipv6NameServers name_servers;
    Ipv6Links links;
};

} // namespace fengsui::model
