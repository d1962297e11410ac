// Which character encoding a body is in, found as browsers find it.
#include "base/text.h"
#include "net/http_decode.h"

#include <algorithm>
#include <optional>

namespace fengsui::net {

namespace {

constexpr std::size_t kPrescanBytes = 1024; // WHATWG HTML 13.2.3.2
constexpr std::size_t kMaxCharsetName = 40;
constexpr std::string_view kHtmlSpace = " \t\n\f\r";

bool is_html_space(char c) {
    return kHtmlSpace.find(c) != std::string_view::npos;
}

/// Labels whose browsers' meaning differs from their name (WHATWG Encoding 4.2), or that iconv lacks.
std::string canonical_charset(std::string_view label) {
    static constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
        {"gb2312", "gbk"},
        {"gb_2312-80", "gbk"},
        {"x-gbk", "gbk"},
        {"chinese", "gbk"},
        {"utf8", "utf-8"},
        {"unicode-1-1-utf-8", "utf-8"},
        {"iso-8859-1", "windows-1252"},
        {"latin1", "windows-1252"},
        {"us-ascii", "windows-1252"},
        {"ascii", "windows-1252"},
        {"x-sjis", "shift_jis"},
        {"shift-jis", "shift_jis"},
        {"utf-16", "utf-16le"},
        {"big5-hkscs", "big5"},
    };
    auto name = base::to_lower(base::trim(label));
    const auto is_name_character = [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_' || c == '.' || c == ':'
               || c == '+';
    };
    if (name.size() > kMaxCharsetName || !std::all_of(name.begin(), name.end(), is_name_character)) {
        return {};
    }
    for (const auto& [alias, canonical] : kAliases) {
        if (name == alias) {
            return std::string(canonical);
        }
    }
    return name;
}

std::string_view bom_charset(std::string_view body) {
    if (body.starts_with("\xEF\xBB\xBF")) {
        return "utf-8";
    }
    if (body.starts_with("\xFE\xFF")) {
        return "utf-16be";
    }
    return body.starts_with("\xFF\xFE") ? "utf-16le" : "";
}

/// The value after `charset=` in a Content-Type or a meta's content (WHATWG HTML 2.4.2); empty: none.
std::string_view charset_parameter(std::string_view text) {
    while (true) {
        const auto at = base::ifind(text, "charset");
        if (at == std::string_view::npos) {
            return {};
        }
        text = text.substr(at + 7);
        const auto equals = text.find_first_not_of(kHtmlSpace);
        if (equals == std::string_view::npos || text[equals] != '=') {
            continue;
        }
        text = text.substr(equals + 1);
        text.remove_prefix(std::min(text.size(), text.find_first_not_of(kHtmlSpace)));
        if (!text.empty() && (text[0] == '"' || text[0] == '\'')) {
            const auto close = text.find(text[0], 1);
            return close == std::string_view::npos ? std::string_view() : text.substr(1, close - 1);
        }
        return text.substr(0, text.find_first_of(" \t\n\f\r;,\"'"));
    }
}

struct MetaFacts {
    bool is_content_type = false;
    std::string_view charset;
    std::string_view content;
};

/// Walks over the start of an HTML text, looking for the first meta that names an encoding.
class MetaScanner {
public:
    explicit MetaScanner(std::string_view text) : text_(text) {}

    std::string_view find();

private:
    bool at_end() const { return at_ >= text_.size(); }
    char peek() const { return at_end() ? '\0' : text_[at_]; }
    std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }
    void skip(std::string_view set) { at_ = std::min(text_.size(), text_.find_first_not_of(set, at_)); }
    void skip_past(std::string_view mark);
    bool skip_markup();
    bool read_attribute(std::string_view& name, std::string_view& value);
    std::string_view read_value();
    std::string_view read_meta();

    std::string_view text_;
    std::size_t at_ = 0;
};

void MetaScanner::skip_past(std::string_view mark) {
    const auto found = text_.find(mark, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + mark.size();
}

std::string_view MetaScanner::read_value() {
    const char quote = peek();
    if (quote == '"' || quote == '\'') {
        const auto from = ++at_;
        const auto close = std::min(text_.size(), text_.find(quote, from));
        at_ = close + 1;
        return text_.substr(from, close - from);
    }
    const auto from = at_;
    at_ = std::min(text_.size(), text_.find_first_of(" \t\n\f\r>", at_));
    return text_.substr(from, at_ - from);
}

/// The next attribute; false at the tag's end.
bool MetaScanner::read_attribute(std::string_view& name, std::string_view& value) {
    skip(" \t\n\f\r/");
    if (at_end() || peek() == '>') {
        return false;
    }
    const auto from = at_;
    at_ = std::min(text_.size(), text_.find_first_of(" \t\n\f\r/>=", at_ + 1));
    name = text_.substr(from, at_ - from);
    value = {};
    skip(kHtmlSpace);
    if (peek() == '=') {
        ++at_;
        skip(kHtmlSpace);
        value = read_value();
    }
    return true;
}

std::string_view MetaScanner::read_meta() {
    MetaFacts facts;
    std::string_view name;
    std::string_view value;
    while (read_attribute(name, value)) {
        if (base::iequals(name, "http-equiv")) {
            facts.is_content_type = base::iequals(value, "content-type");
        } else if (base::iequals(name, "charset") && facts.charset.empty()) {
            facts.charset = base::trim(value);
        } else if (base::iequals(name, "content") && facts.content.empty()) {
            facts.content = charset_parameter(value);
        }
    }
    if (!facts.charset.empty()) {
        return facts.charset;
    }
    return facts.is_content_type ? facts.content : std::string_view();
}

/// Passes what stands at `<`; true when it is a meta whose attributes come next.
bool MetaScanner::skip_markup() {
    const auto markup = rest();
    if (markup.starts_with("<!--")) {
        at_ += 2; // `<!-->` is a whole comment
        skip_past("-->");
        return false;
    }
    if (base::istarts_with(markup, "<meta") && markup.size() > 5
        && (is_html_space(markup[5]) || markup[5] == '/')) {
        at_ += 5;
        return true;
    }
    const auto name = markup.substr(std::min(markup.size(), std::size_t{markup.starts_with("</") ? 2U : 1U}));
    if (!name.empty() && base::is_alpha(name[0])) {
        at_ = std::min(text_.size(), text_.find_first_of(" \t\n\f\r>", at_));
        std::string_view ignored;
        while (read_attribute(ignored, ignored)) {
        }
    } else if (markup.starts_with("<!") || markup.starts_with("</") || markup.starts_with("<?")) {
        skip_past(">");
    } else {
        ++at_;
    }
    return false;
}

std::string_view MetaScanner::find() {
    while (true) {
        at_ = text_.find('<', at_);
        if (at_ == std::string_view::npos) {
            return {};
        }
        if (skip_markup()) {
            const auto charset = read_meta();
            if (!charset.empty()) {
                return charset;
            }
        }
    }
}

} // namespace

std::string detect_charset(const std::string* content_type, std::string_view body) {
    const auto bom = bom_charset(body);
    if (!bom.empty()) {
        return std::string(bom);
    }
    if (content_type != nullptr) {
        auto charset = canonical_charset(charset_parameter(*content_type));
        if (!charset.empty()) {
            return charset;
        }
    }
    auto charset = canonical_charset(MetaScanner(body.substr(0, kPrescanBytes)).find());
    // A meta that could be read as ASCII is not in UTF-16, whatever it says (WHATWG HTML 13.2.3.2).
    return charset.starts_with("utf-16") ? "utf-8" : charset;
}

} // namespace fengsui::net
