#include "net/http_decode.h"

#include <gtest/gtest.h>

#include <random>
#define ZLIB_CONST // its input is const then
#include <zlib.h>

namespace fengsui::net {

namespace {

using namespace std::string_literals;

base::Result<HttpHead> decode(std::string_view bytes, bool& incomplete, const HttpLimits& limits = {}) {
    return decode_http_head(bytes, limits, incomplete);
}

HttpHead good(std::string_view bytes, const HttpLimits& limits = {}) {
    bool incomplete = false;
    auto head = decode_http_head(bytes, limits, incomplete);
    EXPECT_TRUE(head.has_value() && !incomplete) << bytes.substr(0, 100);
    return std::move(head).value_or({});
}

std::string value_of(const HttpHead& head, std::string_view name) {
    const auto* value = model::find_header(head.headers, name);
    return value == nullptr ? "(none)" : *value;
}

/// window_bits: 31 gzip, 15 zlib, -15 raw.
std::string deflated(std::string_view text, int window_bits) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<const Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string decoded(
    std::string_view body, std::string_view coding, bool& complete, std::size_t limit = 1 << 20
) {
    return decode_content(body, coding, limit, complete);
}

} // namespace

TEST(HttpHead, ordinary) {
    const auto head = good("HTTP/1.1 200 OK\r\nServer: nginx\r\nX: \t a b \r\nServer: two\r\n\r\nbody");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.version, "HTTP/1.1");
    EXPECT_EQ(head.phrase, "OK");
    EXPECT_EQ(head.headers.size(), 3U);
    EXPECT_EQ(value_of(head, "server"), "nginx");
    EXPECT_EQ(value_of(head, "x"), "a b");
    EXPECT_EQ(head.length, 58U); // up to the body
}

TEST(HttpHead, what_broken_servers_send) {
    EXPECT_EQ(good("\r\n\nHTTP/1.0 404\nA:1\n\n").status, 404);
    EXPECT_EQ(value_of(good("HTTP/1.0 404\nA:1\n\n"), "a"), "1");
    EXPECT_EQ(good("ICY 200 OK\r\n\r\n").status, 200);
    EXPECT_EQ(good("http/1.1   503   Gone fishing\r\n\r\n").phrase, "Gone fishing");
    EXPECT_EQ(good("HTTP/1.1 200\r\n\r\n").phrase, "");
    EXPECT_EQ(good("HTTP/2 200\r\n\r\n").version, "HTTP/2");
    EXPECT_EQ(
        value_of(good("HTTP/1.1 200 OK\r\nA: one\r\n  two\r\n\tthree\r\nB: x\r\n\r\n"), "A"), "one two three"
    );
    EXPECT_EQ(
        good("HTTP/1.1 200 OK\r\n leading fold\r\nno colon here\r\n: no name\r\nA: b\r\n\r\n").headers.size(),
        1U
    );
    EXPECT_EQ(value_of(good("HTTP/1.1 200 OK\r\nName : v\r\n\r\n"), "name"), "v");
    EXPECT_EQ(good("HTTP/1.1 100 Continue\r\n\r\n").status, 100);
    EXPECT_EQ(value_of(good("HTTP/1.1 200 OK\r\nA:\0x\r\n\r\n"s), "A"), "\0x"s);
}

TEST(HttpHead, garbage_is_an_error) {
    for (const auto* text :
         {"<html><body>hi",
          "SSH-2.0-OpenSSH_9.2\r\n",
          "220 mail ESMTP\r\n\r\n",
          "HTTP/1.1\r\n\r\n",
          "HTTP/1.1 20\r\n\r\n",
          "HTTP/1.1 2000 OK\r\n\r\n",
          "HTTP/1.1 abc OK\r\n\r\n",
          "HTTP/1.1 000 x\r\n\r\n",
          "HTTP/1.1 -20 x\r\n",
          "HTTPS/1.1 200 OK\r\n\r\n",
          "HTTP/1.123456 200 OK\r\n\r\n",
          "\x16\x03\x01"}) {
        bool incomplete = false;
        EXPECT_FALSE(decode(text, incomplete)) << text;
    }
}

TEST(HttpHead, incomplete_asks_for_more) {
    for (const auto* text :
         {"",
          "\r\n",
          "H",
          "HTTP/1.1 2",
          "HTTP/1.1 200 OK\r\n",
          "HTTP/1.1 200 OK\r\nA: b\r\n",
          "HTTP/1.1 200 OK\r\nA: b\r\n\r",
          "IC"}) {
        bool incomplete = false;
        EXPECT_TRUE(decode(text, incomplete)) << text;
        EXPECT_TRUE(incomplete) << text;
    }
}

TEST(HttpHead, floods_are_bounded) {
    std::string flood = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 10000; ++i) {
        flood += "X-" + std::to_string(i) + ": value\r\n";
    }
    const auto head = good(flood + "\r\nbody");
    EXPECT_EQ(head.headers.size(), 200U);
    EXPECT_EQ(head.headers[199].name, "X-199");
    EXPECT_EQ(head.length, flood.size() + 2);

    HttpLimits limits;
    limits.head = 1000;
    const auto small =
        good("HTTP/1.1 200 OK\r\nA: 1\r\nB: " + std::string(5000, 'x') + "\r\nC: 2\r\n\r\n", limits);
    ASSERT_EQ(small.headers.size(), 1U);
    EXPECT_EQ(small.headers[0].name, "A");

    bool incomplete = false;
    EXPECT_FALSE(decode("HTTP/1.1 200 OK\r\nA: " + std::string(1 << 20, 'x'), incomplete));
    EXPECT_FALSE(decode("HTTP/1.1 200 OK\r\nA: " + std::string(1 << 20, 'x') + "\r\n\r\n", incomplete));
    EXPECT_FALSE(decode("HTTP/1.1 200 " + std::string(10000, 'x'), incomplete));
    EXPECT_FALSE(decode(std::string(2 << 20, '\n'), incomplete));
}

TEST(HttpHead, end_is_found_in_drips) {
    const std::string text = "\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\n\n";
    const auto end = text.find("body");
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const auto from = size < 4 ? 0 : size - 4;
        const auto found = find_head_end(std::string_view(text).substr(0, size), from);
        if (size < end) {
            EXPECT_EQ(found, std::string_view::npos) << size;
        } else if (size == end) {
            EXPECT_EQ(found, end);
        }
    }
}

TEST(BodyPlan, table) {
    struct Case {
        const char* method;
        const char* head;
        BodyFraming framing;
        std::uint64_t length;
    };
    const Case cases[] = {
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", BodyFraming::length, 5},
        {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", BodyFraming::none, 0},
        {"GET", "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n", BodyFraming::none, 0},
        {"GET", "HTTP/1.1 304 No\r\nTransfer-Encoding: chunked\r\n\r\n", BodyFraming::none, 0},
        {"GET", "HTTP/1.1 101 No\r\n\r\n", BodyFraming::none, 0},
        {"GET", "HTTP/1.1 200 OK\r\n\r\n", BodyFraming::until_close, 0},
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", BodyFraming::none, 0},
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", BodyFraming::length, 5},
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n", BodyFraming::length, 5},
        {"GET",
         "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
         BodyFraming::until_close,
         0},
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", BodyFraming::until_close, 0},
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n", BodyFraming::until_close, 0},
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n", BodyFraming::until_close, 0},
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", BodyFraming::until_close, 0},
        {"GET",
         "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
         BodyFraming::until_close,
         0},
        {"GET",
         "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n",
         BodyFraming::length,
         18446744073709551615ULL},
        {"GET",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
         BodyFraming::chunked,
         0},
        {"GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n", BodyFraming::chunked, 0},
        {"GET",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
         BodyFraming::chunked,
         0},
        {"GET",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\nContent-Length: 5\r\n\r\n",
         BodyFraming::until_close,
         0},
        {"GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n", BodyFraming::until_close, 0},
        {"GET",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\n",
         BodyFraming::length,
         5},
        {"GET",
         "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
         BodyFraming::length,
         5},
    };
    for (const auto& c : cases) {
        const auto plan = plan_body(c.method, good(c.head));
        EXPECT_EQ(plan.framing, c.framing) << c.head;
        EXPECT_EQ(plan.length, c.length) << c.head;
    }
}

TEST(ChunkDecoder, good_framings_in_any_pieces) {
    const std::pair<std::string, std::string> cases[] = {
        {"5\r\nhello\r\n0\r\n\r\n", "hello"},
        {"5\nhello\n0\n\n", "hello"},
        {"005;name=\"v\"\r\nhello\r\nA \r\n0123456789\r\n000\r\nX: y\r\nZ: w\r\n\r\n", "hello0123456789"},
        {"0\r\n\r\n", ""},
        {"3\r\na\nb\r\n0;last\r\n\r\n", "a\nb"},
    };
    for (const auto& [wire, payload] : cases) {
        for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
            ChunkDecoder decoder;
            std::string out;
            for (std::size_t at = 0; at < wire.size(); at += piece) {
                EXPECT_FALSE(decoder.is_done());
                ASSERT_TRUE(decoder.feed(std::string_view(wire).substr(at, piece), out)) << wire;
            }
            EXPECT_TRUE(decoder.is_done()) << wire << " in pieces of " << piece;
            EXPECT_FALSE(decoder.has_excess());
            EXPECT_EQ(out, payload);
        }
    }
}

TEST(ChunkDecoder, broken_framings) {
    for (const auto& wire :
         {"x\r\n"s,
          "\r\n"s,
          ";x\r\n"s,
          "5\r\nhelloX"s,
          "-5\r\nhello"s,
          "0x5\r\n"s,
          "fffffffffffffffff\r\n"s,
          "1;"s + std::string(9000, 'x'),
          "0\r\n"s + std::string(9000, 'x')}) {
        ChunkDecoder decoder;
        std::string out;
        EXPECT_FALSE(decoder.feed(wire, out)) << wire.substr(0, 30);
        EXPECT_FALSE(decoder.feed("0\r\n\r\n", out)) << "stays broken";
        EXPECT_FALSE(decoder.is_done());
    }
}

TEST(ChunkDecoder, excess_is_noticed) {
    ChunkDecoder decoder;
    std::string out;
    EXPECT_TRUE(decoder.feed("1\r\na\r\n0\r\n\r\nHTTP/1.1", out));
    EXPECT_TRUE(decoder.is_done());
    EXPECT_TRUE(decoder.has_excess());
    EXPECT_EQ(out, "a");
}

TEST(Content, codings) {
    const std::string text = "The beacon is lit. " + std::string(100000, 'a');
    bool complete = false;
    EXPECT_EQ(decoded(deflated(text, 31), "gzip", complete), text);
    EXPECT_TRUE(complete);
    EXPECT_EQ(decoded(deflated(text, 31), " X-GZIP ", complete), text);
    EXPECT_TRUE(complete);
    EXPECT_EQ(decoded(deflated(text, 15), "deflate", complete), text);
    EXPECT_TRUE(complete);
    EXPECT_EQ(decoded(deflated(text, -15), "deflate", complete), text);
    EXPECT_TRUE(complete);
    EXPECT_EQ(decoded(deflated(deflated(text, 15), 31), "deflate, gzip", complete), text);
    EXPECT_TRUE(complete);
    EXPECT_EQ(decoded(deflated("one", 31) + deflated("two", 31), "gzip", complete), "onetwo");
    EXPECT_TRUE(complete);
    EXPECT_EQ(decoded(deflated("one", 31) + "garbage", "gzip", complete), "one");
    EXPECT_TRUE(complete);
    EXPECT_EQ(decoded("\x0b\x02\x80hello\x03"s, "br", complete), "hello");
    EXPECT_TRUE(complete);
    EXPECT_EQ(decoded("", "gzip", complete), "");
    EXPECT_TRUE(complete);
    for (const auto* coding : {"", "identity", "utf-8", "none", ",,"}) {
        EXPECT_EQ(decoded("plain", coding, complete), "plain");
        EXPECT_TRUE(complete) << coding;
    }
}

TEST(Content, broken_codings_give_what_there_is) {
    bool complete = true;
    EXPECT_EQ(decoded("not gzip at all", "gzip", complete), "not gzip at all");
    EXPECT_FALSE(complete);
    EXPECT_EQ(decoded("\xFF\xFF\xFF", "br", complete), "\xFF\xFF\xFF");
    EXPECT_FALSE(complete);
    EXPECT_EQ(decoded("x", "zstd", complete), "x");
    EXPECT_FALSE(complete);
    EXPECT_EQ(decoded("x", "gzip, gzip, gzip, gzip", complete), "x");
    EXPECT_FALSE(complete);
    std::string text;
    std::mt19937 random(3);
    for (int i = 0; i < 100000; ++i) {
        text += static_cast<char>('a' + random() % 26);
    }
    const auto gzip = deflated(text, 31);
    const auto part = decoded(gzip.substr(0, gzip.size() / 2), "gzip", complete);
    EXPECT_FALSE(complete);
    EXPECT_GT(part.size(), 30000U);
    EXPECT_TRUE(text.starts_with(part));
}

TEST(Content, bombs_stop_at_the_limit) {
    const auto inner = deflated(std::string(20 << 20, '\0'), 31);
    bool complete = true;
    EXPECT_EQ(decoded(inner, "gzip", complete, 1000).size(), 1000U);
    EXPECT_FALSE(complete);
    EXPECT_LE(decoded(deflated(inner, 31), "gzip, gzip", complete, 300000).size(), 300000U);
    EXPECT_FALSE(complete);
    EXPECT_EQ(decoded(deflated(std::string(1000, 'x'), 31), "gzip", complete, 1000).size(), 1000U);
    EXPECT_TRUE(complete);
    EXPECT_EQ(decoded(std::string(1001, 'x'), "", complete, 1000).size(), 1000U);
    EXPECT_FALSE(complete);
}

TEST(Charset, table) {
    struct Case {
        const char* content_type;
        std::string body;
        const char* charset;
    };
    const Case cases[] = {
        {"text/html; charset=UTF-8", "", "utf-8"},
        {"text/html;charset=\"gb2312\"", "", "gbk"},
        {"text/html; charset = 'GB18030' ; x", "", "gb18030"},
        {"text/html; charset", "<meta charset=big5>", "big5"},
        {"text/html; charset=; x", "", ""},
        {"text/html; charset=\x01\x02", "", ""},
        {"text/html; charset=utf-8", "\xFE\xFF", "utf-16be"},
        {nullptr, "\xEF\xBB\xBFx", "utf-8"},
        {nullptr, "\xFF\xFEx", "utf-16le"},
        {nullptr, "", ""},
        {"text/html", "<html><head><META  charset = \"GBK\" >", "gbk"},
        {"text/html", "<meta http-equiv=Content-Type content='text/html; charset=gb2312'>", "gbk"},
        {"text/html", "<meta content=\"text/html; charset=gb2312\" http-equiv=\"content-type\"/>", "gbk"},
        {"text/html", "<meta name=x content='text/html; charset=gb2312'>", ""},
        {"text/html", "<!-- <meta charset=gbk> --><meta charset=utf-8>", "utf-8"},
        {"text/html", "<!--><meta charset=utf-8>", "utf-8"},
        {"text/html", "<p title='<meta charset=gbk>'><meta charset=utf-8>", "utf-8"},
        {"text/html", "<metadata charset=gbk><meta charset=utf-8>", "utf-8"},
        {"text/html", "<meta charset=utf-16>", "utf-8"},
        {"text/html", "<meta charset", ""},
        {"text/html", "<meta charset=", ""},
        {"text/html", "<meta charset='utf-8", "utf-8"},
        {"text/html", "< <? <! </ <", ""},
    };
    for (const auto& c : cases) {
        const std::string type = c.content_type == nullptr ? "" : c.content_type;
        EXPECT_EQ(detect_charset(c.content_type == nullptr ? nullptr : &type, c.body), c.charset)
            << type << " | " << c.body;
    }
    const std::string type = "text/html";
    EXPECT_EQ(detect_charset(&type, std::string(1100, ' ') + "<meta charset=gbk>"), "");
}

TEST(HttpDecode, mutations_never_crash) {
    const std::string head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string body =
        "<html><!-- x --><meta charset='x'><meta http-equiv=content-type content='text/html; charset=y'>";
    const auto gzip = deflated(body, 31);
    std::mt19937 random(11);
    for (int i = 0; i < 20000; ++i) {
        std::string a = head;
        std::string b = body;
        std::string c = i % 2 == 0 ? gzip : "5\r\nhello\r\n5;x\r\nworld\r\n0\r\n\r\n"s;
        for (auto* text : {&a, &b, &c}) {
            for (auto n = random() % 5; n > 0; --n) {
                (*text)[random() % text->size()] = static_cast<char>(random());
            }
            text->resize(random() % 3 == 0 ? random() % text->size() : text->size());
        }
        bool flag = false;
        const auto decoded_head = decode(a, flag);
        if (decoded_head) {
            EXPECT_LE(decoded_head->length, a.size());
            plan_body("GET", *decoded_head);
        }
        EXPECT_LE(detect_charset(&a, b).size(), 40U);
        EXPECT_LE(decode_content(c, "gzip, br", 1000, flag).size(), 1000U);
        ChunkDecoder decoder;
        std::string out;
        decoder.feed(c, out);
        EXPECT_LE(out.size(), c.size());
    }
}

} // namespace fengsui::net
