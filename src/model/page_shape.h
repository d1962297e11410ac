// What a page is made of, without regard to what it says: blocks as hashes, outside domains, tag structure.
#pragma once

#include "model/http.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fengsui::model {

/// One thing that a page has, as `kind:value`. Texts appear as hashes only.
///   b: a block of text   t: the title   d: a domain linked   r: a domain that scripts, frames or styles
///   come from   f: a domain that forms go to
using PageFeature = std::string;

struct PageShape {
    bool is_page = false; ///< an HTML answer below 400 with a body
    std::string title;
    std::vector<PageFeature> features; ///< sorted, unique, at most 800
    std::uint64_t structure = 0;       ///< SimHash over runs of three tags

    [[nodiscard]] bool has(const PageFeature& feature) const;
    [[nodiscard]] std::size_t count(char kind) const;
    bool operator==(const PageShape&) const = default;
};

/// Reads at most 1 MiB, in time linear in the input.
PageShape shape_of(const HttpExchange& page);

/// Bits that differ, 0 to 64.
unsigned structure_distance(std::uint64_t a, std::uint64_t b);

/// Share of features of that kind that only one of the two has, 0 to 1; 0 when both have none.
double difference(const PageShape& a, const PageShape& b, char kind);

/// What a crawler is shown beyond what visitors are: outside domains of links, scripts or forms that only
/// one of the two pages has, or another page altogether. Texts that differ alone are none.
struct ViewDifference {
    std::vector<std::string> domains; ///< that only `b` has
    bool is_other_page = false;       ///< title, structure and nearly all blocks differ
    [[nodiscard]] bool any() const { return is_other_page || !domains.empty(); }
};
ViewDifference view_difference(const PageShape& a, const PageShape& b);

} // namespace fengsui::model
