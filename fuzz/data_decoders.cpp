#include "fuzz/data_decoders.h"

#include "check/knowledge.h"
#include "model/integrity.h"

namespace fengsui::fuzz {

namespace {

using check::DataKind;

/// In pieces of seven bytes, so that every state of a reader is left and entered again.
void read(DataKind kind, std::string_view bytes) {
    model::Knowledge knowledge;
    const base::TextSource source = [&bytes] {
        const auto piece = bytes.substr(0, 7);
        bytes.remove_prefix(piece.size());
        return piece;
    };
    static_cast<void>(check::detect_data_kind(bytes));
    static_cast<void>(check::read_data(kind, "fuzz", source, knowledge));
}

} // namespace

void nvd(std::string_view bytes) {
    read(DataKind::nvd, bytes);
    read(DataKind::kev, bytes);
}

void epss(std::string_view bytes) {
    read(DataKind::epss, bytes);
}

void cnnvd(std::string_view bytes) {
    read(DataKind::cnnvd, bytes);
}

void libraries(std::string_view bytes) {
    read(DataKind::libraries, bytes);
}

void cycles(std::string_view bytes) {
    read(DataKind::cycles, bytes);
}

void page(std::string_view bytes) {
    model::HttpExchange exchange;
    exchange.outcome = model::completed();
    exchange.status = 200;
    exchange.headers = {{"Content-Type", "text/html"}};
    exchange.url.host = "www.example.cn";
    exchange.body = bytes;
    static_cast<void>(model::link_blocks(exchange));
    const auto shape = model::shape_of(exchange);
    const auto baseline = model::PageBaseline().learn(shape, {}).learn(shape, {});
    const auto again = model::PageBaseline::from_json(baseline.to_json());
    FENGSUI_CHECK(again.has_value(), "a baseline that does not read itself");
}

} // namespace fengsui::fuzz
