// What is known of a check before it looks: the facts of its check.yaml.
#pragma once

#include "model/finding.h"
#include "model/observation.h"

namespace fengsui::model {

struct CheckInfo {
    CheckId id;
    std::vector<CheckId> aliases; ///< older ids; fingerprints go by the first ever used (`family`)
    std::string family;           ///< the id that fingerprints are made with
    Severity severity = Severity::info;
    ProbeClass probe_class = ProbeClass::passive;
    ObservationPart reads = ObservationPart::whole;
    std::vector<ObservationPart> needs; ///< other parts it looks into
    LocalText title;
    LocalText advice;
    LocalText verify; ///< how to see that it is mended
    std::vector<std::string> references;
    base::Json parameters; ///< an object of defaults
};

/// A check: pure, no clock, no I/O.
using CheckFunction = Verdict (*)(const Observation& observation, const base::Json& parameters);

} // namespace fengsui::model
