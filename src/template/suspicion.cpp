#include "template/suspicion.h"

#include "base/text.h"
#include "template/bytes.h"

#include <algorithm>

namespace fengsui::templates {

namespace {

constexpr int kDecodings = 3; ///< %25252e and deeper does not reach a server's path

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string byte;
        if (text[i] == '%' && i + 2 < text.size() && decode_hex(text.substr(i + 1, 2), byte)) {
            out += byte;
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// Plain pieces, compared without regard to case.
constexpr std::string_view kPieces[] = {
    // climbing and files
    "../",
    "..\\",
    "/..",
    "\\..",
    "..;",
    ".%2e",
    "%2e.",
    "..%2f",
    "..%5c",
    "..%c0%af",
    "%c0%ae",
    "%uff0e",
    "%252e",
    "%00",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/hosts",
    "/proc/self",
    "win.ini",
    "boot.ini",
    "web-inf",
    "file:/",
    "php://",
    "phar://",
    "expect://",
    "zip://",
    "data:text",
    "data:;",
    "gopher:",
    "dict:",
    "ldap:",
    "jar:",
    "netdoc:",
    // lines
    "%0d",
    "%0a",
    "%e5%98%8a",
    "%e5%98%8d",
    // markup and scripts
    "<script",
    "</script",
    "<svg",
    "<img",
    "<iframe",
    "<body",
    "<h1",
    "<a ",
    "javascript:",
    "vbscript:",
    "onerror=",
    "onload=",
    "onmouseover=",
    "onfocus=",
    "alert(",
    "prompt(",
    "confirm(",
    "<!entity",
    "<!doctype",
    "<?xml",
    "<?php",
    "<%",
    // queries
    "union select",
    "union all",
    "union+select",
    "union/**/",
    "order by ",
    "sleep(",
    "sleep%28",
    "benchmark(",
    "waitfor delay",
    "pg_sleep",
    "extractvalue(",
    "updatexml(",
    "' or ",
    "\" or ",
    "' and ",
    "\" and ",
    "'or'",
    " or 1=1",
    " and 1=1",
    "or+1=1",
    "and+1=1",
    "';",
    "'--",
    "' --",
    "/**/",
    "concat(0x",
    "select(",
    "s"
    "elect ",
    "from information_schema",
    "from+information_schema",
    "@@version",
    "md5(",
    "xp_",
    // expressions
    "${",
    "#{",
    "%{",
    "{{",
    "}}",
    "{%",
    "$(",
    "`",
    "@java",
    "t(java",
    "runtime.",
    "getruntime",
    "processbuilder",
    "classloader",
    "class.module",
    "ognl",
    "jndi",
    "freemarker",
    "__import__",
    "__proto__",
    "constructor[",
    "invokefunction",
    "call_user_func",
    "phpinfo()",
    "phpinfo();",
    "eval(",
    "assert(",
    "exec(",
    "system(",
    "passthru(",
    "shell_exec",
    "base64_decode(",
    "allow_url_include",
    "auto_prepend_file",
    // commands
    ";id",
    "|id",
    ";cat ",
    "|cat ",
    ";ls",
    "&&",
    "||",
    "/bin/sh",
    "/bin/bash",
    "cmd.exe",
    "powershell",
    "whoami",
    "ifconfig",
    "ping -",
    "curl ",
    "wget ",
    "nslookup",
    "; ",
    "| ",
    "$ifs",
    "cmd=id",
    "cmd=ls",
    "cmd=cat",
    "cmd=dir",
    "cmd=ver",
    "cmd=net",
    "cmd=echo",
    "cmd=type",
    "cmd=ping",
    "exec=",
    "command=id",
    "command=ls",
    "command=cat",
    "command=echo",
    "execute=",
    // elsewhere
    "169.254.169.254",
    "100.100.100.200",
    "metadata.google",
    "interact.sh",
    "oast.",
    "burpcollaborator",
    "dnslog",
    "ceye.io",
    "evil.com",
    "example.com",
    "attacker",
    "interactsh",
};

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

std::string found_piece(std::string_view lower) {
    for (const auto piece : kPieces) {
        if (lower.find(piece) != std::string_view::npos) {
            return std::string(piece);
        }
    }
    if (std::any_of(lower.begin(), lower.end(), is_control)) {
        return "a control character";
    }
    return {};
}

/// A parameter's value that is a URL or names a host: a request for somebody else, or a redirect.
std::string foreign_address(std::string_view decoded) {
    const auto question = decoded.find('?');
    const auto path = decoded.substr(0, question);
    for (const std::string_view mark : {"://", ":/\\", ":\\/"}) {
        const auto at = decoded.find(mark);
        if (at != std::string_view::npos) {
            return std::string(decoded.substr(at > 8 ? at - 8 : 0, 40));
        }
    }
    if (path.starts_with("//") || path.starts_with("/\\") || path.starts_with("\\")) {
        return std::string(path.substr(0, 40));
    }
    for (const std::string_view mark : {"=//", "=\\\\", "=/\\"}) {
        const auto at = decoded.find(mark);
        if (at != std::string_view::npos) {
            return std::string(decoded.substr(at, 40));
        }
    }
    return {};
}

std::string quotes(std::string_view decoded) {
    const auto at = decoded.find_first_of("'\"<>");
    return at == std::string_view::npos ? std::string() : std::string(decoded.substr(at, 20));
}

bool is_dot_segment(std::string_view segment) {
    return segment == ".." || segment == ".";
}

std::string dot_segment(std::string_view decoded) {
    const auto path = decoded.substr(0, decoded.find('?'));
    for (const auto segment : base::split(path, '/')) {
        if (is_dot_segment(segment.substr(0, segment.find(';')))) {
            return std::string(segment);
        }
    }
    return {};
}

template <std::size_t Count>
bool is_one_of(std::string_view name, const std::string_view (&names)[Count]) {
    return std::any_of(std::begin(names), std::end(names), [name](std::string_view known) {
        return base::iequals(name, known);
    });
}

} // namespace

std::string payload_like(std::string_view text) {
    std::string now(text);
    for (int round = 0; round <= kDecodings; ++round) {
        const std::string lower = base::to_lower(now);
        for (auto* test : {found_piece, foreign_address, quotes, dot_segment}) {
            if (auto found = test(lower); !found.empty()) {
                return found;
            }
        }
        std::string next = percent_decoded(now);
        if (next == now) {
            break;
        }
        now = std::move(next);
    }
    return {};
}

std::string credential_in_query(std::string_view query) {
    static constexpr std::string_view kNames[] = {
        "password",   "passwd",     "pass",         "pwd",        "user",       "username",
        "login",      "token",      "access_token", "auth",       "auth_token", "authorization",
        "apikey",     "api_key",    "api-key",      "key",        "secret",     "client_secret",
        "session",    "sessionid",  "sid",          "jsessionid", "phpsessid",  "jwt",
        "signature",  "credential", "credentials",  "j_username", "j_password", "os_username",
        "os_password"};
    for (const auto pair : base::split(query, '&')) {
        const auto equals = pair.find('=');
        const std::string name = percent_decoded(pair.substr(0, equals));
        const bool has_value = equals != std::string_view::npos && equals + 1 < pair.size();
        if (has_value && is_one_of(name, kNames)) {
            return name;
        }
    }
    return {};
}

bool is_credential_header(std::string_view name) {
    static constexpr std::string_view kNames[] = {
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "Cookie2",
        "X-Api-Key",
        "Api-Key",
        "Apikey",
        "X-Auth-Token",
        "X-Access-Token",
        "Token",
        "X-Token",
        "X-Csrf-Token",
        "X-Xsrf-Token",
        "X-Session-Token",
        "Private-Token",
        "X-Gitlab-Token",
        "X-Vault-Token",
        "X-Auth-User",
        "X-Auth-Key",
        "X-Jwt-Token",
        "Access-Token",
        "Auth",
        "X-Amz-Security-Token",
        "X-Consul-Token",
        "X-Nomad-Token",
        "X-Nacos-Token",
        "AccessToken",
        "JWT",
        "Session"};
    return is_one_of(name, kNames);
}

bool is_claiming_header(std::string_view name) {
    static constexpr std::string_view kNames[] = {
        "Host",
        "Forwarded",
        "X-Host",
        "X-Real-Ip",
        "X-Client-Ip",
        "Client-Ip",
        "True-Client-Ip",
        "X-True-Client-Ip",
        "X-Cluster-Client-Ip",
        "X-Remote-Ip",
        "X-Remote-Addr",
        "X-Remote-User",
        "Remote-User",
        "Remote-Addr",
        "X-Originating-Ip",
        "X-Custom-Ip-Authorization",
        "Cf-Connecting-Ip",
        "Fastly-Client-Ip",
        "X-Proxyuser-Ip",
        "X-Original-Url",
        "X-Original-Host",
        "X-Rewrite-Url",
        "X-Override-Url",
        "X-Http-Method",
        "X-Http-Method-Override",
        "X-Method-Override",
        "X-Http-Destinationurl",
        "X-Http-Host-Override",
        "X-Wap-Profile",
        "Destination",
        "Base-Url",
        "Request-Uri",
        "Uri",
        "Http-Url",
        "Proxy-Host",
        "Proxy-Url",
        "Proxy",
        "X-Backend-Host",
        "Via",
        "X-Middleware-Subrequest",
        "X-Accel-Redirect",
        "X-Sendfile",
        "X-Arbitrary",
        "X-Ip",
        "X-Server-Name",
        "Contact",
        "Origin",
        "Referer",
        "From",
        "Profile"};
    return base::istarts_with(name, "x-forward") || is_one_of(name, kNames);
}

bool is_framing_header(std::string_view name) {
    static constexpr std::string_view kNames[] = {
        "Transfer-Encoding",
        "Content-Encoding",
        "Upgrade",
        "HTTP2-Settings",
        "Expect",
        "TE",
        "Trailer",
        "Sec-WebSocket-Key",
        "Sec-WebSocket-Version",
        "Max-Forwards",
        "Keep-Alive"};
    return is_one_of(name, kNames);
}

} // namespace fengsui::templates
