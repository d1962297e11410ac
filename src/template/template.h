// One loaded template: the community's check, compiled. Immutable; shared by all targets.
#pragma once

#include "base/json.h"
#include "model/finding.h"
#include "template/text.h"

namespace fengsui::templates {

enum class Protocol : std::uint8_t { http, dns, ssl, tcp };
std::string_view to_string(Protocol protocol);

enum class Condition : std::uint8_t { any, all };
enum class MatcherType : std::uint8_t { word, regex, binary, status, size, dsl, xpath };
enum class ExtractorType : std::uint8_t { regex, kval, json, xpath, dsl };
enum class Attack : std::uint8_t { batteringram, pitchfork, clusterbomb };
enum class Redirects : std::uint8_t { none, same_host, any };

struct Matcher {
    MatcherType type = MatcherType::word;
    Condition condition = Condition::any;
    std::string part; ///< empty: the protocol's default
    std::string name;
    bool is_negative = false;
    bool is_case_insensitive = false;
    bool is_match_all = false;
    bool is_internal = false;
    std::vector<int> status;
    std::vector<std::int64_t> sizes;
    std::vector<Text> words; ///< lower-cased, hex decoded
    std::vector<Pattern> patterns;
    std::vector<std::string> binaries; ///< decoded
    std::vector<Expression> expressions;
    std::vector<std::string> xpaths;
    unsigned line = 0;
};

struct Extractor {
    ExtractorType type = ExtractorType::regex;
    std::string part;
    std::string name;
    bool is_internal = false;
    bool is_case_insensitive = false;
    std::size_t group = 0;
    std::vector<Pattern> patterns;
    std::vector<std::string> keys;    ///< kval
    std::vector<std::string> queries; ///< json (jq) or xpath
    std::string attribute;
    std::vector<Expression> expressions;
    unsigned line = 0;
};

struct Operators {
    Condition condition = Condition::any;
    std::vector<Matcher> matchers;
    std::vector<Extractor> extractors;
    bool matchers_read_extractors = true; ///< then extractors must run first (point 2)
    [[nodiscard]] bool empty() const { return matchers.empty() && extractors.empty(); }
};

struct HeaderText {
    std::string name;
    Text value;
};

/// One set of payload values; they are template text themselves.
struct PayloadSet {
    std::string name;
    std::vector<std::string> values;
    std::string file; ///< helper file it came from; empty: written in the template
    unsigned line = 0;
};

struct HttpBlock {
    std::string method = "GET";
    std::vector<Text> paths;
    std::vector<Text> raws;
    std::vector<HeaderText> headers;
    Text body;
    Redirects redirects = Redirects::none;
    int max_redirects = 0;
    std::size_t max_size = 0; ///< 0: the engine's limit
    bool is_unsafe = false;
    bool skips_variables_check = false;
    bool iterates_all = false;
    bool disables_cookies = false;
    bool disables_path_automerge = false;
    bool has_numbered_parts = false; ///< `_1` in a dsl or part: history is kept
};

struct DnsBlock {
    Text name;
    std::string type = "A";
    std::string klass = "inet";
};

struct SslBlock {
    Text address;
    std::string min_version;
    std::string max_version;
    std::vector<std::string> cipher_suites;
};

struct TcpInput {
    Text data;
    bool is_hex = false;
    std::size_t read = 0;
    std::string name;
};

struct TcpBlock {
    std::vector<Text> hosts;
    std::vector<TcpInput> inputs;
    std::string port;
    std::size_t read_size = 1024;
    bool reads_all = false;
};

struct Block {
    Protocol protocol = Protocol::http;
    std::string id;
    std::string name;
    Operators operators;
    bool stops_at_first_match = false;
    std::optional<Attack> attack; ///< as written
    std::vector<PayloadSet> payloads;
    HttpBlock http;
    DnsBlock dns;
    SslBlock ssl;
    TcpBlock tcp;
    unsigned line = 0;
};

/// A boolean chain of calls, `http(1) && http(2)`.
struct FlowNode {
    enum class Kind : std::uint8_t { call, all_of, any_of, negation, sequence };
    Kind kind = Kind::call;
    Protocol protocol = Protocol::http;
    std::vector<std::size_t>
        blocks; ///< of a call: indexes into Template::blocks; all of the protocol when empty
    std::vector<FlowNode> children;
    bool names_nothing = false; ///< a call of a block that the template does not have: false, as in nuclei
};

/// Something that the policy judges and that is no request: a protocol, a flag, a tag.
struct Feature {
    std::string name; ///< as in the template: `unsafe`, `code`, `self-contained` …
    std::string text; ///< the offending text
    unsigned line = 0;
};

enum class SignatureStatus : std::uint8_t { absent, verified, unverified, invalid };
std::string_view to_string(SignatureStatus status);

struct NamedText {
    std::string name;
    std::optional<Text> text; ///< empty: a list, kept as it is
    std::vector<std::string> list;
};

struct Template {
    std::string path; ///< as given to the loader
    std::string id;
    base::Json info; ///< as written, lists from comma texts for author, tags and reference
    std::string name;
    model::Severity severity = model::Severity::info;
    std::vector<std::string> tags;     ///< lower case
    std::string vendor;                ///< metadata, or part of the CPE; lower case
    std::vector<std::string> products; ///< metadata.product and CPE; lower case
    std::vector<NamedText> variables;  ///< in order
    Variables constants;
    std::optional<FlowNode> flow;
    bool stops_at_first_match = false;
    std::vector<Block> blocks; ///< in the order of the file, http first as nuclei runs them
    std::vector<Feature> features;
    SignatureStatus signature = SignatureStatus::absent;

    [[nodiscard]] bool has_tag(std::string_view tag) const;
};

} // namespace fengsui::templates
