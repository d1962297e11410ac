// Where an answer tells which software made it.
#pragma once

#include "model/http.h"

namespace fengsui::check {

/// One text that signatures are tried on.
struct SoftwareFact {
    std::string where; ///< header, cookie, meta, script or html, as in check.yaml
    std::string name;  ///< of the header or meta; else empty
    std::string text;  ///< a cookie's name, never its value
    std::string url;   ///< of the answer
};

/// Headers and cookies of any answer; meta, scripts and the text of HTML ones.
std::vector<SoftwareFact> software_facts(const model::HttpExchange& exchange);

} // namespace fengsui::check
