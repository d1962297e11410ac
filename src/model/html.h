// The few facts of an HTML page that probes and checks need, tokenised as browsers do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::model {

/// One URL in an attribute: `<script src>`, `<a href>`, `<form action>` …
struct HtmlReference {
    std::string element;   ///< lower case
    std::string attribute; ///< lower case: src, href, action, data, poster …
    std::string url;       ///< as written, white space trimmed
    std::string rel;       ///< of link and a, lower case
    std::string type;
    bool has_integrity = false;
};

struct HtmlMeta {
    std::string name;       ///< lower case; empty when it is an http-equiv
    std::string http_equiv; ///< lower case
    std::string content;
};

struct HtmlFacts {
    std::string title;
    std::string base_href;
    std::vector<HtmlReference> references; ///< in document order
    std::vector<HtmlMeta> metas;
    std::vector<std::string> inline_scripts; ///< each cut to 4 KiB
    bool has_password_field = false;

    [[nodiscard]] const HtmlMeta* meta(std::string_view name) const;
    [[nodiscard]] const HtmlMeta* http_equiv(std::string_view name) const;
};

/// Never fails: a browser would show something too. Reads at most 1 MiB and 5,000 references, in time
/// linear in the input: there is no tree, which hostile markup could make quadratic. Input: UTF-8.
HtmlFacts read_html(std::string_view utf8);

} // namespace fengsui::model
