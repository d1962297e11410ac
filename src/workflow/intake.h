// Other tools' reports into the body of a run (contract_rest.md 6.3 `run`). Pure: bytes in, JSON out.
#pragma once

#include "base/json.h"

#include <functional>
#include <optional>

namespace fengsui::workflow {

/// The id of the registered asset that a URL, host name or address (with or without port) belongs to.
using AssetFinder = std::function<std::optional<std::string>(std::string_view where)>;

/// A line or entry that could not become a result: never dropped in silence.
struct Unmatched {
    std::size_t line = 0; ///< of the file, or number of the entry; from 1
    std::string where;    ///< what it was about, as the tool spells it
    std::string reason;   ///< not_registered, malformed …
    [[nodiscard]] base::Json to_json() const;
};

struct Intake {
    std::vector<base::Json> results; ///< {asset check locator severity title evidence}
    std::vector<Unmatched> unmatched;
    std::string tool; ///< as the report names it; may be empty
};

/// Nuclei's JSON lines: one result a line, coverage none.
Intake read_nuclei(std::string_view text, const AssetFinder& find);
/// DefectDojo's Generic Findings Import: {"findings": […]}.
base::Result<Intake> read_defectdojo(std::string_view text, const AssetFinder& find);
/// A header line with the columns asset (or url, host), check, severity, and locator, title, description,
/// evidence when there are any.
base::Result<Intake> read_csv(std::string_view text, const AssetFinder& find);
/// By the name of the format; unsupported for an unknown one.
base::Result<Intake> read_report(std::string_view format, std::string_view text, const AssetFinder& find);

} // namespace fengsui::workflow
