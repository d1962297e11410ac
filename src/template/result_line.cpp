#include "template/result_line.h"

#include "base/text.h"
#include "base/time.h"

#include <fmt/format.h>

namespace fengsui::templates {

using base::Json;

namespace {

Json text_list(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const auto& text : texts) {
        list.push(text);
    }
    return list;
}

void set_text(Json& line, std::string_view name, const std::string& value) {
    if (!value.empty()) {
        line.set(name, value);
    }
}

void set_meta(Json& line, const Hit& hit) {
    if (hit.payloads.empty()) {
        return;
    }
    Json meta = Json::object();
    for (const auto& [name, value] : hit.payloads) {
        meta.set(name, value);
    }
    line.set("meta", std::move(meta));
}

/// Host, port, scheme and path as nuclei takes them from the target.
void set_target(Json& line, const Hit& hit) {
    const auto target = Target::parse(hit.host);
    if (!target) {
        return set_text(line, "host", hit.host);
    }
    set_text(line, "host", target->host);
    const auto protocol = hit.source->blocks[hit.block].protocol;
    if (protocol == Protocol::dns) {
        return;
    }
    line.set("port", std::to_string(target->port));
    if (protocol == Protocol::http) {
        line.set("scheme", target->scheme);
        line.set("url", hit.host);
        set_text(line, "path", target->path);
    }
}

} // namespace

Json template_line(const Hit& hit, std::string_view unit, base::Instant at) {
    const Template& source = *hit.source;
    Json line = Json::object({{"type", "template"}, {"template-id", source.id}});
    set_text(line, "matcher-name", hit.matcher_name);
    set_text(line, "extractor-name", hit.extractor_name);
    line.set("type-of", to_string(source.blocks[hit.block].protocol));
    if (!unit.empty()) {
        line.set("unit", unit);
    }
    set_target(line, hit);
    set_text(line, "matched-at", hit.matched_at);
    set_text(line, "ip", hit.ip);
    if (!hit.extracted.empty()) {
        line.set("extracted-results", text_list(hit.extracted));
    }
    set_meta(line, hit);
    line.set("info", source.info);
    line.set("timestamp", base::format_rfc3339(at));
    return line;
}

Json nuclei_line(const Hit& hit, base::Instant at) {
    const Template& source = *hit.source;
    Json line =
        Json::object({{"template", source.path}, {"template-id", source.id}, {"template-path", source.path}});
    line.set("info", source.info);
    set_text(line, "matcher-name", hit.matcher_name);
    set_text(line, "extractor-name", hit.extractor_name);
    line.set("type", to_string(source.blocks[hit.block].protocol));
    set_target(line, hit);
    set_text(line, "matched-at", hit.matched_at);
    if (!hit.extracted.empty()) {
        line.set("extracted-results", text_list(hit.extracted));
    }
    set_text(line, "request", hit.request);
    set_text(line, "response", hit.response);
    set_meta(line, hit);
    set_text(line, "ip", hit.ip);
    line.set("timestamp", base::format_rfc3339(at));
    line.set("matcher-status", true);
    return line;
}

Json template_status_line(const LoadResult& loaded, std::string_view path, const Judgement* judgement) {
    Json line = Json::object({{"type", "template_status"}, {"path", path}});
    set_text(line, "template-id", loaded.id);
    if (loaded.value == nullptr || judgement == nullptr) {
        line.set("status", "invalid");
        std::string message;
        for (const auto& fault : loaded.faults) {
            message += (message.empty() ? "" : "; ") + fault.str();
        }
        line.set("reason", "invalid");
        line.set("message", message);
        return line;
    }
    const bool is_refused = judgement->send_class == SendClass::refused;
    line.set("status", is_refused ? "refused" : "runnable");
    if (is_refused) {
        line.set("reason", to_string(judgement->refusal.rule));
        line.set("message", judgement->refusal.message);
    } else {
        line.set("class", to_string(judgement->send_class));
    }
    line.set("signature", to_string(loaded.value->signature));
    line.set("requests", text_list(judgement->requests));
    line.set("request_count", static_cast<std::int64_t>(judgement->request_count));
    return line;
}

} // namespace fengsui::templates
