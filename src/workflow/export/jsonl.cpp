#include "workflow/export.h"

namespace fengsui::workflow {

using base::Json;

std::string to_jsonl(std::span<const Json> findings) {
    std::string lines;
    for (const auto& finding : findings) {
        Json line = Json::object({{"type", "finding"}});
        for (const std::string_view name :
             {"id",
              "fingerprint",
              "check",
              "severity",
              "unit",
              "target",
              "locator",
              "title",
              "advice",
              "evidence",
              "references",
              "first_seen",
              "last_seen"}) {
            line.set(name, finding[name]);
        }
        base::append_text(line, lines);
        lines.push_back('\n');
    }
    return lines;
}

base::Result<ExportFile> write_export(
    std::string_view format, std::span<const Json> findings, const ExportContext& context
) {
    if (format == "csaf") {
        return ExportFile{to_csaf(findings, context), "application/json", ".json"};
    }
    if (format == "misp") {
        return ExportFile{to_misp(findings, context), "application/json", ".json"};
    }
    if (format == "jsonl") {
        return ExportFile{to_jsonl(findings), "application/x-ndjson", ".jsonl"};
    }
    return base::Error(base::ErrorCode::unsupported, "format: is one of csaf, misp, jsonl");
}

} // namespace fengsui::workflow
