#include "probe/trust_anchors.h"

#include "base/codec.h"
#include "base/text.h"
#include "net/dns_wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace fengsui::probe {

namespace {

using base::Error;
using base::ErrorCode;
using Words = std::vector<std::string>;

constexpr std::size_t kMaxFile = std::size_t{1024} * 1024;

/// One statement's words; where it stands.
struct Statement {
    std::size_t line = 0;
    Words words;
};

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/// Words of both forms: `;` begins a comment where zone files are read, and ends a statement in BIND's. Lines
/// between parentheses or within a quoted key belong together.
class Splitter {
public:
    std::vector<Statement> split(std::string_view text) {
        for (const auto line : base::lines(text)) {
            ++line_;
            take_line(line);
            if (depth_ == 0 && !is_quoted_) {
                end();
            }
        }
        end();
        return std::move(statements_);
    }

private:
    void take_line(std::string_view line) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            const char c = line[i];
            const bool is_comment =
                c == '#' || c == ';'
                || (c == '/' && i + 1 < line.size() && line[i + 1] == '/' && word_.empty());
            if (is_quoted_ ? c == '"' : is_blank(c) || is_comment || c == '"' || c == '(' || c == ')') {
                take_mark(c);
                if (is_comment && !is_quoted_) {
                    break;
                }
            } else if (!is_quoted_ || !is_blank(c)) {
                word_ += c;
            }
        }
        if (!is_quoted_) {
            end_word();
        }
    }
    void take_mark(char c) {
        is_quoted_ = c == '"' ? !is_quoted_ : is_quoted_;
        depth_ += c == '(' ? 1 : 0;
        depth_ -= c == ')' && depth_ > 0 ? 1 : 0;
        if (!is_quoted_) {
            end_word();
        }
    }
    void end_word() {
        if (!word_.empty()) {
            words_.push_back(std::move(word_));
            word_.clear();
        }
    }
    void end() {
        end_word();
        if (!words_.empty()) {
            statements_.push_back({line_, std::move(words_)});
            words_.clear();
        }
    }

    std::vector<Statement> statements_;
    Words words_;
    std::string word_;
    std::size_t line_ = 0;
    int depth_ = 0;
    bool is_quoted_ = false;
};

std::optional<unsigned> number_of(const std::string& text, unsigned limit) {
    unsigned number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool fits = failure == std::errc() && end == text.data() + text.size() && number <= limit;
    return fits ? std::optional(number) : std::nullopt;
}

std::string joined(const Words& words, std::size_t from) {
    std::string text;
    for (auto i = from; i < words.size(); ++i) {
        text += words[i];
    }
    return text;
}

std::optional<std::string> decode_hex(std::string_view text) {
    std::string bytes;
    if (text.empty() || text.size() % 2 != 0) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < text.size(); i += 2) {
        unsigned byte = 0;
        const auto [end, failure] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
        if (failure != std::errc() || end != text.data() + i + 2) {
            return std::nullopt;
        }
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

/// The RDATA from the fields at `at`: two small numbers after one of sixteen bits, then the key or digest.
std::optional<std::string> data_of(const Words& words, std::size_t at, bool is_ds) {
    if (words.size() < at + 4) {
        return std::nullopt;
    }
    const auto first = number_of(words[at], 0xFFFF);
    const auto second = number_of(words[at + 1], 0xFF);
    const auto third = number_of(words[at + 2], 0xFF);
    std::string rest;
    if (is_ds) {
        rest = decode_hex(joined(words, at + 3)).value_or("");
    } else {
        base::decode_base64(joined(words, at + 3), rest);
    }
    if (!first || !second || !third || rest.empty()) {
        return std::nullopt;
    }
    std::string data;
    net::append_u16(data, static_cast<std::uint16_t>(*first));
    data += static_cast<char>(*second);
    data += static_cast<char>(*third);
    return data + rest;
}

struct Kind {
    std::string_view word;
    bool is_ds;
};
constexpr Kind kKinds[] = {
    {"DS", true},
    {"DNSKEY", false},
    {"static-ds", true},
    {"initial-ds", true},
    {"static-key", false},
    {"initial-key", false}};

std::optional<TrustAnchor> parse_statement(const Words& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
        for (const auto& kind : kKinds) {
            if (!base::iequals(words[i], kind.word)) {
                continue;
            }
            auto data = data_of(words, i + 1, kind.is_ds);
            std::string wire;
            if (!data || !net::append_dns_name(words.front(), wire)) {
                return std::nullopt;
            }
            return TrustAnchor{net::dns_name_text(wire), kind.is_ds, std::move(*data)};
        }
    }
    return std::nullopt;
}

/// `trust-anchors {`, `};` and `$TTL 3600` stand around anchors.
bool is_frame(const Words& words) {
    const auto& first = words.front();
    return first == "}" || first == "{" || first.starts_with("$") || base::iequals(first, "trust-anchors")
           || base::iequals(first, "managed-keys") || base::iequals(first, "trusted-keys");
}

} // namespace

base::Result<std::vector<TrustAnchor>> parse_trust_anchors(std::string_view text) {
    std::vector<TrustAnchor> anchors;
    for (const auto& statement : Splitter().split(text)) {
        if (is_frame(statement.words)) {
            continue;
        }
        auto anchor = parse_statement(statement.words);
        if (!anchor) {
            return Error(
                ErrorCode::invalid_argument,
                fmt::format("line {}: a DS or DNSKEY record is expected here", statement.line)
            );
        }
        anchors.push_back(std::move(*anchor));
    }
    if (anchors.empty()) {
        return Error(ErrorCode::invalid_argument, "there is no DS or DNSKEY record in it");
    }
    return anchors;
}

TrustAnchors::TrustAnchors(const std::optional<std::filesystem::path>& file) {
    if (!file) {
        return;
    }
    std::ifstream in(*file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in || text.str().size() > kMaxFile) {
        throw Error(
            ErrorCode::invalid_argument,
            fmt::format("{}: trust anchors cannot be read from it", file->string())
        );
    }
    anchors_ = parse_trust_anchors(text.str()).context(file->string()).or_throw();
}

std::vector<TrustAnchor> TrustAnchors::nearest(std::string_view name) const {
    for (;;) {
        std::vector<TrustAnchor> found;
        std::copy_if(
            anchors_.begin(),
            anchors_.end(),
            std::back_inserter(found),
            [&](const TrustAnchor& anchor) { return base::iequals(anchor.zone, name); }
        );
        if (!found.empty() || name.empty()) {
            return found;
        }
        const auto dot = name.find('.');
        name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
    }
}

} // namespace fengsui::probe
