// The readers of the operator's data files, and what reads a page for its integrity.
#pragma once

#include <string_view>

namespace fengsui::fuzz {

void nvd(std::string_view bytes);
void epss(std::string_view bytes);
void cnnvd(std::string_view bytes);
void libraries(std::string_view bytes);
void cycles(std::string_view bytes);
void page(std::string_view bytes);

} // namespace fengsui::fuzz
