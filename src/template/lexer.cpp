#include "template/lexer.h"

#include "base/text.h"
#include "base/time.h"
#include "template/bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fengsui::templates {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}
bool is_letter(char c) {
    return base::is_alpha(c) || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_part(char c) {
    return is_letter(c) || base::is_digit(c) || c == '_' || c == '.';
}
bool is_symbol_part(char c) {
    static constexpr std::string_view kOthers = "()[]'\"";
    return !is_letter(c) && !base::is_digit(c) && !is_space(c) && kOthers.find(c) == std::string_view::npos;
}
bool is_known_symbol(std::string_view text) {
    static constexpr std::string_view kSymbols[] = {"==", "!=", ">",  ">=", "<", "<=", "=~", "!~", "&&",
                                                    "||", "+",  "-",  "*",  "/", "%",  "**", "&",  "|",
                                                    "^",  ">>", "<<", "!",  "~", "?",  ":",  "??"};
    return std::find(std::begin(kSymbols), std::end(kSymbols), text) != std::end(kSymbols);
}

/// govaluate takes a literal that reads as a date for its Unix time (point 20).
std::optional<double> as_date(const std::string& text) {
    if (text.size() < 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    std::string full = text;
    if (full.size() == 10) {
        full += "T00:00:00Z";
    } else if (full.size() == 16 && full[10] == ' ') {
        full[10] = 'T';
        full += ":00Z";
    } else if (full.size() == 19 && full[10] == ' ') {
        full[10] = 'T';
        full += "Z";
    } else if (full.size() == 25 && full[10] == ' ') {
        full[10] = 'T';
    } else if (full[10] != 'T') {
        return std::nullopt;
    }
    const auto instant = base::parse_rfc3339(full);
    if (!instant) {
        return std::nullopt;
    }
    return static_cast<double>(
        std::chrono::duration_cast<std::chrono::seconds>(instant->time_since_epoch()).count()
    );
}

class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}

    std::vector<Token> all() {
        while (true) {
            while (at_ < text_.size() && is_space(text_[at_])) {
                ++at_;
            }
            if (at_ >= text_.size()) {
                tokens_.push_back({TokenKind::end, "", 0, at_});
                return std::move(tokens_);
            }
            one();
        }
    }

private:
    [[noreturn]] void fail(std::string_view what) const {
        throw base::Error(base::ErrorCode::invalid_argument, fmt::format("column {}: {}", at_ + 1, what));
    }
    void push(TokenKind kind, std::string text, double number = 0) {
        tokens_.push_back({kind, std::move(text), number, begin_});
    }

    void one() {
        begin_ = at_;
        const char c = text_[at_];
        if (base::is_digit(c) || c == '.') {
            return number();
        }
        if (c == '\'' || c == '"') {
            return literal(c);
        }
        if (c == '[') {
            return bracketed();
        }
        if (is_letter(c)) {
            return name();
        }
        if (c == '(' || c == ')' || c == ',') {
            ++at_;
            return push(c == '(' ? TokenKind::open : (c == ')' ? TokenKind::close : TokenKind::comma), {c});
        }
        symbol();
    }

    void number() {
        if (text_.substr(at_, 2) == "0x") {
            std::uint64_t value = 0;
            const auto [end, failure] =
                std::from_chars(text_.data() + at_ + 2, text_.data() + text_.size(), value, 16);
            if (failure != std::errc()) {
                fail("not a hexadecimal number");
            }
            at_ = static_cast<std::size_t>(end - text_.data());
            return push(TokenKind::number, "", static_cast<double>(value));
        }
        while (at_ < text_.size() && (base::is_digit(text_[at_]) || text_[at_] == '.')) {
            ++at_;
        }
        const auto digits = text_.substr(begin_, at_ - begin_);
        double value = 0;
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (failure != std::errc() || end != digits.data() + digits.size()) {
            fail(fmt::format("\"{}\" is no number", digits));
        }
        push(TokenKind::number, "", value);
    }

    /// A backslash takes the next character as it is: "\n" is the letter n (point 20).
    std::string until(char terminator) {
        std::string out;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                out += text_[++at_];
                continue;
            }
            if (text_[at_] == terminator) {
                ++at_;
                return out;
            }
            out += text_[at_];
        }
        at_ = begin_;
        fail(terminator == ']' ? "a bracket is not closed" : "a string is not closed");
    }
    void literal(char quote) {
        std::string value = until(quote);
        if (const auto date = as_date(value)) {
            return push(TokenKind::number, "", *date);
        }
        push(TokenKind::text, std::move(value));
    }
    void bracketed() { push(TokenKind::name, until(']')); }

    void name() {
        while (at_ < text_.size() && is_name_part(text_[at_])) {
            ++at_;
        }
        std::string value(text_.substr(begin_, at_ - begin_));
        if (value == "true" || value == "false") {
            const double truth = value == "true" ? 1 : 0;
            return push(TokenKind::boolean, std::move(value), truth);
        }
        if (value == "in" || value == "IN") {
            return push(TokenKind::symbol, "in");
        }
        if (find_function(value) != nullptr) {
            return push(TokenKind::function, std::move(value));
        }
        if (value.find('.') != std::string::npos) {
            fail(fmt::format("\"{}\": values have no fields", value));
        }
        push(TokenKind::name, std::move(value));
    }

    void symbol() {
        while (at_ < text_.size() && is_symbol_part(text_[at_])) {
            ++at_;
        }
        std::string value(text_.substr(begin_, at_ - begin_));
        if (!is_known_symbol(value)) {
            at_ = begin_;
            fail(fmt::format("\"{}\" is no operator", value));
        }
        push(TokenKind::symbol, std::move(value));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
    std::vector<Token> tokens_;
};

} // namespace

base::Result<std::vector<Token>> tokenize(std::string_view expression) {
    try {
        return Lexer(expression).all();
    } catch (const base::Error& error) {
        return error;
    }
}

} // namespace fengsui::templates
