// A tree of HTML or XML, read leniently and within bounds, for xpath operators.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fengsui::templates {

struct MarkupNode {
    std::string name; ///< lower case in HTML; empty: text
    std::string text; ///< of a text node
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<const MarkupNode*> children;
    const MarkupNode* parent = nullptr;

    [[nodiscard]] bool is_text() const { return name.empty(); }
    [[nodiscard]] const std::string* attribute(std::string_view wanted) const;
    [[nodiscard]] std::string inner_text() const;
};

struct Markup {
    std::deque<MarkupNode> nodes; ///< the first one is the document
    [[nodiscard]] const MarkupNode& root() const { return nodes.front(); }
};

/// Never fails; at most 200,000 nodes and a depth of 256, in time linear in the text.
Markup read_markup(std::string_view text, bool is_xml);

} // namespace fengsui::templates
