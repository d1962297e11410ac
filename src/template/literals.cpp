#include "template/literals.h"

#include "base/text.h"
#include "template/bytes.h"

#include <algorithm>

namespace fengsui::templates {

namespace {

constexpr std::size_t kMinLiteral = 3;
constexpr std::size_t kMaxAlternatives = 24;
constexpr int kMaxDepth = 40;

using Literals = std::vector<std::string>;

/// The least telling one decides.
std::size_t worth(const Literals& set) {
    std::size_t least = set.empty() ? 0 : literal_worth(set.front());
    for (const auto& literal : set) {
        least = std::min(least, literal_worth(literal));
    }
    return least;
}

/// Reads a pattern and keeps the best set. Whatever it does not know ends the present literal: it may miss
/// literals, never claim one that is not required.
class Reader {
public:
    Reader(std::string_view text, bool ignore_case) : text_(text), ignore_case_(ignore_case) {}

    /// It was read as one whose case does not matter.
    [[nodiscard]] bool folds() const { return folds_; }

    Literals alternation(int depth) {
        Literals all;
        bool is_known = true;
        while (true) {
            const Literals branch = concatenation(depth);
            is_known = is_known && !branch.empty();
            all.insert(all.end(), branch.begin(), branch.end());
            if (at_ >= text_.size() || text_[at_] != '|') {
                break;
            }
            ++at_;
        }
        if (!is_known || all.size() > kMaxAlternatives) {
            return {};
        }
        return all;
    }

private:
    Literals concatenation(int depth) {
        Literals best;
        std::string run;
        while (at_ < text_.size() && text_[at_] != '|' && text_[at_] != ')') {
            atom(depth, run, best);
        }
        finish(run, best);
        return best;
    }

    void finish(std::string& run, Literals& best) {
        if (run.size() >= kMinLiteral) {
            offer({run}, best);
        }
        run.clear();
    }
    static void offer(const Literals& set, Literals& best) {
        if (worth(set) > worth(best) || (worth(set) == worth(best) && set.size() < best.size())) {
            best = set;
        }
    }

    void atom(int depth, std::string& run, Literals& best) {
        const char c = text_[at_];
        if (const auto size = both_cases()) {
            const std::string letter(1, base::to_lower(text_.substr(at_ + 1, 1)).front());
            at_ += size;
            folds_ = true;
            return quantified(true, letter, run, best);
        }
        if (c == '(') {
            finish(run, best);
            const Literals inner = group(depth);
            if (!is_optional() && !inner.empty()) {
                offer(inner, best);
            }
            return;
        }
        if (c == '[') {
            skip_class();
            is_optional();
            return finish(run, best);
        }
        if (c == '.') {
            ++at_;
            is_optional();
            return finish(run, best);
        }
        if (c == '^' || c == '$') {
            ++at_;
            is_optional();
            return;
        }
        std::string literal;
        const bool is_known = c == '\\' ? escape(literal) : plain(literal);
        quantified(is_known, literal, run, best);
    }

    /// `(f|F)` and `[fF]` are a letter without regard to case; 0: it is none.
    [[nodiscard]] std::size_t both_cases() const {
        const auto piece = text_.substr(at_, 5);
        const bool is_group = piece.size() == 5 && piece[0] == '(' && piece[2] == '|' && piece[4] == ')';
        const bool is_class = piece.size() >= 4 && piece[0] == '[' && piece[3] == ']';
        if (!is_group && !is_class) {
            return 0;
        }
        const auto one = piece.substr(1, 1);
        const auto other = piece.substr(is_group ? 3 : 2, 1);
        const bool is_pair = base::is_alpha(one.front()) && one != other && base::iequals(one, other);
        return is_pair ? (is_group ? 5 : 4) : 0;
    }

    void quantified(bool is_known, const std::string& literal, std::string& run, Literals& best) {
        const std::size_t before = at_;
        const bool optional = is_optional();
        const bool repeats = at_ != before;
        if (!is_known || optional) {
            if (!literal.empty() || !is_known) {
                finish(run, best);
            }
            return;
        }
        run += literal;
        if (repeats) {
            finish(run, best);
        }
    }

    bool plain(std::string& literal) {
        const std::size_t length = std::max<std::size_t>(1, utf8_length(text_, at_));
        literal = text_.substr(at_, length);
        at_ += length;
        return length == 1 || !ignore_case_;
    }

    /// False: not a literal. Zero-width assertions are an empty literal.
    bool escape(std::string& literal) {
        ++at_;
        if (at_ >= text_.size()) {
            return false;
        }
        const char c = text_[at_++];
        if (c == 'Q') {
            const std::size_t end = std::min(text_.find("\\E", at_), text_.size());
            literal = text_.substr(at_, end - at_);
            at_ = std::min(end + 2, text_.size());
            return !ignore_case_ || std::all_of(literal.begin(), literal.end(), [](char b) { return b > 0; });
        }
        if (c == 'b' || c == 'B' || c == 'A' || c == 'z' || c == 'E') {
            return true;
        }
        if (c == 'x') {
            return hex_escape(literal);
        }
        if (c == 'p' || c == 'P') {
            skip_property();
            return false;
        }
        static constexpr std::string_view kControls = "n\nr\rt\tf\fv\va\a";
        for (std::size_t i = 0; i < kControls.size(); i += 2) {
            if (kControls[i] == c) {
                literal = kControls[i + 1];
                return true;
            }
        }
        if (base::is_alpha(c) || base::is_digit(c)) {
            return false;
        }
        literal = c;
        return true;
    }
    bool hex_escape(std::string& literal) {
        std::string bytes;
        if (at_ + 2 <= text_.size() && text_[at_] != '{' && decode_hex(text_.substr(at_, 2), bytes)) {
            at_ += 2;
            literal = bytes;
            return static_cast<unsigned char>(bytes[0]) < 0x80;
        }
        at_ = std::min(text_.find('}', at_), text_.size() - 1) + 1;
        return false;
    }
    void skip_property() {
        if (at_ < text_.size() && text_[at_] == '{') {
            at_ = std::min(text_.find('}', at_), text_.size() - 1);
        }
        ++at_;
    }

    void skip_class() {
        ++at_;
        if (at_ < text_.size() && text_[at_] == '^') {
            ++at_;
        }
        if (at_ < text_.size() && text_[at_] == ']') {
            ++at_;
        }
        while (at_ < text_.size() && text_[at_] != ']') {
            if (text_.substr(at_, 2) == "[:") {
                const std::size_t end = text_.find(":]", at_);
                at_ = end == std::string_view::npos ? at_ : end + 1;
            }
            at_ += text_[at_] == '\\' ? 2 : 1;
        }
        at_ = std::min(at_ + 1, text_.size());
    }

    Literals group(int depth) {
        ++at_;
        if (at_ < text_.size() && text_[at_] == '?') {
            while (at_ < text_.size() && text_[at_] != ':' && text_[at_] != ')' && text_[at_] != '>') {
                ++at_;
            }
            if (at_ < text_.size() && text_[at_] == ')') {
                ++at_; // flags alone
                return {};
            }
            ++at_;
        }
        if (depth >= kMaxDepth) {
            at_ = text_.size();
            return {};
        }
        Literals inner = alternation(depth + 1);
        if (at_ < text_.size()) {
            ++at_; // ')'
        }
        return inner;
    }

    /// Passes over a quantifier; true when it allows none at all.
    bool is_optional() {
        bool optional = false;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '*' || c == '?' || c == '+') {
                optional = optional || c != '+';
                ++at_;
                if (at_ < text_.size() && text_[at_] == '?') {
                    ++at_; // lazy
                }
                continue;
            }
            if (c != '{' || !is_repeat()) {
                break;
            }
            optional = optional || text_.substr(at_, 3) == "{0," || text_.substr(at_, 3) == "{0}";
            at_ = text_.find('}', at_) + 1;
            if (at_ < text_.size() && text_[at_] == '?') {
                ++at_;
            }
        }
        return optional;
    }
    /// `{` that is no repeat is a literal brace.
    [[nodiscard]] bool is_repeat() const {
        const std::size_t end = text_.find('}', at_);
        if (end == std::string_view::npos || end == at_ + 1) {
            return false;
        }
        const auto inside = text_.substr(at_ + 1, end - at_ - 1);
        return base::is_digit(inside.front()) && std::all_of(inside.begin(), inside.end(), [](char b) {
                   return base::is_digit(b) || b == ',';
               });
    }

    std::string_view text_;
    bool ignore_case_;
    std::size_t at_ = 0;
    bool folds_ = false;
};

bool has_case_flag(std::string_view pattern) {
    for (std::size_t at = pattern.find("(?"); at != std::string_view::npos; at = pattern.find("(?", at + 2)) {
        for (std::size_t i = at + 2; i < pattern.size() && (base::is_alpha(pattern[i]) || pattern[i] == '-');
             ++i) {
            if (pattern[i] == 'i') {
                return true;
            }
        }
    }
    return false;
}

} // namespace

std::size_t literal_worth(std::string_view literal) {
    static constexpr std::string_view kCommon[] = {
        "<title>", "</title>", "<html",   "</html>",  "<body",   "</body>",    "<head>",
        "</head>", "<div",     "</div>",  "<meta",    "<script", "</script",   "<link",
        "<span",   "</span>",  "<h1>",    "</h1>",    "</h2>",   "</h3>",      "</a>",
        "</p>",    "<a href=", "href=\"", "class=\"", "src=\"",  "content=\"", "name=\"",
        "http://", "https://", "200 OK",  "HTTP/1.1", "version", "Version",    "text/html"};
    const bool is_common =
        std::any_of(std::begin(kCommon), std::end(kCommon), [literal](std::string_view mark) {
            return mark.find(literal) != std::string_view::npos;
        });
    return is_common ? 1 : literal.size();
}

std::vector<std::string> required_regex_literals(std::string_view pattern, bool& ignore_case) {
    ignore_case = has_case_flag(pattern);
    Reader reader(pattern, ignore_case);
    auto literals = reader.alternation(0);
    ignore_case = ignore_case || reader.folds();
    if (ignore_case) {
        for (auto& literal : literals) {
            literal = base::to_lower(literal);
        }
    }
    return literals;
}

} // namespace fengsui::templates
