#include "workflow/export.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::workflow {

namespace {

using base::Json;

std::string in_words(const Json& text) {
    if (text.is_string()) {
        return text.as_string();
    }
    const auto& zh = text["zh"].as_string();
    const auto& en = text["en"].as_string();
    return zh.empty() || en.empty() || zh == en ? (zh.empty() ? en : zh) : zh + " / " + en;
}

std::string note_text(const Json& finding) {
    std::string text = fmt::format(
        "id: {}\ncheck: {}\nseverity: {}\ntarget: {}\n",
        finding["id"].as_string(),
        finding["check"].as_string(),
        finding["severity"].as_string(),
        finding["target"].as_string()
    );
    if (const auto& locator = finding["locator"].as_string(); !locator.empty()) {
        text += "locator: " + locator + "\n";
    }
    if (const auto advice = in_words(finding["advice"]); !advice.empty()) {
        text += "advice: " + advice + "\n";
    }
    return text;
}

/// 4.3: a general word first, then what was found.
Json notes_of(std::span<const Json> findings) {
    Json notes = Json::array();
    notes.push(Json::object({
        {"category", "summary"},
        {"title", "Summary"},
        {"text", fmt::format("{} findings on systems in this office's jurisdiction.", findings.size())},
    }));
    for (const auto& finding : findings) {
        const auto title = in_words(finding["title"]);
        notes.push(Json::object({
            {"category", "details"},
            {"title", title.empty() ? finding["check"].as_string() : title},
            {"text", note_text(finding)},
        }));
    }
    return notes;
}

/// 4.3 asks for one external reference at least: ours, and those of the findings that are URLs.
Json references_of(std::span<const Json> findings, const ExportContext& context) {
    std::vector<std::string> urls = {context.site};
    for (const auto& finding : findings) {
        for (const auto& reference : finding["references"].items()) {
            const auto& url = reference.as_string();
            if (url.starts_with("https://") && std::find(urls.begin(), urls.end(), url) == urls.end()) {
                urls.push_back(url);
            }
        }
    }
    Json references = Json::array();
    for (const auto& url : urls) {
        references.push(Json::object({
            {"category", "external"},
            {"summary", url == context.site ? "The publishing office" : "Reference of a finding"},
            {"url", url},
        }));
    }
    return references;
}

Json tracking_of(const ExportContext& context) {
    const auto date = base::format_rfc3339(context.now);
    return Json::object({
        {"current_release_date", date},
        {"id", context.id},
        {"initial_release_date", date},
        {"revision_history",
         Json::array({Json::object({{"date", date}, {"number", "1"}, {"summary", "First release."}})})},
        {"status", "final"},
        {"version", "1"},
        {"generator",
         Json::object({{"engine", Json::object({{"name", "Fengsui"}, {"version", FENGSUI_VERSION}})}})},
    });
}

} // namespace

std::string to_csaf(std::span<const Json> findings, const ExportContext& context) {
    const Json document = Json::object({
        {"category", "csaf_informational_advisory"},
        {"csaf_version", "2.0"},
        {"distribution",
         Json::object(
             {{"text", "For " + context.receiver + " only."}, {"tlp", Json::object({{"label", "AMBER"}})}}
         )},
        {"lang", "zh-CN"},
        {"notes", notes_of(findings)},
        {"publisher",
         Json::object({{"category", "coordinator"}, {"name", context.publisher}, {"namespace", context.site}}
         )},
        {"references", references_of(findings, context)},
        {"title", fmt::format("Findings for {}", context.receiver)},
        {"tracking", tracking_of(context)},
    });
    return base::to_pretty_text(Json::object({{"document", document}}));
}

} // namespace fengsui::workflow
