#include "template/pattern.h"

#include "base/text.h"
#include "template/bytes.h"
#include "template/literals.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>

namespace fengsui::templates {

namespace {

constexpr std::int64_t kMaxProgramBytes = 8 << 20;

re2::RE2::Options options() {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxProgramBytes);
    return options;
}

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

std::string_view view(re2::StringPiece text) {
    return {text.data(), text.size()};
}

/// Go knows `\Q…\E`, `(?P<n>…)`, `\z`, `\pN` as RE2 does; `(?<n>…)` RE2 2022 does not.
std::string to_re2(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            out.append(text.substr(i++, 2));
            continue;
        }
        out += text[i];
        const bool is_named =
            text.substr(i, 3) == "(?<" && i + 3 < text.size() && text[i + 3] != '=' && text[i + 3] != '!';
        if (is_named) {
            out += "?P";
            ++i;
        }
    }
    return out;
}

std::size_t next_rune(std::string_view text, std::size_t at) {
    return std::max<std::size_t>(1, utf8_length(text, at));
}

/// Go's Regexp.Expand: `$name` takes the longest name, `$$` is a dollar, unknown groups are empty.
std::string expand_replacement(
    std::string_view replacement,
    const std::vector<std::string_view>& groups,
    const std::map<std::string, int>& names
) {
    std::string out;
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        if (replacement[i] != '$' || i + 1 == replacement.size()) {
            out += replacement[i];
            continue;
        }
        if (replacement[i + 1] == '$') {
            out += replacement[++i];
            continue;
        }
        const bool has_braces = replacement[i + 1] == '{';
        std::size_t end = i + (has_braces ? 2 : 1);
        const std::size_t begin = end;
        while (end < replacement.size()
               && (base::is_alpha(replacement[end]) || base::is_digit(replacement[end])
                   || replacement[end] == '_')) {
            ++end;
        }
        const std::string name(replacement.substr(begin, end - begin));
        if (name.empty() || (has_braces && (end == replacement.size() || replacement[end] != '}'))) {
            out += '$';
            continue;
        }
        const auto named = names.find(name);
        int index = named != names.end() ? named->second : -1;
        if (std::all_of(name.begin(), name.end(), base::is_digit) && name.size() < 4) {
            index = std::stoi(name);
        }
        if (index >= 0 && static_cast<std::size_t>(index) < groups.size()) {
            out += groups[static_cast<std::size_t>(index)];
        }
        i = has_braces ? end : end - 1;
    }
    return out;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

} // namespace

/// The compiled program is made when first used: thousands of patterns are never reached.
class Pattern::Body {
public:
    explicit Body(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const re2::RE2& program() const {
        std::call_once(once_, [this] { program_.emplace(to_re2(text_), options()); });
        return *program_;
    }

private:
    std::string text_;
    mutable std::once_flag once_;
    mutable std::optional<re2::RE2> program_;
};

base::Result<Pattern> Pattern::compile(std::string_view text) {
    // Compiled to know that it is valid, then dropped: most patterns of a set are never reached, and
    // thousands of programs would fill the memory.
    const re2::RE2 program(to_re2(text), options());
    if (!program.ok()) {
        return base::Error(base::ErrorCode::invalid_argument, program.error());
    }
    return Pattern(std::make_shared<const Body>(std::string(text)));
}

const std::string& Pattern::text() const {
    return body_->text();
}

namespace {

/// RE2 never lets `.` match a byte that is no UTF-8, Go takes it for U+FFFD (point 16).
class Corpus {
public:
    explicit Corpus(std::string_view text) : text_(text) {
        if (!is_ascii(text) && !base::is_valid_utf8(text)) {
            replace_bad_bytes(text);
            text_ = mended_;
        }
    }
    [[nodiscard]] std::string_view view() const { return text_; }

private:
    /// One mark for each bad byte that has the same length: a lone Latin-1 letter cannot be told from it.
    void replace_bad_bytes(std::string_view text) {
        mended_.reserve(text.size());
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t length = utf8_length(text, i);
            mended_ += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(i, length);
            i += length == 0 ? 1 : length;
        }
    }

    std::string_view text_;
    std::string mended_;
};

} // namespace

bool Pattern::matches(std::string_view corpus, bool is_clean) const {
    const auto& program = body_->program();
    if (!program.ok()) {
        return false;
    }
    if (is_clean) {
        return re2::RE2::PartialMatch(piece(corpus), program);
    }
    const Corpus text(corpus);
    return re2::RE2::PartialMatch(piece(text.view()), program);
}

std::vector<std::string> Pattern::find_all(std::string_view raw, std::size_t group, std::size_t limit) const {
    std::vector<std::string> found;
    const auto& program = body_->program();
    if (!program.ok() || group > static_cast<std::size_t>(program.NumberOfCapturingGroups())) {
        return found;
    }
    const Corpus text(raw);
    const std::string_view corpus = text.view();
    std::vector<re2::StringPiece> groups(group + 1);
    std::size_t at = 0;
    while (at <= corpus.size() && found.size() < limit
           && program.Match(
               piece(corpus),
               at,
               corpus.size(),
               re2::RE2::UNANCHORED,
               groups.data(),
               static_cast<int>(groups.size())
           )) {
        const auto begin = static_cast<std::size_t>(groups[0].data() - corpus.data());
        found.emplace_back(groups[group].data() == nullptr ? "" : view(groups[group]));
        at = groups[0].empty() ? begin + next_rune(corpus, begin) : begin + groups[0].size();
    }
    return found;
}

std::string Pattern::replace_all(std::string_view corpus, std::string_view replacement) const {
    const auto& program = body_->program();
    std::string out;
    const auto text = piece(corpus);
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(program.NumberOfCapturingGroups()) + 1);
    std::size_t at = 0;
    std::size_t copied = 0;
    while (at <= corpus.size()
           && program.Match(
               text, at, corpus.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())
           )) {
        const auto begin = static_cast<std::size_t>(groups[0].data() - corpus.data());
        out += corpus.substr(copied, begin - copied);
        std::vector<std::string_view> views;
        for (const auto& part : groups) {
            views.push_back(part.data() == nullptr ? std::string_view() : view(part));
        }
        out += expand_replacement(replacement, views, program.NamedCapturingGroups());
        copied = begin + groups[0].size();
        at = groups[0].empty() ? begin + next_rune(corpus, begin) : copied;
    }
    return out.append(corpus.substr(std::min(copied, corpus.size())));
}

std::vector<std::string> Pattern::required_literals(bool& ignore_case) const {
    return required_regex_literals(text(), ignore_case);
}

} // namespace fengsui::templates
