#include "base/text.h"
#include "check/common/exposure_proof.h"

namespace fengsui::check {

namespace {

using namespace std::string_view_literals;

/// Alignment word and the buddy allocator's signature.
constexpr auto kMagic = "\0\0\0\1Bud1"sv;

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    if (std::string_view(exchange.body).substr(0, kMagic.size()) != kMagic) {
        return std::nullopt;
    }
    return FileProof{"00000001 Bud1 (.DS_Store)", base::hex(kMagic), {}, {}};
}

} // namespace

model::Verdict exposure_ds_store(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.ds_store", prove, false});
}

} // namespace fengsui::check
