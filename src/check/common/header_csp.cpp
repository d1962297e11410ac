#include "check/common/header_csp.h"

#include "base/text.h"

#include <algorithm>
#include <set>

namespace fengsui::check {

namespace {

using Weaknesses = std::set<std::string>;

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            if (!word.empty()) {
                words.push_back(std::move(word));
            }
            word.clear();
        } else {
            word += base::to_lower(c);
        }
    }
    if (!word.empty()) {
        words.push_back(std::move(word));
    }
    return words;
}

bool has(const CspSources& sources, std::string_view wanted) {
    return std::find(sources.begin(), sources.end(), wanted) != sources.end();
}

/// A nonce, a hash or 'strict-dynamic': browsers then pay no heed to 'unsafe-inline' (CSP3 6.7.3.2).
bool overrides_inline(const CspSources& sources) {
    return std::any_of(sources.begin(), sources.end(), [](const std::string& source) {
        return source.starts_with("'nonce-") || source.starts_with("'sha256-")
               || source.starts_with("'sha384-") || source.starts_with("'sha512-")
               || source == "'strict-dynamic'";
    });
}

bool is_wildcard(std::string_view source) {
    return source == "*" || source == "*:*" || source == "http://*" || source == "https://*";
}

bool is_open_scheme(std::string_view source) {
    return source == "http:" || source == "https:" || source == "data:";
}

void add_open_sources(const CspSources& sources, std::string_view directive, Weaknesses& found) {
    for (const auto& source : sources) {
        if (is_wildcard(source)) {
            found.insert(std::string(directive) + " wildcard");
        } else if (is_open_scheme(source)) {
            found.insert(std::string(directive) + " " + source);
        }
    }
}

const CspSources* first_of(const CspPolicy& policy, std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
        if (const auto* sources = policy.find(name)) {
            return sources;
        }
    }
    return nullptr;
}

/// Nothing when the policy does not govern scripts: another one may.
std::optional<Weaknesses> script_weaknesses(const CspPolicy& policy) {
    const auto* script = first_of(policy, {"script-src-elem", "script-src", "default-src"});
    const auto* evaluated = first_of(policy, {"script-src", "default-src"});
    if (script == nullptr) {
        return std::nullopt;
    }
    Weaknesses found;
    if (has(*script, "'unsafe-inline'") && !overrides_inline(*script)) {
        found.insert("script-src 'unsafe-inline'");
    }
    if (evaluated != nullptr && has(*evaluated, "'unsafe-eval'")) {
        found.insert("script-src 'unsafe-eval'");
    }
    if (!has(*script, "'strict-dynamic'")) { // else host and scheme sources are ignored (CSP3 8.2)
        add_open_sources(*script, "script-src", found);
    }
    return found;
}

std::optional<Weaknesses> object_weaknesses(const CspPolicy& policy) {
    const auto* object = first_of(policy, {"object-src", "default-src"});
    if (object == nullptr) {
        return std::nullopt;
    }
    Weaknesses found;
    add_open_sources(*object, "object-src", found);
    return found;
}

/// Whether a wildcard, which covers http: and https: (CSP3 6.7.2.8), allows what `one` names.
bool covers(const Weaknesses& all, const std::string& one) {
    const auto directive = one.substr(0, one.find(' '));
    const bool is_network_scheme = one == directive + " http:" || one == directive + " https:";
    return all.contains(one) || (is_network_scheme && all.contains(directive + " wildcard"));
}

using Judge = std::optional<Weaknesses> (*)(const CspPolicy&);

void add_common(const std::vector<CspPolicy>& policies, Judge judge, std::vector<std::string>& out) {
    std::optional<Weaknesses> common;
    for (const auto& policy : policies) {
        auto found = judge(policy);
        if (!found) {
            continue;
        }
        if (!common) {
            common = std::move(found);
            continue;
        }
        Weaknesses both;
        std::copy_if(
            common->begin(),
            common->end(),
            std::inserter(both, both.end()),
            [&](const std::string& one) { return covers(*found, one); }
        );
        std::copy_if(
            found->begin(),
            found->end(),
            std::inserter(both, both.end()),
            [&](const std::string& one) { return covers(*common, one); }
        );
        common = std::move(both);
    }
    if (common) {
        out.insert(out.end(), common->begin(), common->end());
    }
}

void add_list(std::string_view header, std::vector<CspPolicy>& policies) {
    for (const auto serialised : base::split(header, ',')) {
        auto policy = parse_csp(serialised);
        if (!policy.directives.empty()) {
            policies.push_back(std::move(policy));
        }
    }
}

} // namespace

const CspSources* CspPolicy::find(std::string_view name) const {
    const auto found = std::find_if(directives.begin(), directives.end(), [&](const CspDirective& directive) {
        return directive.name == name;
    });
    return found == directives.end() ? nullptr : &found->sources;
}

CspPolicy parse_csp(std::string_view text) {
    CspPolicy policy;
    for (const auto piece : base::split(text, ';')) {
        auto words = words_of(piece);
        if (words.empty() || policy.find(words.front()) != nullptr) {
            continue;
        }
        policy.directives.push_back({words.front(), CspSources(words.begin() + 1, words.end())});
    }
    return policy;
}

std::vector<CspPolicy> csp_policies(const model::HttpExchange& page, const model::HtmlFacts* html) {
    std::vector<CspPolicy> policies;
    for (const auto header : all_headers(page.headers, "Content-Security-Policy")) {
        add_list(header, policies);
    }
    if (html == nullptr) {
        return policies;
    }
    for (const auto& meta : html->metas) {
        if (meta.http_equiv != "content-security-policy") {
            continue;
        }
        auto policy = parse_csp(meta.content);
        // Of no effect in a meta element (HTML standard 4.2.5.3).
        std::erase_if(policy.directives, [](const CspDirective& directive) {
            return directive.name == "frame-ancestors" || directive.name == "report-uri"
                   || directive.name == "sandbox";
        });
        policy.is_from_meta = true;
        if (!policy.directives.empty()) {
            policies.push_back(std::move(policy));
        }
    }
    return policies;
}

std::vector<std::string> csp_weaknesses(const std::vector<CspPolicy>& policies) {
    std::vector<std::string> reasons;
    add_common(policies, &script_weaknesses, reasons);
    add_common(policies, &object_weaknesses, reasons);
    return reasons;
}

} // namespace fengsui::check
