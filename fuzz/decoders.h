// The table of fuzzed decoders.
#pragma once

#include <span>
#include <string_view>

namespace fengsui::fuzz {

struct Decoder {
    std::string_view name; ///< also the folder of its corpus
    void (*run)(std::string_view bytes) = nullptr;
};

std::span<const Decoder> decoders();

} // namespace fengsui::fuzz
