#include "template/text.h"

#include "base/text.h"

#include <algorithm>
#include <set>

namespace fengsui::templates {

namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr std::size_t kMaxMarkers = 2000;
constexpr std::size_t kMaxTries = 20; ///< closing marks tried for one opening mark

std::string escaped_for(std::string_view value, char quote) {
    if (quote == '\0') {
        return std::string(value);
    }
    std::string out;
    for (const char c : value) {
        if (c == '\\' || c == quote) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

/// A name as templates write them; `{{a-b}}` may be one, too.
bool is_plain_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '_' || c == '-' || c == '.' || c == ' ';
    });
}

bool looks_computed(const Expression& expression) {
    return expression.calls_functions() || !expression.names().empty();
}

} // namespace

Text::Text(std::string_view source) : source_(source) {
    if (source_.find(kOpen) != std::string::npos) {
        parse();
    }
}

void Text::parse() {
    std::size_t at = 0;
    while (markers_.size() < kMaxMarkers) {
        const auto open = source_.find(kOpen, at);
        if (open == std::string::npos) {
            return;
        }
        at = read_marker(open) ? markers_.back().end : open + kOpen.size();
    }
}

/// The first closing mark with which the inside is a name or an expression; so `{{md5("{{x}}")}}` is one.
bool Text::read_marker(std::size_t open) {
    std::size_t close = open + kOpen.size();
    for (std::size_t tries = 0; tries < kMaxTries; ++tries) {
        close = source_.find(kClose, close);
        if (close == std::string::npos) {
            return false;
        }
        const auto inside = std::string_view(source_).substr(open + 2, close - open - 2);
        const std::size_t end = close + kClose.size();
        auto expression = Expression::compile(inside);
        if (expression && looks_computed(*expression)) {
            const bool is_name = expression->code().size() == 1 && !expression->calls_functions();
            markers_.push_back(
                {open, end, is_name ? std::nullopt : std::optional(std::move(expression).value())}
            );
            return true;
        }
        if (is_plain_name(inside)) {
            markers_.push_back({open, end, std::nullopt});
            return true;
        }
        close += 1;
    }
    return false;
}

namespace {

/// `§name§` is the other way to write a variable.
std::string replace_sections(std::string text, const Scope& scope) {
    static constexpr std::string_view kSection = "\xC2\xA7";
    std::size_t at = 0;
    while ((at = text.find(kSection, at)) != std::string::npos) {
        const auto end = text.find(kSection, at + kSection.size());
        if (end == std::string::npos) {
            break;
        }
        const auto value = scope.find(std::string_view(text).substr(at + 2, end - at - 2));
        if (!value) {
            at = end;
            continue;
        }
        const std::string put = value->to_text();
        text.replace(at, end + 2 - at, put);
        at += put.size();
    }
    return text;
}

} // namespace

base::Result<std::string> Text::render(const Scope& scope) const {
    std::string out;
    std::size_t at = 0;
    for (const auto& marker : markers_) {
        out.append(source_, at, marker.begin - at);
        at = marker.end;
        const auto inside = std::string_view(source_).substr(marker.begin + 2, marker.end - marker.begin - 4);
        if (const auto value = scope.find(inside)) {
            std::string storage;
            out += value->view(storage);
            continue;
        }
        if (!marker.expression) {
            out.append(source_, marker.begin, marker.end - marker.begin);
            continue;
        }
        const auto value = marker.expression->evaluate(scope);
        if (!value) {
            return value.error().context("{{" + marker.expression->text() + "}}");
        }
        out += value->to_text();
    }
    out.append(source_, at);
    return source_.find("\xC2\xA7") == std::string::npos ? out : replace_sections(std::move(out), scope);
}

std::string Text::longest_literal() const {
    if (source_.find("\xC2\xA7") != std::string::npos) {
        return {};
    }
    std::string_view best;
    std::size_t at = 0;
    for (std::size_t i = 0; i <= markers_.size(); ++i) {
        const std::size_t end = i < markers_.size() ? markers_[i].begin : source_.size();
        const auto stretch = std::string_view(source_).substr(at, end - at);
        best = stretch.size() > best.size() ? stretch : best;
        at = i < markers_.size() ? markers_[i].end : end;
    }
    return std::string(best);
}

std::vector<std::string> Text::names() const {
    std::set<std::string> names;
    for (const auto& marker : markers_) {
        names.insert(source_.substr(marker.begin + 2, marker.end - marker.begin - 4));
        if (marker.expression) {
            names.insert(marker.expression->names().begin(), marker.expression->names().end());
            for (const auto& constant : marker.expression->constants()) {
                const Text inner(constant.as_text());
                const auto inner_names = inner.names();
                names.insert(inner_names.begin(), inner_names.end());
            }
        }
    }
    return {names.begin(), names.end()};
}

bool Text::calls_functions() const {
    return std::any_of(markers_.begin(), markers_.end(), [](const Marker& marker) {
        return marker.expression && marker.expression->calls_functions();
    });
}

std::vector<const Expression*> Text::expressions() const {
    std::vector<const Expression*> found;
    for (const auto& marker : markers_) {
        if (marker.expression) {
            found.push_back(&*marker.expression);
        }
    }
    return found;
}

std::string fill_string_markers(std::string_view expression, const Scope& scope) {
    std::string out;
    char quote = '\0';
    for (std::size_t i = 0; i < expression.size(); ++i) {
        const char c = expression[i];
        if (c == '\\' && i + 1 < expression.size()) {
            out.append(expression.substr(i++, 2));
            continue;
        }
        if (quote != '\0' && expression.substr(i).starts_with(kOpen)) {
            const auto end = expression.find(kClose, i);
            const auto marker =
                end == std::string_view::npos ? std::string_view() : expression.substr(i, end + 2 - i);
            const auto rendered = Text(marker).render(scope);
            if (!marker.empty() && rendered && *rendered != marker) {
                out += escaped_for(*rendered, quote);
                i = end + 1;
                continue;
            }
        }
        if (quote == '\0' ? (c == '"' || c == '\'') : c == quote) {
            quote = quote == '\0' ? c : '\0';
        }
        out += c;
    }
    return out;
}

namespace {

/// `{{7*7}}` and the like: allowed to stay (point 27).
bool is_constant_marker(std::string_view inside) {
    const bool has_word = std::any_of(inside.begin(), inside.end(), [](char c) {
        return base::is_alpha(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    });
    if (!has_word) {
        return true;
    }
    const auto expression = Expression::compile(inside);
    return expression && expression->names().empty();
}

std::size_t find_brace(
    std::string_view text, std::size_t at, char plain, std::string_view encoded, std::size_t& size
) {
    for (; at < text.size(); ++at) {
        if (text[at] == plain) {
            size = 1;
            return at;
        }
        if (base::istarts_with(text.substr(at), encoded)) {
            size = 3;
            return at;
        }
    }
    return std::string_view::npos;
}

} // namespace

std::string unresolved_marker(std::string_view text) {
    std::size_t at = 0;
    std::size_t size = 0;
    while ((at = find_brace(text, at, '{', "%7b", size)) != std::string_view::npos) {
        std::size_t second = 0;
        const std::size_t next = at + size;
        if (find_brace(text.substr(next, 3), 0, '{', "%7b", second) != 0) {
            at = next;
            continue;
        }
        const std::size_t begin = next + second;
        std::size_t close = 0;
        const std::size_t end = find_brace(text, begin, '}', "%7d", close);
        if (end == std::string_view::npos) {
            return {};
        }
        std::size_t last = 0;
        const bool is_closed = find_brace(text.substr(end + close, 3), 0, '}', "%7d", last) == 0;
        const auto inside = text.substr(begin, end - begin);
        if (is_closed && !inside.empty() && !is_constant_marker(inside)) {
            return std::string(inside);
        }
        at = end;
    }
    return {};
}

} // namespace fengsui::templates
