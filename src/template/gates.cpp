#include "template/gates.h"

#include "base/text.h"
#include "template/functions.h"
#include "template/literals.h"

#include <algorithm>
#include <charconv>

namespace fengsui::templates {

namespace {

constexpr std::size_t kMaxKeys = 400;
constexpr std::size_t kMinLiteral = 3; ///< shorter ones stand in every page and slow the scan
constexpr std::uint32_t kEqual = 0;    ///< place of == in the compiler's table

bool is_usable(const std::string& literal) {
    return literal.size() >= kMinLiteral && literal.find("{{") == std::string::npos && literal.size() < 1000;
}

/// The parts that the single pass reads; nullopt: not one of them.
std::optional<GateKey::Kind> kind_of_part(std::string_view name, const std::vector<std::string>& renamed) {
    if (std::find(renamed.begin(), renamed.end(), name) != renamed.end()) {
        return std::nullopt;
    }
    if (name.empty() || name == "body") {
        return GateKey::Kind::body;
    }
    static constexpr std::string_view kHeaders[] = {
        "header",
        "all_headers",
        "server",
        "content_type",
        "location",
        "set_cookie",
        "www_authenticate",
        "x_powered_by",
        "content_security_policy"};
    if (std::find(std::begin(kHeaders), std::end(kHeaders), name) != std::end(kHeaders)) {
        return GateKey::Kind::header;
    }
    return std::nullopt;
}

/// `all` is body, then headers: a literal may lie across the seam, so that it has no gate. In `response`
/// the seam is an empty line.
bool is_whole(std::string_view name) {
    return name == "response";
}

/// Header values of one name are joined by blanks for a variable, in the block they stand apart.
bool survives_joining(std::string_view part, std::string_view literal) {
    return part.empty() || part == "body" || part == "header" || part == "all_headers"
           || literal.find(' ') == std::string_view::npos;
}

/// Keys of a literal in a part; empty: unknown.
std::vector<GateKey> keys_for(
    std::string_view part,
    const std::string& literal,
    bool ignores_case,
    const std::vector<std::string>& renamed
) {
    if (!is_usable(literal)) {
        return {};
    }
    const std::string text = ignores_case ? base::to_lower(literal) : literal;
    if (is_whole(part)) { // a literal across the seam would be missed
        if (literal.find('\n') != std::string::npos) {
            return {};
        }
        return {
            {GateKey::Kind::body, text, ignores_case, false, 0},
            {GateKey::Kind::header, text, ignores_case, false, 0}};
    }
    const auto kind = kind_of_part(part, renamed);
    if (!kind || !survives_joining(part, literal)) {
        return {};
    }
    return {{*kind, text, ignores_case, false, 0}};
}

std::vector<GateKey> pattern_keys(
    std::string_view part, const std::string& pattern, const std::vector<std::string>& renamed
) {
    const auto kind = kind_of_part(part, renamed);
    const bool is_whole_part = part.empty() || part == "body" || part == "header" || part == "all_headers";
    const bool is_plain = pattern.find('\0') == std::string::npos && pattern.size() < 2000;
    if (!kind || !is_whole_part || !is_plain) {
        return {};
    }
    GateKey key;
    key.kind = *kind;
    key.literal = pattern;
    key.is_pattern = true;
    return {key};
}

/// The shortest literal decides; statuses are the weakest, hashes the strongest.
std::size_t worth(const Gate& gate) {
    std::size_t least = gate.is_always() ? 0 : 1000;
    for (const auto& key : gate.keys) {
        const bool is_literal = key.kind == GateKey::Kind::body || key.kind == GateKey::Kind::header;
        const std::size_t other = key.kind == GateKey::Kind::status ? 1 : 900;
        least = std::min(least, key.is_pattern ? 2 : (is_literal ? literal_worth(key.literal) + 2 : other));
    }
    return least;
}

Gate both(Gate left, Gate right) {
    return worth(left) >= worth(right) ? left : right;
}
Gate either(Gate left, const Gate& right) {
    if (left.is_always() || right.is_always() || left.keys.size() + right.keys.size() > kMaxKeys) {
        return {};
    }
    left.keys.insert(left.keys.end(), right.keys.begin(), right.keys.end());
    return left;
}

template <class Items, class Make>
Gate combined(const Items& items, Condition condition, Make make) {
    Gate all;
    bool is_first = true;
    for (const auto& item : items) {
        Gate gate = make(item);
        all = is_first ? std::move(gate)
                       : (condition == Condition::all ? both(std::move(all), std::move(gate))
                                                      : either(std::move(all), gate));
        is_first = false;
    }
    return all;
}

Gate of_literals(
    std::string_view part,
    const std::vector<std::string>& literals,
    bool ignores_case,
    const std::vector<std::string>& renamed
) {
    return combined(literals, Condition::any, [&](const std::string& literal) {
        return Gate{keys_for(part, literal, ignores_case, renamed)};
    });
}

Gate of_pattern(std::string_view part, const Pattern& pattern, const std::vector<std::string>& renamed) {
    bool ignores_case = false;
    const auto literals = pattern.required_literals(ignores_case);
    Gate gate = of_literals(part, literals, ignores_case, renamed);
    // Without a literal the expression itself is looked for, roughly, in the same pass.
    return gate.is_always() ? Gate{pattern_keys(part, pattern.text(), renamed)} : gate;
}

/// Runs byte code over what is known of values instead of values.
class GateReader {
public:
    GateReader(const Expression& expression, const std::vector<std::string>& renamed)
        : expression_(expression), renamed_(renamed) {}

    Gate read() {
        run(0, expression_.code().size());
        return stack_.size() == 1 ? stack_.back().gate : Gate();
    }

private:
    struct Known {
        enum class Kind { unknown, text, number, part, encoded, hash, digest } kind = Kind::unknown;
        std::string text; ///< of a text, the name of a part or of a digest
        double number = 0;
        bool is_lowered = false;
        Gate gate; ///< when it is a condition
    };

    Known pop() {
        if (stack_.empty()) {
            return {};
        }
        Known top = std::move(stack_.back());
        stack_.pop_back();
        return top;
    }

    void run(std::size_t begin, std::size_t end) {
        for (std::size_t at = begin; at < end;) {
            at = step(at);
        }
    }
    std::size_t step(std::size_t at) {
        const Instruction code = expression_.code()[at];
        switch (code.op) {
        case Op::constant:
            constant(expression_.constants()[code.operand]);
            break;
        case Op::variable:
            stack_.push_back({Known::Kind::part, expression_.names()[code.operand], 0, false, {}});
            break;
        case Op::call:
            call(*expression_.functions()[code.operand], code.count);
            break;
        case Op::match_regex:
            match(expression_.patterns()[code.operand]);
            break;
        case Op::binary:
            binary(code.operand);
            break;
        case Op::unary:
            pop();
            stack_.emplace_back();
            break;
        case Op::make_list:
            drop(code.count);
            break;
        case Op::need_bool:
            break;
        default:
            return jump(code, at);
        }
        return at + 1;
    }
    void drop(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            pop();
        }
        stack_.emplace_back();
    }
    std::size_t jump(const Instruction& code, std::size_t at) {
        Known left = pop();
        run(at + 1, code.operand);
        Known right = pop();
        Known made;
        if (code.op == Op::test_and) {
            made.gate = both(std::move(left.gate), std::move(right.gate));
        } else if (code.op == Op::test_or) {
            made.gate = either(std::move(left.gate), right.gate);
        }
        stack_.push_back(std::move(made));
        return code.operand;
    }

    void constant(const Value& value) {
        Known made;
        if (value.is_text()) {
            made.kind = Known::Kind::text;
            made.text = value.as_text();
        } else if (value.is_number()) {
            made.kind = Known::Kind::number;
            made.number = value.as_number();
        }
        stack_.push_back(std::move(made));
    }
    void call(const Function& function, std::size_t count) {
        std::vector<Known> arguments(count);
        for (std::size_t i = count; i > 0; --i) {
            arguments[i - 1] = pop();
        }
        stack_.push_back(result_of(function.name, arguments));
    }
    Known result_of(std::string_view name, std::vector<Known>& arguments) {
        Known made;
        if (arguments.empty()
            || (arguments[0].kind != Known::Kind::part && arguments[0].kind != Known::Kind::encoded)) {
            return made;
        }
        const Known& subject = arguments[0];
        if (name == "to_lower") {
            made = subject;
            made.is_lowered = true;
        } else if (name == "base64_py" && subject.kind == Known::Kind::part && subject.text == "body" && !subject.is_lowered) {
            made.kind = Known::Kind::encoded;
        } else if (name == "mmh3" && subject.kind == Known::Kind::encoded) {
            made.kind = Known::Kind::hash;
        } else if (is_digest(name) && subject.kind == Known::Kind::part && subject.text == "body" && !subject.is_lowered && !is_renamed("body")) {
            made.kind = Known::Kind::digest;
            made.text = name;
        } else if (name == "contains" || name == "contains_any" || name == "starts_with" || name == "ends_with") {
            made.gate = searched(arguments, Condition::any);
        } else if (name == "contains_all") {
            made.gate = searched(arguments, Condition::all);
        }
        return made;
    }
    Gate searched(const std::vector<Known>& arguments, Condition condition) const {
        const Known& subject = arguments[0];
        const std::vector<Known> others(arguments.begin() + 1, arguments.end());
        return combined(others, condition, [&](const Known& other) {
            if (other.kind != Known::Kind::text || subject.kind != Known::Kind::part) {
                return Gate();
            }
            return Gate{keys_for(subject.text, other.text, subject.is_lowered, renamed_)};
        });
    }
    void match(const Pattern& pattern) {
        const Known subject = pop();
        Known made;
        if (subject.kind == Known::Kind::part && !subject.is_lowered) {
            made.gate = of_pattern(subject.text, pattern, renamed_);
        }
        stack_.push_back(std::move(made));
    }
    void binary(std::uint32_t op) {
        Known right = pop();
        Known left = pop();
        if (right.kind == Known::Kind::hash || right.kind == Known::Kind::digest
            || (right.kind == Known::Kind::part && left.kind != Known::Kind::part)) {
            std::swap(left, right);
        }
        Known made;
        if (op == kEqual) {
            made.gate = equality(left, right);
        }
        stack_.push_back(std::move(made));
    }
    Gate equality(const Known& subject, const Known& other) const {
        if (subject.kind == Known::Kind::hash && other.kind == Known::Kind::text) {
            std::int32_t number = 0;
            const char* end = other.text.data() + other.text.size();
            const auto parsed = std::from_chars(other.text.data(), end, number);
            return parsed.ec == std::errc() && parsed.ptr == end
                       ? Gate{{{GateKey::Kind::favicon, "", false, false, number}}}
                       : Gate();
        }
        if (subject.kind == Known::Kind::digest && other.kind == Known::Kind::text) {
            return {{{GateKey::Kind::digest, subject.text + ":" + other.text, false, false, 0}}};
        }
        if (subject.kind != Known::Kind::part) {
            return {};
        }
        if (other.kind == Known::Kind::number && subject.text == "status_code"
            && !is_renamed("status_code")) {
            return {{{GateKey::Kind::status, "", false, false, static_cast<std::int32_t>(other.number)}}};
        }
        return other.kind == Known::Kind::text
                   ? Gate{keys_for(subject.text, other.text, subject.is_lowered, renamed_)}
                   : Gate();
    }
    static bool is_digest(std::string_view name) {
        return name == "md5" || name == "sha1" || name == "sha256";
    }
    [[nodiscard]] bool is_renamed(std::string_view name) const {
        return std::find(renamed_.begin(), renamed_.end(), name) != renamed_.end();
    }

    const Expression& expression_;
    const std::vector<std::string>& renamed_;
    std::vector<Known> stack_;
};

/// Non-ASCII words are folded by Unicode's rules, which the scanner does not know.
bool is_foldable(const Matcher& matcher, const std::string& word) {
    return !matcher.is_case_insensitive
           || std::all_of(word.begin(), word.end(), [](char c) { return c > 0; });
}

} // namespace

WordPlaces word_places(const Matcher& matcher, const std::vector<std::string>& renamed) {
    const bool is_known = matcher.type == MatcherType::word && !matcher.words.empty()
                          && std::all_of(matcher.words.begin(), matcher.words.end(), [&](const Text& word) {
                                 return word.is_plain() && is_usable(word.source())
                                        && is_foldable(matcher, word.source())
                                        && word.source().find_first_of("\r\n") == std::string::npos;
                             });
    const auto is_free = [&renamed](std::string_view name) {
        return std::find(renamed.begin(), renamed.end(), name) == renamed.end();
    };
    const std::string& part = matcher.part;
    if (!is_known || !is_free(part)) {
        return {};
    }
    const bool is_body = part.empty() || (part == "body" && is_free("body"));
    const bool is_header = part == "header" || part == "all_headers";
    return {is_body || part == "response", is_header || part == "response"};
}

Gate gate_of(const Expression& expression, const std::vector<std::string>& renamed) {
    return expression.has_markers() ? Gate() : GateReader(expression, renamed).read();
}

Gate gate_of(const Matcher& matcher, const std::vector<std::string>& renamed) {
    if (matcher.is_negative) {
        return {};
    }
    switch (matcher.type) {
    case MatcherType::word:
        return combined(matcher.words, matcher.condition, [&](const Text& word) {
            const auto literal = word.is_plain() ? word.source() : word.longest_literal();
            return is_foldable(matcher, literal)
                       ? Gate{keys_for(matcher.part, literal, matcher.is_case_insensitive, renamed)}
                       : Gate();
        });
    case MatcherType::regex:
        return combined(matcher.patterns, matcher.condition, [&](const Pattern& pattern) {
            return of_pattern(matcher.part, pattern, renamed);
        });
    case MatcherType::binary:
        return combined(matcher.binaries, matcher.condition, [&](const std::string& bytes) {
            return Gate{keys_for(matcher.part, bytes, false, renamed)};
        });
    case MatcherType::status:
        return combined(matcher.status, Condition::any, [](int status) {
            return Gate{{{GateKey::Kind::status, "", false, false, status}}};
        });
    case MatcherType::dsl:
        return combined(matcher.expressions, matcher.condition, [&](const Expression& expression) {
            return gate_of(expression, renamed);
        });
    default:
        return {};
    }
}

Gate gate_of(const Extractor& extractor, const std::vector<std::string>& renamed) {
    if (extractor.type != ExtractorType::regex) {
        return {};
    }
    return combined(extractor.patterns, Condition::any, [&](const Pattern& pattern) {
        return of_pattern(extractor.part, pattern, renamed);
    });
}

} // namespace fengsui::templates
