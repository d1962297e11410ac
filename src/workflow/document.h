// Official documents: a template and fields become a text, the text becomes HTML and PDF. Pure: no clock, no
// network, no database; the same content gives the same bytes, on every thread.
#pragma once

#include "base/json.h"
#include "workflow/fault.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fengsui::workflow {

struct DocumentLayout; ///< the figures of content/layouts/<name>.yaml

/// Level 0 is body text, 1 to 4 are headings (一、 （一） 1. （1）) with their number already in the text.
struct TextParagraph {
    int level = 0;
    std::string text;
};

enum class TextAlign { left, centre, right };
struct TextColumn {
    std::string title;
    double share = 1; ///< of the table's width, beside the other columns' shares
    TextAlign align = TextAlign::left;
};
struct TextTable {
    std::string caption;
    std::vector<TextColumn> columns;
    std::vector<std::vector<std::string>> rows; ///< as many cells as columns
};

enum class ChartKind { bar, line };
struct ChartSeries {
    std::string name;
    std::vector<double> values; ///< one per label
};
struct TextChart {
    ChartKind kind = ChartKind::bar;
    std::string caption;
    std::vector<std::string> labels;
    std::vector<ChartSeries> series;
};
using TextBlock = std::variant<TextParagraph, TextTable, TextChart>;

/// A document as it reads, before any page is made of it. Empty parts are left out when it is set.
struct DocumentText {
    std::string kind;
    std::string language;  ///< zh-CN or en
    std::string issued_on; ///< ISO date; becomes the PDF's creation date

    std::string copy_no; // 版头: 份号 密级 紧急程度 发文机关标志 发文字号 签发人
    std::string secrecy;
    std::string urgency;
    std::string letterhead;
    std::string number;
    std::string signer;

    std::string title; // 主体
    std::string recipient;
    std::vector<TextBlock> blocks;
    std::vector<std::string> attachments;
    std::string office;
    std::string date;
    std::vector<std::string> notes; ///< 附注, the contact among them

    std::string cc; // 版记
    std::string printed_by;
    std::string printed_on;

    std::string watermark;                     ///< 演练 or DRILL over every page
    std::map<std::string, std::string> labels; ///< the fixed words around the parts, e.g. `cc`, `attachments`

    // Shared by the templates it came from and every text composed with them.
    std::shared_ptr<const DocumentLayout> layout;
};

/// The templates of content/notices with the layouts of content/layouts.
class DocumentTemplates {
public:
    /// Those built into the program.
    static DocumentTemplates load_builtin();
    /// The same, with the files below `directory` (notices/*.yaml, layouts/*.yaml) in place of those of the
    /// same name. A file with a fault is not used; the fault's place is `file:line`.
    static DocumentTemplates load(const std::string& directory, Faults& faults);

    /// The text of that kind ("rectify") in that language ("zh-CN", "en"). Fields that are missing or empty
    /// read as a dash; an unknown kind or language throws not_found.
    [[nodiscard]] DocumentText compose(
        std::string_view kind, std::string_view language, const base::Json& fields
    ) const;

    [[nodiscard]] bool knows(std::string_view kind, std::string_view language) const;
    /// The kinds there are, in order of name.
    [[nodiscard]] std::vector<std::string> kinds() const;
    /// The fields this kind must have (★ in the rules) that `fields` leaves empty.
    [[nodiscard]] std::vector<std::string> missing(std::string_view kind, const base::Json& fields) const;

private:
    DocumentTemplates() = default;
    friend class TemplateLoader;

    base::Json fields_;                           ///< notices/fields.yaml: what each kind may say
    std::map<std::string, base::Json> common_;    ///< by language
    std::map<std::string, base::Json> templates_; ///< by `kind.language`
    std::map<std::string, std::shared_ptr<const DocumentLayout>> layouts_;
};

/// Of the composed text, parts and marks included; the same digest is printed at the foot of both forms.
std::string body_sha256(const DocumentText& text);

/// UTF-8, one file, no script and nothing fetched; everything in it is escaped.
std::string to_html(const DocumentText& text);
/// Typeset by the layout, fonts embedded as subsets. May be called from several threads at once.
std::string to_pdf(const DocumentText& text);

} // namespace fengsui::workflow
