// Scripts and style sheets of a page, resolved.
#pragma once

#include "model/html.h"
#include "model/url.h"

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::model {

struct LoadedReference {
    std::string element; ///< script or link
    Url url;
    bool has_integrity = false;
};

/// `<script src>` of a kind that browsers run and `<link rel=stylesheet>`; http and https only.
std::vector<LoadedReference> loaded_references(const Url& page, const HtmlFacts& html);

/// A script of a type that no browser runs is a data block: nothing is fetched (HTML standard 4.12.1).
bool is_data_block(const HtmlReference& reference);

/// Whether the space-separated `words` hold `wanted`.
bool has_word(std::string_view words, std::string_view wanted);

} // namespace fengsui::model
