// Links to other sites that a visitor cannot see, by the page's own markup. No page is rendered and no word
// is read: only how the links are hidden, and how many places they lead to.
#pragma once

#include "model/http.h"

#include <string>
#include <vector>

namespace fengsui::model {

enum class Hiding : std::uint8_t {
    none,
    switched_off, ///< display:none and the like, on an element that a menu or tab could switch on
    hard_to_show, ///< the same on an element that nothing addresses, or that a script switches off at once
    tricked,      ///< off the screen, one pixel large, transparent, of no size: no menu works that way
};
std::string_view to_string(Hiding hiding);

/// The outside links below one hiding element, or of the page's open part.
struct LinkBlock {
    Hiding hiding = Hiding::none;
    std::string how;                  ///< `left:-9999px`
    std::vector<std::string> domains; ///< registrable, each once, at most 200
    std::vector<std::string> urls;    ///< the first ten
    std::size_t links = 0;
    bool is_outside_document = false; ///< before <html> or after </html>
    bool is_written_by_script = false;
};

/// The open part first, then one block for each hiding element that holds outside links. Linear in the page.
std::vector<LinkBlock> link_blocks(const HttpExchange& page);

/// Blocks that look planted: so hidden that no menu needs it, and leading to several places that the page
/// does not link openly. `is_known` says whether a domain was linked before (a baseline); null: unknown.
std::vector<LinkBlock> planted_blocks(
    const std::vector<LinkBlock>& blocks,
    bool (*is_known)(const void* context, const std::string& domain),
    const void* context
);

} // namespace fengsui::model
