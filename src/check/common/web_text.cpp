#include "check/common/web_text.h"

#include "base/text.h"

#include <algorithm>

namespace fengsui::check {

namespace {

constexpr std::size_t kMaxText = std::size_t{256} * 1024;
/// A longer "tag" is a comparison in prose or code.
constexpr std::size_t kMaxTag = 4096;

bool ends_line(std::string_view tag) {
    constexpr std::string_view kBreaks[] = {
        "<br", "</p", "</div", "</li", "</tr", "</h", "</pre", "</title", "<hr"};
    return std::any_of(std::begin(kBreaks), std::end(kBreaks), [&](std::string_view start) {
        return base::istarts_with(tag, start);
    });
}

/// Length of the tag at the start of `text`, 0 when there is none.
std::size_t tag_length(std::string_view text) {
    const bool is_tag = text.size() > 2 && (base::is_alpha(text[1]) || text[1] == '/' || text[1] == '!');
    if (!is_tag) {
        return 0;
    }
    const auto end = text.substr(0, kMaxTag).find('>');
    return end == std::string_view::npos ? 0 : end + 1;
}

std::size_t resolve(std::string_view text, std::string& out) {
    struct Reference {
        std::string_view name;
        std::string_view value;
    };
    static constexpr Reference kReferences[] = {
        {"&lt;", "<"},
        {"&gt;", ">"},
        {"&quot;", "\""},
        {"&#39;", "'"},
        {"&#x27;", "'"},
        {"&nbsp;", " "},
        {"&#34;", "\""},
        {"&amp;", "&"}};
    for (const auto& reference : kReferences) {
        if (text.starts_with(reference.name)) {
            out += reference.value;
            return reference.name.size();
        }
    }
    out += '&';
    return 1;
}

} // namespace

std::string visible_text(std::string_view html) {
    html = html.substr(0, kMaxText);
    std::string out;
    out.reserve(html.size());
    for (std::size_t i = 0; i < html.size();) {
        const auto rest = html.substr(i);
        if (rest.front() == '<' && tag_length(rest) > 0) {
            if (ends_line(rest)) {
                out += '\n';
            }
            i += tag_length(rest);
        } else if (rest.front() == '&') {
            i += resolve(rest, out);
        } else {
            out += rest.front();
            ++i;
        }
    }
    return out;
}

bool has_all(std::string_view text, std::initializer_list<std::string_view> phrases) {
    return std::all_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
        return text.find(phrase) != std::string_view::npos;
    });
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> phrases) {
    return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
        return text.find(phrase) != std::string_view::npos;
    });
}

std::size_t count_before_digit(std::string_view text, std::string_view mark, std::size_t enough) {
    std::size_t count = 0;
    for (auto at = text.find(mark); at != std::string_view::npos && count < enough;
         at = text.find(mark, at + 1)) {
        const auto after = at + mark.size();
        count += after < text.size() && base::is_digit(text[after]) ? 1 : 0;
    }
    return count;
}

} // namespace fengsui::check
