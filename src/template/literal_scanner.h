// Many literals, and expressions that hold none, in one pass over a text (vectorscan, behind one source
// file).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::templates {

struct Literal {
    std::string bytes;
    bool ignores_case = false; ///< ASCII case; the bytes are lower case then
    bool is_pattern = false;   ///< a regular expression: what is seen of it may be too much, never too little
};

class LiteralScanner {
public:
    /// Compiles all of them together; their numbers are their places.
    explicit LiteralScanner(const std::vector<Literal>& literals);
    ~LiteralScanner();
    LiteralScanner(const LiteralScanner&) = delete;
    LiteralScanner& operator=(const LiteralScanner&) = delete;

    /// Sets the bit of every literal that stands in the text. `is_clean`: it is valid UTF-8. One call at a
    /// time.
    void scan(std::string_view text, bool is_clean, std::vector<std::uint64_t>& found) const;

private:
    class Body;
    std::unique_ptr<Body> body_;
};

} // namespace fengsui::templates
