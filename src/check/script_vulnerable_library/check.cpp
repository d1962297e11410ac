#include "model/check.h"

#include "base/hash.h"
#include "base/text.h"
#include "check/common/software_version.h"
#include "check/common/web_chain.h"
#include "model/knowledge.h"
#include "model/script_references.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using base::Json;
using model::LibraryVulnerability;
using model::ScriptLibrary;

constexpr std::size_t kMaxListed = 20;

/// A library as one script shows it. The surer sign wins: hash before content before name.
struct Recognised {
    std::string version;
    std::string sign;
    std::string url;
};

std::string file_name(const model::Url& url) {
    return url.path.substr(url.path.rfind('/') + 1);
}

/// `1.4.0.min`: the data's version patterns are greedy, so their own tool cuts this off, too.
std::string without_min(std::string version) {
    for (const std::string_view ending : {".min", "-min"}) {
        if (version.ends_with(ending)) {
            version.resize(version.size() - ending.size());
        }
    }
    return version;
}

std::optional<std::string> first_match(const std::vector<base::Pattern>& patterns, std::string_view text) {
    for (const auto& pattern : patterns) {
        auto version = pattern.find(text);
        if (version && !version->empty()) {
            return without_min(std::move(*version));
        }
    }
    return std::nullopt;
}

std::optional<Recognised> by_file(const ScriptLibrary& library, const model::HttpExchange& file) {
    if (!file.outcome.is_completed() || file.status != 200) {
        return std::nullopt;
    }
    if (file.body_complete) {
        const auto known = library.hashes.find(base::sha1_hex(file.body));
        if (known != library.hashes.end()) {
            return Recognised{known->second, "hash", file.url.str()};
        }
    }
    if (auto version = first_match(library.contents, file.body)) {
        return Recognised{std::move(*version), "content", file.url.str()};
    }
    return std::nullopt;
}

std::optional<Recognised> by_name(const ScriptLibrary& library, const model::Url& url) {
    auto version = first_match(library.urls, url.str());
    if (!version) {
        version = first_match(library.file_names, file_name(url));
    }
    return version ? std::optional(Recognised{std::move(*version), "name", url.str()}) : std::nullopt;
}

/// Every version of the library that the page loads, each once.
std::vector<Recognised> recognise(
    const ScriptLibrary& library,
    const std::vector<model::LoadedReference>& loaded,
    const model::Observation& seen
) {
    std::vector<Recognised> found;
    const auto add = [&](std::optional<Recognised> one) {
        const bool is_known = one && std::any_of(found.begin(), found.end(), [&](const Recognised& other) {
                                  return other.version == one->version || other.url == one->url;
                              });
        if (one && !is_known) {
            found.push_back(std::move(*one));
        }
    };
    for (const auto& file : seen.scripts.files) {
        add(by_file(library, file));
    }
    for (const auto& reference : loaded) {
        if (reference.element == "script") {
            add(by_name(library, reference.url));
        }
    }
    return found;
}

bool concerns(const LibraryVulnerability& one, const std::string& version) {
    return is_within(one.span, version)
           && std::find(one.excludes.begin(), one.excludes.end(), version) == one.excludes.end();
}

Json to_json(const LibraryVulnerability& one) {
    Json json = Json::object({{"severity", to_string(one.severity)}});
    json.set("ids", base::JsonArray(one.ids.begin(), one.ids.end()));
    json.set("fixed_in", one.span.until).set("summary", one.summary);
    return one.more.empty() ? json : json.set("more", one.more);
}

std::optional<model::Claim> judge_one(const ScriptLibrary& library, const Recognised& found) {
    Json listed = Json::array();
    std::uint64_t count = 0;
    auto worst = model::Severity::info;
    for (const auto& one : library.vulnerabilities) {
        if (!concerns(one, found.version)) {
            continue;
        }
        ++count;
        worst = std::max(worst, one.severity);
        if (listed.items().size() < kMaxListed) {
            listed.push(to_json(one));
        }
    }
    if (count == 0) {
        return std::nullopt;
    }
    // Published is not exploitable: what a visitor's browser runs is worth medium at most, without more
    // proof.
    const auto severity = std::min(worst, model::Severity::medium);
    const auto evidence = Json::object(
        {{"library", library.name},
         {"version", found.version},
         {"sign", found.sign},
         {"url", base::shorten(found.url, 300)},
         {"count", count},
         {"vulnerabilities", std::move(listed)}}
    );
    return model::Claim{library.name, evidence, severity};
}

} // namespace

model::Verdict script_vulnerable_library(const model::Observation& seen, const base::Json&) {
    const auto* page = seen.web.document();
    if (seen.knowledge == nullptr || seen.knowledge->libraries.empty() || page == nullptr
        || why_not_judged(*page, PageKind::html)) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    const auto loaded = model::loaded_references(page->url, model::read_html(page->text()));
    model::Verdict verdict;
    for (const auto& library : seen.knowledge->libraries) {
        for (const auto& found : recognise(library, loaded, seen)) {
            if (auto claim = judge_one(library, found)) {
                verdict.claims.push_back(std::move(*claim));
            }
        }
    }
    return verdict;
}

} // namespace fengsui::check
