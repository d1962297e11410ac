#include "base/zone_rules.h"

#include <array>

namespace fengsui::base {

namespace {

using std::chrono::seconds;

constexpr std::size_t kHeaderSize = 44;
constexpr std::uint32_t kMaxTimes = 20'000;
constexpr std::int32_t kMaxOffset = 26 * 3600; // RFC 9636 3.2: -25 to +26 hours

Error bad_tzif(std::string_view what) {
    return {ErrorCode::invalid_argument, "not a time zone file (TZif): " + std::string(what)};
}

/// Counts of one block's header.
struct TzifHeader {
    char version = 0;
    std::uint32_t is_ut = 0;
    std::uint32_t is_std = 0;
    std::uint32_t leaps = 0;
    std::uint32_t times = 0;
    std::uint32_t types = 0;
    std::uint32_t letters = 0;

    [[nodiscard]] std::size_t body_size(std::size_t time_size) const {
        return std::size_t{times} * time_size + times + std::size_t{types} * 6 + letters
               + std::size_t{leaps} * (time_size + 4) + is_std + is_ut;
    }
};

std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = (value << 8U) | static_cast<unsigned char>(bytes[at + i]);
    }
    return static_cast<std::int64_t>(value);
}

std::uint32_t count_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint32_t>(big_endian(bytes, at, 4));
}

/// Nothing when the bytes are no header or their counts cannot be true.
std::optional<TzifHeader> read_header(std::string_view bytes) {
    if (bytes.size() < kHeaderSize || !bytes.starts_with("TZif")) {
        return std::nullopt;
    }
    const TzifHeader header{
        bytes[4],
        count_at(bytes, 20),
        count_at(bytes, 24),
        count_at(bytes, 28),
        count_at(bytes, 32),
        count_at(bytes, 36),
        count_at(bytes, 40)};
    const bool counts_fit = header.times <= kMaxTimes && header.types >= 1 && header.types <= 256
                            && header.letters <= 4096 && header.leaps <= 4096 && header.is_std <= header.types
                            && header.is_ut <= header.types;
    return counts_fit ? std::optional(header) : std::nullopt;
}

/// The block's offsets by type; nothing when one is out of range.
std::optional<std::vector<seconds>> read_types(
    std::string_view body, const TzifHeader& header, std::size_t at
) {
    std::vector<seconds> offsets;
    for (std::uint32_t i = 0; i < header.types; ++i) {
        const auto offset = big_endian(body, at + std::size_t{i} * 6, 4);
        if (offset < -kMaxOffset || offset > kMaxOffset) {
            return std::nullopt;
        }
        offsets.emplace_back(offset);
    }
    return offsets;
}

Result<Zone::Rules> read_block(std::string_view body, const TzifHeader& header, std::size_t time_size) {
    if (body.size() < header.body_size(time_size)) {
        return bad_tzif("cut short");
    }
    const std::size_t kinds = header.times * time_size;
    const auto offsets = read_types(body, header, kinds + header.times);
    if (!offsets) {
        return bad_tzif("an offset of more than a day");
    }
    Zone::Rules rules;
    rules.first = offsets->front();
    for (std::size_t i = 0; i < header.times; ++i) {
        const auto kind = static_cast<unsigned char>(body[kinds + i]);
        const seconds at(big_endian(body, i * time_size, time_size));
        if (kind >= offsets->size() || (i > 0 && at <= rules.changes.back().at)) {
            return bad_tzif("its changes are out of order or of no known type");
        }
        rules.changes.push_back({at, (*offsets)[kind]});
    }
    return rules;
}

} // namespace

Result<Zone::Rules> read_tzif(std::string_view bytes) {
    const auto first = read_header(bytes);
    if (!first) {
        return bad_tzif("its header is missing or its counts cannot be true");
    }
    if (first->version == 0) {
        return read_block(bytes.substr(kHeaderSize), *first, 4);
    }
    const std::size_t skipped = kHeaderSize + first->body_size(4);
    const auto second = bytes.size() < skipped ? std::nullopt : read_header(bytes.substr(skipped));
    if (!second) {
        return bad_tzif("its second header is missing or its counts cannot be true");
    }
    const std::string_view body = bytes.substr(skipped + kHeaderSize);
    auto rules = read_block(body, *second, 8);
    if (!rules) {
        return rules;
    }
    const std::string_view footer = body.substr(second->body_size(8));
    const auto end = footer.find('\n', 1);
    if (!footer.starts_with('\n') || end == std::string_view::npos) {
        return bad_tzif("its footer is missing");
    }
    if (end > 1) { // an empty one: nothing is said of the time after the last change
        rules->tail = read_zone_tail(footer.substr(1, end - 1));
        if (!rules->tail) {
            return bad_tzif("its footer is no TZ rule");
        }
    }
    return rules;
}

} // namespace fengsui::base
