// NVD CVE JSON 2.0 and CISA's list of known exploited vulnerabilities.
#include "base/text.h"
#include "check/common/knowledge_parts.h"

#include <algorithm>
#include <set>

namespace fengsui::check {

namespace {

using base::Json;
using model::ProductVulnerability;
using model::VersionSpan;

constexpr std::size_t kMaxElement = std::size_t{16} * 1024 * 1024; // some entries list thousands of versions
constexpr std::size_t kMaxSpans = 500;
constexpr std::size_t kMaxSummary = 300;

/// The fields of `cpe:2.3:part:vendor:product:version:update:…`, where `\:` is no separator.
std::vector<std::string> cpe_fields(std::string_view cpe) {
    std::vector<std::string> fields(1);
    bool is_escaped = false;
    for (const char c : cpe) {
        if (is_escaped) {
            fields.back() += c;
            is_escaped = false;
        } else if (c == '\\') {
            is_escaped = true;
        } else if (c == ':') {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

const std::set<std::string, std::less<>>& wanted_cpes() {
    static const auto wanted = [] {
        std::set<std::string, std::less<>> all;
        for (const auto& product : known_products()) {
            all.insert(product.cpes.begin(), product.cpes.end());
        }
        return all;
    }();
    return wanted;
}

/// Nothing: the match names no version that could be compared (`-`, not applicable).
std::optional<VersionSpan> span_of(const Json& match, const std::vector<std::string>& fields) {
    const auto& version = fields[5];
    VersionSpan span;
    if (version != "*" && version != "-") {
        const bool has_update = fields.size() > 6 && fields[6] != "*" && fields[6] != "-";
        span.from = has_update ? version + "-" + fields[6] : version;
        span.until = span.from;
        span.includes_until = true;
        return span;
    }
    if (version == "-") {
        return std::nullopt;
    }
    const auto& from = match["versionStartIncluding"].as_string();
    const auto& after = match["versionStartExcluding"].as_string();
    const auto& through = match["versionEndIncluding"].as_string();
    const auto& before = match["versionEndExcluding"].as_string();
    span.from = from.empty() ? after : from;
    span.includes_from = after.empty();
    span.until = through.empty() ? before : through;
    span.includes_until = !through.empty();
    return span;
}

double score_of(const Json& metrics) {
    for (const auto* name : {"cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2"}) {
        double score = -1;
        for (const auto& metric : metrics[name].items()) {
            const double given = metric["cvssData"]["baseScore"].as_double(-1);
            const bool is_primary = metric["type"].as_string() == "Primary";
            score = is_primary || score < 0 ? given : score;
        }
        if (score >= 0) {
            return score;
        }
    }
    return -1;
}

std::string summary_of(const Json& descriptions) {
    for (const auto& text : descriptions.items()) {
        if (text["lang"].as_string() == "en") {
            return base::shorten(base::scrub_utf8(text["value"].as_string()), kMaxSummary);
        }
    }
    return {};
}

/// By product: the spans of one CVE.
using Concerned = std::map<std::string, ProductVulnerability>;

void add_match(const Json& match, bool is_conditional, Concerned& concerned) {
    if (!match["vulnerable"].as_bool()) {
        return;
    }
    const auto fields = cpe_fields(match["criteria"].as_string());
    if (fields.size() < 7) {
        return;
    }
    const auto key = fields[3] + ":" + fields[4];
    const auto span = wanted_cpes().contains(key) ? span_of(match, fields) : std::nullopt;
    if (!span) {
        return;
    }
    auto& entry = concerned[key];
    const bool is_first = entry.spans.empty();
    entry.is_conditional = is_first ? is_conditional : entry.is_conditional && is_conditional;
    if (entry.spans.size() < kMaxSpans) {
        entry.spans.push_back(*span);
    }
}

void add_cve(const Json& cve, model::Knowledge& into, DataReport& report) {
    if (cve["vulnStatus"].as_string() == "Rejected") {
        return;
    }
    Concerned concerned;
    for (const auto& configuration : cve["configurations"].items()) {
        const bool is_conditional = configuration["operator"].as_string() == "AND";
        for (const auto& node : configuration["nodes"].items()) {
            for (const auto& match : node["cpeMatch"].items()) {
                add_match(match, is_conditional, concerned);
            }
        }
    }
    for (auto& [key, entry] : concerned) {
        entry.id = cve["id"].as_string();
        entry.score = score_of(cve["metrics"]);
        entry.summary = summary_of(cve["descriptions"]);
        into.vulnerabilities[key].push_back(std::move(entry));
    }
    report.kept += concerned.empty() ? 0 : 1;
}

/// In the order of ids; of two entries with one id the later read stands (NVD's "modified" feed).
void settle(std::vector<ProductVulnerability>& list) {
    const auto by_id = [](const ProductVulnerability& a, const ProductVulnerability& b) {
        return a.id < b.id;
    };
    std::stable_sort(list.begin(), list.end(), by_id);
    std::vector<ProductVulnerability> settled;
    for (auto& one : list) {
        if (!settled.empty() && settled.back().id == one.id) {
            settled.back() = std::move(one);
        } else {
            settled.push_back(std::move(one));
        }
    }
    list = std::move(settled);
}

} // namespace

DataResult read_nvd(const base::TextSource& source, model::Knowledge& into) {
    DataReport report;
    const std::function<bool(const Json&)> take = [&](const Json& element) {
        add_cve(element["cve"], into, report);
        return true;
    };
    const auto count = base::each_json_element(source, "vulnerabilities", kMaxElement, take);
    if (!count) {
        return count.error();
    }
    for (auto& [key, list] : into.vulnerabilities) {
        settle(list);
    }
    into.has_vulnerabilities = true;
    report.entries = *count;
    return report;
}

DataResult read_kev(const base::TextSource& source, model::Knowledge& into) {
    DataReport report;
    const std::function<bool(const Json&)> take = [&](const Json& element) {
        const auto& id = element["cveID"].as_string();
        if (!id.empty()) {
            into.exploited[id] = {
                element["dateAdded"].as_string(),
                element["dueDate"].as_string(),
                base::iequals(element["knownRansomwareCampaignUse"].as_string(), "known")};
            ++report.kept;
        }
        return true;
    };
    const auto count = base::each_json_element(source, "vulnerabilities", kMaxElement, take);
    if (!count) {
        return count.error();
    }
    report.entries = *count;
    return report;
}

} // namespace fengsui::check
