// One made-up site: everything that its name server, web server and mail server answer follows from this.
#pragma once

#include "model/address.h"
#include "range/world/fault.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fengsui::range {

enum class Persona : std::uint8_t { nginx, apache_php, iis, tomcat, wordpress, dedecms, node, static_cms };
inline constexpr std::size_t kPersonaCount = 8;

/// Peers that misbehave. In all of them what can be read is right, so that the truth of a kind is the
/// zone's part (DNSSEC, CAA, AAAA) and what stands beside it here.
enum class Hostile : std::uint8_t {
    none,
    silent,        ///< accepts and never answers: site.unreachable
    reset,         ///< accepts and resets: site.unreachable
    garbage,       ///< not HTTP, within TLS too: nothing; the certificate is right
    slow_drip,     ///< good head, then a byte a second: nothing
    endless,       ///< good head, a home page that never ends: nothing
    redirect_loop, ///< never arrives: nothing
    gzip_bomb,     ///< good head, 10 MiB in 10 KiB: nothing
    many_headers,  ///< the good headers first, then 10,000 more: nothing
    reset_in_body, ///< good head, half a page, RST: nothing
    wrong_length,  ///< good head, Content-Length beyond the page: nothing
    record_flood,  ///< port 80 redirects to TLS, which sends records without end: nothing
    busy_once,     ///< 429 with Retry-After 1 for the first request, then a good site: nothing
    overloaded,    ///< 503 for the first three requests, then a good site: nothing
};
inline constexpr std::size_t kHostileCount = 14;

/// How the host name itself fails; the zone around it is sound.
enum class NameTrouble : std::uint8_t { none, nxdomain, server_failure, silent };
enum class Framing : std::uint8_t { length, chunked, until_close };

inline constexpr const char* kDkimSelector = "s2026"; ///< of every mail domain here

struct Site {
    std::size_t index = 0;
    std::uint64_t seed = 0;           ///< of everything about it that needs no field
    std::size_t unit = 0;             ///< index into World::units
    std::string district;             ///< the zone above: fengqiao.test
    std::string zone;                 ///< its own zone: school3.edu.fengqiao.test
    std::string host;                 ///< the zone's apex or a name in it
    std::vector<std::string> targets; ///< as the registry spells them
    std::string mail_target;          ///< mail:ZONE, or empty

    std::string unit_name;
    std::string title; ///< of the home page
    bool is_english = false;
    std::string system_id;
    std::string system_name;
    int protection_level = 0; ///< 0: not graded

    model::IpAddress address;
    std::uint16_t http_port = 80; ///< 0: none
    std::uint16_t https_port = 443;
    Persona persona = Persona::nginx;
    Hostile hostile = Hostile::none;
    NameTrouble trouble = NameTrouble::none;
    Framing framing = Framing::length;
    FaultSet faults;

    bool is_authorised = true;
    bool is_careful = false;
    bool has_aaaa = false;        ///< ::1
    bool has_cname_chain = false; ///< within its own zone
    bool shares_address = false;
    bool has_null_mx = false;        ///< RFC 7505: takes no mail
    bool has_mta_sts = false;        ///< with a policy on its own web server, and TLS-RPT
    bool has_name_servers = false;   ///< NS records: where ports below 1024 are permitted
    bool answers_everything = false; ///< 200 for pages that do not exist
    bool is_gbk = false;
    bool compresses = false;
    bool home_redirects = false; ///< / leads to a page on the same host
    bool leaves_scope = false;   ///< the home page is elsewhere, at a host that is not registered
    bool has_security_txt = false;
    bool is_login_page = false;
    bool upgrades_insecure = false; ///< http images, and the policy that makes browsers ask for https

    [[nodiscard]] bool has(Fault fault) const { return faults.has(fault); }
    /// Whether anything listens for the web at all.
    [[nodiscard]] bool listens() const;
    [[nodiscard]] bool listens_http() const { return listens() && http_port != 0; }
    [[nodiscard]] bool listens_https() const {
        return listens() && https_port != 0 && !has(Fault::http_https_missing);
    }
    /// Whether the name leads to an address that may be asked.
    [[nodiscard]] bool is_resolvable() const;
    /// Whether an answer of the web server can be read at all.
    [[nodiscard]] bool is_readable() const;
    [[nodiscard]] bool has_mail() const { return !mail_target.empty(); }
    [[nodiscard]] std::string mail_host() const { return "mail." + zone; }
    [[nodiscard]] std::string policy_host() const { return "mta-sts." + zone; }
    /// The domain of a registrar's mistake: nobody holds it.
    [[nodiscard]] std::string lost_domain() const { return "lost" + std::to_string(seed % 100000) + ".test"; }
    /// scheme://host[:port]
    [[nodiscard]] std::string origin(bool secure) const;
};

} // namespace fengsui::range
