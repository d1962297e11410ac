// One answer, ready for operators: every variable that a template can read of it.
#pragma once

#include "model/http.h"
#include "template/template.h"

namespace fengsui::templates {

/// One hop of an HTTP answer, as the network saw it.
struct HttpAnswer {
    std::string url; ///< of this hop, as requested
    int status = 0;
    std::string reason; ///< empty: the registered phrase
    std::string version = "HTTP/1.1";
    model::HttpHeaders headers; ///< as sent
    std::string body;           ///< content coding removed
    double duration = 0;        ///< seconds until the headers
    std::string ip;
    std::vector<std::string> cnames;
};

struct DnsAnswer {
    std::string name;
    std::string type;
    int rcode = 0;
    std::string request; ///< dig-like text of each part
    std::string question;
    std::string answer;
    std::string authority;
    std::string additional;
    std::string raw;
    std::map<std::string, std::vector<std::string>> records; ///< a, aaaa, cname, mx, ns, txt, …
};

/// Facts of one TLS handshake, named as tlsx names them (`tls_version`, `subject_cn`, `not_after`, …).
struct SslAnswer {
    std::string address; ///< host:port
    std::string ip;
    base::Json facts; ///< an object
};

struct TcpAnswer {
    std::string address;
    std::string ip;
    std::string data; ///< last read
    std::string raw;  ///< all reads
    std::string request;
    std::map<std::string, std::string> named;
};

/// Immutable once made. Shared by every execution that saw the answer and by histories (numbered parts).
class ResponseFacts {
public:
    /// The body is made UTF-8 when Content-Type names a Chinese or Cyrillic charset (point 12).
    static std::shared_ptr<const ResponseFacts> of_http(
        HttpAnswer answer, std::string_view request, std::string_view target
    );
    static std::shared_ptr<const ResponseFacts> of_dns(DnsAnswer answer, std::string_view target);
    static std::shared_ptr<const ResponseFacts> of_ssl(SslAnswer answer, std::string_view target);
    static std::shared_ptr<const ResponseFacts> of_tcp(TcpAnswer answer, std::string_view target);

    [[nodiscard]] Protocol protocol() const { return protocol_; }
    [[nodiscard]] std::optional<Value> find(std::string_view name) const;
    /// What a matcher's or extractor's `part` means; nothing when it is missing.
    [[nodiscard]] std::optional<std::string_view> part(std::string_view name) const;
    [[nodiscard]] int status() const { return status_; }
    /// `text` lies within the body or the headers, and those are valid UTF-8.
    [[nodiscard]] bool is_clean(std::string_view text) const;
    [[nodiscard]] std::string_view body() const { return body_; }
    [[nodiscard]] std::string_view header_text() const { return headers_; }
    [[nodiscard]] const std::string& matched() const { return matched_; }
    [[nodiscard]] const std::string& ip() const { return ip_; }
    [[nodiscard]] const std::string& request() const { return request_; }
    [[nodiscard]] const model::HttpHeaders& raw_headers() const { return raw_headers_; }
    /// The same answer seen as a hop before the last: its body is not shown (point 30).
    [[nodiscard]] std::shared_ptr<const ResponseFacts> without_body() const;
    /// The same answer with no more of its body than a template's `max-size`.
    [[nodiscard]] std::shared_ptr<const ResponseFacts> cut_to(std::size_t size) const;
    /// Head and body, at most `limit` bytes of valid UTF-8.
    [[nodiscard]] std::string excerpt(std::size_t limit) const;
    /// Every variable, for numbered parts and kval without regard to case.
    [[nodiscard]] const Variables& variables() const { return variables_; }

private:
    ResponseFacts() = default;
    void set(std::string name, Value value);
    void add_headers_and_cookies();
    void add_fixed(std::string_view target);
    [[nodiscard]] const std::string& whole() const; ///< response; joined when first asked for
    [[nodiscard]] std::string_view part_text(std::string_view name, const Value& value) const;
    [[nodiscard]] const std::string& all() const; ///< body, then headers

    Protocol protocol_ = Protocol::http;
    int status_ = 0;
    std::string body_;
    std::string headers_; ///< Go's block: status line, sorted headers, blank line
    std::string matched_;
    std::string ip_;
    std::string request_;
    model::HttpHeaders raw_headers_;
    Variables variables_;
    double duration_ = 0;
    bool is_body_clean_ = true;
    bool is_head_clean_ = true;
    mutable std::string whole_;
    mutable std::string all_;
    mutable std::map<std::string, std::string, std::less<>> part_texts_; ///< of parts that are no text
};

/// The registered reason phrase, as Go's net/http knows it; empty when unknown.
std::string_view reason_phrase(int status);

} // namespace fengsui::templates
