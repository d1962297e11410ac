#include "base/text.h"
#include "check/common/exposure_proof.h"

namespace fengsui::check {

namespace {

using namespace std::string_view_literals;

struct Magic {
    std::string_view name;
    std::string_view bytes;
    std::size_t offset;
};

// APPNOTE.TXT 4.3.7 (zip), RFC 1952 2.3.1 with method deflate, RAR 4 and 5, 7zFormat.txt, POSIX ustar.
constexpr Magic kMagics[] = {
    {"ZIP archive", "PK\x03\x04"sv, 0},
    {"gzip archive", "\x1f\x8b\x08"sv, 0},
    {"RAR archive", "Rar!\x1a\x07"sv, 0},
    {"7-Zip archive", "7z\xbc\xaf\x27\x1c"sv, 0},
    {"tar archive", "ustar"sv, 257},
};

std::string_view archive_kind(std::string_view body) {
    for (const auto& magic : kMagics) {
        if (body.size() >= magic.offset && body.substr(magic.offset, magic.bytes.size()) == magic.bytes) {
            return magic.name;
        }
    }
    return {};
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    const auto kind = archive_kind(exchange.body);
    if (kind.empty()) {
        return std::nullopt;
    }
    FileProof proof{std::string(kind), base::hex(std::string_view(exchange.body).substr(0, 8)), {}, {}};
    if (const auto* length = exchange.header("Content-Length")) {
        proof.details.set("content_length", base::shorten(base::scrub_utf8(*length), 24));
    }
    return proof;
}

} // namespace

model::Verdict exposure_backup_file(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.backup_file", prove, false});
}

} // namespace fengsui::check
