#include "template/builder.h"

#include "base/text.h"
#include "template/bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fengsui::templates {

namespace {

constexpr std::size_t kMaxCombinations = 1000000;

/// Go's path.Dir and path.Base of a path as written.
std::string directory_of(std::string_view path) {
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos) {
        return "";
    }
    return slash == 0 ? "/" : std::string(path.substr(0, slash));
}
std::string file_of(std::string_view path) {
    while (path.size() > 1 && path.ends_with('/')) {
        path.remove_suffix(1);
    }
    if (path.empty()) {
        return "";
    }
    return path == "/" ? "/" : std::string(path.substr(path.rfind('/') + 1));
}

void add_domain(const Target& target, Variables& out) {
    out.insert_or_assign("FQDN", Value::text(target.host));
    if (target.domain.empty() || target.suffix.empty() || !target.domain.ends_with("." + target.suffix)) {
        return;
    }
    out.insert_or_assign("RDN", Value::text(target.domain));
    out.insert_or_assign("TLD", Value::text(target.suffix));
    out.insert_or_assign(
        "DN", Value::text(target.domain.substr(0, target.domain.size() - target.suffix.size() - 1))
    );
    const bool has_sub = target.host.size() > target.domain.size() + 1;
    out.insert_or_assign(
        "SD", Value::text(has_sub ? target.host.substr(0, target.host.size() - target.domain.size() - 1) : "")
    );
}

/// Blanks and controls cannot stand in a request line; everything else stays byte for byte (point 28).
std::string wire_path(std::string_view path) {
    std::string out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const auto byte = static_cast<unsigned char>(path[i]);
        std::string decoded;
        if (byte <= 0x20 || byte == 0x7f) {
            out += fmt::format("%{:02X}", byte);
        } else if (byte == '%' && !(i + 2 < path.size() && decode_hex(path.substr(i + 1, 2), decoded))) {
            out += "%25"; // %u2s
        } else {
            out += path[i];
        }
    }
    return out;
}

struct SplitUrl {
    std::string scheme;
    std::string authority;
    std::string path;
    std::string query;
};

bool split_url(std::string_view text, SplitUrl& out) {
    const auto mark = text.find("://");
    if (mark == std::string_view::npos) {
        return false;
    }
    out.scheme = base::to_lower(text.substr(0, mark));
    text.remove_prefix(mark + 3);
    const auto end = std::min(text.find_first_of("/?#"), text.size());
    out.authority = text.substr(0, end);
    auto rest = text.substr(end);
    rest = rest.substr(0, rest.find('#'));
    const auto question = rest.find('?');
    out.path = rest.substr(0, question);
    out.query = question == std::string_view::npos ? "" : rest.substr(question + 1);
    return out.scheme == "http" || out.scheme == "https";
}

std::string joined_query(const std::string& first, const std::string& second) {
    return first.empty() || second.empty() ? first + second : first + "&" + second;
}

void set_authority(std::string_view authority, HttpRequest& out) {
    const auto bracket = authority.rfind(']');
    const auto colon = authority.rfind(':');
    out.port = out.scheme == "https" ? 443 : 80;
    out.host = base::to_lower(authority);
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        const auto digits = authority.substr(colon + 1);
        std::uint16_t port = 0;
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (failure == std::errc() && end == digits.data() + digits.size()) {
            out.port = port;
            out.host = base::to_lower(authority.substr(0, colon));
        }
    }
}

bool begins_with_variable_slash(std::string_view text) {
    if (!text.starts_with("{{")) {
        return false;
    }
    const auto end = text.find("}}");
    return end != std::string_view::npos && end > 2 && text.substr(end).starts_with("}}/")
           && std::all_of(text.begin() + 2, text.begin() + static_cast<std::ptrdiff_t>(end), base::is_alpha);
}

class Builder {
public:
    explicit Builder(const BuildInput& input) : input_(input), block_(*input.block), target_(*input.target) {}

    base::Result<Built> run() {
        built_.request.protocol = block_.protocol;
        built_.request.number = input_.number + 1;
        try {
            switch (block_.protocol) {
            case Protocol::http:
                http();
                break;
            case Protocol::dns:
                dns();
                break;
            case Protocol::ssl:
                ssl();
                break;
            case Protocol::tcp:
                tcp();
                break;
            }
        } catch (const base::Error& error) {
            return error;
        }
        note_extracted();
        return std::move(built_);
    }

private:
    [[nodiscard]] static std::string render(const Text& text, const Scope& scope) {
        return text.render(scope).or_throw();
    }

    /// Precedence, low to high: dynamic, context, target, given, the template's variables, constants,
    /// payloads.
    Scope variables(bool drops_slash) {
        Variables& all = built_.variables;
        const auto add = [&all](const Variables* layer) {
            for (const auto& [name, value] : layer != nullptr ? *layer : Variables()) {
                all.insert_or_assign(name, value);
            }
        };
        add(input_.dynamic);
        add(input_.context);
        const Variables of_target = target_variables(target_, block_.protocol, drops_slash);
        add(&of_target);
        add(input_.given);
        const Variables data = all; // a variable of the same name as data takes the data's value
        for (const auto& variable : input_.source->variables) {
            if (data.contains(variable.name) || input_.source->constants.contains(variable.name)) {
                continue;
            }
            all.insert_or_assign(variable.name, variable_value(variable));
        }
        add(&input_.source->constants);
        for (const auto& [name, value] : input_.payloads != nullptr ? *input_.payloads : Variables()) {
            Scope scope(*input_.environment);
            scope.push(all);
            built_.payloads.insert_or_assign(name, Value::text(render(Text(value.as_text()), scope)));
        }
        for (const auto& [name, value] : built_.payloads) {
            all.insert_or_assign(name, value);
        }
        Scope scope(*input_.environment);
        scope.push(all);
        return scope;
    }
    Value variable_value(const NamedText& variable) {
        if (!variable.text) {
            ValueList items;
            for (const auto& item : variable.list) {
                items.push_back(Value::text(item));
            }
            return Value::list(std::move(items));
        }
        Scope scope(*input_.environment);
        scope.push(built_.variables);
        const auto rendered = variable.text->render(scope);
        return Value::text(rendered ? *rendered : variable.text->source());
    }

    void http() {
        const HttpBlock& http = block_.http;
        HttpRequest& out = built_.request.http;
        const bool is_raw = !http.raws.empty();
        const Text& text = is_raw ? http.raws[input_.number] : http.paths[input_.number];
        const Scope scope = variables(!is_raw && begins_with_variable_slash(text.source()));
        out.redirects = http.redirects;
        out.max_redirects = http.max_redirects == 0 ? 10 : http.max_redirects;
        if (http.max_size != 0) {
            out.max_body = std::min(http.max_size, out.max_body);
        }
        const std::string rendered = render(text, scope);
        is_raw ? from_raw(rendered, scope) : from_path(rendered, scope);
        for (const auto& header : http.headers) {
            set_header(header.name, render(header.value, scope));
        }
        if (!http.body.empty()) {
            out.body = render(http.body, scope);
        }
        if (!http.skips_variables_check) {
            built_.unresolved = unresolved_marker(out.dump());
        }
    }
    void set_header(const std::string& name, std::string value) {
        auto& headers = built_.request.http.headers;
        const auto found = std::find_if(headers.begin(), headers.end(), [&name](const auto& header) {
            return header.name == name;
        });
        if (found != headers.end()) {
            found->value = std::move(value);
        } else {
            headers.push_back({name, std::move(value)});
        }
    }
    void from_path(std::string_view rendered, const Scope& /*scope*/) {
        HttpRequest& out = built_.request.http;
        out.method = block_.http.method;
        SplitUrl url;
        if (!split_url(rendered, url)) {
            built_.unresolved = unresolved_marker(rendered);
            if (!built_.unresolved.empty()) {
                return;
            }
            throw base::Error(
                base::ErrorCode::invalid_argument, fmt::format("\"{:.80}\" is no URL", rendered)
            );
        }
        out.scheme = url.scheme;
        set_authority(url.authority, out);
        const std::uint16_t port = port_of_text(block_.http.paths[input_.number].source(), target_);
        if (port != target_.port) { // the text's port replaces the target's
            out.host = target_.host;
            out.port = port;
        }
        set_target(url.path, joined_query(target_.query, url.query));
    }
    void set_target(std::string_view path, const std::string& query) {
        std::string& target = built_.request.http.target;
        target = wire_path(path);
        if (!query.empty()) {
            target += "?" + wire_path(query);
        }
    }
    void from_raw(const std::string& rendered, const Scope& /*scope*/) {
        HttpRequest& out = built_.request.http;
        auto raw = parse_raw_request(rendered).or_throw();
        out.scheme = target_.scheme;
        out.host = target_.host;
        out.port = target_.port;
        out.method = raw.method;
        out.headers = std::move(raw.headers);
        out.body = std::move(raw.body);
        out.timeout_seconds = raw.timeout_seconds;
        SplitUrl url;
        if (split_url(raw.path, url)) {
            HttpRequest named;
            named.scheme = url.scheme;
            set_authority(url.authority, named);
            if (named.host != out.host) { // a full URL: only its path is used; another host shows intent
                out.host = named.host;
            }
            raw.path = url.path + (url.query.empty() ? "" : "?" + url.query);
        }
        if (!raw.host_annotation.empty()) {
            apply_host(raw.host_annotation, out);
        }
        merge_raw_path(raw.path);
        drop_own_headers(out);
    }
    static void apply_host(const std::string& annotation, HttpRequest& out) {
        SplitUrl url;
        if (split_url(annotation, url)) {
            out.scheme = url.scheme;
            set_authority(url.authority, out);
        } else {
            set_authority(annotation, out);
        }
    }
    void merge_raw_path(std::string_view path) {
        const auto question = path.find('?');
        const std::string own_query(
            question == std::string_view::npos ? std::string_view() : path.substr(question + 1)
        );
        std::string_view own_path = path.substr(0, question);
        if (own_path == "/" && question == std::string_view::npos) {
            own_path = {}; // `GET /` keeps the target's path
        }
        const std::string_view base_path =
            block_.http.disables_path_automerge ? std::string_view() : std::string_view(target_.path);
        std::string merged =
            own_path.empty() && path.empty() ? target_.path : merge_paths(base_path, own_path);
        if (!merged.empty() && merged.front() != '/') {
            merged.insert(0, "/");
        }
        set_target(merged.empty() ? "/" : merged, joined_query(target_.query, own_query));
    }
    /// Host when it is the target's own, and what the client writes itself.
    void drop_own_headers(HttpRequest& out) const {
        const std::string with_port = fmt::format("{}:{}", target_.host, target_.port);
        std::erase_if(out.headers, [&](const model::HttpHeader& header) {
            const bool is_own_host =
                header.name == "Host"
                && (base::iequals(header.value, target_.host) || base::iequals(header.value, with_port));
            return is_own_host || base::iequals(header.name, "Content-Length");
        });
    }

    void dns() {
        const Scope scope = variables(false);
        built_.request.dns.name = render(block_.dns.name, scope);
        built_.request.dns.type = block_.dns.type;
        built_.unresolved = unresolved_marker(built_.request.dns.name);
    }
    /// host:port of a rendered address; the port may be missing.
    static void split_address(const std::string& address, std::string& host, std::uint16_t& port) {
        const auto colon = address.rfind(':');
        host = address;
        if (colon == std::string::npos) {
            return;
        }
        std::uint16_t number = 0;
        const auto [end, failure] =
            std::from_chars(address.data() + colon + 1, address.data() + address.size(), number);
        if (failure == std::errc() && end == address.data() + address.size()) {
            port = number;
            host = address.substr(0, colon);
        }
    }
    void ssl() {
        const Scope scope = variables(false);
        SslRequest& out = built_.request.ssl;
        const std::string address = render(block_.ssl.address, scope);
        built_.unresolved = unresolved_marker(address);
        out.port = target_.has_port || target_.scheme == "https" ? target_.port : 443;
        split_address(address, out.host, out.port);
        out.min_version = block_.ssl.min_version;
        out.max_version = block_.ssl.max_version;
        out.cipher_suites = block_.ssl.cipher_suites;
    }
    void tcp() {
        const Scope scope = variables(false);
        TcpRequest& out = built_.request.tcp;
        std::string address = render(block_.tcp.hosts[input_.number], scope);
        address = address.starts_with("tls://") ? address.substr(6) : address;
        built_.unresolved = unresolved_marker(address);
        out.port = target_.port;
        split_address(address, out.host, out.port);
        out.read_size = block_.tcp.read_size;
        out.reads_all = block_.tcp.reads_all;
        for (const auto& input : block_.tcp.inputs) {
            std::string data = render(input.data, scope);
            std::string bytes;
            if (input.is_hex && decode_hex(data, bytes)) {
                data = bytes;
            }
            out.inputs.emplace_back(std::move(data), input.read);
        }
    }

    /// Values from answers that the request's text reads: the guard looks at them again.
    void note_extracted() {
        for (const auto* layer : {input_.dynamic, input_.context}) {
            for (const auto& [name, value] : layer != nullptr ? *layer : Variables()) {
                if (reads(name)) {
                    built_.request.extracted.push_back(value.to_text());
                }
            }
        }
    }
    [[nodiscard]] bool reads(const std::string& name) const {
        const auto in = [&name](const Text& text) {
            return text.source().find(name) != std::string::npos;
        };
        const HttpBlock& http = block_.http;
        const auto in_variables = [&](const NamedText& variable) {
            return variable.text && in(*variable.text);
        };
        return std::any_of(http.paths.begin(), http.paths.end(), in)
               || std::any_of(http.raws.begin(), http.raws.end(), in)
               || std::any_of(
                   http.headers.begin(),
                   http.headers.end(),
                   [&in](const auto& header) { return in(header.value); }
               )
               || std::any_of(input_.source->variables.begin(), input_.source->variables.end(), in_variables)
               || in(block_.dns.name) || in(block_.ssl.address);
    }

    const BuildInput& input_;
    const Block& block_;
    const Target& target_;
    Built built_;
};

} // namespace

Variables target_variables(const Target& target, Protocol protocol, bool drops_slash) {
    Variables out;
    const auto set = [&out](std::string_view name, std::string value) {
        out.insert_or_assign(std::string(name), Value::text(std::move(value)));
    };
    add_domain(target, out);
    if (protocol == Protocol::dns) {
        return out;
    }
    std::string path = target.path;
    if (drops_slash && path.ends_with('/')) {
        path.pop_back();
    }
    const std::string hostname =
        protocol == Protocol::ssl || protocol == Protocol::tcp ? fmt::format(
            "{}:{}",
            target.host,
            target.has_port || target.scheme != "http" ? target.port
                                                       : (protocol == Protocol::ssl ? 443 : target.port)
        )
                                                               : target.authority();
    set("BaseURL", target.root() + path);
    set("RootURL", target.root());
    set("Hostname", hostname);
    set("Host", target.host);
    set("Port", std::to_string(target.port));
    set("Path", directory_of(path));
    set("File", file_of(path));
    set("Scheme", target.scheme);
    set("Input", target.root() + path);
    set("Query", ""); // emptied before it is read, as in nuclei
    if (!target.ip.empty()) {
        set("ip", target.ip);
    }
    return out;
}

std::uint16_t port_of_text(std::string_view text, const Target& target) {
    for (const std::string_view open : {"{{BaseURL}}:", "{{RootURL}}:"}) {
        if (!text.starts_with(open)) {
            continue;
        }
        const auto digits = text.substr(open.size());
        std::uint16_t port = 0;
        if (std::from_chars(digits.data(), digits.data() + digits.size(), port).ec == std::errc()) {
            return port;
        }
    }
    return target.port;
}

base::Result<Built> build_request(const BuildInput& input) {
    return Builder(input).run();
}

PayloadIterator::PayloadIterator(const Block& block)
    : sets_(&block.payloads), attack_(block.attack.value_or(Attack::batteringram)) {
    if (sets_->empty()) {
        return;
    }
    count_ = sets_->front().values.size();
    for (std::size_t i = 1; i < sets_->size(); ++i) {
        const std::size_t size = (*sets_)[i].values.size();
        count_ = attack_ == Attack::clusterbomb ? std::min(count_ * size, kMaxCombinations)
                                                : std::min(count_, size);
    }
}

Variables PayloadIterator::at(std::size_t index) const {
    Variables out;
    for (std::size_t i = sets_->size(); i > 0; --i) { // the last set turns fastest
        const auto& set = (*sets_)[i - 1];
        const std::size_t size = set.values.size();
        const std::size_t at = attack_ == Attack::clusterbomb ? index % size : index;
        index = attack_ == Attack::clusterbomb ? index / size : index;
        out.insert_or_assign(set.name, Value::text(set.values[at]));
    }
    return out;
}

} // namespace fengsui::templates
