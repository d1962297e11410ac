// Which products a target shows, by the signatures of software.detected.
#pragma once

#include "model/observation.h"

#include <string>
#include <vector>

namespace fengsui::check {

/// One product, once; the first sign that tells a version wins.
struct DetectedSoftware {
    std::string product;
    std::string version; ///< empty: not told
    std::string source;  ///< `header Server`
    std::string value;   ///< the text of the sign, shortened
    std::string url;
    std::string distribution; ///< named by this sign or by another header of the target; empty: none

    [[nodiscard]] base::Json evidence() const;
};

std::vector<DetectedSoftware> detect_software(const model::WebObservation& web, const base::Json& signatures);
/// With the signatures in software.detected's check.yaml.
std::vector<DetectedSoftware> detect_software(const model::WebObservation& web);

/// A version as a claim may use it.
struct JudgedVersion {
    std::string upstream;     ///< what upstream calls it
    std::string distribution; ///< names one: its packages are mended without a new upstream version
    [[nodiscard]] bool is_certain() const { return distribution.empty(); }
};
/// Nothing when the version is missing or too vague to compare.
std::optional<JudgedVersion> judged_version(const DetectedSoftware& software);
/// Adds `certainty` and, when it is `uncertain`, why.
void add_certainty(const JudgedVersion& version, base::Json& evidence);

} // namespace fengsui::check
