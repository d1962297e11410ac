#include "base/text.h"
#include "template/bytes.h"
#include "template/evaluate.h"
#include "template/json_query.h"
#include "template/xpath.h"

#include <algorithm>

namespace fengsui::templates {

namespace {

constexpr std::size_t kMaxQuoted = 8; ///< matched pieces kept as evidence

/// The text of a part; history and extracted values count, too. Nothing: it is missing.
std::optional<std::string_view> part_of(
    std::string_view name, const ResponseFacts& facts, const Scope& scope, std::string& storage
) {
    if (name.empty() || name == "all") {
        return facts.part(name);
    }
    const auto value = scope.find(name);
    if (!value) {
        return std::nullopt;
    }
    return value->view(storage);
}

void quote(std::string_view text, std::vector<std::string>& patterns) {
    if (patterns.size() < kMaxQuoted) {
        patterns.push_back(base::shorten(base::scrub_utf8(text), 200));
    }
}

/// Goes through values by the inner condition: `test` says whether one is found.
template <class Values, class Test>
bool by_condition(const Values& values, Condition condition, Test test) {
    if (values.empty()) {
        return false;
    }
    return condition == Condition::all ? std::all_of(values.begin(), values.end(), test)
                                       : std::any_of(values.begin(), values.end(), test);
}

bool match_words(
    const Matcher& matcher, std::string_view corpus, const Scope& scope, std::vector<std::string>& patterns
) {
    std::string lowered;
    if (matcher.is_case_insensitive) {
        lowered = unicode_lower(corpus);
        corpus = lowered;
    }
    std::vector<std::string> found;
    const auto test = [&](const Text& word) {
        const auto rendered = word.is_plain() ? base::Result<std::string>(word.source()) : word.render(scope);
        const std::string& text = rendered ? *rendered : word.source();
        if (!rendered && matcher.condition == Condition::all) {
            return false;
        }
        const bool is_there = corpus.find(text) != std::string_view::npos;
        if (is_there) {
            found.push_back(text);
        }
        return is_there;
    };
    // match-all collects every word; for the verdict it is the same.
    const bool matched = by_condition(matcher.words, matcher.condition, test);
    if (matched) {
        for (const auto& word : found) {
            quote(word, patterns);
        }
    }
    return matched;
}

bool match_patterns(
    const Matcher& matcher,
    std::string_view corpus,
    const ResponseFacts& facts,
    std::vector<std::string>& patterns
) {
    const bool is_clean = facts.is_clean(corpus);
    const bool matched = by_condition(matcher.patterns, matcher.condition, [&](const Pattern& pattern) {
        return pattern.matches(corpus, is_clean);
    });
    for (std::size_t i = 0; matched && i < matcher.patterns.size() && i < kMaxQuoted; ++i) {
        const auto first = matcher.patterns[i].find_all(corpus, 0, 1);
        if (!first.empty()) {
            quote(first.front(), patterns);
        }
    }
    return matched;
}

/// Point 19: an error ends an AND list, an OR list goes on; what is no bool is skipped.
bool match_expressions(const Matcher& matcher, const Scope& scope) {
    for (std::size_t i = 0; i < matcher.expressions.size(); ++i) {
        const auto result = matcher.expressions[i].evaluate(scope);
        if (!result) {
            if (matcher.condition == Condition::all) {
                return false;
            }
            continue;
        }
        if (!result->is_bool()) {
            continue;
        }
        if (!result->as_bool()) {
            if (matcher.condition == Condition::all) {
                return false;
            }
            continue;
        }
        if (matcher.condition == Condition::any || i + 1 == matcher.expressions.size()) {
            return true;
        }
    }
    return false;
}

bool match_xpath(const Matcher& matcher, std::string_view corpus) {
    const Markup markup = read_markup(corpus, corpus.starts_with("<?xml"));
    return by_condition(matcher.xpaths, matcher.condition, [&markup](const std::string& query) {
        const auto compiled = XPath::compile(query);
        return compiled && !compiled->select(markup, "").empty();
    });
}

/// On a text part. Status and dsl matchers need none.
bool match_part(
    const Matcher& matcher,
    std::string_view corpus,
    const ResponseFacts& facts,
    const Scope& scope,
    std::vector<std::string>& patterns
) {
    switch (matcher.type) {
    case MatcherType::word:
        return match_words(matcher, corpus, scope, patterns);
    case MatcherType::regex:
        return match_patterns(matcher, corpus, facts, patterns);
    case MatcherType::binary:
        return by_condition(matcher.binaries, matcher.condition, [corpus](const std::string& bytes) {
            return corpus.find(bytes) != std::string_view::npos;
        });
    case MatcherType::size:
        return std::find(matcher.sizes.begin(), matcher.sizes.end(), static_cast<std::int64_t>(corpus.size()))
               != matcher.sizes.end();
    default:
        return match_xpath(matcher, corpus);
    }
}

/// Keeps the order of first appearance; empty values of groups count as nuclei counts them.
void add_once(std::string value, std::vector<std::string>& out) {
    if (std::find(out.begin(), out.end(), value) == out.end()) {
        out.push_back(std::move(value));
    }
}

std::vector<std::string> extract_keys(const Extractor& extractor, const Scope& scope) {
    std::vector<std::string> out;
    for (const auto& key : extractor.keys) {
        if (const auto value = scope.find(key)) {
            add_once(extractor.is_case_insensitive ? unicode_lower(value->to_text()) : value->to_text(), out);
        }
    }
    return out;
}

std::vector<std::string> extract_expressions(const Extractor& extractor, const Scope& scope) {
    std::vector<std::string> out;
    for (const auto& expression : extractor.expressions) {
        const auto result = expression.evaluate(scope);
        if (!result && result.error().code() != base::ErrorCode::not_found) {
            return out;
        }
        if (result && !result->is_nil()) {
            std::string text = result->to_go_text();
            if (!text.empty()) {
                add_once(std::move(text), out);
            }
        }
    }
    return out;
}

std::vector<std::string> extract_json(const Extractor& extractor, std::string_view corpus) {
    std::vector<std::string> out;
    const auto parsed = base::parse_json(corpus);
    if (!parsed) {
        return out;
    }
    for (const auto& query : extractor.queries) {
        const auto compiled = JsonQuery::compile(query);
        for (const auto& value : compiled ? compiled->run(*parsed) : std::vector<base::Json>()) {
            add_once(json_result_text(value), out);
        }
    }
    return out;
}

std::vector<std::string> extract_xpath(const Extractor& extractor, std::string_view corpus) {
    std::vector<std::string> out;
    const Markup markup = read_markup(corpus, corpus.starts_with("<?xml"));
    for (const auto& query : extractor.queries) {
        const auto compiled = XPath::compile(query);
        for (auto& value :
             compiled ? compiled->select(markup, extractor.attribute) : std::vector<std::string>()) {
            add_once(std::move(value), out);
        }
    }
    return out;
}

/// Words that the single pass looked for.
bool match_found_words(
    const Matcher& matcher, const std::vector<bool>& found, std::vector<std::string>& patterns
) {
    const bool is_matched = by_condition(found, matcher.condition, [](bool is_there) { return is_there; });
    for (std::size_t i = 0; is_matched && i < found.size(); ++i) {
        if (found[i]) {
            quote(matcher.words[i].source(), patterns);
        }
    }
    return is_matched;
}

} // namespace

bool matches(
    const Matcher& matcher,
    const ResponseFacts& facts,
    const Scope& scope,
    std::vector<std::string>& patterns,
    const std::optional<std::vector<bool>>& words_found
) {
    if (words_found) {
        return match_found_words(matcher, *words_found, patterns) != matcher.is_negative;
    }
    if (matcher.type == MatcherType::dsl) {
        return match_expressions(matcher, scope) != matcher.is_negative;
    }
    std::string storage;
    const auto corpus = part_of(matcher.part, facts, scope, storage);
    if (!corpus) {
        return false; // also when it is negative (point 3)
    }
    if (matcher.type == MatcherType::status) {
        const bool has =
            std::find(matcher.status.begin(), matcher.status.end(), facts.status()) != matcher.status.end();
        return facts.protocol() == Protocol::http && has != matcher.is_negative;
    }
    return match_part(matcher, *corpus, facts, scope, patterns) != matcher.is_negative;
}

std::vector<std::string> extract(const Extractor& extractor, const ResponseFacts& facts, const Scope& scope) {
    if (extractor.type == ExtractorType::kval) {
        return extract_keys(extractor, scope);
    }
    if (extractor.type == ExtractorType::dsl) {
        return extract_expressions(extractor, scope);
    }
    std::string storage;
    const auto corpus = part_of(extractor.part, facts, scope, storage);
    if (!corpus) {
        return {};
    }
    if (extractor.type == ExtractorType::json) {
        return extract_json(extractor, *corpus);
    }
    if (extractor.type == ExtractorType::xpath) {
        return extract_xpath(extractor, *corpus);
    }
    std::vector<std::string> out;
    for (const auto& pattern : extractor.patterns) {
        for (auto& value : pattern.find_all(*corpus, extractor.group)) {
            add_once(std::move(value), out);
        }
    }
    return out;
}

} // namespace fengsui::templates
