#include "probe/tls/decode.h"

#include <gtest/gtest.h>

namespace fengsui::probe::tls {

namespace {

using model::Offered;
using State = ServerFlight::State;

std::string u16(std::size_t value) {
    return {static_cast<char>(value >> 8 & 0xFF), static_cast<char>(value & 0xFF)};
}

std::string record(char type, const std::string& payload, std::size_t version = kTls12) {
    return std::string(1, type) + u16(version) + u16(payload.size()) + payload;
}

std::string message(char type, const std::string& body) {
    return std::string{type, static_cast<char>(body.size() >> 16 & 0xFF)} + u16(body.size() & 0xFFFF) + body;
}

std::string server_hello(std::size_t version, std::size_t suite, const std::string& tail = {}) {
    return message(
        2,
        u16(version) + std::string(32, 'r') + std::string(1, '\0') + u16(suite) + std::string(1, '\0') + tail
    );
}

const std::string kDone = message(14, {});

ServerFlight read(const std::string& bytes, std::size_t piece = std::string::npos) {
    ServerFlight flight;
    for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size())) {
        flight.feed(std::string_view(bytes).substr(at, piece));
    }
    return flight;
}

Offered judge(const ServerFlight& flight, HelloEnd end = HelloEnd::answered, bool works = true) {
    HelloQuestion question;
    question.suites = suites_of(SuiteClass::static_rsa);
    return judge_answer(question, {end, flight}, works);
}

TEST(ClientHello, IsWellFormed) {
    HelloQuestion question;
    question.version = kTls10;
    question.suites = legacy_suites();
    question.server_name = "www.site.test";
    const auto bytes = client_hello(question);
    EXPECT_EQ(bytes[0], '\x16');
    EXPECT_EQ(bytes.substr(1, 2), u16(kTls10));
    EXPECT_EQ(bytes.substr(3, 2), u16(bytes.size() - 5));
    EXPECT_EQ(bytes.substr(9, 2), u16(kTls10));
    EXPECT_NE(bytes.find("www.site.test"), std::string::npos);
    EXPECT_EQ(bytes.find(std::string("\x00\x0d", 2) + u16(24)), std::string::npos)
        << "signature_algorithms are of TLS 1.2";
    question.server_name.clear();
    EXPECT_EQ(client_hello(question).find("site"), std::string::npos);
}

TEST(ServerFlight, ReadsAFlightInOnePieceOrInMany) {
    const auto flight =
        record(22, server_hello(kTls12, 0x002F)) + record(22, message(11, std::string(3000, 'c')) + kDone);
    for (const std::size_t piece : {1UL, 2UL, 7UL, 100000UL}) {
        const auto seen = read(flight, piece);
        EXPECT_EQ(seen.state(), State::complete);
        EXPECT_EQ(seen.version(), kTls12);
        EXPECT_EQ(suite_name(seen.suite()), "TLS_RSA_WITH_AES_128_CBC_SHA");
        EXPECT_EQ(judge(seen), Offered::yes);
    }
}

TEST(ServerFlight, ReadsRecordsOfOneByte) {
    std::string bytes;
    for (const char c : server_hello(kTls12, 0x009C) + kDone) {
        bytes += record(22, std::string(1, c));
    }
    EXPECT_EQ(judge(read(bytes, 3)), Offered::yes);
}

TEST(ServerFlight, AnAlertSaysNo) {
    const auto seen = read(record(21, {2, 70}));
    EXPECT_EQ(seen.state(), State::alert);
    EXPECT_EQ(seen.alert(), 70);
    EXPECT_EQ(judge(seen), Offered::no);
    EXPECT_EQ(judge(seen, HelloEnd::answered, false), Offered::no);
    EXPECT_EQ(judge(read(record(22, server_hello(kTls12, 0x002F)) + record(21, {2, 40}))), Offered::no)
        << "after all no";
    EXPECT_EQ(judge(read(record(21, {2, 112}))), Offered::unknown) << "the name is not served here";
    EXPECT_EQ(
        judge(read(record(21, {1, 112}) + record(22, server_hello(kTls12, 0x002F) + kDone))), Offered::yes
    );
}

TEST(ServerFlight, AnotherVersionOrSuiteSaysNo) {
    EXPECT_EQ(judge(read(record(22, server_hello(kTls11, 0x002F) + kDone))), Offered::no);
    EXPECT_EQ(judge(read(record(22, server_hello(kTls12, 0xC02F) + kDone))), Offered::no);
    const auto tls13 = u16(6) + u16(43) + u16(2) + u16(kTls13);
    EXPECT_EQ(read(record(22, server_hello(kTls12, 0x1301, tls13))).version(), kTls13);
}

TEST(ServerFlight, SilenceAndGarbageSayNothing) {
    EXPECT_EQ(judge({}, HelloEnd::silent), Offered::unknown);
    EXPECT_EQ(judge({}, HelloEnd::not_connected), Offered::unknown);
    EXPECT_EQ(judge({}, HelloEnd::closed, true), Offered::no);
    EXPECT_EQ(judge({}, HelloEnd::closed, false), Offered::unknown);
    EXPECT_EQ(
        judge(read(record(22, server_hello(kTls12, 0x002F)).substr(0, 20)), HelloEnd::closed),
        Offered::unknown
    );
    for (const auto& bytes : {
             std::string("HTTP/1.1 400 Bad Request\r\n\r\n"),
             std::string("\x80\x2e\x04\x01\x00\x02", 6),
             std::string("\x16\x03\x01\xff\xff", 5),
             record(22, message(11, "certificate first")),
             record(22, message(2, u16(kTls12) + std::string(60, '\xff'))),
             record(22, message(2, "short")),
             record(22, server_hello(kTls12, 0x002F, u16(9) + "xx")),
             record(23, "application data"),
             record(21, {9, 9}),
         }) {
        const auto seen = read(bytes);
        EXPECT_TRUE(seen.state() == State::not_tls || seen.state() == State::broken) << bytes;
        EXPECT_EQ(judge(seen, HelloEnd::answered), Offered::unknown) << bytes;
    }
}

TEST(ServerFlight, IsBounded) {
    std::string empty_records;
    while (empty_records.size() <= 70000) {
        empty_records += record(22, {});
    }
    EXPECT_EQ(read(empty_records, 1000).state(), State::too_long);
    std::string endless =
        record(22, server_hello(kTls12, 0x002F) + message(11, std::string(0xFFFF, 'c')).substr(0, 4000));
    for (int i = 0; i < 40; ++i) {
        endless += record(22, std::string(16000, 'c'));
    }
    const auto seen = read(endless, 4096);
    EXPECT_EQ(seen.state(), State::too_long);
    EXPECT_EQ(judge(seen), Offered::yes) << "it did choose; a chain of 10,000 names is long";
}

} // namespace

} // namespace fengsui::probe::tls
