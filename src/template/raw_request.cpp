#include "base/text.h"
#include "template/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fengsui::templates {

namespace {

constexpr int kMaxTimeout = 300;

std::string_view take_line(std::string_view& rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    std::size_t at = 0;
    while ((at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos) {
        const auto end = std::min(line.find_first_of(" \t\r", at), line.size());
        words.push_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

/// `15s`, `2m`, `1m30s`; at most five minutes.
int seconds_of(std::string_view text) {
    double total = 0;
    while (!text.empty()) {
        double number = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failure != std::errc()) {
            break;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const bool is_milli = text.starts_with("ms");
        const double unit =
            is_milli ? 0.001 : (text.starts_with("m") ? 60 : (text.starts_with("h") ? 3600 : 1));
        total += number * unit;
        text.remove_prefix(std::min<std::size_t>(text.size(), is_milli ? 2 : 1));
    }
    return static_cast<int>(std::min<double>(total, kMaxTimeout));
}

void annotation(std::string_view line, RawRequest& out) {
    const auto colon = line.find(':');
    const auto name = base::trim(line.substr(0, colon));
    const auto value =
        colon == std::string_view::npos ? std::string_view() : base::trim(line.substr(colon + 1));
    if (base::iequals(name, "@host")) {
        out.host_annotation = value;
    } else if (base::iequals(name, "@tls-sni")) {
        out.sni_annotation = value;
    } else if (base::iequals(name, "@timeout")) {
        out.timeout_seconds = seconds_of(value);
    } else if (base::iequals(name, "@once")) {
        out.is_once = true;
    }
}

bool request_line(std::string_view line, RawRequest& out) {
    const auto words = words_of(line);
    if (words.empty()) {
        return true; // an empty method and path, as nuclei leaves them
    }
    out.method = words[0];
    if (words.size() == 2 && words[1].find("HTTP") != std::string_view::npos) {
        return true; // `GET HTTP/1.1`: the target itself
    }
    if (words.size() < 3) {
        return false;
    }
    out.path = words[1];
    return true;
}

void header(std::string_view line, RawRequest& out) {
    const auto colon = line.find(':');
    const std::string name(line.substr(0, colon));
    const std::string value(
        colon == std::string_view::npos ? std::string_view() : base::trim(line.substr(colon + 1))
    );
    for (auto& known : out.headers) { // a later one overwrites
        if (known.name == name) {
            known.value = value;
            return;
        }
    }
    if (!name.empty()) {
        out.headers.push_back({name, value});
    }
}

} // namespace

base::Result<RawRequest> parse_raw_request(std::string_view text) {
    RawRequest out;
    std::string_view rest = text;
    std::string_view line;
    do {
        if (rest.empty()) {
            return base::Error(base::ErrorCode::invalid_argument, "the raw request has no request line");
        }
        line = take_line(rest);
        if (line.starts_with('@')) {
            annotation(line, out);
        }
    } while (line.starts_with('@'));
    if (!request_line(line, out)) {
        return base::Error(
            base::ErrorCode::invalid_argument,
            fmt::format("malformed request specified: {:.80}", base::trim(line))
        );
    }
    bool is_multipart = false;
    while (!rest.empty()) {
        line = base::trim(take_line(rest));
        if (line.empty()) {
            break;
        }
        is_multipart = is_multipart
                       || (line.find("Content-Type") != std::string_view::npos
                           && line.find("multipart/") != std::string_view::npos);
        header(line, out);
    }
    out.body = rest;
    if (!is_multipart) {
        while (out.body.ends_with('\n') || out.body.ends_with('\r')) {
            out.body.pop_back();
        }
    }
    return out;
}

std::string merge_paths(std::string_view base_path, std::string_view path) {
    while (base_path.ends_with('/') && path.starts_with('/')) {
        path.remove_prefix(1);
    }
    if (base_path.empty() || path.empty()) {
        return std::string(base_path.empty() ? path : base_path);
    }
    std::string second(path);
    if (!base_path.ends_with('/') && !second.starts_with('/')) {
        second.insert(0, "/");
    }
    if (base_path == second || (base_path.size() > second.size() && base_path.ends_with(second))) {
        return std::string(base_path);
    }
    return base_path.size() < second.size() && second.starts_with(base_path)
               ? second
               : std::string(base_path) + second;
}

} // namespace fengsui::templates
