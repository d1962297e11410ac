// What one patrol saw of a mail domain.
#pragma once

#include "model/dns.h"
#include "model/http.h"
#include "model/spf.h"
#include "model/tls.h"

namespace fengsui::model {

/// Where DMARC reports go outside the organization, and whether that domain wants them (RFC 9990 section 4).
struct ReportDestination {
    std::string domain;
    TxtLookup authorisation; ///< `v=DMARC1` records of `DOMAIN._report._dmarc.THEIRS`
};

/// The key of a selector that the registry names (column dkim_selector).
struct DkimKey {
    std::string selector;
    TxtLookup lookup; ///< every TXT record of `SELECTOR._domainkey.DOMAIN`
};

struct MtaStsObservation {
    TxtLookup record; ///< `v=STSv1` records of `_mta-sts.DOMAIN`
    Outcome outcome;  ///< of looking for the policy: refused when its host is not in scope
    std::optional<HttpExchange> policy;
    std::optional<TlsEndpoint> endpoint; ///< who served it
};

struct MailExchanger {
    std::string name;
    int preference = 0;
    NameResolution resolution;
    Outcome outcome; ///< completed: banner and EHLO answered
    std::optional<IpAddress> address;
    std::string banner;
    std::vector<std::string> extensions; ///< EHLO keywords with parameters, upper case keyword
    bool offers_starttls = false;
    Offered starttls_accepted = Offered::unknown; ///< what STARTTLS itself answered
    std::optional<TlsEndpoint> tls;               ///< the handshake after STARTTLS
    TlsaLookup tlsa;                              ///< of `_25._tcp.NAME`
    std::string nonexistent; ///< the highest name towards the root that does not exist; empty: `name` exists
};

struct MailObservation {
    Outcome dns_outcome; ///< of the MX, SPF and DMARC questions together
    std::string domain;
    Outcome mx_outcome;
    bool has_null_mx = false; ///< RFC 7505
    std::vector<MailExchanger> exchangers;
    TxtLookup spf; ///< the domain's v=spf1 records, or the one that redirect= led to (`name`)
    std::vector<SpfAnswer> spf_answers;      ///< of the evaluation, which begins at `domain`
    TxtLookup dmarc;                         ///< `v=DMARC1` records where the tree walk found them
    std::vector<std::string> dmarc_misspelt; ///< at `_dmarc.DOMAIN`: meant to be one and read by nobody
    std::vector<ReportDestination> report_destinations;
    std::vector<DkimKey> dkim_keys;
    MtaStsObservation mta_sts;
    TxtLookup tls_rpt;         ///< `v=TLSRPTv1` records of `_smtp._tls.DOMAIN`
    bool is_mx_secure = false; ///< the MX answer was authenticated
    Outcome smtp_outcome;
};

} // namespace fengsui::model
