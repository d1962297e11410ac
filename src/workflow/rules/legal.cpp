// Which text of a law was in force on a date, and how its articles are numbered in another text of it.
#include "workflow/rulebook.h"
#include "workflow/rules/article.h"

#include <algorithm>

namespace fengsui::workflow {

namespace {

constexpr std::string_view kOpenQuote = "《";
constexpr std::string_view kCloseQuote = "》";

/// 《网络安全法》 as 网络安全法.
std::string_view without_quotes(std::string_view name) {
    if (name.starts_with(kOpenQuote)) {
        name.remove_prefix(kOpenQuote.size());
    }
    if (name.ends_with(kCloseQuote)) {
        name.remove_suffix(kCloseQuote.size());
    }
    return name;
}

} // namespace

const Rulebook::Law* Rulebook::find_law(std::string_view name) const {
    const std::string_view plain = without_quotes(name);
    for (const auto& law : laws_) {
        if (std::find(law.names.begin(), law.names.end(), plain) != law.names.end()) {
            return &law;
        }
    }
    return nullptr;
}

/// The article's number in the other text, step by step through the texts between; 0 when it has none there.
int Rulebook::map_number(const Law& law, std::size_t from, std::size_t to, int article) {
    while (from != to && article != 0) {
        const bool forward = from < to;
        const auto& shifts = law.versions[forward ? from + 1 : from].shifts;
        int mapped = shifts.empty() ? article : 0; // nothing known of a renumbering: as it is
        for (const auto& range : shifts) {
            const int added = forward ? 0 : range.shift;
            if (article >= range.from + added && article <= range.to + added) {
                mapped = forward ? article + range.shift : article - range.shift;
            }
        }
        article = mapped;
        from = forward ? from + 1 : from - 1;
    }
    return article;
}

std::string Rulebook::map_article(
    const Law& law, std::size_t from, std::size_t to, std::string_view article
) {
    const auto number = find_article_number(article);
    if (!number) {
        return std::string(article);
    }
    const int mapped = map_number(law, from, to, number->number);
    return mapped == 0 ? std::string() : with_article_number(article, *number, mapped);
}

BasisVerdict Rulebook::judge_basis(const Citation& cited, base::Date on) const {
    BasisVerdict verdict;
    const Law* law = find_law(cited.law);
    if (law == nullptr) {
        return verdict;
    }
    verdict.known = true;
    const auto& versions = law->versions;
    const auto in_force = std::find_if(versions.begin(), versions.end(), [&](const LawVersion& version) {
        return version.from <= on && (!version.until || on <= *version.until);
    });
    if (in_force == versions.end()) {
        return verdict;
    }
    verdict.in_force = cited.version.empty() || cited.version == in_force->version;
    if (verdict.in_force) {
        return verdict;
    }
    const auto named = std::find_if(versions.begin(), versions.end(), [&](const LawVersion& version) {
        return version.version == cited.version;
    });
    Citation suggestion{cited.law, in_force->version, cited.article};
    if (named != versions.end()) {
        const auto index = [&](auto place) {
            return static_cast<std::size_t>(place - versions.begin());
        };
        suggestion.article = map_article(*law, index(named), index(in_force), cited.article);
    }
    verdict.suggestion = std::move(suggestion);
    return verdict;
}

} // namespace fengsui::workflow
