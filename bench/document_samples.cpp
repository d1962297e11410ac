// Writes each kind of document in both languages, plain and hard (long names, 200 items, empty fields), as
// HTML and PDF into a directory, for looking at: document_samples DIRECTORY; then `pdftoppm -png -r 60 x.pdf
// x`.
#include "document_fields.h"

#include "workflow/spreadsheet.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace {

using namespace fengsui;

void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

void write_document(
    const std::filesystem::path& directory, const std::string& name, const workflow::DocumentText& text
) {
    write(directory / (name + ".html"), workflow::to_html(text));
    write(directory / (name + ".pdf"), workflow::to_pdf(text));
}

workflow::Sheet sample_sheet() {
    using namespace std::chrono;
    workflow::Sheet sheet{"Notices", {"No.", "Unit", "Issued", "Count"}, {}, {}};
    sheet.rows.push_back({std::string("12"), std::string("=1+1"), base::Date(2026y / 11 / 2), 3.5});
    sheet.rows.push_back({std::string("13"), std::string("市数据局"), std::monostate{}, 4.0});
    return sheet;
}

} // namespace

int main(int argc, char** argv) {
    const std::filesystem::path directory = argc > 1 ? argv[1] : "samples";
    std::filesystem::create_directories(directory);
    const auto templates = workflow::DocumentTemplates::load_builtin();
    for (const auto& kind : templates.kinds()) {
        for (const std::string language : {"zh-CN", "en"}) {
            const auto name = kind + "." + language;
            auto plain = bench::document_fields(language, 3);
            write_document(
                directory, name + ".empty", templates.compose(kind, language, base::Json::object())
            );
            auto hard = bench::document_fields(language, 200);
            if (kind == "incident_report") { // its items are the numbered contents of the report
                plain.set("items", bench::report_items(language));
                hard.set("items", bench::report_items(language));
            }
            bench::make_hard(hard, language);
            write_document(directory, name, templates.compose(kind, language, plain));
            write_document(directory, name + ".hard", templates.compose(kind, language, hard));
        }
    }
    write(directory / "workbook.xlsx", workflow::to_xlsx({sample_sheet()}));
    return 0;
}
