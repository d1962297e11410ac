// Reads the operator's data files: NVD, CISA KEV, EPSS, CNNVD, endoflife.date, retire.js. Pure: the caller
// opens the files.
#pragma once

#include "base/json_elements.h"
#include "model/knowledge.h"

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::check {

enum class DataKind : std::uint8_t {
    unknown,
    nvd,       ///< NVD CVE JSON 2.0
    kev,       ///< CISA's known exploited vulnerabilities, JSON
    epss,      ///< FIRST's EPSS scores, CSV
    cnnvd,     ///< CNNVD's XML
    cycles,    ///< endoflife.date JSON of one product; its file is named for the product
    libraries, ///< retire.js's jsrepository
};
std::string_view to_string(DataKind kind);

/// Told by the first 64 KiB.
DataKind detect_data_kind(std::string_view beginning);
/// Files are read in this order, so that the lists keep only what concerns known products.
int reading_rank(DataKind kind);

struct DataReport {
    std::uint64_t entries = 0;  ///< read
    std::uint64_t kept = 0;     ///< of them for products, CVEs or libraries that can be met
    std::uint64_t unusable = 0; ///< left out: patterns that no linear engine runs
};

/// Adds one file's content. `name`: the file's name without folder and ending. Errors name line and byte;
/// what was read before stays, so the caller should give up.
base::Result<DataReport> read_data(
    DataKind kind, std::string_view name, const base::TextSource& source, model::Knowledge& into
);

/// One line of content/software_products.yaml: a product that software.detected can tell.
struct KnownProduct {
    std::string product;
    std::vector<std::string> cpes; ///< vendor:product
    std::string cycles;            ///< endoflife.date's name; empty: none
};
const std::vector<KnownProduct>& known_products();
const KnownProduct* find_known_product(std::string_view product);

} // namespace fengsui::check
