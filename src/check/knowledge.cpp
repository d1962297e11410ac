#include "check/knowledge.h"

#include "base/embedded.h"
#include "base/text.h"
#include "check/common/knowledge_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::check {

namespace {

using base::Error;
using base::ErrorCode;
using base::Json;

constexpr std::array<std::string_view, 7> kKinds = {
    "unknown", "nvd", "kev", "epss", "cnnvd", "cycles", "libraries"};

std::vector<KnownProduct> load_products() {
    const auto table = base::parse_yaml(base::embedded_file("software_products.yaml")).or_throw();
    std::vector<KnownProduct> products;
    for (const auto& line : table.items()) {
        KnownProduct product;
        product.product = line["product"].as_string();
        product.cycles = line["cycles"].as_string();
        for (const auto& cpe : line["cpe"].items()) {
            product.cpes.push_back(cpe.as_string());
        }
        products.push_back(std::move(product));
    }
    return products;
}

bool has_key(std::string_view text, std::string_view key) {
    return text.find(fmt::format("\"{}\"", key)) != std::string_view::npos;
}

DataKind kind_of_object(std::string_view text) {
    if (has_key(text, "extractors") || has_key(text, "retire-example")) {
        return DataKind::libraries;
    }
    if (has_key(text, "catalogVersion") || has_key(text, "cveID")) {
        return DataKind::kev;
    }
    if (has_key(text, "NVD_CVE") || (has_key(text, "vulnerabilities") && has_key(text, "cve"))) {
        return DataKind::nvd;
    }
    return has_key(text, "schema_version") && has_key(text, "releases") ? DataKind::cycles
                                                                        : DataKind::unknown;
}

} // namespace

std::string_view to_string(DataKind kind) {
    return kKinds[static_cast<std::size_t>(kind)];
}

DataKind detect_data_kind(std::string_view beginning) {
    if (beginning.starts_with("\xEF\xBB\xBF")) {
        beginning.remove_prefix(3);
    }
    const auto text = base::trim(beginning);
    if (text.starts_with("{")) {
        return kind_of_object(text);
    }
    if (text.starts_with("[") && has_key(text, "cycle")) {
        return DataKind::cycles;
    }
    if (text.starts_with("<") && base::icontains(text, "<cnnvd")) {
        return DataKind::cnnvd;
    }
    const bool is_epss = text.starts_with("#model_version") || text.starts_with("cve,epss");
    return is_epss ? DataKind::epss : DataKind::unknown;
}

int reading_rank(DataKind kind) {
    switch (kind) {
    case DataKind::nvd:
    case DataKind::libraries:
    case DataKind::cycles:
        return 0;
    default:
        return 1;
    }
}

base::Result<DataReport> read_data(
    DataKind kind, std::string_view name, const base::TextSource& source, model::Knowledge& into
) {
    switch (kind) {
    case DataKind::nvd:
        return read_nvd(source, into);
    case DataKind::kev:
        return read_kev(source, into);
    case DataKind::epss:
        return read_epss(source, into);
    case DataKind::cnnvd:
        return read_cnnvd(source, into);
    case DataKind::cycles:
        return read_cycles(name, source, into);
    case DataKind::libraries:
        return read_libraries(source, into);
    case DataKind::unknown:
        break;
    }
    return Error(
        ErrorCode::invalid_argument,
        "not a data file that is known: NVD JSON 2.0, CISA KEV JSON, EPSS CSV, CNNVD XML, endoflife.date "
        "JSON or "
        "retire.js JSON"
    );
}

const std::vector<KnownProduct>& known_products() {
    static const std::vector<KnownProduct> products = load_products();
    return products;
}

const KnownProduct* find_known_product(std::string_view product) {
    const auto& products = known_products();
    const auto found = std::find_if(products.begin(), products.end(), [&](const KnownProduct& known) {
        return base::iequals(known.product, product);
    });
    return found == products.end() ? nullptr : &*found;
}

base::Result<std::string> read_all(const base::TextSource& source, std::size_t limit) {
    std::string text;
    for (auto piece = source(); !piece.empty(); piece = source()) {
        if (text.size() + piece.size() > limit) {
            return Error(ErrorCode::invalid_argument, fmt::format("larger than {} bytes", limit));
        }
        text += piece;
    }
    return text;
}

bool is_wanted_cve(const model::Knowledge& knowledge, std::string_view id) {
    if (!knowledge.has_vulnerabilities && knowledge.libraries.empty()) {
        return true;
    }
    for (const auto& [cpe, list] : knowledge.vulnerabilities) {
        const auto at = std::lower_bound(
            list.begin(),
            list.end(),
            id,
            [](const model::ProductVulnerability& one, std::string_view wanted) { return one.id < wanted; }
        );
        if (at != list.end() && at->id == id) {
            return true;
        }
    }
    return std::any_of(
        knowledge.libraries.begin(),
        knowledge.libraries.end(),
        [id](const model::ScriptLibrary& library) {
            return std::any_of(
                library.vulnerabilities.begin(),
                library.vulnerabilities.end(),
                [id](const model::LibraryVulnerability& one) {
                    return std::find(one.ids.begin(), one.ids.end(), id) != one.ids.end();
                }
            );
        }
    );
}

} // namespace fengsui::check
