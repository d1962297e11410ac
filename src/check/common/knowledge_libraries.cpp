// retire.js's jsrepository: how to tell a JavaScript library and its version, and what is published of it.
// `func` and `ast` extractors need a JavaScript engine and are left out.
#include "base/text.h"
#include "check/common/knowledge_parts.h"

namespace fengsui::check {

namespace {

using base::Json;
using model::LibraryVulnerability;
using model::ScriptLibrary;

constexpr std::size_t kMaxLibraries = std::size_t{16} * 1024 * 1024;
constexpr std::string_view kVersionToken = "\xC2\xA7\xC2\xA7version\xC2\xA7\xC2\xA7"; // §§version§§
constexpr std::string_view kVersionPattern = R"([0-9][0-9.a-z_\\-]{0,63})";

/// JavaScript's syntax where RE2's differs: `[^]`, and `/` escaped.
std::string to_pattern(std::string_view text, std::string_view before, std::string_view after) {
    std::string pattern(before);
    std::string body(text);
    for (auto at = body.find(kVersionToken); at != std::string::npos; at = body.find(kVersionToken)) {
        body.replace(at, kVersionToken.size(), kVersionPattern);
    }
    return pattern + body + std::string(after);
}

void add_patterns(
    const Json& list,
    std::string_view before,
    std::string_view after,
    std::vector<base::Pattern>& to,
    DataReport& report
) {
    for (const auto& item : list.items()) {
        auto pattern = base::Pattern::compile(to_pattern(item.as_string(), before, after));
        if (pattern) {
            to.push_back(std::move(*pattern));
        } else {
            ++report.unusable;
        }
    }
}

std::vector<std::string> ids_of(const Json& identifiers) {
    std::vector<std::string> ids;
    for (const auto* name : {"CVE", "githubID", "osvdb", "issue", "bug"}) {
        const auto& value = identifiers[name];
        if (value.is_string()) {
            ids.push_back(value.as_string());
        }
        for (const auto& item : value.items()) {
            ids.push_back(item.as_string());
        }
    }
    return ids;
}

LibraryVulnerability read_vulnerability(const Json& json) {
    LibraryVulnerability one;
    one.span.from = json["atOrAbove"].as_string();
    one.span.until = json["below"].as_string();
    for (const auto& version : json["excludes"].items()) {
        one.excludes.push_back(version.as_string());
    }
    one.severity = model::parse_severity(json["severity"].as_string()).value_or(model::Severity::medium);
    one.ids = ids_of(json["identifiers"]);
    one.summary = base::shorten(base::scrub_utf8(json["identifiers"]["summary"].as_string()), 300);
    const auto& links = json["info"].items();
    one.more = links.empty() ? std::string() : links.front().as_string();
    return one;
}

ScriptLibrary read_library(const std::string& name, const Json& json, DataReport& report) {
    ScriptLibrary library;
    library.name = name;
    const auto& extractors = json["extractors"];
    add_patterns(extractors["uri"], "", "", library.urls, report);
    add_patterns(extractors["filename"], "^(?:", ")$", library.file_names, report);
    add_patterns(extractors["filecontent"], "", "", library.contents, report);
    for (const auto& [hash, version] : extractors["hashes"].members()) {
        library.hashes.emplace(hash, version.as_string());
    }
    for (const auto& one : json["vulnerabilities"].items()) {
        library.vulnerabilities.push_back(read_vulnerability(one));
    }
    return library;
}

} // namespace

DataResult read_libraries(const base::TextSource& source, model::Knowledge& into) {
    const auto text = read_all(source, kMaxLibraries);
    if (!text) {
        return text.error();
    }
    const auto json = base::parse_json(*text);
    if (!json) {
        return json.error();
    }
    DataReport report;
    for (const auto& [name, library] : json->members()) {
        ++report.entries;
        const bool has_extractors = library["extractors"].is_object();
        const bool is_usable = has_extractors && name != "retire-example" && name != "dont check";
        if (is_usable) {
            into.libraries.push_back(read_library(name, library, report));
            ++report.kept;
        }
    }
    return report;
}

} // namespace fengsui::check
