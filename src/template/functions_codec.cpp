#include "base/json.h"
#include "base/text.h"
#include "template/bytes.h"
#include "template/functions.h"
#include "template/json_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <zlib.h>

namespace fengsui::templates {

namespace {

using Outcome = base::Result<Value>;

constexpr std::size_t kMaxInflated = 10U << 20U; // as the library's default

Outcome base64(const Arguments& arguments) {
    return Value::text(base::base64(arguments.text(0)));
}
/// Python's encodebytes: lines of 76, each ended.
Outcome base64_py(const Arguments& arguments) {
    const std::string encoded = base::base64(arguments.text(0));
    std::string out;
    for (std::size_t at = 0; at < encoded.size(); at += 76) {
        out.append(encoded, at, 76).append("\n");
    }
    return Value::text(out.empty() ? "\n" : out);
}
Outcome base64_decode(const Arguments& arguments) {
    std::string out;
    return decode_base64(arguments.text(0), out) ? Outcome(Value::text(std::move(out)))
                                                 : function_error("illegal base64 data");
}

Outcome hex_encode(const Arguments& arguments) {
    const std::string digits = base::hex(arguments.text(0));
    if (arguments.size() == 1 || base::to_lower(arguments.text(1)) != "x") {
        return Value::text(digits);
    }
    std::string out;
    for (std::size_t at = 0; at < digits.size(); at += 2) {
        out.append("\\x").append(digits, at, 2);
    }
    return Value::text(std::move(out));
}
Outcome hex_decode(const Arguments& arguments) {
    std::string out;
    return decode_hex(arguments.text(0), out) ? Outcome(Value::text(std::move(out)))
                                              : function_error("not hexadecimal");
}

Outcome url_encode(const Arguments& arguments) {
    const bool encodes_all = arguments.size() > 1 && arguments[1].as_bool();
    static constexpr std::string_view kPlain = "-_.!~*'()";
    std::string out;
    for (const char c : arguments.text(0)) {
        if (base::is_alpha(c) || base::is_digit(c)
            || (!encodes_all && kPlain.find(c) != std::string_view::npos)) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return Value::text(std::move(out));
}
/// A triple at the very end without a byte behind it is decoded only as Go's loop does: `i+2 < len`.
Outcome url_decode(const Arguments& arguments) {
    const std::string text = arguments.text(0);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string byte;
        if (text[i] == '%' && i + 2 < text.size() && decode_hex(text.substr(i + 1, 2), byte)) {
            out += byte;
            i += 2;
        } else {
            out += text[i];
        }
    }
    return Value::text(std::move(out));
}

struct Entity {
    char character;
    std::string_view name;
};
/// The library's own table: nearly all punctuation (point 22).
constexpr Entity kEntities[] = {
    {'\n', "NewLine"}, {'\t', "Tab"},   {'!', "excl"},   {'"', "quot"},   {'#', "num"},    {'$', "dollar"},
    {'%', "percnt"},   {'&', "amp"},    {'\'', "apos"},  {'(', "lpar"},   {')', "rpar"},   {'*', "ast"},
    {'+', "plus"},     {',', "comma"},  {'.', "period"}, {'/', "sol"},    {':', "colon"},  {';', "semi"},
    {'<', "lt"},       {'=', "equals"}, {'>', "gt"},     {'?', "quest"},  {'@', "commat"}, {'[', "lsqb"},
    {'\\', "bsol"},    {']', "rsqb"},   {'^', "Hat"},    {'_', "lowbar"}, {'`', "grave"},  {'{', "lcub"},
    {'|', "vert"},     {'}', "rcub"},
};

Outcome html_escape(const Arguments& arguments) {
    const bool converts_all = arguments.size() > 1 && arguments[1].as_bool();
    std::string out;
    for (const char c : arguments.text(0)) {
        const auto* found =
            std::find_if(std::begin(kEntities), std::end(kEntities), [c](const Entity& entity) {
                return entity.character == c;
            });
        if (found != std::end(kEntities)) {
            out += fmt::format("&{};", found->name);
        } else if (converts_all) {
            out += fmt::format("&#{};", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return Value::text(std::move(out));
}

void append_rune(unsigned long rune, std::string& out) {
    const auto put = [&out](unsigned long value) {
        out += static_cast<char>(value);
    };
    if (rune == 0 || rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF)) {
        rune = 0xFFFD;
    }
    if (rune < 0x80) {
        put(rune);
    } else if (rune < 0x800) {
        put(0xC0U | (rune >> 6U));
        put(0x80U | (rune & 0x3FU));
    } else if (rune < 0x10000) {
        put(0xE0U | (rune >> 12U));
        put(0x80U | ((rune >> 6U) & 0x3FU));
        put(0x80U | (rune & 0x3FU));
    } else {
        put(0xF0U | (rune >> 18U));
        put(0x80U | ((rune >> 12U) & 0x3FU));
        put(0x80U | ((rune >> 6U) & 0x3FU));
        put(0x80U | (rune & 0x3FU));
    }
}

/// Appends what `&name;` means; false when it is not known.
bool append_entity(std::string_view name, std::string& out) {
    if (name.starts_with('#') && name.size() > 1) {
        const bool is_hex = name[1] == 'x' || name[1] == 'X';
        const std::string digits(name.substr(is_hex ? 2 : 1));
        char* end = nullptr;
        const unsigned long rune = std::strtoul(digits.c_str(), &end, is_hex ? 16 : 10);
        if (digits.empty() || *end != '\0') {
            return false;
        }
        append_rune(rune, out);
        return true;
    }
    for (const auto& entity : kEntities) {
        if (entity.name == name) {
            out += entity.character;
            return true;
        }
    }
    if (name == "nbsp") {
        out += "\xC2\xA0";
        return true;
    }
    return false;
}
Outcome html_unescape(const Arguments& arguments) {
    const std::string text = arguments.text(0);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto end = text[i] == '&' ? text.find(';', i) : std::string::npos;
        if (end != std::string::npos && end - i < 12
            && append_entity(std::string_view(text).substr(i + 1, end - i - 1), out)) {
            i = end;
        } else {
            out += text[i];
        }
    }
    return Value::text(std::move(out));
}

/// zlib's window bits tell the wrapping: 31 gzip, 15 zlib, -15 none.
Outcome inflated(const Arguments& arguments, int window_bits) {
    std::string input = arguments.text(0);
    std::size_t limit = kMaxInflated;
    if (arguments.size() > 1) {
        const auto given = arguments.whole(1);
        limit = given && *given >= 0 ? std::min(limit, static_cast<std::size_t>(*given)) : limit;
    }
    z_stream stream{};
    if (inflateInit2(&stream, window_bits) != Z_OK) {
        return function_error("no memory");
    }
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    std::string out;
    int status = Z_OK;
    while (status == Z_OK && out.size() < limit) {
        char buffer[16384];
        stream.next_out = reinterpret_cast<Bytef*>(buffer);
        stream.avail_out = sizeof buffer;
        status = inflate(&stream, Z_NO_FLUSH);
        out.append(buffer, sizeof buffer - stream.avail_out);
        if (status == Z_OK && stream.avail_in == 0 && stream.avail_out != 0) {
            break; // cut short
        }
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END && out.size() < limit) {
        return function_error("not compressed data");
    }
    out.resize(std::min(out.size(), limit));
    return Value::text(std::move(out));
}
Outcome deflated(const Arguments& arguments, int window_bits) {
    std::string input = arguments.text(0);
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY)
        != Z_OK) {
        return function_error("no memory");
    }
    std::string out(deflateBound(&stream, static_cast<uLong>(input.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return Value::text(std::move(out));
}
Outcome gzip(const Arguments& arguments) {
    return deflated(arguments, 31);
}
Outcome gzip_decode(const Arguments& arguments) {
    return inflated(arguments, 31);
}
Outcome zlib(const Arguments& arguments) {
    return deflated(arguments, 15);
}
Outcome zlib_decode(const Arguments& arguments) {
    return inflated(arguments, 15);
}
Outcome deflate_raw(const Arguments& arguments) {
    return deflated(arguments, -15);
}
Outcome inflate_raw(const Arguments& arguments) {
    return inflated(arguments, -15);
}
Outcome gzip_mtime(const Arguments& arguments) {
    const std::string text = arguments.text(0);
    if (text.size() < 10 || !text.starts_with("\x1f\x8b")) {
        return function_error("not gzip");
    }
    std::uint32_t seconds = 0;
    for (std::size_t i = 7; i >= 4; --i) {
        seconds = seconds << 8U | static_cast<unsigned char>(text[i]);
    }
    return Value::number(seconds);
}

Outcome json_minify(const Arguments& arguments) {
    const auto parsed = base::parse_json(arguments.text(0));
    if (!parsed) {
        return parsed.error();
    }
    if (!parsed->is_object()) {
        return function_error("json_minify: not an object");
    }
    return Value::text(go_json(*parsed));
}
Outcome json_prettify(const Arguments& arguments) {
    const auto parsed = base::parse_json(arguments.text(0));
    return parsed ? Outcome(Value::text(indented_json(*parsed, 4))) : parsed.error();
}

Outcome exclusive_or(const Arguments& arguments) {
    std::size_t longest = 0;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (!arguments[i].is_text() || arguments.text(i).empty()) {
            return function_error("xor: empty or not a text");
        }
        longest = std::max(longest, arguments.text(i).size());
    }
    std::string out(longest, '\0');
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string text = arguments.text(i);
        for (std::size_t at = 0; at < longest; ++at) {
            out[at] = static_cast<char>(out[at] ^ text[at % text.size()]);
        }
    }
    return Value::text(std::move(out));
}

/// Python's struct: an optional byte order, then one of b B h H i I l L q Q.
Outcome unpack(const Arguments& arguments) {
    const std::string format = arguments.text(0);
    const std::string data = arguments.text(1);
    const bool is_big = format.starts_with('>') || format.starts_with('!');
    const char kind = format.empty() ? '\0' : format.back();
    static constexpr std::string_view kKinds = "bBhHiIlLqQ";
    static constexpr std::size_t kSizes[] = {1, 1, 2, 2, 4, 4, 4, 4, 8, 8};
    const auto found = kKinds.find(kind);
    if (found == std::string_view::npos || format.size() > 2 || data.size() < kSizes[found]) {
        return function_error("unpack: no result");
    }
    const std::size_t size = kSizes[found];
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < size; ++i) {
        bits = bits << 8U | static_cast<unsigned char>(data[is_big ? i : size - 1 - i]);
    }
    const bool is_negative = base::to_lower(kind) == kind && (bits >> (size * 8 - 1) & 1U) != 0;
    const double value = static_cast<double>(bits);
    return Value::number(is_negative ? value - std::ldexp(1, static_cast<int>(size * 8)) : value);
}

constexpr Function kFunctions[] = {
    {"base64", 1, 1, base64},
    {"base64_py", 1, 1, base64_py},
    {"base64_decode", 1, 1, base64_decode},
    {"hex_encode", 1, 2, hex_encode},
    {"hex_decode", 1, 1, hex_decode},
    {"url_encode", 1, 2, url_encode},
    {"url_decode", 1, 1, url_decode},
    {"html_escape", 1, 2, html_escape},
    {"html_unescape", 1, 1, html_unescape},
    {"gzip", 1, 1, gzip},
    {"gzip_decode", 1, 2, gzip_decode},
    {"gzip_mtime", 1, 1, gzip_mtime},
    {"zlib", 1, 1, zlib},
    {"zlib_decode", 1, 2, zlib_decode},
    {"deflate", 1, 1, deflate_raw},
    {"inflate", 1, 2, inflate_raw},
    {"json_minify", 1, 1, json_minify},
    {"json_prettify", 1, 1, json_prettify},
    {"xor", 2, kAnyCount, exclusive_or},
    {"unpack", 2, 2, unpack},
};

} // namespace

std::span<const Function> codec_functions() {
    return kFunctions;
}

} // namespace fengsui::templates
