#include "model/script_references.h"

#include "base/text.h"

#include <algorithm>

namespace fengsui::model {

bool has_word(std::string_view words, std::string_view wanted) {
    const auto list = base::split(words, ' ');
    return std::any_of(list.begin(), list.end(), [&](std::string_view word) {
        return base::trim(word) == wanted;
    });
}

bool is_data_block(const HtmlReference& reference) {
    const auto type = base::trim(base::split(reference.type, ';').front());
    return reference.element == "script" && !type.empty() && !base::iequals(type, "module")
           && !base::icontains(type, "javascript") && !base::icontains(type, "ecmascript")
           && !base::icontains(type, "jscript") && !base::icontains(type, "livescript");
}

std::vector<LoadedReference> loaded_references(const Url& page, const HtmlFacts& html) {
    auto from = page;
    if (!html.base_href.empty()) {
        from = page.resolve(html.base_href).value_or(page);
    }
    std::vector<LoadedReference> found;
    for (const auto& reference : html.references) {
        const bool is_script =
            reference.element == "script" && reference.attribute == "src" && !is_data_block(reference);
        const bool is_style = reference.element == "link" && has_word(reference.rel, "stylesheet");
        const auto url = from.resolve(reference.url);
        if ((is_script || is_style) && url) {
            found.push_back({reference.element, *url, reference.has_integrity});
        }
    }
    return found;
}

} // namespace fengsui::model
