#include "check/common/exposure_proof.h"

#include "base/text.h"
#include "check/common/exposure_similarity.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using base::Json;
using model::HttpExchange;
using model::Outcome;

constexpr std::size_t kExcerptBytes = 200;

bool is_found(int status) {
    return status == 200 || status == 206;
}

/// 429, and 503 with a time to come back, mean that we asked too much and saw nothing (RFC 6585 section 4).
Outcome outcome_of(const HttpExchange& exchange) {
    const bool is_pushed_back =
        exchange.status == 429 || (exchange.status == 503 && exchange.header("Retry-After") != nullptr);
    return exchange.outcome.is_completed() && is_pushed_back ? model::not_reached(model::Reason::rate_limited)
                                                             : exchange.outcome;
}

/// As much as is read of a file (probe/http/exposure.cpp): what breaks off earlier was cut by the other side.
constexpr std::size_t kReadOfAFile = std::size_t{32} * 1024;

bool was_cut_off(const HttpExchange& exchange) {
    return !exchange.body_complete && exchange.body.size() < kReadOfAFile;
}

bool may_prove(const HttpExchange& exchange, const ExposureRule& rule) {
    return is_found(exchange.status) || (rule.accepts_unauthorised && exchange.status == 401);
}

/// What stands in the way of comparing: no control was answered.
std::optional<Outcome> blindness(const std::vector<HttpExchange>& controls) {
    for (const auto& control : controls) {
        if (outcome_of(control).is_completed()) {
            return std::nullopt;
        }
    }
    return controls.empty() ? model::skipped(model::Reason::not_applicable) : outcome_of(controls.front());
}

bool answers_everything(const std::vector<HttpExchange>& controls, const ExposureRule& rule) {
    return std::any_of(controls.begin(), controls.end(), [&](const auto& control) {
        return outcome_of(control).is_completed() && may_prove(control, rule)
               && rule.prove(control).has_value();
    });
}

Json evidence_of(const HttpExchange& exchange, const FileProof& proof) {
    Json evidence = Json::object({{"url", exchange.url.str()}});
    if (exchange.address) {
        evidence.set("address", exchange.address->str());
    }
    const auto* type = exchange.header("Content-Type");
    evidence.set("status", exchange.status);
    evidence.set(
        "content_type", type != nullptr ? base::shorten(base::scrub_utf8(*type), kExcerptBytes) : ""
    );
    evidence.set("bytes_read", static_cast<std::uint64_t>(exchange.body.size()));
    evidence.set("pattern", proof.pattern);
    evidence.set("excerpt", base::shorten(base::scrub_utf8(proof.excerpt), kExcerptBytes));
    for (const auto& [name, value] : proof.details.members()) {
        evidence.set(name, value);
    }
    return evidence;
}

std::string locator_of(const HttpExchange& exchange, const FileProof& proof) {
    model::Url url = exchange.url;
    if (!proof.locator_path.empty()) {
        url.path = proof.locator_path;
        url.query.clear();
    }
    return url.str();
}

/// One claim per locator: a further file that shows the same thing is listed in `also`.
void add_claim(std::vector<model::Claim>& claims, const HttpExchange& exchange, const FileProof& proof) {
    const std::string locator = locator_of(exchange, proof);
    for (auto& claim : claims) {
        if (claim.locator != locator) {
            continue;
        }
        Json also = claim.evidence["also"];
        also.push(Json::object({{"url", exchange.url.str()}, {"pattern", proof.pattern}}));
        claim.evidence.set("also", std::move(also));
        for (const auto& [name, value] : proof.details.members()) {
            claim.evidence.set(name, value);
        }
        return;
    }
    claims.push_back({locator, evidence_of(exchange, proof), {}});
}

} // namespace

model::Verdict judge_exposure(const model::Observation& seen, const ExposureRule& rule) {
    const auto& controls = seen.exposure.controls;
    const auto blind = blindness(controls);
    const bool proves_nothing = answers_everything(controls, rule);
    std::optional<Outcome> unseen;
    bool was_asked = false;
    model::Verdict verdict;
    for (const auto& path : seen.exposure.paths) {
        const HttpExchange& exchange = path.exchange;
        if (path.purpose != rule.check) {
            continue;
        }
        was_asked = true;
        const Outcome outcome = outcome_of(exchange);
        if (!outcome.is_completed()) {
            unseen = unseen ? unseen : outcome;
            verdict.unseen.push_back(exchange.url.str());
            continue;
        }
        if (blind || proves_nothing || !may_prove(exchange, rule) || is_soft_404(exchange, controls)) {
            continue;
        }
        if (const auto proof = rule.prove(exchange)) {
            add_claim(verdict.claims, exchange, *proof);
        } else if (was_cut_off(exchange)) { // the proof may lie in what did not come
            unseen = unseen ? unseen : model::not_reached(model::Reason::http_invalid);
            verdict.unseen.push_back(exchange.url.str());
        }
    }
    if (!was_asked) {
        verdict.outcome = model::skipped(model::Reason::not_applicable);
    } else if (verdict.claims.empty()) {
        verdict.outcome = unseen ? *unseen : blind.value_or(model::completed());
    }
    return verdict;
}

bool is_soft_404(const HttpExchange& exchange, const std::vector<HttpExchange>& controls) {
    const std::string body = without_echo(exchange);
    return std::any_of(controls.begin(), controls.end(), [&](const auto& control) {
        const bool is_same_kind =
            control.status == exchange.status || (is_found(control.status) && is_found(exchange.status));
        return control.outcome.is_completed() && is_same_kind && is_similar(body, without_echo(control));
    });
}

} // namespace fengsui::check
