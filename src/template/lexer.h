// Tokens of the expression language, as govaluate cuts them.
#pragma once

#include "template/dsl.h"

namespace fengsui::templates {

enum class TokenKind : std::uint8_t {
    number,
    text,
    boolean,
    name,
    function,
    symbol,
    open,
    close,
    comma,
    end
};

struct Token {
    TokenKind kind = TokenKind::end;
    std::string text; ///< symbol, name or literal
    double number = 0;
    std::size_t at = 0;
};

base::Result<std::vector<Token>> tokenize(std::string_view expression);

} // namespace fengsui::templates
