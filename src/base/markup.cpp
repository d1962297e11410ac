#include "base/markup.h"

#include "base/text.h"

namespace fengsui::base {

std::string escape_markup(std::string_view text) {
    std::string out;
    // The two noncharacters XML 1.0 forbids as well (production Char) encode as EF BF BE and EF BF BF.
    const auto clean = scrub_utf8(text);
    for (std::size_t i = 0; i < clean.size(); ++i) {
        switch (clean[i]) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        case '\xEF':
            if (clean.compare(i, 3, "\xEF\xBF\xBE") == 0 || clean.compare(i, 3, "\xEF\xBF\xBF") == 0) {
                i += 2;
                break;
            }
            [[fallthrough]];
        default:
            out += clean[i];
        }
    }
    return out;
}

} // namespace fengsui::base
