#include "check/common/exposure_similarity.h"

#include "base/text.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace fengsui::check {

namespace {

constexpr std::size_t kComparedBytes = 32UL * 1024;
constexpr std::size_t kRun = 3;

std::string without(std::string_view text, std::string_view piece) {
    // Shorter pieces would eat ordinary words.
    if (piece.size() < 3) {
        return std::string(text);
    }
    std::string rest;
    std::size_t from = 0;
    for (auto at = text.find(piece); at != std::string_view::npos; at = text.find(piece, from)) {
        rest += text.substr(from, at - from);
        from = at + piece.size();
    }
    return rest.append(text.substr(from));
}

/// As JSON writers escape it.
std::string with_escaped_slashes(std::string_view path) {
    std::string escaped;
    for (const char c : path) {
        escaped += c == '/' ? "\\/" : std::string(1, c);
    }
    return escaped;
}

bool is_word_byte(char c) {
    return base::is_alpha(c) || base::is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool is_number(std::string_view word) {
    return std::all_of(word.begin(), word.end(), base::is_digit);
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    std::size_t from = 0;
    while (from < text.size()) {
        const auto first =
            std::find_if(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), is_word_byte);
        const auto last = std::find_if_not(first, text.end(), is_word_byte);
        const auto word = text.substr(
            static_cast<std::size_t>(first - text.begin()), static_cast<std::size_t>(last - first)
        );
        if (!word.empty()) {
            words.push_back(is_number(word) ? std::string_view("#") : word);
        }
        from = static_cast<std::size_t>(last - text.begin());
    }
    return words;
}

std::vector<std::size_t> runs_of(const std::vector<std::string_view>& words) {
    std::vector<std::size_t> runs;
    for (std::size_t i = 0; i + kRun <= words.size(); ++i) {
        std::size_t hash = 0;
        for (std::size_t j = i; j < i + kRun; ++j) {
            hash = hash * 1'000'003 + std::hash<std::string_view>()(words[j]);
        }
        runs.push_back(hash);
    }
    std::sort(runs.begin(), runs.end());
    runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
    return runs;
}

} // namespace

std::string without_echo(const model::HttpExchange& exchange) {
    const std::string_view path = exchange.url.path;
    std::string text(std::string_view(exchange.body).substr(0, kComparedBytes));
    text = without(text, exchange.url.str());
    text = without(text, path);
    text = without(text, with_escaped_slashes(path));
    return without(text, path.substr(path.rfind('/') + 1));
}

bool is_similar(std::string_view a, std::string_view b) {
    if (base::trim(a) == base::trim(b)) {
        return true;
    }
    const auto a_words = words_of(a);
    const auto b_words = words_of(b);
    if (a_words.size() < kRun || b_words.size() < kRun) {
        return !a_words.empty() && a_words == b_words;
    }
    const auto a_runs = runs_of(a_words);
    const auto b_runs = runs_of(b_words);
    std::vector<std::size_t> shared;
    std::set_intersection(
        a_runs.begin(), a_runs.end(), b_runs.begin(), b_runs.end(), std::back_inserter(shared)
    );
    const std::size_t all = a_runs.size() + b_runs.size() - shared.size();
    return shared.size() * 5 >= all * 4;
}

} // namespace fengsui::check
