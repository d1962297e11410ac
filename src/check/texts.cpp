#include "check/texts.h"

#include "check/catalog.h"

namespace fengsui::check {

void add_texts(base::Json& finding) {
    const std::string id = finding["check"].as_string();
    const Check* check = find_check(id);
    if (check == nullptr) {
        if (!finding["title"].is_object()) { // another tool's finding has that tool's words
            finding.set("title", model::LocalText{id, id}.to_json());
        }
        finding.set("advice", model::LocalText{}.to_json()).set("references", base::Json::array());
        return;
    }
    const auto& sources = finding["sources"].items();
    if (sources.empty()
        || sources.front()["title"].is_null()) { // else it was found by another tool, in its words
        finding.set("title", check->info.title.to_json());
    }
    finding.set("advice", check->info.advice.to_json());
    finding.set("verify", check->info.verify.to_json());
    const auto& references = check->info.references;
    finding.set("references", base::JsonArray(references.begin(), references.end()));
}

} // namespace fengsui::check
