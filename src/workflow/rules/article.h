// Numbers of articles as people write them: 23, 第二十三条, 第23条第一款, Art. 23.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fengsui::workflow {

/// A number inside a citation and how it is written there.
struct ArticleNumber {
    int number = 0;
    std::size_t at = 0;   ///< where its digits begin
    std::size_t size = 0; ///< bytes of its digits
    bool is_chinese = false;
};
/// The first number from 1 to 999 in the text; nothing when there is none.
std::optional<ArticleNumber> find_article_number(std::string_view text);
/// 23 → 二十三, for 1 to 999.
std::string chinese_number(int number);
/// `text` with that number put in the place of its own, in the same script.
std::string with_article_number(std::string_view text, const ArticleNumber& old, int number);

} // namespace fengsui::workflow
