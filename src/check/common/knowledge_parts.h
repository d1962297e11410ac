// One reader for each form of data file.
#pragma once

#include "check/knowledge.h"

namespace fengsui::check {

using DataResult = base::Result<DataReport>;

DataResult read_nvd(const base::TextSource& source, model::Knowledge& into);
DataResult read_kev(const base::TextSource& source, model::Knowledge& into);
DataResult read_epss(const base::TextSource& source, model::Knowledge& into);
DataResult read_cnnvd(const base::TextSource& source, model::Knowledge& into);
DataResult read_cycles(std::string_view product, const base::TextSource& source, model::Knowledge& into);
DataResult read_libraries(const base::TextSource& source, model::Knowledge& into);

/// The whole text; an error when it is larger than `limit`.
base::Result<std::string> read_all(const base::TextSource& source, std::size_t limit);

/// Some CVE list keeps only what an NVD file or a library spoke of; without either everything.
bool is_wanted_cve(const model::Knowledge& knowledge, std::string_view id);

} // namespace fengsui::check
