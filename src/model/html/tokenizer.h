// Tags and raw texts of an HTML page, in one forward pass (HTML standard, section 13.2.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::model {

struct HtmlAttribute {
    std::string_view name;  ///< as written
    std::string_view value; ///< as written: character references not yet resolved
};

struct HtmlTag {
    std::string name; ///< lower case
    bool is_end = false;
    bool is_foreign = false; ///< inside svg or math
    std::vector<HtmlAttribute> attributes;
    std::string_view text_before; ///< since the tag, comment or raw text before; references not yet resolved
    std::string_view raw_text;    ///< of a start tag of script, style, title, textarea …: up to its end tag

    /// The first attribute of that name with its references resolved; nothing when it is not there.
    [[nodiscard]] std::optional<std::string> attribute(std::string_view wanted) const;
};

/// Hands out the tags of a text that outlives it. Time is linear in the text whatever it holds; there is
/// no tree and no recursion.
class HtmlTokenizer {
public:
    explicit HtmlTokenizer(std::string_view text) : text_(text) {}

    /// The next tag, or nothing at the end. A tag cut off by the end of the text is not a tag.
    std::optional<HtmlTag> next();

private:
    void skip_declaration();
    void skip_comment();
    std::optional<HtmlTag> read_tag(bool is_end, std::string_view text_before);
    bool read_attributes(HtmlTag& tag);
    std::string_view read_value();
    void note_foreign(HtmlTag& tag);
    std::string_view take_raw_text(std::string_view name);
    [[nodiscard]] bool at(std::size_t position, std::string_view expected) const;

    std::string_view text_;
    std::size_t position_ = 0;
    std::size_t text_start_ = 0;
    bool in_foreign_ = false;
};

/// Numeric character references and the few named ones that occur in URLs and titles.
std::string resolve_references(std::string_view text);

} // namespace fengsui::model
