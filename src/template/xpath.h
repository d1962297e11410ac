// The part of XPath that templates use: paths with / and //, names, *, text(), @attribute, and predicates
// with positions, =, !=, contains, starts-with, and, or, not.
#pragma once

#include "base/result.h"
#include "template/markup.h"

#include <memory>

namespace fengsui::templates {

class XPath {
public:
    static base::Result<XPath> compile(std::string_view text);

    /// Text of every node found, in document order: an attribute's value, a text's own, or `attribute` of the
    /// element when it is not empty, else its inner text.
    [[nodiscard]] std::vector<std::string> select(const Markup& markup, std::string_view attribute) const;

    struct Path;

private:
    std::shared_ptr<const Path> path_; ///< owners: this query and its copies
};

} // namespace fengsui::templates
