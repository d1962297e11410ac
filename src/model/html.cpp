#include "model/html.h"

#include "base/text.h"
#include "model/html/tokenizer.h"

#include <algorithm>

namespace fengsui::model {

namespace {

constexpr std::size_t kMaxInput = std::size_t{1024} * 1024;
constexpr std::size_t kMaxReferences = 5000;
constexpr std::size_t kMaxMetas = 500;
constexpr std::size_t kMaxInlineScripts = 1000;
constexpr std::size_t kMaxInlineScript = 4096;
constexpr std::size_t kMaxText = 8192; ///< of a title, a URL or a meta's content

/// Where a browser finds a URL, element by element.
struct ReferencePlace {
    std::string_view element;
    std::string_view attribute;
};
constexpr ReferencePlace kPlaces[] = {
    {"a", "href"},      {"area", "href"},        {"link", "href"},        {"script", "src"},
    {"img", "src"},     {"img", "srcset"},       {"iframe", "src"},       {"frame", "src"},
    {"object", "data"}, {"embed", "src"},        {"form", "action"},      {"audio", "src"},
    {"video", "src"},   {"video", "poster"},     {"source", "src"},       {"source", "srcset"},
    {"track", "src"},   {"input", "src"},        {"input", "formaction"}, {"button", "formaction"},
    {"image", "href"},  {"image", "xlink:href"}, {"use", "href"},         {"use", "xlink:href"},
};

/// URL parsers drop tabs and line ends wherever they stand (URL standard, section 4.4).
std::string clean_url(std::string_view text) {
    std::string url(base::trim(text));
    std::erase_if(url, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
    return base::shorten(url, kMaxText);
}

std::string collapse_spaces(std::string_view text) {
    std::string out;
    for (const char c : base::trim(text)) {
        const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
        if (!is_space) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    return out;
}

/// A classic or module script, by its type attribute (HTML standard 4.12.1); data blocks are not.
bool is_javascript(std::string_view type) {
    return type.empty() || base::iequals(type, "module") || base::icontains(type, "javascript")
           || base::icontains(type, "ecmascript");
}

class Reader {
public:
    HtmlFacts read(std::string_view text) {
        HtmlTokenizer tokens(text.substr(0, kMaxInput));
        while (const auto tag = tokens.next()) {
            take(*tag);
        }
        return std::move(facts_);
    }

private:
    void take(const HtmlTag& tag) {
        if (tag.name == "template") { // inert: nothing in it is loaded (HTML standard 4.12.3)
            template_depth_ += tag.is_end ? (template_depth_ > 0 ? -1 : 0) : 1;
        }
        if (tag.is_end || template_depth_ > 0) {
            return;
        }
        if (tag.name == "title" && !tag.is_foreign && facts_.title.empty()) {
            facts_.title = base::shorten(
                collapse_spaces(resolve_references(tag.raw_text.substr(0, kMaxText))), kMaxText
            );
        } else if (tag.name == "base" && facts_.base_href.empty()) {
            facts_.base_href = clean_url(tag.attribute("href").value_or(""));
        } else if (tag.name == "meta") {
            take_meta(tag);
        } else if (tag.name == "input") {
            facts_.has_password_field |= base::iequals(tag.attribute("type").value_or(""), "password");
        } else if (tag.name == "script" && !tag.attribute("src")) {
            take_inline_script(tag);
        }
        take_references(tag);
    }

    void take_meta(const HtmlTag& tag) {
        if (facts_.metas.size() >= kMaxMetas) {
            return;
        }
        auto name = tag.attribute("name");
        if (!name) {
            name = tag.attribute("property"); // as Open Graph writes it
        }
        facts_.metas.push_back(
            {base::to_lower(base::trim(name.value_or(""))),
             base::to_lower(base::trim(tag.attribute("http-equiv").value_or(""))),
             base::shorten(tag.attribute("content").value_or(""), kMaxText)}
        );
    }

    void take_inline_script(const HtmlTag& tag) {
        const auto code = base::trim(tag.raw_text);
        if (code.empty() || !is_javascript(base::trim(tag.attribute("type").value_or("")))
            || facts_.inline_scripts.size() >= kMaxInlineScripts) {
            return;
        }
        facts_.inline_scripts.push_back(base::shorten(code, kMaxInlineScript));
    }

    void take_references(const HtmlTag& tag) {
        for (const auto& place : kPlaces) {
            if (place.element != tag.name) {
                continue;
            }
            const auto value = tag.attribute(place.attribute);
            if (!value) {
                continue;
            }
            if (place.attribute == "srcset") {
                take_candidates(tag, *value);
            } else {
                add(tag, place.attribute, *value);
            }
        }
    }

    /// `a.png 1x, b.png 2x`: a comma ends a candidate only after its URL (HTML standard 4.8.4.2.2).
    void take_candidates(const HtmlTag& tag, std::string_view set) {
        while (!set.empty() && facts_.references.size() < kMaxReferences) {
            const auto start = set.find_first_not_of(" \t\r\n\f,");
            if (start == std::string_view::npos) {
                return;
            }
            const auto end = std::min(set.find_first_of(" \t\r\n\f", start), set.size());
            const bool has_descriptor = set[end - 1] != ',';
            auto url = set.substr(start, end - start);
            url = url.substr(0, url.find_last_not_of(',') + 1);
            add(tag, "srcset", url);
            set.remove_prefix(end);
            if (has_descriptor) {
                set.remove_prefix(std::min(set.find(','), set.size()));
            }
        }
    }

    void add(const HtmlTag& tag, std::string_view attribute, std::string_view value) {
        auto url = clean_url(value);
        if (url.empty() || facts_.references.size() >= kMaxReferences) {
            return;
        }
        HtmlReference reference;
        reference.element = tag.name;
        reference.attribute = attribute;
        reference.url = std::move(url);
        reference.rel = base::to_lower(base::trim(tag.attribute("rel").value_or("")));
        reference.type = std::string(base::trim(tag.attribute("type").value_or("")));
        reference.has_integrity = !base::trim(tag.attribute("integrity").value_or("")).empty();
        facts_.references.push_back(std::move(reference));
    }

    HtmlFacts facts_;
    int template_depth_ = 0;
};

} // namespace

const HtmlMeta* HtmlFacts::meta(std::string_view name) const {
    const auto found =
        std::find_if(metas.begin(), metas.end(), [&](const HtmlMeta& one) { return one.name == name; });
    return found == metas.end() ? nullptr : &*found;
}

const HtmlMeta* HtmlFacts::http_equiv(std::string_view name) const {
    const auto found =
        std::find_if(metas.begin(), metas.end(), [&](const HtmlMeta& one) { return one.http_equiv == name; });
    return found == metas.end() ? nullptr : &*found;
}

HtmlFacts read_html(std::string_view utf8) {
    return Reader().read(utf8);
}

} // namespace fengsui::model
