#include "base/text.h"
#include "template/load_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::templates {

namespace {

bool has_number_suffix(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (text[i] == '_' && base::is_digit(text[i + 1])) {
            return true;
        }
    }
    return false;
}

/// `_1` anywhere in a dsl text or a part switches the history on (point 23).
bool needs_history(const Operators& operators) {
    const auto in_expressions = [](const std::vector<Expression>& list) {
        return std::any_of(list.begin(), list.end(), [](const Expression& expression) {
            return has_number_suffix(expression.text());
        });
    };
    return std::any_of(
               operators.matchers.begin(),
               operators.matchers.end(),
               [&](const Matcher& matcher) {
                   return has_number_suffix(matcher.part) || in_expressions(matcher.expressions);
               }
           )
           || std::any_of(
               operators.extractors.begin(),
               operators.extractors.end(),
               [&](const Extractor& extractor) {
                   return has_number_suffix(extractor.part) || in_expressions(extractor.expressions);
               }
           );
}

std::vector<Text> to_texts(const std::vector<std::string>& list) {
    std::vector<Text> out;
    out.reserve(list.size());
    for (const auto& text : list) {
        out.emplace_back(text);
    }
    return out;
}

class BlockReader {
public:
    BlockReader(Reader& reader, Template& out) : reader_(reader), out_(out) {}

    void http(const YamlNode& node, const FieldPath& path) {
        reader_.check_keys(
            node,
            path,
            {"path",
             "raw",
             "id",
             "name",
             "attack",
             "method",
             "body",
             "payloads",
             "headers",
             "race_count",
             "max-redirects",
             "pipeline-concurrent-connections",
             "pipeline-requests-per-connection",
             "threads",
             "max-size",
             "fuzzing",
             "analyzer",
             "self-contained",
             "signature",
             "skip-secret-file",
             "cookie-reuse",
             "disable-cookie",
             "read-all",
             "redirects",
             "host-redirects",
             "protocol-redirects",
             "pipeline",
             "unsafe",
             "race",
             "req-condition",
             "stop-at-first-match",
             "skip-variables-check",
             "iterate-all",
             "digest-username",
             "digest-password",
             "disable-path-automerge",
             "pre-condition",
             "pre-condition-operator",
             "global-matchers",
             "matchers",
             "extractors",
             "matchers-condition"}
        );
        Block block = common(node, path, Protocol::http);
        HttpBlock& http = block.http;
        http.method = method(node, path);
        http.paths = to_texts(reader_.texts(node, path, "path"));
        http.raws = to_texts(reader_.texts(node, path, "raw"));
        http.body = Text(reader_.text(node, path, "body"));
        headers(node, path, http);
        options(node, path, http);
        http_features(node, path);
        http.has_numbered_parts = needs_history(block.operators);
        load_payloads(reader_, node, path, block);
        const bool is_fuzzing = node.find("fuzzing") != nullptr;
        if (http.paths.empty() && http.raws.empty() && !is_fuzzing
            && node.find("global-matchers") == nullptr) {
            reader_.fault(node, FieldPath(path, "path"), "neither path nor raw is given", "");
        }
        out_.blocks.push_back(std::move(block));
    }

    void dns(const YamlNode& node, const FieldPath& path) {
        reader_.check_keys(
            node,
            path,
            {"id",
             "name",
             "type",
             "class",
             "retries",
             "trace",
             "trace-max-recursion",
             "attack",
             "payloads",
             "threads",
             "recursion",
             "resolvers",
             "matchers",
             "extractors",
             "matchers-condition"}
        );
        Block block = common(node, path, Protocol::dns);
        block.dns.name = Text(reader_.text(node, path, "name"));
        block.name.clear();
        const YamlNode* type = node.find("type");
        block.dns.type = type == nullptr ? "A" : fmt::format("{}", reader_.text(node, path, "type"));
        std::transform(block.dns.type.begin(), block.dns.type.end(), block.dns.type.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        static constexpr std::string_view kTypes[] = {
            "A", "NS", "CNAME", "SOA", "PTR", "MX", "TXT", "DS", "AAAA", "CAA", "TLSA", "ANY", "SRV"};
        if (std::find(std::begin(kTypes), std::end(kTypes), block.dns.type) == std::end(kTypes)) {
            reader_.fault(*type, FieldPath(path, "type"), "unknown record type");
        }
        if (block.dns.name.empty()) {
            block.dns.name = Text("{{FQDN}}");
        }
        if (reader_.flag(node, path, "trace")) {
            feature("trace", "trace: true", node);
        }
        if (const auto* resolvers = node.find("resolvers");
            resolvers != nullptr && !resolvers->items.empty()) {
            feature("resolvers", resolvers->items.front()->text, *resolvers);
        }
        load_payloads(reader_, node, path, block);
        out_.blocks.push_back(std::move(block));
    }

    void ssl(const YamlNode& node, const FieldPath& path) {
        reader_.check_keys(
            node,
            path,
            {"id",
             "address",
             "min_version",
             "max_version",
             "cipher_suites",
             "scan_mode",
             "tls_version_enum",
             "tls_cipher_enum",
             "tls_cipher_types",
             "matchers",
             "extractors",
             "matchers-condition"}
        );
        Block block = common(node, path, Protocol::ssl);
        block.ssl.address = Text(reader_.text(node, path, "address"));
        block.ssl.min_version = reader_.text(node, path, "min_version");
        block.ssl.max_version = reader_.text(node, path, "max_version");
        block.ssl.cipher_suites = reader_.texts(node, path, "cipher_suites");
        if (block.ssl.address.empty()) {
            reader_.fault(node, FieldPath(path, "address"), "it is missing", "");
        }
        for (const std::string_view name : {"tls_version_enum", "tls_cipher_enum"}) {
            if (reader_.flag(node, path, name)) {
                feature(std::string(name), fmt::format("{}: true", name), node);
            }
        }
        out_.blocks.push_back(std::move(block));
    }

    void tcp(const YamlNode& node, const FieldPath& path) {
        reader_.check_keys(
            node,
            path,
            {"id",
             "name",
             "host",
             "attack",
             "payloads",
             "threads",
             "inputs",
             "port",
             "exclude-ports",
             "read-size",
             "read-all",
             "stop-at-first-match",
             "matchers",
             "extractors",
             "matchers-condition"}
        );
        Block block = common(node, path, Protocol::tcp);
        TcpBlock& tcp = block.tcp;
        tcp.hosts = to_texts(reader_.texts(node, path, "host"));
        tcp.port = reader_.text(node, path, "port");
        const auto size = static_cast<std::size_t>(reader_.whole(node, path, "read-size"));
        tcp.read_size = size == 0 ? tcp.read_size : std::min<std::size_t>(size, 1U << 20U);
        tcp.reads_all = reader_.flag(node, path, "read-all");
        if (tcp.hosts.empty()) {
            reader_.fault(node, FieldPath(path, "host"), "it is missing", "");
        }
        inputs(node, path, tcp);
        load_payloads(reader_, node, path, block);
        out_.blocks.push_back(std::move(block));
    }

private:
    Block common(const YamlNode& node, const FieldPath& path, Protocol protocol) {
        Block block;
        block.protocol = protocol;
        block.line = node.line;
        block.id = reader_.text(node, path, "id");
        block.name = reader_.text(node, path, "name");
        block.operators = load_operators(reader_, node, path);
        block.stops_at_first_match = protocol != Protocol::dns && protocol != Protocol::ssl
                                     && reader_.flag(node, path, "stop-at-first-match");
        return block;
    }
    void feature(std::string name, std::string_view text, const YamlNode& node) {
        out_.features.push_back({std::move(name), std::string(text), node.line});
    }

    std::string method(const YamlNode& node, const FieldPath& path) {
        std::string word(base::trim(reader_.text(node, path, "method")));
        for (char& c : word) {
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
        static constexpr std::string_view kMethods[] = {
            "",
            "GET",
            "HEAD",
            "POST",
            "PUT",
            "DELETE",
            "CONNECT",
            "OPTIONS",
            "TRACE",
            "PATCH",
            "PURGE",
            "DEBUG"};
        if (std::find(std::begin(kMethods), std::end(kMethods), word) == std::end(kMethods)) {
            reader_.fault(*node.find("method"), FieldPath(path, "method"), "unknown method");
        }
        return word.empty() ? "GET" : word;
    }
    void headers(const YamlNode& node, const FieldPath& path, HttpBlock& http) {
        const YamlNode* list = node.find("headers");
        const FieldPath here(path, "headers");
        if (!reader_.is_mapping(list, here)) {
            return;
        }
        for (const auto& [name, value] : list->members) {
            if (value->kind != YamlNode::Kind::scalar) {
                reader_.fault(*value, FieldPath(here, name), "one text is expected");
            }
            http.headers.push_back({name, Text(value->is_null() ? std::string() : value->text)});
        }
    }
    void options(const YamlNode& node, const FieldPath& path, HttpBlock& http) {
        const bool any = reader_.flag(node, path, "redirects");
        const bool same = reader_.flag(node, path, "host-redirects");
        http.redirects = any ? Redirects::any : (same ? Redirects::same_host : Redirects::none);
        if (any && same) {
            reader_.fault(
                node, FieldPath(path, "host-redirects"), "redirects and host-redirects exclude each other", ""
            );
        }
        http.max_redirects =
            static_cast<int>(std::min<std::int64_t>(reader_.whole(node, path, "max-redirects"), 100));
        http.max_size = static_cast<std::size_t>(reader_.whole(node, path, "max-size"));
        http.is_unsafe = reader_.flag(node, path, "unsafe");
        http.skips_variables_check = reader_.flag(node, path, "skip-variables-check");
        http.iterates_all = reader_.flag(node, path, "iterate-all");
        http.disables_cookies = reader_.flag(node, path, "disable-cookie");
        http.disables_path_automerge = reader_.flag(node, path, "disable-path-automerge");
    }
    void http_features(const YamlNode& node, const FieldPath& path) {
        for (const std::string_view name :
             {"unsafe", "race", "pipeline", "self-contained", "global-matchers"}) {
            if (reader_.flag(node, path, name)) {
                feature(std::string(name), fmt::format("{}: true", name), *node.find(name));
            }
        }
        for (const std::string_view name :
             {"fuzzing", "analyzer", "pre-condition", "signature", "digest-username", "race_count"}) {
            const YamlNode* value = node.find(name);
            if (value != nullptr && !value->is_null()) {
                feature(std::string(name), value->text.empty() ? std::string(name) : value->text, *value);
            }
        }
    }
    void inputs(const YamlNode& node, const FieldPath& path, TcpBlock& tcp) {
        const YamlNode* list = node.find("inputs");
        if (list == nullptr) {
            return;
        }
        const FieldPath here(path, "inputs");
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            const YamlNode& item = *list->items[i];
            const FieldPath item_path(here, i);
            reader_.check_keys(item, item_path, {"data", "type", "read", "name"});
            const std::string type = reader_.text(item, item_path, "type");
            tcp.inputs.push_back(
                {Text(reader_.text(item, item_path, "data")),
                 type == "hex",
                 static_cast<std::size_t>(
                     std::min<std::int64_t>(reader_.whole(item, item_path, "read"), 1 << 20)
                 ),
                 reader_.text(item, item_path, "name")}
            );
        }
    }

    Reader& reader_;
    Template& out_;
};

using BlockFunction = void (BlockReader::*)(const YamlNode&, const FieldPath&);

BlockFunction function_of(std::string_view key) {
    if (key == "http" || key == "requests") {
        return &BlockReader::http;
    }
    if (key == "tcp" || key == "network") {
        return &BlockReader::tcp;
    }
    return key == "dns" ? &BlockReader::dns : (key == "ssl" ? &BlockReader::ssl : nullptr);
}

} // namespace

void load_blocks(Reader& reader, const YamlNode& root, Template& out) {
    BlockReader blocks(reader, out);
    const FieldPath top;
    for (const auto& [key, list] : root.members) {
        const BlockFunction function = function_of(key);
        if (function == nullptr) {
            continue;
        }
        const FieldPath path(top, key);
        if (list->kind != YamlNode::Kind::sequence) {
            reader.fault(*list, path, "a list is expected");
            continue;
        }
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            const FieldPath item(path, i);
            if (reader.is_mapping(list->items[i], item)) {
                (blocks.*function)(*list->items[i], item);
            }
        }
    }
}

} // namespace fengsui::templates
