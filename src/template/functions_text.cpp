#include "base/text.h"
#include "template/bytes.h"
#include "template/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace fengsui::templates {

namespace {

using Outcome = base::Result<Value>;

Outcome made(std::string text) {
    if (text.size() > kMaxResult) {
        return function_error("the result is too long");
    }
    return Value::text(std::move(text));
}

Outcome length(const Arguments& arguments) {
    const Value& value = arguments[0];
    const std::size_t size = value.is_list() ? value.items().size() : arguments.text(0).size();
    return Value::number(static_cast<double>(size));
}

/// Zero based, in a list or in the bytes of a text.
Outcome index(const Arguments& arguments) {
    const auto position = arguments.whole(1);
    if (!position) {
        return position.error();
    }
    const auto at = static_cast<std::size_t>(*position);
    if (arguments[0].is_list()) {
        const auto& items = arguments[0].items();
        return *position >= 0 && at < items.size() ? Outcome(items[at])
                                                   : function_error("index out of range");
    }
    const std::string text = arguments.text(0);
    if (*position < 0 || at >= text.size()) {
        return function_error("index out of range");
    }
    return Value::text(text.substr(at, 1));
}

Outcome upper(const Arguments& arguments) {
    return made(unicode_upper(arguments.text(0)));
}
Outcome lower(const Arguments& arguments) {
    return made(unicode_lower(arguments.text(0)));
}
Outcome title(const Arguments& arguments) {
    std::string text = unicode_lower(arguments.text(0));
    bool begins = true;
    for (char& c : text) {
        if (begins && c >= 'a' && c <= 'z') {
            c = static_cast<char>(c - 'a' + 'A');
        }
        begins = !base::is_alpha(c) && !base::is_digit(c) && c != '\'';
    }
    return made(std::move(text));
}

std::vector<std::string> runes_of(std::string_view text) {
    std::vector<std::string> runes;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t size = std::max<std::size_t>(1, utf8_length(text, i));
        runes.emplace_back(text.substr(i, size));
        i += size;
    }
    return runes;
}
std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    return fmt::format("{}", fmt::join(parts, separator));
}
Value list_of(const std::vector<std::string>& parts) {
    ValueList items;
    for (const auto& part : parts) {
        items.push_back(Value::text(part));
    }
    return Value::list(std::move(items));
}
std::vector<std::string> texts_of(const Arguments& arguments) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        texts.push_back(arguments.text(i));
    }
    return texts;
}

/// One argument: its runes; several: the arguments.
Outcome sort(const Arguments& arguments) {
    auto parts = arguments.size() == 1 ? runes_of(arguments.text(0)) : texts_of(arguments);
    std::sort(parts.begin(), parts.end());
    return arguments.size() == 1 ? made(joined(parts, "")) : Outcome(list_of(parts));
}
Outcome uniq(const Arguments& arguments) {
    const auto parts = arguments.size() == 1 ? runes_of(arguments.text(0)) : texts_of(arguments);
    std::set<std::string> seen;
    std::vector<std::string> kept;
    for (const auto& part : parts) {
        if (seen.insert(part).second) {
            kept.push_back(part);
        }
    }
    return arguments.size() == 1 ? made(joined(kept, "")) : Outcome(list_of(kept));
}

Outcome repeat(const Arguments& arguments) {
    const auto count = arguments.whole(1);
    const std::string text = arguments.text(0);
    if (!count || *count < 0
        || (!text.empty() && static_cast<std::uint64_t>(*count) > kMaxResult / text.size())) {
        return function_error("repeat: not a count that makes sense");
    }
    std::string out;
    for (std::int64_t i = 0; i < *count && !text.empty(); ++i) {
        out += text;
    }
    return made(std::move(out));
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string out;
    if (from.empty()) { // Go puts it before every rune and at the end
        for (const auto& rune : runes_of(text)) {
            out.append(to).append(rune);
        }
        return out.append(to);
    }
    std::size_t at = 0;
    for (auto found = text.find(from); found != std::string_view::npos && out.size() < kMaxResult;
         found = text.find(from, at)) {
        out.append(text.substr(at, found - at)).append(to);
        at = found + from.size();
    }
    return out.append(text.substr(at));
}
Outcome replace(const Arguments& arguments) {
    return made(replaced(arguments.text(0), arguments.text(1), arguments.text(2)));
}
Outcome replace_regex(const Arguments& arguments) {
    const auto pattern = Pattern::compile(arguments.text(1));
    if (!pattern) {
        return pattern.error();
    }
    return made(pattern->replace_all(arguments.text(0), arguments.text(2)));
}

std::string_view trimmed(std::string_view text, std::string_view cut, bool left, bool right) {
    const auto first = left ? text.find_first_not_of(cut) : 0;
    if (first == std::string_view::npos) {
        return {};
    }
    const auto last = right ? text.find_last_not_of(cut) : text.size() - 1;
    return last == std::string_view::npos || text.empty() ? std::string_view()
                                                          : text.substr(first, last - first + 1);
}
Outcome trim(const Arguments& arguments) {
    return made(std::string(trimmed(arguments.text(0), arguments.text(1), true, true)));
}
Outcome trim_left(const Arguments& arguments) {
    return made(std::string(trimmed(arguments.text(0), arguments.text(1), true, false)));
}
Outcome trim_right(const Arguments& arguments) {
    return made(std::string(trimmed(arguments.text(0), arguments.text(1), false, true)));
}
Outcome trim_space(const Arguments& arguments) {
    return made(std::string(trimmed(arguments.text(0), " \t\n\r\v\f", true, true)));
}
Outcome trim_prefix(const Arguments& arguments) {
    const std::string text = arguments.text(0);
    const std::string prefix = arguments.text(1);
    return made(text.starts_with(prefix) ? text.substr(prefix.size()) : text);
}
Outcome trim_suffix(const Arguments& arguments) {
    const std::string text = arguments.text(0);
    const std::string suffix = arguments.text(1);
    return made(text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text);
}
Outcome reverse(const Arguments& arguments) {
    auto runes = runes_of(arguments.text(0));
    std::reverse(runes.begin(), runes.end());
    return made(joined(runes, ""));
}
Outcome concat(const Arguments& arguments) {
    return made(joined(texts_of(arguments), ""));
}

std::vector<std::string> chunks(const std::string& text, std::int64_t size) {
    const auto runes = runes_of(text);
    if (size <= 0 || static_cast<std::size_t>(size) >= text.size()) {
        return {text};
    }
    std::vector<std::string> out;
    for (std::size_t i = 0; i < runes.size(); ++i) {
        if (i % static_cast<std::size_t>(size) == 0) {
            out.emplace_back();
        }
        out.back() += runes[i];
    }
    return out;
}
/// Go's SplitN: a limit of 0 gives nothing, a negative one no limit.
std::vector<std::string> pieces(const std::string& text, const std::string& separator, std::int64_t limit) {
    if (limit == 0) {
        return {};
    }
    if (separator.empty()) {
        return runes_of(text);
    }
    std::vector<std::string> out;
    std::size_t at = 0;
    while (limit < 0 || static_cast<std::int64_t>(out.size()) + 1 < limit) {
        const auto found = text.find(separator, at);
        if (found == std::string::npos) {
            break;
        }
        out.push_back(text.substr(at, found - at));
        at = found + separator.size();
    }
    out.push_back(text.substr(at));
    return out;
}
Outcome split(const Arguments& arguments) {
    if (arguments.size() == 3) {
        const auto limit = arguments.whole(2);
        return limit ? Outcome(list_of(pieces(arguments.text(0), arguments.text(1), *limit))) : limit.error();
    }
    const auto size = arguments.whole(1);
    return list_of(
        size ? chunks(arguments.text(0), *size) : pieces(arguments.text(0), arguments.text(1), -1)
    );
}
Outcome join(const Arguments& arguments) {
    std::vector<std::string> parts;
    if (arguments.size() == 2 && !arguments[1].is_list()) {
        return function_error("join: cannot cast elements into string");
    }
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        if (arguments[i].is_list() && arguments.size() > 2) {
            return function_error("join: more than one list");
        }
        for (const auto& item : arguments[i].items()) {
            parts.push_back(item.to_text());
        }
        if (!arguments[i].is_list()) {
            parts.push_back(arguments.text(i));
        }
    }
    return made(joined(parts, arguments.text(0)));
}

Outcome substr(const Arguments& arguments) {
    const std::string text = arguments.text(0);
    const auto size = static_cast<std::int64_t>(text.size());
    const auto start = arguments.whole(1);
    const auto end = arguments.size() > 2 ? arguments.whole(2) : base::Result<std::int64_t>(size);
    if (text.empty() || !start || !end || *start < 0 || *start > size || *end < *start || *end > size) {
        return function_error("substr: outside the text");
    }
    return made(text.substr(static_cast<std::size_t>(*start), static_cast<std::size_t>(*end - *start)));
}
Outcome padding(const Arguments& arguments) {
    const auto wanted = arguments.whole(2);
    const std::string text = arguments.text(0);
    const std::string fill = arguments.text(1);
    const std::string mode = arguments.text(3);
    if (!wanted || *wanted <= 0 || *wanted > static_cast<std::int64_t>(kMaxResult) || fill.empty()) {
        return function_error("padding: invalid length or filler");
    }
    const auto size = static_cast<std::size_t>(*wanted);
    if (text.size() >= size) {
        return made(text);
    }
    if (mode != "prefix" && mode != "suffix") {
        return function_error("padding mode must be 'prefix' or 'suffix'");
    }
    std::string filler;
    for (std::size_t i = 0; i < size - text.size(); ++i) {
        filler += fill[i % fill.size()];
    }
    return made(mode == "prefix" ? filler + text : text + filler);
}
Outcome remove_bad_chars(const Arguments& arguments) {
    std::string text = arguments.text(0);
    for (const auto& rune : runes_of(arguments.text(1))) {
        text = replaced(text, rune, "");
    }
    return made(std::move(text));
}
Outcome to_text(const Arguments& arguments) {
    return made(arguments.text(0));
}

constexpr Function kFunctions[] = {
    {"len", 1, 1, length},
    {"index", 2, 2, index},
    {"to_upper", 1, 1, upper},
    {"to_lower", 1, 1, lower},
    {"to_title", 1, 2, title},
    {"sort", 1, kAnyCount, sort},
    {"uniq", 1, kAnyCount, uniq},
    {"repeat", 2, 2, repeat},
    {"replace", 3, 3, replace},
    {"replace_regex", 3, 3, replace_regex},
    {"trim", 2, 2, trim},
    {"trim_left", 2, 2, trim_left},
    {"trim_right", 2, 2, trim_right},
    {"trim_space", 1, 1, trim_space},
    {"trim_prefix", 2, 2, trim_prefix},
    {"trim_suffix", 2, 2, trim_suffix},
    {"reverse", 1, 1, reverse},
    {"concat", 0, kAnyCount, concat},
    {"split", 2, 3, split},
    {"join", 2, kAnyCount, join},
    {"substr", 2, 3, substr},
    {"padding", 4, 4, padding},
    {"remove_bad_chars", 2, 2, remove_bad_chars},
    {"to_string", 1, 1, to_text},
};

} // namespace

base::Result<std::int64_t> Arguments::whole(std::size_t position) const {
    const Value& value = values_[position];
    if (value.is_number()) {
        constexpr double kEdge = 9.2e18;
        const double number = value.as_number();
        return number > -kEdge && number < kEdge
                   ? base::Result<std::int64_t>(static_cast<std::int64_t>(number))
                   : function_error("not a whole number");
    }
    const std::string text(base::trim(value.to_text()));
    std::int64_t number = 0;
    const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
    const auto [end, failure] = std::from_chars(begin, text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size() || value.is_bool()) {
        return function_error(fmt::format("invalid number: \"{:.40}\"", text));
    }
    return number;
}

std::span<const Function> text_functions() {
    return kFunctions;
}

} // namespace fengsui::templates
