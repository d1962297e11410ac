// The small language of content/notices: `{field}`, `{field or other}`, `{field|filter}`, `{{` for a brace.
// docs/howto/edit_a_notice.md is its description for people.
#pragma once

#include "base/json.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::workflow {

/// One `{a or b|filter}`.
struct Placeholder {
    std::vector<std::string> fields; ///< the first that is not empty counts
    std::string filter;              ///< empty: none
};

/// What a language says: its words for values, its dates, its dash. From notices/common.<language>.yaml.
class Wording {
public:
    Wording(const base::Json& common, std::string_view language) : common_(common), language_(language) {}

    [[nodiscard]] bool knows_filter(std::string_view filter) const;
    /// A value as text; empty when there is nothing to say.
    [[nodiscard]] std::string text_of(const base::Json& value, std::string_view filter, int utc_offset) const;
    [[nodiscard]] const std::string& dash() const { return common_["labels"]["missing"].as_string(); }
    [[nodiscard]] const std::string& label(std::string_view name) const;

private:
    [[nodiscard]] std::string joined(const base::JsonArray& items, std::string_view filter, int utc_offset)
        const;
    [[nodiscard]] std::string moment(const std::string& text, bool with_time, int utc_offset) const;

    const base::Json& common_;
    std::string_view language_;
};

/// The fields of a document, and inside a loop those of the item before them.
struct Scope {
    const base::Json& fields;
    const base::Json* item = nullptr;
    std::size_t number = 0; ///< `{no}`: of the item, from 1

    /// A name may have dots: `signer.name`. Null when there is none.
    [[nodiscard]] base::Json value(std::string_view name) const;
    /// Minutes east of UTC in which times are told: field utc_offset_minutes, else China's.
    [[nodiscard]] int utc_offset() const;
};

/// Nothing in it: null, "", [], {} and false.
bool is_empty(const base::Json& value);

/// The placeholders of a text. Calls `complain` for a brace that is not closed.
std::vector<Placeholder> placeholders(
    std::string_view text, const std::function<void(std::string)>& complain
);

struct Expanded {
    std::string text;
    bool filled = false; ///< a placeholder had a value, or the text has no placeholder
};
/// The text with its placeholders filled; what is empty reads as `blank`.
Expanded expand(std::string_view text, const Scope& scope, const Wording& wording, std::string_view blank);

} // namespace fengsui::workflow
