// A title in lines that read well: as few as fit, broken by sense, long above short (two lines) or a rhombus.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fengsui::workflow {

/// `breaks`: where a line may end, as byte and as width up to there, the end of the text last.
std::vector<std::string> title_lines(
    std::string_view text,
    const std::vector<std::pair<std::size_t, double>>& breaks,
    double width,
    const std::vector<std::string>& unbroken_words
);

} // namespace fengsui::workflow
