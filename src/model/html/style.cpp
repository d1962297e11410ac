#include "model/html/style.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace fengsui::model {

namespace {

constexpr std::size_t kMaxRules = 500;
constexpr std::size_t kMaxWritten = std::size_t{64} * 1024;
constexpr auto kNowhere = std::string_view::npos;

using Declarations = std::map<std::string, std::string, std::less<>>;

Declarations read_declarations(std::string_view text) {
    constexpr std::size_t kMost = 64;
    Declarations found;
    for (const auto part : base::split(text, ';')) {
        const auto colon = part.find(':');
        if (colon == kNowhere || found.size() >= kMost) {
            continue;
        }
        auto value = base::to_lower(base::trim(part.substr(colon + 1)));
        value = value.substr(0, value.find('!'));
        found[base::to_lower(base::trim(part.substr(0, colon)))] = std::string(base::trim(value));
    }
    return found;
}

/// Pixels, roughly: em and rem as sixteen, pt as 4/3; per cent and words are none.
std::optional<double> pixels(std::string_view value) {
    double number = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failure != std::errc()) {
        return std::nullopt;
    }
    const auto unit = value.substr(static_cast<std::size_t>(end - value.data()));
    if (unit == "em" || unit == "rem") {
        return number * 16;
    }
    if (unit == "pt") {
        return number * 4 / 3;
    }
    return unit.empty() || unit == "px" ? std::optional(number) : std::nullopt;
}

class StyleReader {
public:
    explicit StyleReader(std::string_view text) : all_(read_declarations(text)) {}

    [[nodiscard]] StyleHiding read() const {
        if (auto trick = find_trick(); !trick.empty()) {
            return {Hiding::tricked, std::move(trick)};
        }
        for (const auto& [name, value] : {std::pair("display", "none"), std::pair("visibility", "hidden")}) {
            if (is(name, value)) {
                return {Hiding::switched_off, std::string(name) + ":" + value};
            }
        }
        return {};
    }

private:
    [[nodiscard]] std::string_view value_of(std::string_view name) const {
        const auto found = all_.find(name);
        return found == all_.end() ? std::string_view() : found->second;
    }
    [[nodiscard]] bool is(std::string_view name, std::string_view value) const {
        return value_of(name) == value;
    }
    [[nodiscard]] bool is_at_most(std::string_view name, double limit) const {
        const auto size = pixels(value_of(name));
        return size && *size <= limit;
    }
    [[nodiscard]] std::string written(std::string_view name) const {
        return std::string(name) + ":" + base::shorten(base::scrub_utf8(value_of(name)), 40);
    }

    [[nodiscard]] std::string find_trick() const {
        constexpr double kFarAway = -500;
        const bool is_placed = is("position", "absolute") || is("position", "fixed");
        for (const auto* name : {"left", "top", "right", "bottom"}) {
            if (is_placed && is_at_most(name, kFarAway)) {
                return written(name);
            }
        }
        for (const auto* name : {"text-indent", "margin-left", "margin-top"}) {
            if (is_at_most(name, kFarAway)) {
                return written(name);
            }
        }
        return find_small();
    }

    [[nodiscard]] std::string find_small() const {
        if (is_at_most("font-size", 1)) {
            return written("font-size");
        }
        const auto opacity = pixels(value_of("opacity"));
        if (opacity && *opacity < 0.05) {
            return written("opacity");
        }
        for (const auto* name : {"height", "width"}) {
            if (is("overflow", "hidden") && is_at_most(name, 1)) {
                return written(name);
            }
        }
        const auto colour = value_of("color");
        const bool is_same =
            !colour.empty() && (colour == value_of("background-color") || colour == value_of("background"));
        return is_same ? written("color") : std::string();
    }

    Declarations all_;
};

/// The string literal that begins at `text`, escapes resolved; `end` is the place after it.
std::string read_literal(std::string_view text, std::size_t& end) {
    const char quote = text.front();
    std::string out;
    std::size_t i = 1;
    for (; i < text.size() && text[i] != quote; ++i) {
        if (text[i] != '\\' || i + 1 >= text.size()) {
            out += text[i];
            continue;
        }
        const char c = text[++i];
        const std::size_t digits = c == 'x' ? 2 : (c == 'u' ? 4 : 0);
        unsigned code = 0;
        const auto* begin = text.data() + i + 1;
        if (digits > 0 && i + digits < text.size()
            && std::from_chars(begin, begin + digits, code, 16).ptr == begin + digits) {
            out += code < 0x80 ? static_cast<char>(code) : '?';
            i += digits;
        } else {
            out += c == 'n' || c == 't' || c == 'r' ? ' ' : c;
        }
    }
    end = std::min(i + 1, text.size());
    return out;
}

/// `%3Ca%20href` as unescape() reads it.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned code = 0;
        const auto* begin = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size()
            && std::from_chars(begin, begin + 2, code, 16).ptr == begin + 2) {
            out += static_cast<char>(code);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// `60,97,32` as String.fromCharCode() reads it, up to the bracket.
std::string from_char_codes(std::string_view text) {
    std::string out;
    for (const auto number : base::split(text.substr(0, text.find(')')), ',')) {
        const auto digits = base::trim(number);
        unsigned code = 0;
        if (std::from_chars(digits.data(), digits.data() + digits.size(), code).ec == std::errc()) {
            out += code < 0x80 ? static_cast<char>(code) : '?';
        }
    }
    return out;
}

/// The argument of one document.write: literals joined, whatever stands between them left out.
std::string read_argument(std::string_view text) {
    std::string out;
    bool is_escaped = false;
    for (std::size_t i = 0; i < text.size() && out.size() < kMaxWritten; ++i) {
        const auto rest = text.substr(i);
        if (rest.front() == '"' || rest.front() == '\'') {
            std::size_t used = 0;
            const auto literal = read_literal(rest, used);
            out += is_escaped ? unescaped(literal) : literal;
            i += used - 1;
        } else if (rest.starts_with("unescape(") || rest.starts_with("decodeURIComponent(")) {
            is_escaped = true;
        } else if (rest.starts_with("fromCharCode(")) {
            out += from_char_codes(rest.substr(rest.find('(') + 1));
            break;
        } else if (rest.front() == ';' || rest.starts_with("document.write")) {
            break;
        }
    }
    return out;
}

} // namespace

StyleHiding read_style(std::string_view declarations) {
    return StyleReader(declarations).read();
}

void HidingRules::add(std::string_view style_sheet) {
    while (!style_sheet.empty() && rules_.size() < kMaxRules) {
        const auto open = style_sheet.find('{');
        const auto close = style_sheet.find('}', open == kNowhere ? 0 : open);
        if (open == kNowhere || close == kNowhere) {
            return;
        }
        const auto hiding = read_style(style_sheet.substr(open + 1, close - open - 1));
        for (const auto selector : base::split(style_sheet.substr(0, open), ',')) {
            const auto name = base::trim(selector);
            const bool is_plain = name.size() > 1 && (name.front() == '.' || name.front() == '#')
                                  && name.find_first_of(" >:+~[", 1) == kNowhere;
            if (is_plain && hiding.hiding != Hiding::none) {
                rules_[std::string(name)] = hiding;
            }
        }
        style_sheet.remove_prefix(close + 1);
    }
}

const StyleHiding* HidingRules::find(const std::string& selector) const {
    const auto found = rules_.find(selector);
    return found == rules_.end() ? nullptr : &found->second;
}

std::vector<std::string> ids_switched_off(std::string_view script) {
    constexpr std::string_view kLook = "getElementById(";
    std::vector<std::string> ids;
    if (script.find("function") != kNowhere || script.find("=>") != kNowhere) {
        return ids;
    }
    for (auto at = script.find(kLook); at != kNowhere && ids.size() < 50; at = script.find(kLook, at + 1)) {
        const auto rest = script.substr(at + kLook.size());
        if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) {
            continue;
        }
        std::size_t used = 0;
        auto id = read_literal(rest, used);
        std::string after;
        for (const char c : rest.substr(used, 60)) {
            after +=
                c == ' ' || c == '\'' ? (c == ' ' ? std::string() : std::string("\"")) : std::string(1, c);
        }
        if (after.starts_with(").style.display=\"none\"")
            || after.starts_with(").style.visibility=\"hidden\"")) {
            ids.push_back(std::move(id));
        }
    }
    return ids;
}

std::string written_markup(std::string_view script) {
    constexpr std::string_view kWrite = "document.write";
    std::string out;
    for (auto at = script.find(kWrite); at != kNowhere && out.size() < kMaxWritten;
         at = script.find(kWrite, at + 1)) {
        const auto bracket = script.find('(', at);
        if (bracket == kNowhere) {
            break;
        }
        out += read_argument(script.substr(bracket + 1));
    }
    return out;
}

} // namespace fengsui::model
