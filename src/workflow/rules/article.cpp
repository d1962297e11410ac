#include "workflow/rules/article.h"

#include "base/text.h"

#include <array>

namespace fengsui::workflow {

namespace {

constexpr int kMaxArticle = 999;
constexpr std::array<std::string_view, 10> kDigits = {
    "", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
constexpr std::string_view kTen = "十";
constexpr std::string_view kHundred = "百";
constexpr std::string_view kZero = "零";
constexpr std::size_t kGlyph = 3; // bytes of each of these characters

/// The value of the digit at the front, or 0.
int leading_digit(std::string_view text) {
    for (int i = 1; i <= 9; ++i) {
        if (text.starts_with(kDigits[static_cast<std::size_t>(i)])) {
            return i;
        }
    }
    return 0;
}

bool is_number_glyph(std::string_view text) {
    return leading_digit(text) != 0 || text.starts_with(kTen) || text.starts_with(kHundred)
           || text.starts_with(kZero);
}

/// 二十三, 十, 一百零五; 0 when the characters make no number below 1000.
int chinese_value(std::string_view text) {
    int total = 0;
    int digit = 0;
    while (!text.empty()) {
        if (const int value = leading_digit(text)) {
            if (digit != 0) {
                return 0;
            }
            digit = value;
        } else if (text.starts_with(kTen) || text.starts_with(kHundred)) {
            const bool is_ten = text.starts_with(kTen);
            if (digit == 0 && !(is_ten && total == 0)) {
                return 0;
            }
            total += (digit == 0 ? 1 : digit) * (is_ten ? 10 : 100);
            digit = 0;
        }
        text.remove_prefix(kGlyph);
    }
    return total + digit;
}

std::optional<ArticleNumber> chinese_at(std::string_view text, std::size_t at) {
    std::size_t size = 0;
    while (size < 6 * kGlyph && is_number_glyph(text.substr(at + size))) {
        size += kGlyph;
    }
    const int value = chinese_value(text.substr(at, size));
    return value >= 1 && value <= kMaxArticle ? std::optional(ArticleNumber{value, at, size, true})
                                              : std::nullopt;
}

std::optional<ArticleNumber> arabic_at(std::string_view text, std::size_t at) {
    int value = 0;
    std::size_t size = 0;
    while (at + size < text.size() && base::is_digit(text[at + size]) && value <= kMaxArticle) {
        value = value * 10 + (text[at + size] - '0');
        ++size;
    }
    return value >= 1 && value <= kMaxArticle ? std::optional(ArticleNumber{value, at, size, false})
                                              : std::nullopt;
}

} // namespace

std::optional<ArticleNumber> find_article_number(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (base::is_digit(text[at])) {
            return arabic_at(text, at);
        }
        if (is_number_glyph(text.substr(at))) {
            return chinese_at(text, at);
        }
    }
    return std::nullopt;
}

std::string chinese_number(int number) {
    std::string text;
    const int hundreds = number / 100;
    const int tens = number / 10 % 10;
    const int ones = number % 10;
    if (hundreds != 0) {
        text += kDigits[static_cast<std::size_t>(hundreds)];
        text += kHundred;
    }
    if (hundreds != 0 && tens == 0 && ones != 0) {
        text += kZero;
    }
    if (tens != 0) {
        if (tens != 1 || hundreds != 0) { // 十五, but 一百一十五
            text += kDigits[static_cast<std::size_t>(tens)];
        }
        text += kTen;
    }
    return text + std::string(kDigits[static_cast<std::size_t>(ones)]);
}

std::string with_article_number(std::string_view text, const ArticleNumber& old, int number) {
    std::string out(text.substr(0, old.at));
    out += old.is_chinese ? chinese_number(number) : std::to_string(number);
    out += text.substr(old.at + old.size);
    return out;
}

} // namespace fengsui::workflow
