// What the operator's data files say of software: published vulnerabilities, ends of support, libraries.
#pragma once

#include "base/pattern.h"
#include "base/time.h"
#include "model/finding.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fengsui::model {

/// A range of versions; an empty end is open.
struct VersionSpan {
    std::string from;
    bool includes_from = true;
    std::string until;
    bool includes_until = false;
};

/// One entry of a library in retire.js's data.
struct LibraryVulnerability {
    VersionSpan span;
    std::vector<std::string> excludes; ///< versions inside the span that are well
    Severity severity = Severity::medium;
    std::vector<std::string> ids; ///< CVE-…, GHSA-…
    std::string summary;
    std::string more; ///< an address with details
};

struct ScriptLibrary {
    std::string name;
    std::vector<base::Pattern> urls;
    std::vector<base::Pattern> file_names;
    std::vector<base::Pattern> contents;
    std::map<std::string, std::string, std::less<>> hashes; ///< SHA-1 of the file → version
    std::vector<LibraryVulnerability> vulnerabilities;
};

/// One CVE as far as it concerns one product.
struct ProductVulnerability {
    std::string id;
    std::vector<VersionSpan> spans; ///< any of them; none: every version
    /// It takes something else beside the product (a platform, a module): cannot be seen from outside.
    bool is_conditional = false;
    double score = -1; ///< CVSS base score, newest version given; -1: none
    std::string summary;
};

struct ExploitedEntry {
    std::string added; ///< date, as written
    std::string due;
    bool is_used_for_ransom = false;
};

struct ExploitForecast {
    double score = 0; ///< EPSS: chance of exploitation within 30 days
    double percentile = 0;
};

struct CnnvdEntry {
    std::string id;
    std::string name;
};

/// One line of releases by endoflife.date.
struct ReleaseCycle {
    std::string cycle;              ///< 1.24
    std::string latest;             ///< 1.24.0; empty: not told
    std::optional<base::Date> ends; ///< support ended, or will
    std::optional<bool> has_ended;  ///< told without a date
};

struct Knowledge {
    std::vector<ScriptLibrary> libraries;
    std::map<std::string, std::vector<ProductVulnerability>, std::less<>>
        vulnerabilities;                                                  ///< by vendor:product
    std::map<std::string, ExploitedEntry, std::less<>> exploited;         ///< by CVE
    std::map<std::string, ExploitForecast, std::less<>> forecasts;        ///< by CVE
    std::map<std::string, CnnvdEntry, std::less<>> cnnvd;                 ///< by CVE
    std::map<std::string, std::vector<ReleaseCycle>, std::less<>> cycles; ///< by endoflife.date's name
    bool has_vulnerabilities = false; ///< an NVD file was read, whatever it held
};

} // namespace fengsui::model
