#include "base/text.h"
#include "check/common/exposure_proof.h"

namespace fengsui::check {

namespace {

bool is_api(std::string_view text) {
    const bool names_version = text.find("\"swagger\"") != std::string_view::npos
                               || text.find("\"openapi\"") != std::string_view::npos;
    return !text.empty() && text.front() == '{' && names_version
           && text.find("\"paths\"") != std::string_view::npos;
}

std::optional<FileProof> prove_whole(const base::Json& api) {
    // OpenAPI 2.0 calls the field swagger, 3.x openapi; both need paths.
    const bool is_old = api["swagger"].is_string();
    const std::string version = is_old ? api["swagger"].as_string() : api["openapi"].as_string();
    if (version.empty() || !api["paths"].is_object()) {
        return std::nullopt;
    }
    const auto title = base::shorten(base::scrub_utf8(api["info"]["title"].as_string()), 120);
    const auto count = static_cast<std::uint64_t>(api["paths"].members().size());
    base::Json details = base::Json::object({{"title", title}, {"path_count", count}});
    return FileProof{(is_old ? "Swagger " : "OpenAPI ") + version, title, std::move(details), {}};
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    const auto text = base::trim(exchange.body);
    if (const auto api = base::parse_json(text)) {
        return prove_whole(*api);
    }
    if (!exchange.body_complete && is_api(text)) {
        return FileProof{"OpenAPI document (cut)", "", {}, {}};
    }
    return std::nullopt;
}

} // namespace

model::Verdict exposure_api_documentation(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.api_documentation", prove, false});
}

} // namespace fengsui::check
