#include "template/facts.h"

#include "base/text.h"
#include "template/json_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fengsui::templates {

namespace {

/// `server` becomes `Server`, as Go's textproto does for valid names.
std::string canonical_name(std::string_view name) {
    const bool is_token = std::all_of(name.begin(), name.end(), [](char c) {
        return base::is_alpha(c) || base::is_digit(c)
               || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
    std::string out(name);
    bool begins = true;
    for (char& c : out) {
        if (is_token) {
            c = begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A')
                                               : (begins ? c : base::to_lower(c));
        }
        begins = c == '-';
    }
    return out;
}

/// Values by canonical name, in the order sent.
using HeaderMap = std::map<std::string, std::vector<std::string>>;

HeaderMap by_name(const model::HttpHeaders& headers) {
    HeaderMap map;
    for (const auto& header : headers) {
        map[canonical_name(header.name)].emplace_back(base::trim(header.value));
    }
    return map;
}

/// Go's response writer: status line, Transfer-Encoding, then the others by name (point 9).
std::string header_block(const HttpAnswer& answer, const HeaderMap& headers) {
    const auto reason = answer.reason.empty() ? std::string(reason_phrase(answer.status)) : answer.reason;
    std::string out = fmt::format("{} {:03} {}\r\n", answer.version, answer.status, reason);
    for (const auto& [name, values] : headers) {
        for (const auto& value : values) {
            out.append(name).append(": ").append(value).append("\r\n");
        }
    }
    return out + "\r\n";
}

/// Content-Type names a charset that is decoded before matching (point 12).
std::string decoded_body(const HttpAnswer& answer) {
    const auto* type = model::find_header(answer.headers, "Content-Type");
    if (type == nullptr) {
        return answer.body;
    }
    const std::string lower = base::to_lower(*type);
    for (const std::string_view charset : {"gb18030", "gb2312", "gbk", "windows-1251"}) {
        if (lower.find(charset) != std::string::npos) {
            return base::to_utf8(answer.body, charset == "windows-1251" ? "windows-1251" : "gb18030");
        }
    }
    return answer.body;
}

/// Name and value of each Set-Cookie; the last of a name counts.
void add_cookies(const model::HttpHeaders& headers, Variables& variables) {
    for (const auto value : model::all_headers(headers, "Set-Cookie")) {
        const auto pair = value.substr(0, value.find(';'));
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos && equals > 0) {
            auto content = base::trim(pair.substr(equals + 1));
            if (content.size() > 1 && content.front() == '"' && content.back() == '"') {
                content = content.substr(1, content.size() - 2);
            }
            variables.insert_or_assign(
                base::to_lower(base::trim(pair.substr(0, equals))), Value::text(std::string(content))
            );
        }
    }
}

std::string variable_name(std::string_view header) {
    std::string name = base::to_lower(base::trim(header));
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

} // namespace

void ResponseFacts::set(std::string name, Value value) {
    variables_.insert_or_assign(std::move(name), std::move(value));
}

void ResponseFacts::add_headers_and_cookies() {
    add_cookies(raw_headers_, variables_);
    for (const auto& [name, values] : by_name(raw_headers_)) { // headers override cookies (point 10)
        set(variable_name(name), Value::text(fmt::format("{}", fmt::join(values, " "))));
    }
}

void ResponseFacts::add_fixed(std::string_view target) {
    set("host", Value::text(std::string(target)));
    set("type", Value::text(std::string(to_string(protocol_))));
    set("matched", Value::text(matched_));
    set("ip", Value::text(ip_));
    if (!request_.empty()) {
        set("request", Value::text(request_));
    }
}

std::shared_ptr<const ResponseFacts> ResponseFacts::of_http(
    HttpAnswer answer, std::string_view request, std::string_view target
) {
    const std::shared_ptr<ResponseFacts> facts(new ResponseFacts());
    facts->status_ = answer.status;
    facts->headers_ = header_block(answer, by_name(answer.headers));
    facts->body_ = decoded_body(answer);
    facts->matched_ = std::move(answer.url);
    facts->ip_ = std::move(answer.ip);
    facts->request_ = request;
    facts->raw_headers_ = std::move(answer.headers);
    facts->duration_ = answer.duration;
    facts->is_body_clean_ = base::is_valid_utf8(facts->body_);
    facts->is_head_clean_ = base::is_valid_utf8(facts->headers_);
    facts->add_headers_and_cookies();
    facts->add_fixed(target);
    if (!answer.cnames.empty()) {
        ValueList names;
        for (auto& name : answer.cnames) {
            names.push_back(Value::text(std::move(name)));
        }
        facts->set("cname", names.size() == 1 ? names.front() : Value::list(names));
    }
    return facts;
}

std::shared_ptr<const ResponseFacts> ResponseFacts::of_dns(DnsAnswer answer, std::string_view target) {
    const std::shared_ptr<ResponseFacts> facts(new ResponseFacts());
    facts->protocol_ = Protocol::dns;
    facts->matched_ = answer.name;
    facts->request_ = std::move(answer.request);
    for (auto& [name, values] : answer.records) {
        ValueList list;
        for (auto& value : values) {
            list.push_back(Value::text(std::move(value)));
        }
        facts->set(name, list.size() == 1 ? list.front() : Value::list(list));
    }
    facts->set("rcode", Value::number(answer.rcode));
    facts->set("question", Value::text(std::move(answer.question)));
    facts->set("answer", Value::text(std::move(answer.answer)));
    facts->set("ns", Value::text(std::move(answer.authority)));
    facts->set("extra", Value::text(std::move(answer.additional)));
    facts->set("raw", Value::text(std::move(answer.raw)));
    facts->set("trace", Value::text(""));
    facts->add_fixed(target);
    return facts;
}

namespace {

/// A fact as tlsx's Go structs give it: absent when zero.
std::optional<Value> fact_value(const base::Json& json) {
    if (json.is_bool()) {
        return json.as_bool() ? std::optional(Value::boolean(true)) : std::nullopt;
    }
    if (json.is_number()) {
        return json.as_double() != 0 ? std::optional(Value::number(json.as_double())) : std::nullopt;
    }
    if (json.is_string()) {
        return json.as_string().empty() ? std::nullopt : std::optional(Value::text(json.as_string()));
    }
    ValueList list;
    for (const auto& item : json.items()) {
        list.push_back(Value::text(json_result_text(item)));
    }
    return list.empty() ? std::nullopt : std::optional(Value::list(std::move(list)));
}

} // namespace

std::shared_ptr<const ResponseFacts> ResponseFacts::of_ssl(SslAnswer answer, std::string_view target) {
    const std::shared_ptr<ResponseFacts> facts(new ResponseFacts());
    facts->protocol_ = Protocol::ssl;
    facts->matched_ = answer.address;
    facts->ip_ = std::move(answer.ip);
    facts->whole_ = go_json(answer.facts);
    for (const auto& [name, json] : answer.facts.members()) {
        if (auto value = fact_value(json)) {
            facts->set(name, std::move(*value));
        }
    }
    facts->add_fixed(target);
    return facts;
}

std::shared_ptr<const ResponseFacts> ResponseFacts::of_tcp(TcpAnswer answer, std::string_view target) {
    const std::shared_ptr<ResponseFacts> facts(new ResponseFacts());
    facts->protocol_ = Protocol::tcp;
    facts->matched_ = std::move(answer.address);
    facts->ip_ = std::move(answer.ip);
    facts->request_ = std::move(answer.request);
    for (auto& [name, value] : answer.named) {
        facts->set(name, Value::text(std::move(value)));
    }
    facts->set("data", Value::text(std::move(answer.data)));
    facts->set("raw", Value::text(std::move(answer.raw)));
    facts->add_fixed(target);
    return facts;
}

const std::string& ResponseFacts::whole() const {
    if (whole_.empty() && protocol_ == Protocol::http) {
        whole_ = headers_ + body_;
    }
    return whole_;
}

const std::string& ResponseFacts::all() const {
    if (all_.empty() && protocol_ == Protocol::http) {
        all_ = body_ + headers_;
    }
    return all_;
}

std::optional<Value> ResponseFacts::find(std::string_view name) const {
    if (protocol_ == Protocol::ssl && name == "response") {
        return Value::borrowed(whole());
    }
    if (protocol_ == Protocol::http) {
        if (name == "body") {
            return Value::borrowed(body_);
        }
        if (name == "status_code") {
            return Value::number(status_);
        }
        if (name == "header" || name == "all_headers") {
            return Value::borrowed(headers_);
        }
        if (name == "response") {
            return Value::borrowed(whole());
        }
        if (name == "duration") {
            return Value::number(duration_);
        }
        if (name == "content_length") {
            const auto* header = model::find_header(raw_headers_, "Content-Length");
            double length = static_cast<double>(body_.size());
            if (header != nullptr) { // counts even when the body is shorter (point 11)
                std::from_chars(header->data(), header->data() + header->size(), length);
            }
            return Value::number(length);
        }
    }
    const auto found = variables_.find(name);
    if (found == variables_.end()) {
        return std::nullopt;
    }
    return found->second.is_text() ? Value::borrowed(found->second.as_text()) : found->second;
}

bool ResponseFacts::is_clean(std::string_view text) const {
    const auto within = [text](const std::string& whole) {
        return text.data() >= whole.data() && text.data() + text.size() <= whole.data() + whole.size();
    };
    return (is_body_clean_ && within(body_)) || (is_head_clean_ && within(headers_));
}

std::shared_ptr<const ResponseFacts> ResponseFacts::cut_to(std::size_t size) const {
    const std::shared_ptr<ResponseFacts> facts(new ResponseFacts(*this));
    facts->body_.resize(std::min(size, facts->body_.size()));
    facts->whole_.clear();
    facts->all_.clear();
    facts->is_body_clean_ = base::is_valid_utf8(facts->body_);
    return facts;
}

std::shared_ptr<const ResponseFacts> ResponseFacts::without_body() const {
    const std::shared_ptr<ResponseFacts> facts(new ResponseFacts(*this));
    facts->body_.clear();
    facts->whole_.clear();
    facts->all_.clear();
    facts->is_body_clean_ = true;
    return facts;
}

std::string ResponseFacts::excerpt(std::size_t limit) const {
    std::string text;
    if (protocol_ == Protocol::http) {
        text = headers_ + body_.substr(0, limit);
    } else if (protocol_ == Protocol::ssl) {
        text = whole_;
    } else if (const auto raw = find("raw")) {
        text = raw->to_text();
    }
    return base::shorten(base::scrub_utf8(text.substr(0, limit)), limit);
}

namespace {

struct Phrase {
    int status;
    std::string_view text;
};
constexpr Phrase kPhrases[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Requested Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {418, "I'm a teapot"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Entity"},
    {423, "Locked"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {511, "Network Authentication Required"},
};

} // namespace

std::string_view reason_phrase(int status) {
    for (const auto& phrase : kPhrases) {
        if (phrase.status == status) {
            return phrase.text;
        }
    }
    return {};
}

std::optional<std::string_view> ResponseFacts::part(std::string_view name) const {
    if (protocol_ == Protocol::http) {
        if (name.empty()) {
            return body_;
        }
        if (name == "all") {
            return all();
        }
    } else if (name.empty()) {
        static constexpr std::string_view kDefaults[] = {"body", "raw", "response", "data"};
        name = kDefaults[static_cast<std::size_t>(protocol_)];
    }
    const auto value = find(name);
    if (!value) {
        return std::nullopt;
    }
    if (value->is_text()) {
        return value->as_text();
    }
    return part_text(name, *value);
}

std::string_view ResponseFacts::part_text(std::string_view name, const Value& value) const {
    auto found = part_texts_.find(name);
    if (found == part_texts_.end()) {
        found = part_texts_.emplace(std::string(name), value.to_text()).first;
    }
    return found->second;
}

} // namespace fengsui::templates
