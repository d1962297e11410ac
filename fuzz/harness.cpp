// libFuzzer's entry for the decoder that the environment variable FENGSUI_DECODER names.
#include "fuzz/decoders.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

const fengsui::fuzz::Decoder& chosen() {
    const char* name = std::getenv("FENGSUI_DECODER"); // NOLINT(concurrency-mt-unsafe): one thread
    for (const auto& decoder : fengsui::fuzz::decoders()) {
        if (name != nullptr && decoder.name == name) {
            return decoder;
        }
    }
    std::fputs("FENGSUI_DECODER must name a decoder of fuzz/decoders.cpp\n", stderr);
    std::exit(2); // NOLINT(concurrency-mt-unsafe)
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto& decoder = chosen();
    decoder.run({reinterpret_cast<const char*>(data), size});
    return 0;
}
