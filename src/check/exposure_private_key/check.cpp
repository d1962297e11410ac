#include "base/text.h"
#include "check/common/exposure_proof.h"
#include "check/common/exposure_text.h"

#include <algorithm>

namespace fengsui::check {

namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "PRIVATE KEY-----";
constexpr std::size_t kSmallestBody = 40;

bool is_base64(std::string_view line) {
    return std::all_of(line.begin(), line.end(), [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '/' || c == '=';
    });
}

/// RFC 7468 section 2, leniently: the label of the first private key that has a body of base64, or nothing.
std::string key_label(std::string_view text) {
    std::string label;
    std::size_t body = 0;
    for (const auto whole : base::lines(text.substr(0, 64UL * 1024))) {
        const auto line = base::trim(whole);
        const bool begins = line.substr(0, kBegin.size()) == kBegin;
        if (begins) {
            const bool is_key = line.size() > kEnd.size() && line.substr(line.size() - kEnd.size()) == kEnd;
            label = is_key ? std::string(line.substr(kBegin.size(), line.size() - kBegin.size() - 5)) : "";
            body = 0;
        } else if (!label.empty() && is_base64(line)) {
            body += line.size();
        }
        if (body >= kSmallestBody) {
            return label;
        }
    }
    return {};
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    const auto label = looks_like_html(exchange.body) ? std::string() : key_label(exchange.body);
    if (label.empty()) {
        return std::nullopt;
    }
    // Type and length only: the key itself must not travel any further.
    return FileProof{"PEM " + label, "", base::Json::object({{"key_type", label}}), {}};
}

} // namespace

model::Verdict exposure_private_key(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.private_key", prove, false});
}

} // namespace fengsui::check
