#include "base/text.h"
#include "registry/table/rows.h"

#include <fmt/format.h>

namespace fengsui::registry::table {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

struct LineKinds {
    unsigned first_utf8 = 0;    ///< the first line that can hardly be anything but UTF-8
    unsigned first_invalid = 0; ///< the first line that is not UTF-8
};

/// Two three-byte sequences, as two Chinese characters are: chance does not make them of GB18030 text.
bool is_surely_utf8(std::string_view line) {
    unsigned sequences = 0;
    for (const char c : line) {
        sequences += (static_cast<unsigned char>(c) & 0xF0U) == 0xE0U ? 1 : 0;
    }
    return sequences >= 2;
}

LineKinds look_at_lines(std::string_view bytes) {
    LineKinds kinds;
    unsigned number = 0;
    for (const auto line : base::lines(bytes)) {
        ++number;
        if (!base::is_valid_utf8(line)) {
            kinds.first_invalid = kinds.first_invalid == 0 ? number : kinds.first_invalid;
        } else if (kinds.first_utf8 == 0 && is_surely_utf8(line)) {
            kinds.first_utf8 = number;
        }
    }
    return kinds;
}

bool is_utf16(std::string_view bytes) {
    return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
}

/// How many bytes at the end begin a UTF-8 character that does not end: the mark of a file cut off.
std::size_t unfinished_tail(std::string_view text) {
    for (std::size_t tail = 1; tail <= 3 && tail <= text.size(); ++tail) {
        const auto byte = static_cast<unsigned char>(text[text.size() - tail]);
        if ((byte & 0xC0U) == 0xC0U) {
            return base::is_valid_utf8(text.substr(0, text.size() - tail)) ? tail : 0;
        }
    }
    return 0;
}

} // namespace

Decoded decode(std::string_view bytes, Problems& problems) {
    if (is_utf16(bytes)) {
        problems.add(
            0,
            "",
            "encoding",
            "文件编码为 UTF-16，请另存为“CSV UTF-8”",
            "the file is UTF-16; save it as \"CSV UTF-8\""
        );
        return {};
    }
    if (bytes.find('\0') != std::string_view::npos) {
        problems.add(
            0,
            "",
            "binary",
            "这不是文本文件；可导入 CSV、XLSX 或 JSON",
            "this is not a text file; CSV, XLSX or JSON can be imported"
        );
        return {};
    }
    const bool has_bom = bytes.starts_with(kBom);
    auto text = has_bom ? bytes.substr(kBom.size()) : bytes;
    if (const auto tail = unfinished_tail(text);
        tail != 0 && (has_bom || look_at_lines(text).first_utf8 != 0)) {
        problems.add(
            0,
            "",
            "cut_off",
            "文件在一个字符中间结束，可能不完整",
            "the file ends in the middle of a character; it was cut off"
        );
        text.remove_suffix(tail);
    }
    if (base::is_valid_utf8(text)) {
        return {std::string(text), has_bom ? "UTF-8 with BOM" : "UTF-8"};
    }
    const auto kinds = look_at_lines(text);
    if (has_bom || kinds.first_utf8 != 0) {
        problems.add(
            0,
            "",
            "encoding",
            fmt::format(
                "文件中混有不同编码：第 {} 行不是 UTF-8；请统一另存为“CSV UTF-8”", kinds.first_invalid
            ),
            fmt::format(
                "the file mixes encodings: line {} is not UTF-8; save it as \"CSV UTF-8\"",
                kinds.first_invalid
            )
        );
        return {};
    }
    Decoded decoded;
    if (base::decode_strict(text, "gb18030", decoded.utf8)) {
        decoded.encoding = "GB18030";
        return decoded;
    }
    problems.add(
        0,
        "",
        "encoding",
        fmt::format("第 {} 行既不是 UTF-8 也不是 GB18030；请另存为“CSV UTF-8”", kinds.first_invalid),
        fmt::format("line {} is neither UTF-8 nor GB18030; save it as \"CSV UTF-8\"", kinds.first_invalid)
    );
    return {};
}

} // namespace fengsui::registry::table
