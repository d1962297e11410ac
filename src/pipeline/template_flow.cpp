#include "pipeline/template_flow.h"

#include "base/text.h"
#include "check/catalog.h"
#include "check/secrets.h"
#include "net/runtime.h"
#include "pipeline/template_sender.h"
#include "probe/visit.h"
#include "template/result_line.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::pipeline {

namespace {

using base::Json;
using model::AssetKind;
using model::CoverageStatus;
using model::Outcome;
using model::Reason;

constexpr std::size_t kCacheBytes = std::size_t{4} * 1024 * 1024;
constexpr std::size_t kEvidenceLimit = 1024;
constexpr std::size_t kMaxHits = 5000; ///< on one target: a page that lies to everybody costs no more

std::string bracketed(const std::string& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

/// The origin of a site that answered, https first, as nuclei finds it for a bare host.
const model::Url* site_of(const model::Observation& seen) {
    for (const auto* chain : {&seen.web.secure, &seen.web.plain}) {
        if (chain->reached()) {
            return &chain->hops.front().url;
        }
    }
    return nullptr;
}

std::string shown(std::string_view text) {
    return base::shorten(base::scrub_utf8(text), kEvidenceLimit);
}

Json list_of(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const auto& text : texts) {
        list.push(shown(text));
    }
    return list;
}

std::vector<std::string> references_of(const Json& info) {
    std::vector<std::string> references;
    for (const auto& item : info["reference"].items()) {
        if (item.is_string()) {
            references.push_back(item.as_string());
        }
    }
    return references;
}

constexpr std::string_view kDetected = "software.detected";
/// Apart from what our own check finds: each sees what the other does not.
constexpr std::string_view kDetectedFamily = "software.template";

model::CheckId check_of(const templates::Template& source) {
    return is_detection(source) ? model::CheckId(std::string(kDetected))
                                : model::CheckId("template." + source.id);
}

/// Only hits of some weight are findings; the rest stays a result line.
bool is_grave(const templates::Template& source) {
    return source.severity >= model::Severity::low;
}

bool is_breaking(const Outcome& outcome) {
    if (outcome.status == CoverageStatus::refused) {
        return outcome.reason == Reason::not_registered || outcome.reason == Reason::not_authorised;
    }
    return outcome.status == CoverageStatus::skipped && outcome.reason != Reason::not_applicable;
}

void add_coverage(
    const templates::Template& source,
    Outcome outcome,
    const std::vector<model::Finding>& findings,
    const std::vector<std::string>& unknown,
    TargetReport& report
) {
    report.templates.push_back({model::CheckId("template/" + source.id), outcome, unknown});
    if (!is_grave(source)) { // detections are stored together: see add_detections
        return;
    }
    store::CheckResult kept;
    kept.check = check_of(source);
    kept.outcome = outcome;
    kept.unseen = unknown;
    if (outcome.is_completed()) {
        std::copy_if(
            findings.begin(),
            findings.end(),
            std::back_inserter(kept.findings),
            [&kept](const model::Finding& finding) { return finding.check == kept.check; }
        );
    }
    report.template_results.push_back(std::move(kept));
}

/// No template stays unmentioned: what does not load cannot be applied.
void add_unloaded(const TemplateSet& set, TargetReport& report) {
    for (const auto& id : set.unloaded) {
        report.templates.push_back(
            {model::CheckId("template/" + id), model::skipped(Reason::not_applicable), {}}
        );
    }
}

/// The site answers on no web port, or the asset has none: for requests of protocol http.
Outcome site_outcome(const model::Asset& asset, const model::Observation& seen) {
    if (asset.target.kind == AssetKind::url || site_of(seen) != nullptr) {
        return model::completed();
    }
    if (asset.target.kind == AssetKind::mail || seen.web.outcome == Outcome()) {
        return model::skipped(Reason::not_applicable);
    }
    return seen.web.outcome;
}

/// Everything of one target, in the frame of its flow.
struct Look {
    const TemplateSet& set;
    TargetReport& report;
    templates::Target target;
    Outcome site; ///< what requests of protocol http come to without being asked; completed: ask
    std::unique_ptr<templates::Plan> plan;
    Outcome broken = model::completed();
    std::vector<model::Finding> findings;

    void take(const TemplateAnswer& answer);
    void take_hits();
    void finish();
};

void Look::take(const TemplateAnswer& answer) {
    if (is_breaking(answer.outcome)) {
        broken = answer.outcome;
    } else if (answer.outcome.is_completed()) {
        plan->feed(answer.hops);
        take_hits();
    } else {
        plan->fail(answer.outcome.reason);
        take_hits(); // those that waited for a control
    }
}

void Look::take_hits() {
    for (const auto& hit : plan->take_hits()) {
        if (report.hits.size() >= kMaxHits) {
            return;
        }
        report.hits.push_back(
            {templates::template_line(hit, report.asset.unit.str(), report.at),
             templates::nuclei_line(hit, report.at)}
        );
        auto finding = finding_of(hit, report.asset, report.at);
        const auto is_same = [&finding](const model::Finding& other) {
            return other.fingerprint == finding.fingerprint;
        };
        if (is_grave(*hit.source) && !hit.is_doubtful
            && std::none_of(findings.begin(), findings.end(), is_same)) {
            findings.push_back(std::move(finding));
        }
    }
}

/// What was recognised; nothing is said of what was not.
void add_detections(const std::vector<model::Finding>& findings, TargetReport& report) {
    store::CheckResult kept;
    kept.check = model::CheckId(std::string(kDetected));
    kept.family = kDetectedFamily;
    kept.outcome = model::completed();
    kept.adds_only = true;
    std::copy_if(
        findings.begin(),
        findings.end(),
        std::back_inserter(kept.findings),
        [&kept](const model::Finding& finding) { return finding.check == kept.check; }
    );
    if (!kept.findings.empty()) {
        report.template_results.push_back(std::move(kept));
    }
}

void Look::finish() {
    add_unloaded(set, report);
    plan->settle();
    take_hits();
    for (const auto& ended : plan->outcomes()) {
        add_coverage(*ended.source, outcome_of_template(ended, broken), findings, ended.unknown, report);
    }
    add_detections(findings, report);
    report.findings.insert(
        report.findings.end(),
        std::make_move_iterator(findings.begin()),
        std::make_move_iterator(findings.end())
    );
}

/// Building a plan looks at every template: not on the thread that serves all targets.
net::Task<> make_plan(const probe::Services& services, Look& look) {
    const std::function<void()> work = [&look] {
        templates::PlanOptions options;
        options.execution.now = look.report.at;
        options.allows_careful =
            look.set.allows_careful && look.report.asset.probe_class == model::ProbeClass::careful;
        options.selection = look.set.selection ? &*look.set.selection : nullptr;
        options.cache_bytes = kCacheBytes;
        look.plan = std::make_unique<templates::Plan>(
            look.set.compiled, look.set.judgements, look.target, std::move(options)
        );
    };
    co_await services.runtime.offload(work);
}

net::Task<> ask_all(probe::Visit& visit, Look& look) {
    TemplateSender sender(visit, look.target, look.report.at);
    while (look.broken.is_completed()) {
        const auto* request = look.plan->next();
        if (request == nullptr) {
            break;
        }
        if (request->protocol == templates::Protocol::http && !look.site.is_completed()) {
            TemplateAnswer nothing;
            nothing.outcome = look.site;
            look.take(nothing);
            continue;
        }
        const auto answer = co_await sender.send(*request);
        look.take(answer);
    }
}

} // namespace

std::optional<templates::Target> template_target(const model::Asset& asset, const model::Observation& seen) {
    std::string text = asset.value;
    if (asset.target.kind == AssetKind::mail) {
        text = asset.target.host;
    } else if (asset.target.kind != AssetKind::url) {
        const bool is_one = asset.target.kind != AssetKind::prefix;
        const auto* site = site_of(seen);
        const auto host = asset.target.prefix ? asset.target.prefix->address().str() : asset.target.host;
        if (!is_one) {
            return std::nullopt;
        }
        text = site != nullptr ? site->origin() : bracketed(host);
    }
    auto parsed = templates::Target::parse(text);
    if (!parsed) {
        return std::nullopt;
    }
    templates::Target target = std::move(*parsed);
    if (asset.target.url) {
        target.host = bracketed(asset.target.url->host); // the name that is asked, whatever its spelling
        target.port = asset.target.url->port;
    }
    return target;
}

bool is_detection(const templates::Template& source) {
    return source.severity == model::Severity::info
           && templates::stage_of(source) == templates::Stage::fingerprint;
}

bool is_of_template(const model::Finding& finding) {
    return finding.evidence.is_object() && finding.evidence["template"].is_string();
}

model::Finding finding_of(const templates::Hit& hit, const model::Asset& asset, base::Instant at) {
    const templates::Template& source = *hit.source;
    model::Finding finding;
    finding.check = check_of(source);
    const bool is_product = is_detection(source);
    const std::string locator =
        is_product ? fmt::format("{}{}{}", source.id, hit.matcher_name.empty() ? "" : ":", hit.matcher_name)
                   : hit.matched_at;
    const std::string family = is_product ? std::string(kDetectedFamily) : finding.check.str();
    finding.fingerprint = model::finding_fingerprint(family, asset.id, locator);
    finding.id = model::finding_id_of(finding.fingerprint);
    finding.severity = source.severity;
    finding.unit = asset.unit;
    finding.asset = asset.id;
    finding.target = asset.value;
    finding.locator = locator;
    finding.title = {source.name, source.name}; // templates are written in one language
    const auto& advice = source.info["remediation"];
    if (advice.is_string()) {
        finding.advice = {advice.as_string(), advice.as_string()};
    }
    const auto* own = is_product ? check::find_check(kDetected) : nullptr;
    if (own != nullptr) {
        finding.title = own->info.title;
        finding.advice = own->info.advice;
    }
    finding.evidence = Json::object({
        {"template", source.id},
        {"name", source.name},
        {"url", hit.matched_at},
        {"matcher", hit.matcher_name},
        {"request", shown(hit.request)},
        {"response", shown(check::without_secrets(hit.response))},
        {"patterns", list_of(hit.patterns)},
    });
    finding.references = references_of(source.info);
    finding.first_seen = at;
    finding.last_seen = at;
    return finding;
}

Outcome outcome_of_template(const templates::TemplateOutcome& ended, const Outcome& broken) {
    const auto& outcome = ended.outcome;
    if (outcome == model::skipped(Reason::not_applicable)) {
        return broken.is_completed() ? outcome : broken;
    }
    if (outcome.status != CoverageStatus::not_reached) {
        return outcome;
    }
    switch (outcome.reason) {
    case Reason::not_registered:
    case Reason::not_authorised:
    case Reason::private_address:
    case Reason::policy:
        return model::refused(outcome.reason);
    case Reason::not_applicable:
    case Reason::stopped:
    case Reason::deadline:
        return model::skipped(outcome.reason);
    default:
        return outcome;
    }
}

net::Task<> look_with_templates(
    const probe::Services& services,
    const TemplateSet& set,
    const model::Observation& seen,
    net::Deadline deadline,
    TargetReport& report
) {
    const auto target = template_target(report.asset, seen);
    if (!target) {
        add_blind_templates(set, model::skipped(Reason::not_applicable), report);
        co_return;
    }
    const probe::Plan nothing_else;
    probe::Visit visit(services, report.asset, nothing_else, deadline);
    Look look{set, report, *target, site_outcome(report.asset, seen), nullptr, model::completed(), {}};
    co_await make_plan(services, look);
    co_await ask_all(visit, look);
    look.finish();
}

void add_blind_templates(const TemplateSet& set, Outcome outcome, TargetReport& report) {
    add_unloaded(set, report);
    const bool is_careful = set.allows_careful && report.asset.probe_class == model::ProbeClass::careful;
    for (std::size_t i = 0; i < set.judgements.size(); ++i) {
        const auto send_class = set.judgements[i].send_class;
        const bool is_refused = send_class == templates::SendClass::refused
                                || (send_class == templates::SendClass::careful && !is_careful);
        add_coverage(
            *set.compiled.templates()[i],
            is_refused ? model::refused(Reason::policy) : outcome,
            {},
            {},
            report
        );
    }
}

} // namespace fengsui::pipeline
