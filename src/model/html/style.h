// How a style hides an element. Private to model.
#pragma once

#include "model/hidden_links.h"

#include <map>
#include <string>
#include <string_view>

namespace fengsui::model {

struct StyleHiding {
    Hiding hiding = Hiding::none; ///< switched_off or tricked
    std::string how;
};

/// Of `a:b;c:d`.
StyleHiding read_style(std::string_view declarations);

/// Hiding rules of style elements with a plain `.class` or `#id` selector.
class HidingRules {
public:
    void add(std::string_view style_sheet);
    /// `.name` or `#name`; null: does not hide.
    [[nodiscard]] const StyleHiding* find(const std::string& selector) const;

private:
    std::map<std::string, StyleHiding> rules_;
};

/// Ids that a script switches off at once: `getElementById("x").style.display="none"` outside any function.
std::vector<std::string> ids_switched_off(std::string_view script);

/// Markup that a script writes: literals of document.write, also through unescape and String.fromCharCode.
std::string written_markup(std::string_view script);

} // namespace fengsui::model
