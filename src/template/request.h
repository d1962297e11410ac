// A request as it would be sent: the only thing that leaves this module towards the network.
#pragma once

#include "model/http.h"
#include "template/template.h"

namespace fengsui::templates {

/// What is looked at: an asset as written, taken apart as templates name it.
struct Target {
    std::string input; ///< as written
    std::string scheme = "http";
    std::string host; ///< without port; an IPv6 address in brackets
    std::uint16_t port = 80;
    bool has_port = false; ///< as written
    std::string path;      ///< as written, may be empty
    std::string query;     ///< without '?'
    std::string ip;        ///< when known
    std::string domain;    ///< registrable part; empty: not known (an address, or no list at hand)
    std::string suffix;    ///< public suffix; empty: not known

    static base::Result<Target> parse(std::string_view text);
    [[nodiscard]] std::string authority() const; ///< host[:port] as written
    [[nodiscard]] std::string root() const;      ///< scheme://host[:port]
};

struct HttpRequest {
    std::string method = "GET";
    std::string scheme = "http";
    std::string host; ///< to connect to
    std::uint16_t port = 80;
    std::string target = "/";   ///< path and query, byte for byte
    model::HttpHeaders headers; ///< of the template only; User-Agent is the engine's
    std::string cookies;        ///< from the execution's jar: names and values that the target set
    std::string body;
    Redirects redirects = Redirects::none;
    int max_redirects = 10;
    std::size_t max_body = 10U << 20U;
    int timeout_seconds = 0; ///< @timeout; 0: the engine's
    bool uses_cookies = true;

    [[nodiscard]] std::string url() const;
    /// As a template sees `request`, and as evidence shows it.
    [[nodiscard]] std::string dump() const;
};

struct DnsRequest {
    std::string name;
    std::string type;
};

struct SslRequest {
    std::string host;
    std::uint16_t port = 443;
    std::string min_version;
    std::string max_version;
    std::vector<std::string> cipher_suites;
};

struct TcpRequest {
    std::string host;
    std::uint16_t port = 0;
    std::vector<std::pair<std::string, std::size_t>> inputs; ///< bytes to send, bytes to read after
    std::size_t read_size = 1024;
    bool reads_all = false;
};

/// One request with where it comes from.
struct PlannedRequest {
    Protocol protocol = Protocol::http;
    HttpRequest http;
    DnsRequest dns;
    SslRequest ssl;
    TcpRequest tcp;
    std::vector<std::string> extracted; ///< values from answers that went into it
    std::size_t block = 0;
    std::size_t number = 0; ///< position in path/raw, from 1: the suffix of numbered parts

    /// Equal keys get one answer. Redirect policy is left out: the chain serves them all.
    [[nodiscard]] std::string key() const;
    [[nodiscard]] std::string describe() const; ///< `GET https://h/x`, `DNS TXT example.org`
};

} // namespace fengsui::templates
