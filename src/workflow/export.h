// Findings for others' tools. Pure: JSON in, bytes out; the same content gives the same bytes.
#pragma once

#include "base/json.h"
#include "base/time.h"

#include <span>
#include <string>

namespace fengsui::workflow {

struct ExportContext {
    std::string id;        ///< of the export: what the document is tracked by
    std::string publisher; ///< the office's name
    std::string site;      ///< its URL: CSAF's publisher.namespace
    std::string receiver;
    base::Instant now{};
};

/// CSAF 2.0 (OASIS, 2022), profile 3 "informational advisory": without vulnerabilities, one note a finding.
std::string to_csaf(std::span<const base::Json> findings, const ExportContext& context);
/// A MISP event (core format) with an attribute for every target.
std::string to_misp(std::span<const base::Json> findings, const ExportContext& context);
/// The finding lines of contracts.md section 3.
std::string to_jsonl(std::span<const base::Json> findings);

struct ExportFile {
    std::string bytes;
    std::string media_type;
    std::string ending;
};
/// By the name of the format: csaf, misp, jsonl; unsupported for any other.
base::Result<ExportFile> write_export(
    std::string_view format, std::span<const base::Json> findings, const ExportContext& context
);

} // namespace fengsui::workflow
