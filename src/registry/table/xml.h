// A reader of plain XML: elements, attributes, text. Document types and entities are refused, so that
// nothing expands.
#pragma once

#include "base/result.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::registry::table {

using XmlAttributes = std::vector<std::pair<std::string_view, std::string_view>>;

/// The value of the attribute, a prefix before its name left out; empty when absent.
std::string_view attribute(const XmlAttributes& attributes, std::string_view name);

struct XmlHandlers {
    std::function<void(std::string_view name, const XmlAttributes& attributes)>
        begin; ///< names without prefix
    std::function<void(std::string_view name)> end;
    std::function<void(std::string_view text)> text;
};

/// Feed it pieces; the handlers are called as elements come.
class XmlReader {
public:
    explicit XmlReader(XmlHandlers handlers);
    ~XmlReader();
    XmlReader(const XmlReader&) = delete;
    XmlReader& operator=(const XmlReader&) = delete;

    /// False once something is wrong; the rest is then ignored.
    bool feed(std::string_view piece);
    /// True when the document is whole, otherwise what is wrong.
    base::Result<bool> finish();
    /// Ends the reading, from inside a handler.
    void refuse(std::string why);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::registry::table
