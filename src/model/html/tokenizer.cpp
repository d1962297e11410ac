#include "model/html/tokenizer.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace fengsui::model {

namespace {

constexpr auto kEnd = std::string_view::npos;
/// Further attributes of a tag are read over: no real tag has as many, and lookups are linear.
constexpr std::size_t kMaxAttributes = 64;

constexpr bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

constexpr bool ends_name(char c) {
    return is_space(c) || c == '/' || c == '>';
}

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// Elements whose content holds no tags (13.2.6: generic raw text, RCDATA, script data, plaintext).
bool has_raw_text(std::string_view name) {
    static constexpr std::string_view kNames[] = {
        "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"};
    return is_one_of(name, kNames);
}

/// Start tags that end foreign content (13.2.6.5), the common ones.
bool leaves_foreign(std::string_view name) {
    static constexpr std::string_view kNames[] = {
        "body", "br", "code", "div", "dl", "em",  "embed", "h1", "h2",    "h3",     "head",         "hr",
        "img",  "li", "meta", "ol",  "p",  "pre", "span",  "ul", "table", "strong", "foreignobject"};
    return is_one_of(name, kNames);
}

/// `</name` followed by what ends a tag name, anywhere from `from`.
std::size_t find_end_tag(std::string_view text, std::string_view name, std::size_t from) {
    for (auto at = text.find("</", from); at != kEnd; at = text.find("</", at + 2)) {
        const auto after = at + 2 + name.size();
        if (after < text.size() && ends_name(text[after])
            && base::iequals(text.substr(at + 2, name.size()), name)) {
            return at;
        }
    }
    return kEnd;
}

bool is_script_tag(std::string_view text, std::size_t name_at) {
    constexpr std::string_view kScript = "script";
    const auto after = name_at + kScript.size();
    return after < text.size() && ends_name(text[after])
           && base::iequals(text.substr(name_at, kScript.size()), kScript);
}

/// The end of a script, with the escapes that old pages use: inside `<!--`, a `<script` hides one `</script`
/// (13.2.5.15 to 13.2.5.30).
std::size_t find_script_end(std::string_view text, std::size_t from) {
    enum class State { data, escaped, double_escaped } state = State::data;
    for (std::size_t i = text.find_first_of("<-", from); i != kEnd; i = text.find_first_of("<-", i + 1)) {
        const auto rest = text.substr(i, 4);
        if (state != State::data && rest.starts_with("-->")) {
            state = State::data;
        } else if (state == State::data && rest == "<!--") {
            state = State::escaped;
            ++i; // the dashes may already belong to "-->"
        } else if (rest.starts_with("</") && is_script_tag(text, i + 2)) {
            if (state != State::double_escaped) {
                return i;
            }
            state = State::escaped;
        } else if (state == State::escaped && rest.starts_with("<") && is_script_tag(text, i + 1)) {
            state = State::double_escaped;
        }
    }
    return kEnd;
}

void append_utf8(std::string& out, unsigned code) {
    const auto put = [&out](unsigned byte) {
        out += static_cast<char>(byte);
    };
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        code = 0xFFFD; // 13.2.5.84
    }
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

/// Resolves `&#…` at the start of `text`; returns how many bytes it took, 0 when it is none.
std::size_t resolve_numeric(std::string_view text, std::string& out) {
    const bool is_hex = text.size() > 2 && base::to_lower(text[2]) == 'x';
    const std::size_t digits_at = is_hex ? 3 : 2;
    if (text.size() <= digits_at) {
        return 0;
    }
    unsigned code = 0;
    const auto [end, failure] =
        std::from_chars(text.data() + digits_at, text.data() + text.size(), code, is_hex ? 16 : 10);
    if (failure == std::errc::invalid_argument) {
        return 0;
    }
    append_utf8(out, failure == std::errc() ? code : 0);
    const auto used = static_cast<std::size_t>(end - text.data());
    return used < text.size() && text[used] == ';' ? used + 1 : used;
}

std::size_t resolve_named(std::string_view text, std::string& out) {
    struct Named {
        std::string_view name;
        std::string_view value;
    };
    static constexpr Named kNamed[] = {
        {"&amp;", "&"},
        {"&lt;", "<"},
        {"&gt;", ">"},
        {"&quot;", "\""},
        {"&apos;", "'"},
        {"&nbsp;", " "},
        {"&colon;", ":"},
        {"&sol;", "/"},
        {"&Tab;", ""},
        {"&NewLine;", ""},
        {"&period;", "."},
        {"&copy;", "\xC2\xA9"}};
    for (const auto& named : kNamed) {
        if (text.starts_with(named.name)) {
            out += named.value;
            return named.name.size();
        }
    }
    return 0;
}

} // namespace

std::string resolve_references(std::string_view text) {
    std::string out;
    std::size_t done = 0;
    for (auto at = text.find('&'); at != kEnd; at = text.find('&', done)) {
        out += text.substr(done, at - done);
        const auto rest = text.substr(at);
        const auto used = rest.starts_with("&#") ? resolve_numeric(rest, out) : resolve_named(rest, out);
        if (used == 0) {
            out += '&';
        }
        done = at + std::max<std::size_t>(used, 1);
    }
    out += text.substr(done);
    return out;
}

std::optional<std::string> HtmlTag::attribute(std::string_view wanted) const {
    for (const auto& attribute : attributes) {
        if (base::iequals(attribute.name, wanted)) {
            return resolve_references(attribute.value);
        }
    }
    return std::nullopt;
}

bool HtmlTokenizer::at(std::size_t position, std::string_view expected) const {
    return position < text_.size() && text_.substr(position).starts_with(expected);
}

std::optional<HtmlTag> HtmlTokenizer::next() {
    text_start_ = std::min(position_, text_.size());
    while (true) {
        position_ = text_.find('<', position_);
        if (position_ == kEnd || position_ + 1 >= text_.size()) {
            position_ = text_.size();
            return std::nullopt;
        }
        const auto text = text_.substr(text_start_, position_ - text_start_);
        const char after = text_[++position_];
        if (after == '!' || after == '?') {
            skip_declaration();
            text_start_ = std::min(position_, text_.size());
        } else if (base::is_alpha(after)) {
            return read_tag(false, text);
        } else if (after == '/' && position_ + 1 < text_.size()) {
            if (base::is_alpha(text_[++position_])) {
                return read_tag(true, text);
            }
            position_ = text_.find('>', position_); // a bogus comment (13.2.5.7)
        }
    }
}

void HtmlTokenizer::skip_declaration() {
    if (at(position_, "!--")) {
        skip_comment();
    } else if (in_foreign_ && at(position_, "![CDATA[")) {
        position_ = text_.find("]]>", position_);
    } else {
        position_ = text_.find('>', position_);
    }
}

void HtmlTokenizer::skip_comment() {
    position_ += 3;
    if (at(position_, ">") || at(position_, "->")) {
        return; // 13.2.5.43: "<!-->" is a whole comment
    }
    for (position_ = text_.find("--", position_); position_ != kEnd;
         position_ = text_.find("--", position_ + 1)) {
        if (at(position_ + 2, ">") || at(position_ + 2, "!>")) {
            return;
        }
    }
}

std::optional<HtmlTag> HtmlTokenizer::read_tag(bool is_end, std::string_view text_before) {
    const auto start = position_;
    while (position_ < text_.size() && !ends_name(text_[position_])) {
        ++position_;
    }
    HtmlTag tag;
    tag.name = base::to_lower(text_.substr(start, position_ - start));
    tag.is_end = is_end;
    tag.text_before = text_before;
    if (!read_attributes(tag)) {
        return std::nullopt;
    }
    note_foreign(tag);
    if (!is_end && !tag.is_foreign && has_raw_text(tag.name)) {
        tag.raw_text = take_raw_text(tag.name);
    }
    return tag;
}

/// Up to and including '>' (13.2.5.32 to 13.2.5.39); false when the text ends before it.
bool HtmlTokenizer::read_attributes(HtmlTag& tag) {
    while (position_ < text_.size()) {
        const char c = text_[position_];
        if (c == '>') {
            ++position_;
            return true;
        }
        if (is_space(c) || c == '/') {
            ++position_;
            continue;
        }
        const auto start = position_++; // a leading '=' belongs to the name
        while (position_ < text_.size() && !ends_name(text_[position_]) && text_[position_] != '=') {
            ++position_;
        }
        const auto name = text_.substr(start, position_ - start);
        const auto value = read_value();
        if (tag.attributes.size() < kMaxAttributes) {
            tag.attributes.push_back({name, value});
        }
    }
    return false;
}

std::string_view HtmlTokenizer::read_value() {
    const auto skip_spaces = [this](std::size_t from) {
        while (from < text_.size() && is_space(text_[from])) {
            ++from;
        }
        return from;
    };
    position_ = skip_spaces(position_);
    if (!at(position_, "=")) {
        return {};
    }
    position_ = skip_spaces(position_ + 1);
    if (at(position_, "\"") || at(position_, "'")) {
        const auto start = position_ + 1;
        const auto end = std::min(text_.find(text_[position_], start), text_.size());
        position_ = end == text_.size() ? end : end + 1;
        return text_.substr(start, end - start);
    }
    const auto start = position_;
    while (position_ < text_.size() && !is_space(text_[position_]) && text_[position_] != '>') {
        ++position_;
    }
    return text_.substr(start, position_ - start);
}

/// Inside svg and math, title, style and script are elements like others.
void HtmlTokenizer::note_foreign(HtmlTag& tag) {
    const bool is_root = tag.name == "svg" || tag.name == "math";
    if (tag.is_end) {
        in_foreign_ = !is_root && (in_foreign_ || tag.name == "foreignobject");
    } else if (leaves_foreign(tag.name)) {
        in_foreign_ = false;
    } else {
        in_foreign_ = in_foreign_ || is_root;
    }
    tag.is_foreign = in_foreign_;
}

std::string_view HtmlTokenizer::take_raw_text(std::string_view name) {
    const auto start = position_;
    auto end = kEnd;
    if (name != "plaintext") {
        end = name == "script" ? find_script_end(text_, start) : find_end_tag(text_, name, start);
    }
    position_ = std::min(end, text_.size());
    return text_.substr(start, position_ - start);
}

} // namespace fengsui::model
