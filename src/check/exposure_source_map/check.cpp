#include "base/text.h"
#include "check/common/exposure_proof.h"

#include <algorithm>
#include <iterator>

namespace fengsui::check {

namespace {

constexpr std::size_t kSourcesShown = 3;

/// A map cut by our limit does not parse. Its beginning shows the same; which of the two long fields comes
/// first differs from tool to tool.
bool is_cut_map(std::string_view text) {
    constexpr std::string_view kVersions[] = {"{\"version\":3,", "{\"version\": 3,"};
    const bool has_version = std::any_of(std::begin(kVersions), std::end(kVersions), [&](auto version) {
        return text.substr(0, version.size()) == version;
    });
    const bool has_content = text.find("\"mappings\":") != std::string_view::npos
                             || text.find("\"sources\":") != std::string_view::npos;
    return has_version && has_content;
}

std::optional<FileProof> prove_whole(const base::Json& map) {
    // ECMA-426 section 4: these three are required.
    if (map["version"].as_int() != 3 || !map["mappings"].is_string() || !map["sources"].is_array()) {
        return std::nullopt;
    }
    base::Json shown = base::Json::array();
    for (const auto& source : map["sources"].items()) {
        if (shown.items().size() < kSourcesShown) {
            shown.push(base::shorten(base::scrub_utf8(source.as_string()), 120));
        }
    }
    const auto count = static_cast<std::uint64_t>(map["sources"].items().size());
    const std::string excerpt = shown.items().empty() ? "" : shown.items().front().as_string();
    return FileProof{
        "source map version 3",
        excerpt,
        base::Json::object({{"sources", shown}, {"source_count", count}}),
        {}};
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    // Some tools put )]}' before the JSON against inclusion as a script (ECMA-426 section 5).
    auto text = base::trim(exchange.body);
    text.remove_prefix(text.substr(0, 4) == ")]}'" ? 4 : 0);
    if (const auto map = base::parse_json(text)) {
        return prove_whole(*map);
    }
    if (!exchange.body_complete && is_cut_map(base::trim(text))) {
        return FileProof{"source map version 3 (cut)", "", {}, {}};
    }
    return std::nullopt;
}

} // namespace

model::Verdict exposure_source_map(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.source_map", prove, false});
}

} // namespace fengsui::check
