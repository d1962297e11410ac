// Template text: literal bytes with `{{…}}` in it, taken apart once.
#pragma once

#include "template/dsl.h"

namespace fengsui::templates {

class Text {
public:
    Text() = default;
    explicit Text(std::string_view source);

    /// Variables and expressions put in; inserted values are data and not looked at again. What cannot be
    /// resolved stays as it is. The error: an expression failed.
    [[nodiscard]] base::Result<std::string> render(const Scope& scope) const;

    [[nodiscard]] const std::string& source() const { return source_; }
    [[nodiscard]] bool empty() const { return source_.empty(); }
    [[nodiscard]] bool is_plain() const { return markers_.empty(); }
    /// Every name that it reads, expressions' included.
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] bool calls_functions() const;
    /// The longest stretch that stands in every rendering; empty when it is not known.
    [[nodiscard]] std::string longest_literal() const;
    /// Every expression in it.
    [[nodiscard]] std::vector<const Expression*> expressions() const;

private:
    struct Marker {
        std::size_t begin = 0; ///< of "{{" in source_
        std::size_t end = 0;   ///< behind "}}"
        std::optional<Expression> expression;
    };
    void parse();
    bool read_marker(std::size_t open);

    std::string source_;
    std::vector<Marker> markers_; ///< in order, not nested
};

/// Puts values for `{{name}}` into the string literals of an expression, escaped for their quotes.
std::string fill_string_markers(std::string_view expression, const Scope& scope);

/// The first `{{name}}` (or %7B%7B…) that a request still holds and that is no constant; empty: none.
std::string unresolved_marker(std::string_view text);

} // namespace fengsui::templates
