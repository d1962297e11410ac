#include "template/policy.h"

#include "base/text.h"
#include "template/builder.h"
#include "template/suspicion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::templates {

namespace {

constexpr std::size_t kMaxRequests = 2000; ///< one template on one target; nuclei's largest have about 1,300

Refusal refuse(Rule rule, std::string_view text, std::string_view why) {
    Refusal refusal;
    refusal.rule = rule;
    refusal.text = base::shorten(base::scrub_utf8(text), 120);
    refusal.message = fmt::format("{}: \"{}\"", why, refusal.text);
    return refusal;
}

/// Claims about where a visitor comes from are fine as long as they name the target itself.
bool names_target(std::string_view value, const Target& target) {
    return value.find(target.host) != std::string_view::npos
           && value.find("://" + target.host) != std::string_view::npos;
}

Refusal check_header(const model::HttpHeader& header, const Target& target) {
    const std::string line = fmt::format("{}: {}", header.name, header.value);
    const auto is_line_end = [](char c) {
        return c == '\r' || c == '\n' || c == '\0';
    };
    if (std::any_of(line.begin(), line.end(), is_line_end)) {
        return refuse(Rule::header_lines, line, "a header value adds lines");
    }
    if (is_credential_header(header.name)) {
        const bool is_cookie = base::istarts_with(header.name, "cookie");
        return refuse(
            Rule::credentials,
            line,
            is_cookie ? "the header brings a cookie, which a site may take for a sign-in"
                      : "the header carries a credential"
        );
    }
    const bool is_origin = base::iequals(header.name, "Origin") || base::iequals(header.name, "Referer");
    if (is_claiming_header(header.name) && !(is_origin && names_target(header.value, target))) {
        return refuse(Rule::claiming_header, line, "the header claims another host, address, path or method");
    }
    if (is_framing_header(header.name)) {
        return refuse(Rule::claiming_header, line, "the header changes how the request is read");
    }
    const bool is_media = base::iequals(header.name, "Accept") || base::iequals(header.name, "User-Agent")
                          || is_origin || base::iequals(header.name, "Content-Type")
                          || base::iequals(header.name, "Accept-Language");
    const std::string found = payload_like(header.value);
    const bool is_plain_media = is_media && found.size() <= 2; // "; q=0.8" is no command
    if (!found.empty() && !(is_plain_media || (is_origin && names_target(header.value, target)))) {
        return refuse(
            Rule::payload_text, line, fmt::format("the header value looks like a payload (\"{}\")", found)
        );
    }
    return {};
}

/// Judged at load against a made-up target, whose port and scheme the real one need not share.
enum class Strictness { judging, sending };

Refusal check_http(const HttpRequest& request, const Target& target, Strictness strictness) {
    static constexpr std::array<std::string_view, 3> kMethods = {"GET", "HEAD", "OPTIONS"};
    if (std::find(kMethods.begin(), kMethods.end(), request.method) == kMethods.end()) {
        return refuse(Rule::method, request.method, "the method is not GET, HEAD or OPTIONS");
    }
    if (!request.body.empty()) {
        return refuse(Rule::body, request.body, "the request has a body");
    }
    const bool is_default = request.port == (request.scheme == "https" ? 443 : 80);
    const bool is_same = request.port == target.port && request.scheme == target.scheme;
    const bool is_target =
        request.host == target.host && (is_same || (strictness == Strictness::judging && is_default));
    if (!is_target) {
        return refuse(Rule::other_host, request.url(), "the request does not go to the target");
    }
    // The target's own path and query are the asset as registered: only what the template adds is judged.
    std::string_view added = request.target;
    if (!target.path.empty() && added.starts_with(target.path)) {
        added.remove_prefix(target.path.size());
    }
    std::string own(added);
    if (!target.query.empty()) {
        const auto at = own.find(target.query);
        own = at == std::string::npos ? own : own.erase(at, target.query.size());
    }
    if (const auto found = payload_like(own); !found.empty()) {
        return refuse(
            Rule::payload_text,
            request.target,
            fmt::format("the path or query looks like a payload (\"{}\")", found)
        );
    }
    const auto question = own.find('?');
    const auto name = question == std::string::npos
                          ? std::string()
                          : credential_in_query(std::string_view(own).substr(question + 1));
    if (!name.empty()) {
        return refuse(
            Rule::credentials,
            request.target,
            fmt::format("the query parameter {} carries a credential", name)
        );
    }
    for (const auto& header : request.headers) {
        if (auto refusal = check_header(header, target)) {
            return refusal;
        }
    }
    return {};
}

Refusal check_dns(const DnsRequest& request, const Target& target) {
    const std::string name = base::to_lower(request.name);
    const std::string zone = target.domain.empty() ? target.host : target.domain;
    const bool is_below = name == target.host || name.ends_with("." + target.host) || name == zone
                          || name.ends_with("." + zone);
    if (!is_below && !name.ends_with(".in-addr.arpa") && !name.ends_with(".ip6.arpa")) {
        return refuse(Rule::other_host, request.name, "the question is not about the target");
    }
    if (request.type == "AXFR" || request.type == "ANY") {
        return refuse(Rule::unsupported, request.type, "the record type is not asked for");
    }
    return {};
}

Refusal check_address(const std::string& host, std::uint16_t port, const Target& target) {
    if (base::to_lower(host) != target.host) {
        return refuse(
            Rule::other_host, fmt::format("{}:{}", host, port), "the connection does not go to the target"
        );
    }
    return {};
}

Refusal check_tcp(const TcpRequest& request, const Target& target) {
    if (auto refusal = check_address(request.host, request.port, target)) {
        return refusal;
    }
    if (target.has_port && request.port != target.port) {
        return refuse(
            Rule::other_host, fmt::format("{}:{}", request.host, request.port), "the port is not the target's"
        );
    }
    for (const auto& input : request.inputs) {
        if (!input.first.empty()) {
            return refuse(Rule::tcp_data, input.first, "data are sent over TCP");
        }
    }
    return {};
}

Refusal check_request(const PlannedRequest& request, const Target& target, Strictness strictness) {
    switch (request.protocol) {
    case Protocol::dns:
        return check_dns(request.dns, target);
    case Protocol::ssl:
        return check_address(request.ssl.host, request.ssl.port, target);
    case Protocol::tcp:
        return check_tcp(request.tcp, target);
    default:
        return check_http(request.http, target, strictness);
    }
}

/// A value from an answer stays within its place: no line, no climb, no host of its own.
Refusal check_extracted(const std::string& value) {
    const bool has_lines = value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
    if (has_lines) {
        return refuse(Rule::header_lines, value, "a value from an answer adds lines");
    }
    const std::string found = payload_like("/" + value);
    if (!found.empty()) {
        return refuse(
            Rule::path_escape, value, fmt::format("a value from an answer leaves its place (\"{}\")", found)
        );
    }
    return {};
}

struct FeatureRule {
    std::string_view name;
    Rule rule;
    std::string_view why;
};
constexpr FeatureRule kFeatureRules[] = {
    {"unsafe", Rule::unsafe_request, "requests that are no proper HTTP are not sent"},
    {"pipeline", Rule::unsafe_request, "pipelined requests are not sent"},
    {"race", Rule::race, "races are not run"},
    {"race_count", Rule::race, "races are not run"},
    {"fuzzing", Rule::fuzzing, "fuzzing is not done"},
    {"analyzer", Rule::fuzzing, "fuzzing is not done"},
    {"pre-condition", Rule::fuzzing, "pre-conditions belong to fuzzing"},
    {"self-contained", Rule::self_contained, "the template does not look at the target"},
    {"digest-username", Rule::credentials, "the template logs in"},
    {"signature", Rule::credentials, "requests are signed with a credential"},
    {"flow", Rule::script_flow, "the flow is a script, not a chain of && and ||"},
    {"trace", Rule::unsupported, "DNS traces ask other servers"},
    {"resolvers", Rule::other_host, "the template names its own resolvers"},
    {"global-matchers", Rule::unsupported, "matchers over other templates' answers are not run"},
    {"tls_version_enum", Rule::unsupported, "enumerating handshakes is the TLS probe's work"},
    {"tls_cipher_enum", Rule::unsupported, "enumerating handshakes is the TLS probe's work"},
};

Refusal judge_features(const Template& value) {
    for (const auto& feature : value.features) {
        for (const auto& known : kFeatureRules) {
            if (known.name == feature.name) {
                return refuse(known.rule, feature.text, fmt::format("line {}: {}", feature.line, known.why));
            }
        }
        return refuse(
            Rule::protocol, feature.text, fmt::format("line {}: the protocol is not run", feature.line)
        );
    }
    static constexpr std::string_view kTags[] = {
        "dos", "intrusive", "fuzz", "fuzzing", "bruteforce", "default-login"};
    for (const auto tag : kTags) {
        if (value.has_tag(tag)) {
            return refuse(Rule::tag, tag, "the template's own tag forbids it");
        }
    }
    return {};
}

template <class Visit>
void each_text(const Block& block, Visit visit) {
    for (const auto* list : {&block.http.paths, &block.http.raws, &block.tcp.hosts}) {
        for (const auto& text : *list) {
            visit(text);
        }
    }
    for (const auto& header : block.http.headers) {
        visit(header.value);
    }
    for (const auto& input : block.tcp.inputs) {
        visit(input.data);
    }
    visit(block.http.body);
    visit(block.dns.name);
    visit(block.ssl.address);
    for (const auto& matcher : block.operators.matchers) {
        for (const auto& word : matcher.words) {
            visit(word);
        }
    }
}

Refusal judge_expression(const Expression& expression) {
    for (const auto name :
         {"resolve",
          "jarm",
          "public_ip",
          "llm_prompt",
          "wappalyzer",
          "wait_for",
          "print_debug",
          "generate_java_gadget",
          "generate_dotnet_gadget",
          "generate_jwt",
          "aes_cbc",
          "aes_gcm",
          "rsa_encrypt",
          "zip",
          "cookie_unsign"}) {
        if (expression.calls(name)) {
            return refuse(
                Rule::function,
                expression.text(),
                fmt::format("the function {} is not called: {}", name, function_refusal(name))
            );
        }
    }
    return {};
}

/// Callbacks and functions, wherever they stand.
Refusal judge_texts(const Template& value, const Block& block) {
    Refusal refusal;
    const auto look = [&refusal](const Text& text) {
        if (!refusal && text.source().find("interactsh") != std::string::npos) {
            refusal = refuse(Rule::callback, text.source(), "the template waits for a callback");
        }
        for (const auto* expression : text.expressions()) {
            refusal = refusal ? refusal : judge_expression(*expression);
        }
    };
    each_text(block, look);
    for (const auto& variable : value.variables) {
        if (variable.text) {
            look(*variable.text);
        }
    }
    const auto look_part = [&refusal](const std::string& part) {
        if (!refusal && part.starts_with("interactsh")) {
            refusal = refuse(Rule::callback, part, "the template waits for a callback");
        }
    };
    const auto look_all = [&refusal](const std::vector<Expression>& list) {
        for (const auto& expression : list) {
            refusal = refusal ? refusal : judge_expression(expression);
            if (!refusal && expression.text().find("interactsh") != std::string::npos) {
                refusal = refuse(Rule::callback, expression.text(), "the template waits for a callback");
            }
        }
    };
    for (const auto& matcher : block.operators.matchers) {
        look_part(matcher.part);
        look_all(matcher.expressions);
    }
    for (const auto& extractor : block.operators.extractors) {
        look_part(extractor.part);
        look_all(extractor.expressions);
    }
    return refusal;
}

/// A made-up target; variables from answers get a harmless stand-in.
constexpr std::string_view kSampleHost = "target.fengsui.invalid";
constexpr std::string_view kStandIn = "fengsui0value";

class Judge {
public:
    Judge(const Template& value, std::size_t listed) : template_(value), listed_(listed) {
        target_ = Target::parse(fmt::format("http://{}", kSampleHost)).or_throw();
        target_.domain = "fengsui.invalid";
        target_.suffix = "invalid";
        for (const auto& block : value.blocks) {
            for (const auto& extractor : block.operators.extractors) {
                if (!extractor.name.empty()) {
                    stand_ins_.insert_or_assign(extractor.name, Value::text(std::string(kStandIn)));
                    for (int i = 0; i < 4; ++i) {
                        stand_ins_.insert_or_assign(
                            fmt::format("{}{}", extractor.name, i), Value::text(std::string(kStandIn))
                        );
                    }
                }
            }
        }
    }

    Judgement run() {
        Judgement out;
        out.refusal = judge_features(template_);
        for (const auto& block : template_.blocks) {
            Refusal refusal = judge_texts(template_, block);
            if (!refusal) {
                refusal = judge_block(block, out);
            }
            out.refusal = out.refusal ? out.refusal : refusal;
        }
        if (!out.refusal && out.request_count > kMaxRequests) {
            out.refusal = refuse(
                Rule::too_many_requests,
                std::to_string(out.request_count),
                fmt::format("more than {} requests for one target", kMaxRequests)
            );
        }
        if (!out.refusal) {
            out.send_class = needs_careful_ ? SendClass::careful : SendClass::passive;
        }
        return out;
    }

private:
    Refusal judge_block(const Block& block, Judgement& out) {
        const PayloadIterator payloads(block);
        const std::size_t requests = requests_of(block);
        for (std::size_t i = 0; i < (payloads.is_empty() ? 1 : payloads.count()); ++i) {
            const Variables set = payloads.is_empty() ? Variables() : payloads.at(i);
            for (std::size_t number = 0; number < requests; ++number) {
                if (++out.request_count > kMaxRequests) {
                    return {};
                }
                if (auto refusal = judge_one(block, number, set, out)) {
                    return refusal;
                }
            }
        }
        return {};
    }
    static std::size_t requests_of(const Block& block) {
        if (block.protocol == Protocol::tcp) {
            return block.tcp.hosts.size();
        }
        if (block.protocol != Protocol::http) {
            return 1;
        }
        return block.http.raws.empty() ? block.http.paths.size() : block.http.raws.size();
    }
    Refusal judge_one(const Block& block, std::size_t number, const Variables& payloads, Judgement& out) {
        Environment environment{{}, Random(7)};
        BuildInput input;
        input.source = &template_;
        input.block = &block;
        input.target = &target_;
        input.number = number;
        input.dynamic = &stand_ins_;
        input.payloads = &payloads;
        input.environment = &environment;
        if (auto refusal = host_variables(block, number)) {
            return refusal;
        }
        auto built = build_request(input);
        if (!built) {
            if (out.requests.size() < listed_) {
                out.requests.push_back(fmt::format("(cannot be made: {})", built.error().message()));
            }
            return raw_text_rules(block, number);
        }
        list(built->request, out);
        if (!built->unresolved.empty() && block.protocol == Protocol::http && block.http.raws.empty()
            && built->request.http.host.empty()) {
            return refuse(
                Rule::other_host, block.http.paths[number].source(), "the path does not begin with the target"
            );
        }
        fill_unresolved(built->unresolved, built->request.http);
        if (auto refusal = check_request(built->request, target_, Strictness::judging)) {
            return refusal;
        }
        needs_careful_ =
            needs_careful_
            || (block.protocol == Protocol::http && !is_passive_path(built->request.http.target, target_));
        return {};
    }
    /// What no answer fills is never sent; the rest of the request is judged all the same.
    static void fill_unresolved(const std::string& name, HttpRequest& request) {
        if (name.empty()) {
            return;
        }
        const std::string marker = "{{" + name + "}}";
        for (auto at = request.target.find(marker); at != std::string::npos;
             at = request.target.find(marker)) {
            request.target.replace(at, marker.size(), kStandIn);
        }
        for (auto& header : request.headers) {
            for (auto at = header.value.find(marker); at != std::string::npos;
                 at = header.value.find(marker)) {
                header.value.replace(at, marker.size(), kStandIn);
            }
        }
    }
    /// A request that cannot be made here (an expression needs an answer) is judged by its text.
    Refusal raw_text_rules(const Block& block, std::size_t number) const {
        if (block.protocol != Protocol::http) {
            return {};
        }
        const std::string& text =
            (block.http.raws.empty() ? block.http.paths : block.http.raws)[number].source();
        const auto raw =
            block.http.raws.empty()
                ? base::Result<RawRequest>(RawRequest{block.http.method, text, {}, {}, {}, {}, 0, false})
                : parse_raw_request(text);
        if (!raw) {
            return refuse(Rule::unsupported, text, "the raw request is malformed");
        }
        if (raw->method != "GET" && raw->method != "HEAD" && raw->method != "OPTIONS") {
            return refuse(Rule::method, raw->method, "the method is not GET, HEAD or OPTIONS");
        }
        return raw->body.empty() ? Refusal() : refuse(Rule::body, raw->body, "the request has a body");
    }
    /// Which texts may begin a path, and the annotations that lead elsewhere.
    Refusal host_variables(const Block& block, std::size_t number) const {
        if (block.protocol != Protocol::http) {
            return {};
        }
        if (!block.http.raws.empty()) {
            const auto raw = parse_raw_request(block.http.raws[number].source());
            if (raw && !raw->host_annotation.empty()) {
                return refuse(
                    Rule::annotation_host,
                    "@Host: " + raw->host_annotation,
                    "the request goes to another host"
                );
            }
            if (raw && !raw->sni_annotation.empty() && raw->sni_annotation != "request.host") {
                return refuse(
                    Rule::annotation_host,
                    "@tls-sni: " + raw->sni_annotation,
                    "the handshake names another host"
                );
            }
            return {};
        }
        const std::string& text = block.http.paths[number].source();
        static constexpr std::string_view kStarts[] = {
            "{{BaseURL}}",
            "{{RootURL}}",
            "{{Scheme}}://{{Hostname}}",
            "{{Scheme}}://{{Host}}",
            "http://{{Host",
            "https://{{Host"};
        for (const auto start : kStarts) {
            if (text.starts_with(start)) {
                return {};
            }
        }
        return refuse(Rule::other_host, text, "the path does not begin with the target");
    }
    void list(const PlannedRequest& request, Judgement& out) const {
        if (out.requests.size() >= listed_) {
            return;
        }
        std::string line = request.describe();
        const std::string made_up = fmt::format("{}:{}", kSampleHost, target_.port);
        if (request.protocol == Protocol::ssl && line.ends_with(made_up)) {
            line.replace(line.size() - made_up.size(), made_up.size(), "{{Host}}:{{Port}}");
        }
        for (const std::string& host : {target_.root(), target_.host}) {
            for (auto at = line.find(host); at != std::string::npos; at = line.find(host, at + 1)) {
                line.replace(at, host.size(), host == target_.host ? "{{Host}}" : "{{BaseURL}}");
            }
        }
        out.requests.push_back(std::move(line));
    }

    const Template& template_;
    std::size_t listed_;
    Target target_;
    Variables stand_ins_;
    bool needs_careful_ = false;
};

} // namespace

std::string_view to_string(SendClass send_class) {
    static constexpr std::string_view kNames[] = {"passive", "careful", "refused"};
    return kNames[static_cast<std::size_t>(send_class)];
}

std::string_view to_string(Rule rule) {
    static constexpr std::string_view kNames[] = {
        "none",
        "method",
        "body",
        "credentials",
        "payload_text",
        "claiming_header",
        "annotation_host",
        "other_host",
        "unsafe_request",
        "race",
        "fuzzing",
        "callback",
        "self_contained",
        "protocol",
        "tcp_data",
        "tag",
        "script_flow",
        "header_lines",
        "path_escape",
        "function",
        "too_many_requests",
        "unsupported"};
    return kNames[static_cast<std::size_t>(rule)];
}

bool is_passive_path(std::string_view request_target, const Target& target) {
    static constexpr std::string_view kPaths[] = {
        "", "/", "/robots.txt", "/sitemap.xml", "/favicon.ico", "/.well-known/security.txt"};
    const std::string own = target.path + (target.query.empty() ? "" : "?" + target.query);
    return request_target == own
           || std::find(std::begin(kPaths), std::end(kPaths), request_target) != std::end(kPaths);
}

Judgement judge(const Template& value, std::size_t listed) {
    return Judge(value, listed).run();
}

Refusal guard_request(const PlannedRequest& request, const Target& target) {
    for (const auto& value : request.extracted) {
        if (auto refusal = check_extracted(value)) {
            return refusal;
        }
    }
    if (request.http.cookies.find_first_of("\r\n") != std::string::npos) {
        return refuse(Rule::header_lines, request.http.cookies, "a cookie adds lines");
    }
    return check_request(request, target, Strictness::sending);
}

} // namespace fengsui::templates
