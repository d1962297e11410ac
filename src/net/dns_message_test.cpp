#include "net/dns_message.h"
#include "net/dns_wire.h"

#include <gtest/gtest.h>

#include <random>

namespace fengsui::net {

namespace {

using namespace std::string_literals;

DnsRecord record_of(const std::string& name, DnsType type, std::string_view text) {
    return {name, type, 300, dns_rdata(type, text)};
}

/// A header with the given counts, as a response.
std::string header(int questions, int answers, int authorities, int additionals) {
    std::string bytes = "\x12\x34\x81\x80"s;
    for (const int count : {questions, answers, authorities, additionals}) {
        append_u16(bytes, static_cast<std::uint16_t>(count));
    }
    return bytes;
}

std::string question_tail() {
    return "\0\x01\0\x01"s;
}

} // namespace

TEST(DnsMessage, round_trip_keeps_everything) {
    DnsMessage message;
    message.id = 0xBEEF;
    message.is_response = message.is_authoritative = message.recursion_available = true;
    message.is_authenticated = message.checking_disabled = message.has_edns = message.dnssec_ok = true;
    message.code = DnsCode::name_error;
    message.questions = {{"www.a.example", DnsType::aaaa}};
    message.answers = {
        record_of("www.a.example", DnsType::cname, "b.example"),
        record_of("b.example", DnsType::a, "192.0.2.7"),
        record_of("b.example", DnsType::aaaa, "2001:db8::1")};
    message.authorities = {record_of("example", DnsType::soa, "ns.example admin.example 1 2 3 4 5")};
    message.additionals = {record_of("example", DnsType::mx, "10 mail.example")};
    const auto decoded = decode_dns(encode_dns(message));
    ASSERT_TRUE(decoded) << decoded.error().message();
    EXPECT_EQ(decoded->id, 0xBEEF);
    EXPECT_TRUE(decoded->is_response && decoded->is_authoritative && decoded->recursion_available);
    EXPECT_TRUE(
        decoded->is_authenticated && decoded->checking_disabled && decoded->has_edns && decoded->dnssec_ok
    );
    EXPECT_FALSE(decoded->is_truncated);
    EXPECT_EQ(decoded->code, DnsCode::name_error);
    ASSERT_EQ(decoded->questions.size(), 1U);
    EXPECT_EQ(decoded->questions[0].name, "www.a.example");
    EXPECT_EQ(decoded->questions[0].type, DnsType::aaaa);
    ASSERT_EQ(decoded->answers.size(), 3U);
    EXPECT_EQ(decoded->answers[0].text(), "b.example");
    EXPECT_EQ(decoded->answers[1].text(), "192.0.2.7");
    EXPECT_EQ(decoded->answers[2].text(), "2001:db8::1");
    EXPECT_EQ(decoded->answers[2].ttl, 300U);
    ASSERT_EQ(decoded->authorities.size(), 1U);
    EXPECT_EQ(decoded->authorities[0].text(), "ns.example admin.example 1 2 3 4 5");
    ASSERT_EQ(decoded->additionals.size(), 1U);
    EXPECT_EQ(decoded->additionals[0].text(), "10 mail.example");
}

TEST(DnsMessage, rdata_text_and_back) {
    const std::pair<DnsType, std::string> cases[] = {
        {DnsType::caa, "0 issue \"ca.example\""},
        {DnsType::caa, "128 iodef \"a\\\"b\\\\c\\007\""},
        {DnsType::txt, "v=spf1 -all"},
        {DnsType::txt, std::string(600, 'x')},
        {DnsType::txt, ""},
        {DnsType::mx, "0 ."},
        {DnsType::ns, "a\\.b.exam\\032ple"},
        {DnsType::rrsig, "\\# 3 0102ff"},
        {DnsType::ds, "\\# 1 aa"},
    };
    for (const auto& [type, text] : cases) {
        const auto data = dns_rdata(type, text);
        EXPECT_FALSE(data.empty()) << text;
        EXPECT_EQ((DnsRecord{"x", type, 1, data}.text()), text);
    }
}

TEST(DnsMessage, rdata_refuses_nonsense) {
    const std::pair<DnsType, std::string> cases[] = {
        {DnsType::a, "2001:db8::1"},
        {DnsType::aaaa, "192.0.2.1"},
        {DnsType::a, "300.1.1.1"},
        {DnsType::ns, "a..b"},
        {DnsType::ns, std::string(64, 'a') + ".example"},
        {DnsType::mx, "mail.example"},
        {DnsType::mx, "70000 m.example"},
        {DnsType::soa, "a b 1 2 3 4"},
        {DnsType::soa, "a b 1 2 3 4 5 6"},
        {DnsType::caa, "256 issue \"x\""},
        {DnsType::caa, "0 issue \"x"},
        {DnsType::ds, "12345 8 2 AB"},
        {DnsType::ns, "a\\"},
        {DnsType::ns, "a\\999"},
    };
    for (const auto& [type, text] : cases) {
        EXPECT_TRUE(dns_rdata(type, text).empty()) << text;
    }
}

TEST(DnsMessage, odd_lengths_show_generic_text) {
    EXPECT_EQ((DnsRecord{"x", DnsType::a, 1, "abc"}.text()), "\\# 3 616263");
    EXPECT_EQ((DnsRecord{"x", DnsType::caa, 1, "\0"s}.text()), "\\# 1 00");
    EXPECT_EQ((DnsRecord{"x", DnsType::txt, 1, "\xFFshort"s}.text()), "short");
    EXPECT_EQ((DnsRecord{"x", DnsType::mx, 1, "\0"s}.text()), "\\# 1 00");
}

TEST(DnsMessage, names_are_lower_case_and_escaped) {
    const auto decoded = decode_dns(
        header(1, 0, 0, 0)
        + "\x03WwW\x05"
          "A.b\\c\x02\x01\xFF\0"s
        + question_tail()
    );
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->questions[0].name, "www.a\\.b\\\\c.\\001\\255");
    std::string wire;
    ASSERT_TRUE(append_dns_name(decoded->questions[0].name, wire));
    EXPECT_EQ(
        wire,
        "\x03www\x05"
        "a.b\\c\x02\x01\xFF\0"s
    );
}

TEST(DnsMessage, hostile_bytes_are_errors) {
    const std::string question = "\x01"
                                 "a\0"s
                                 + question_tail();
    const std::string fixed = question_tail() + "\0\0\0\x05"s;
    const std::pair<const char*, std::string> cases[] = {
        {"empty", ""},
        {"short header", header(0, 0, 0, 0).substr(0, 11)},
        {"missing question", header(1, 0, 0, 0)},
        {"pointer to itself", header(1, 0, 0, 0) + "\xC0\x0C"s + question_tail()},
        {"pointer loop",
         header(1, 0, 0, 0)
             + "\x01"
               "a\xC0\x0C"s
             + question_tail()},
        {"forward pointer", header(1, 0, 0, 0) + "\xC0\x20"s + question_tail() + std::string(40, '\0')},
        {"half a pointer", header(1, 0, 0, 0) + "\xC0"s},
        {"reserved label type",
         header(1, 0, 0, 0)
             + "\x41"
               "a\0"s
             + question_tail()},
        {"label overrun",
         header(1, 0, 0, 0)
             + "\x3F"
               "abc"s},
        {"no class",
         header(1, 0, 0, 0)
             + "\x01"
               "a\0\0\x01"s},
        {"chaos class",
         header(1, 0, 0, 0)
             + "\x01"
               "a\0\0\x10\0\x03"s},
        {"more answers than bytes", header(1, 65535, 0, 0) + question},
        {"rdata overrun",
         header(1, 1, 0, 0) + question + "\xC0\x0C"s + fixed
             + "\0\x05"
               "abcd"s},
        {"name beyond its rdata",
         header(1, 1, 0, 0) + question
             + "\xC0\x0C\0\x05\0\x01\0\0\0\x05\0\x02\x03"
               "abc\0"s},
        {"rdata longer than its name",
         header(1, 1, 0, 0) + question + "\xC0\x0C\0\x05\0\x01\0\0\0\x05\0\x03\xC0\x0Cx"s},
        {"soa too short",
         header(1, 1, 0, 0) + question
             + "\xC0\x0C\0\x06\0\x01\0\0\0\x05\0\x06\xC0\x0C\xC0\x0C"
               "ab"s},
        {"two OPT", header(0, 0, 0, 2) + "\0\0\x29\x04\xD0\0\0\0\0\0\0\0\0\x29\x04\xD0\0\0\0\0\0\0"s},
        {"good answers, broken additionals",
         header(1, 1, 0, 1) + question + "\xC0\x0C"s + fixed
             + "\0\x04"
               "abcd\x05"s},
    };
    for (const auto& [what, bytes] : cases) {
        EXPECT_FALSE(decode_dns(bytes)) << what;
    }
}

TEST(DnsMessage, long_names_are_refused) {
    std::string label = "\x3F" + std::string(63, 'a');
    EXPECT_FALSE(decode_dns(header(1, 0, 0, 0) + label + label + label + label + "\0"s + question_tail()));
    const std::string last = "\x3D" + std::string(61, 'a');
    EXPECT_TRUE(decode_dns(header(1, 0, 0, 0) + label + label + label + last + "\0"s + question_tail()));
    std::string name = std::string(63, 'a') + "." + std::string(63, 'a') + "." + std::string(63, 'a') + ".";
    std::string wire;
    EXPECT_TRUE(append_dns_name(name + std::string(61, 'a'), wire));
    EXPECT_FALSE(append_dns_name(name + std::string(62, 'a'), wire));
}

TEST(DnsMessage, pointer_chains_are_bounded) {
    // Each name is a pointer to the one before: legal direction, absurd length.
    std::string bytes = header(100, 0, 0, 0) + "\0"s + question_tail();
    std::size_t target = 12;
    for (int i = 1; i < 100; ++i) {
        const auto here = bytes.size();
        append_u16(bytes, static_cast<std::uint16_t>(0xC000U | target));
        bytes += question_tail();
        target = here;
    }
    EXPECT_FALSE(decode_dns(bytes));
}

TEST(DnsMessage, limit_truncates_answers_and_sets_tc) {
    DnsMessage message;
    message.is_response = message.has_edns = true;
    message.questions = {{"big.example", DnsType::txt}};
    for (int i = 0; i < 20; ++i) {
        message.answers.push_back(record_of("big.example", DnsType::txt, std::string(100, 'x')));
    }
    const auto bytes = encode_dns(message, 512);
    EXPECT_LE(bytes.size(), 512U);
    const auto decoded = decode_dns(bytes);
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(decoded->is_truncated);
    EXPECT_TRUE(decoded->has_edns);
    EXPECT_EQ(decoded->answers.size(), 4U); // each takes 113 octets
    const auto whole = decode_dns(encode_dns(message));
    ASSERT_TRUE(whole);
    EXPECT_FALSE(whole->is_truncated);
    EXPECT_EQ(whole->answers.size(), 20U);
}

TEST(DnsMessage, leaving_out_additionals_is_not_truncation) {
    DnsMessage message;
    message.answers = {record_of("a.example", DnsType::a, "192.0.2.1")};
    message.additionals = {record_of("b.example", DnsType::txt, std::string(600, 'x'))};
    const auto decoded = decode_dns(encode_dns(message, 512));
    ASSERT_TRUE(decoded);
    EXPECT_FALSE(decoded->is_truncated);
    EXPECT_TRUE(decoded->additionals.empty());
    EXPECT_EQ(decoded->answers.size(), 1U);
}

TEST(DnsMessage, mutated_messages_never_crash) {
    DnsMessage message;
    message.questions = {{"www.a.example", DnsType::a}};
    message.answers = {
        record_of("www.a.example", DnsType::cname, "b.example"),
        record_of("b.example", DnsType::mx, "1 c.example"),
        record_of("b.example", DnsType::caa, "0 issue \"x\""),
        record_of("b.example", DnsType::txt, "hello")};
    message.has_edns = true;
    const auto good = encode_dns(message);
    std::mt19937 random(7);
    int decodable = 0;
    for (int i = 0; i < 20000; ++i) {
        auto bytes = good.substr(0, random() % 4 == 0 ? random() % good.size() : good.size());
        for (auto n = random() % 4; n > 0 && !bytes.empty(); --n) {
            bytes[random() % bytes.size()] = static_cast<char>(random());
        }
        const auto decoded = decode_dns(bytes);
        if (decoded) {
            ++decodable;
            for (const auto& record : decoded->answers) {
                EXPECT_LE(record.text().size(), 200000U);
            }
        }
    }
    EXPECT_GT(decodable, 1000);
}

} // namespace fengsui::net
