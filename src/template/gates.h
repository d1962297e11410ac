// What must be in an answer before an operator can hit. Private to the set.
#pragma once

#include "template/template.h"

namespace fengsui::templates {

/// One way to open a gate.
struct GateKey {
    enum class Kind : std::uint8_t { body, header, status, favicon, digest };
    Kind kind = Kind::body;
    std::string literal; ///< of body and header; of a digest `md5:` or the like and its hex form
    bool ignores_case = false;
    bool is_pattern = false; ///< the literal is a regular expression that holds none
    std::int32_t number = 0; ///< of status and favicon
};

/// Any of the keys opens it; none at all: it is always open.
struct Gate {
    std::vector<GateKey> keys;
    [[nodiscard]] bool is_always() const { return keys.empty(); }
};

/// Of an HTTP matcher; other protocols' are always open. `renamed`: names that variables or extractors take
/// away from the answer.
Gate gate_of(const Matcher& matcher, const std::vector<std::string>& renamed);
Gate gate_of(const Extractor& extractor, const std::vector<std::string>& renamed);
Gate gate_of(const Expression& expression, const std::vector<std::string>& renamed);

/// Where the words of a matcher stand when the single pass tells all there is to know of them.
struct WordPlaces {
    bool in_body = false;
    bool in_header = false;
    explicit operator bool() const { return in_body || in_header; }
};
WordPlaces word_places(const Matcher& matcher, const std::vector<std::string>& renamed);

} // namespace fengsui::templates
