#include "range/pages/wire.h"

#include "base/error.h"
#include "base/text.h"
#include "range/pages/persona.h"

#include <fmt/format.h>

#include <algorithm>
#include <iconv.h>
#define ZLIB_CONST // its input is const then
#include <zlib.h>

namespace fengsui::range {

namespace {

constexpr std::size_t kChunk = 700; // so that ordinary pages take several

std::string_view phrase_of(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 308:
        return "Permanent Redirect";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 421:
        return "Misdirected Request";
    case 429:
        return "Too Many Requests";
    case 500:
        return "Internal Server Error";
    default:
        return "Service Unavailable";
    }
}

std::string chunked(std::string_view body) {
    std::string out;
    for (std::size_t at = 0; at < body.size(); at += kChunk) {
        const auto piece = body.substr(at, kChunk);
        out += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    }
    return out + "0\r\n\r\n";
}

void read_header(std::string_view line, ParsedRequest& request) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
        return;
    }
    const auto name = line.substr(0, colon);
    const auto value = base::trim(line.substr(colon + 1));
    if (base::iequals(name, "Host")) {
        const auto end = value.rfind(':');
        request.host = base::to_lower(value.substr(0, end));
    } else if (base::iequals(name, "Connection")) {
        request.keeps_alive = base::icontains(value, "close")
                                  ? false
                                  : request.keeps_alive || base::icontains(value, "keep-alive");
    } else if (base::iequals(name, "Accept-Encoding")) {
        request.page.accepts_gzip = base::icontains(value, "gzip");
    } else if (base::iequals(name, "User-Agent")) {
        request.page.is_crawler = base::icontains(value, "spider");
    }
}

std::string charset_of(const Site& site, const Page& page) {
    if (!page.is_text() || page.type == "text/plain") {
        return page.is_text() ? "; charset=utf-8" : "";
    }
    // Some servers leave it to the page's meta element.
    if (site.is_gbk) {
        return site.seed % 2 == 0 ? "; charset=gbk" : "";
    }
    return site.seed % 5 == 0 ? "" : "; charset=utf-8";
}

std::string persona_lines(const Site& site) {
    const auto& facts = facts_of(site.persona);
    std::string out;
    if (!facts.server.empty()) {
        out += fmt::format("Server: {}\r\n", facts.server);
    }
    if (!facts.powered_by.empty()) {
        out += fmt::format("X-Powered-By: {}\r\n", facts.powered_by);
    }
    return out;
}

} // namespace

std::optional<ParsedRequest> parse_request(std::string_view head) {
    const auto all = base::lines(head);
    const auto words = all.empty() ? std::vector<std::string_view>() : base::split(all.front(), ' ');
    if (words.size() != 3 || !words[2].starts_with("HTTP/1.") || words[1].empty()) {
        return std::nullopt;
    }
    ParsedRequest request;
    request.page.method = words[0];
    request.page.path = words[1].substr(0, words[1].find('?'));
    request.keeps_alive = words[2] != "HTTP/1.0";
    for (std::size_t i = 1; i < all.size(); ++i) {
        read_header(all[i], request);
    }
    return request;
}

WireAnswer encode_answer(const Site& site, const ParsedRequest& request, Page page, base::Instant now) {
    WireAnswer answer;
    const auto charset = charset_of(site, page);
    if (site.is_gbk && page.type == "text/html") {
        page.body = to_gbk(page.body);
    }
    answer.head =
        fmt::format(
            "HTTP/1.1 {} {}\r\nDate: {}\r\n", page.status, phrase_of(page.status), base::format_http_date(now)
        )
        + persona_lines(site);
    answer.head += fmt::format("Content-Type: {}{}\r\n", page.type, charset);
    for (const auto& header : page.headers) {
        answer.head += header.name + ": " + header.value + "\r\n";
    }
    if (site.compresses && request.page.accepts_gzip && page.is_text() && !page.body.empty()) {
        page.body = gzip(page.body);
        answer.head += "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n";
    }
    const bool has_body = request.page.method != "HEAD";
    const bool is_short = page.body.empty() || !has_body || page.status >= 300;
    if (site.framing == Framing::chunked && !is_short) {
        answer.head += "Transfer-Encoding: chunked\r\n";
        answer.body = chunked(page.body);
    } else if (site.framing == Framing::until_close && !is_short) {
        answer.closes = true;
        answer.body = page.body;
    } else {
        answer.head += fmt::format("Content-Length: {}\r\n", page.body.size());
        answer.body = has_body ? page.body : std::string();
    }
    answer.closes = answer.closes || !request.keeps_alive;
    answer.head += answer.closes ? "Connection: close\r\n" : "";
    return answer;
}

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw base::Error(base::ErrorCode::internal, "the range's pages: zlib did not start");
    }
    std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
    stream.next_in = reinterpret_cast<const Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string to_gbk(std::string_view utf8) {
    auto* converter = iconv_open("GBK//TRANSLIT", "UTF-8");
    if (reinterpret_cast<std::intptr_t>(converter) == -1) {
        return std::string(utf8);
    }
    std::string in(utf8);
    std::string out(in.size() * 2 + 16, '\0');
    char* from = in.data();
    char* to = out.data();
    std::size_t left = in.size();
    std::size_t room = out.size();
    while (left > 0 && iconv(converter, &from, &left, &to, &room) == static_cast<std::size_t>(-1) && left > 0
           && room > 0) {
        ++from;
        --left;
        *to++ = '?';
        --room;
    }
    iconv_close(converter);
    out.resize(out.size() - room);
    return out;
}

} // namespace fengsui::range
