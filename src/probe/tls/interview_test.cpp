#include "probe/tls/dh.h"
#include "probe/tls/interview.h"
#include "probe/tls/wire.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

namespace fengsui::probe::tls {

namespace {

using model::Offered;

std::string framed(char type, std::string_view payload, std::uint16_t version) {
    std::string out(1, type);
    put16(out, version);
    put_block16(out, payload);
    return out;
}

std::string handshake(char type, std::string_view body) {
    std::string out(1, type);
    put8(out, body.size() >> 16);
    put16(out, body.size());
    return out.append(body);
}

/// A server that is told what it has, and answers hellos as OpenSSL would.
struct Server {
    std::vector<std::uint16_t> suites; ///< in its own order
    std::set<std::uint16_t> versions = {kTls12, kTls13};
    bool prefers_own = true;
    bool has_ems = true;
    bool has_renegotiation_info = true;
    bool compresses = false;
    bool is_intolerant = false;
    std::uint16_t curve = 29;
    std::uint16_t scheme = 0x0804;
    std::string modulus = std::string(384, '\xFF');
    std::string tlcp;  ///< the flight for TLCP hellos
    std::string sslv2; ///< the flight for SSL 2.0 hellos
    int asked = 0;

    [[nodiscard]] std::uint16_t choose(const HelloQuestion& hello) const {
        const auto& first = prefers_own ? suites : hello.suites;
        const auto& second = prefers_own ? hello.suites : suites;
        for (const auto suite : first) {
            if (std::find(second.begin(), second.end(), suite) != second.end() && fits(suite, hello)) {
                return suite;
            }
        }
        return 0;
    }

    [[nodiscard]] bool fits(std::uint16_t suite, const HelloQuestion& hello) const {
        const bool needs_curve = key_exchange_of(suite) == KeyExchange::ecdhe && !hello.groups.empty();
        return !needs_curve
               || std::find(hello.groups.begin(), hello.groups.end(), curve) != hello.groups.end();
    }

    [[nodiscard]] std::uint16_t version_for(const HelloQuestion& hello) const {
        std::uint16_t best = 0;
        for (const auto version : versions) {
            const bool is_listed =
                std::find(hello.versions.begin(), hello.versions.end(), version) != hello.versions.end();
            if (hello.versions.empty() ? version <= std::min(hello.version, kTls12) : is_listed) {
                best = std::max(best, version);
            }
        }
        return best;
    }

    [[nodiscard]] std::string extensions(const HelloQuestion& hello, std::uint16_t version) const {
        std::string out;
        if (version == kTls13) {
            put16(out, 43);
            put16(out, 2);
            put16(out, kTls13);
            return out;
        }
        if (has_ems && hello.has_extensions) {
            put16(out, 23);
            put16(out, 0);
        }
        if (has_renegotiation_info && hello.has_extensions) {
            put16(out, 0xFF01);
            put_block16(out, std::string(1, '\0'));
        }
        return out;
    }

    [[nodiscard]] std::string key_exchange(std::uint16_t suite, std::uint16_t version) const {
        std::string body;
        const auto kind = key_exchange_of(suite);
        if (kind == KeyExchange::dhe) {
            put_block16(body, modulus);
            put_block16(body, "\x02");
            put_block16(body, modulus);
        } else if (kind == KeyExchange::ecdhe) {
            put8(body, 3);
            put16(body, curve);
            put8(body, 1);
            put8(body, 4);
        } else {
            return {};
        }
        if (version == kTls12) {
            put16(body, scheme);
        }
        put_block16(body, "signature");
        return handshake(12, body);
    }

    [[nodiscard]] std::string answer(const HelloQuestion& hello) {
        ++asked;
        const std::string refusal = framed(21, "\x02\x28", kTls12);
        if (hello.version == kTlcp) {
            return tlcp.empty() ? refusal : tlcp;
        }
        if (hello.version == kSsl2) {
            return sslv2.empty() ? refusal : sslv2;
        }
        const bool is_unknown = hello.version > kTls12 || hello.has_grease;
        const auto version = version_for(hello);
        const auto suite = version == kTls13 ? std::uint16_t{0x1302} : choose(hello);
        if (version == 0 || suite == 0 || (is_intolerant && is_unknown)) {
            return refusal;
        }
        std::string body;
        put16(body, std::min(version, kTls12));
        body += std::string(32, 'r');
        put8(body, 0);
        put16(body, suite);
        put8(body, compresses && hello.offers_compression ? 1 : 0);
        put_block16(body, extensions(hello, version));
        std::string flight = handshake(2, body);
        if (version == kTls13) {
            return framed(22, flight, kTls12) + framed(20, "\x01", kTls12);
        }
        return framed(22, flight + key_exchange(suite, version) + handshake(14, {}), version);
    }
};

struct Result {
    model::TlsEndpoint endpoint;
    std::vector<Topic> topics;
};

using Answering = std::function<HelloAnswer(const HelloQuestion&)>;

Result hold(const Answering& answering, Introduction introduction) {
    Interview interview(std::move(introduction));
    Result result;
    while (auto question = interview.next()) {
        result.topics.push_back(question->topic);
        interview.take(*question, answering(question->hello));
    }
    interview.report(result.endpoint);
    return result;
}

Result hold(Server& server, bool works = true) {
    const auto answering = [&server](const HelloQuestion& hello) {
        HelloAnswer answer;
        answer.end = HelloEnd::answered;
        const auto dialect = hello.version == kTlcp   ? ServerFlight::Dialect::tlcp
                             : hello.version == kSsl2 ? ServerFlight::Dialect::sslv2
                                                      : ServerFlight::Dialect::tls;
        answer.flight = ServerFlight(dialect);
        EXPECT_FALSE(client_hello(hello).empty());
        answer.flight.feed(server.answer(hello));
        return answer;
    };
    const bool is_tls13 = server.versions.contains(kTls13);
    return hold(answering, {"www.site.test", works, works && is_tls13, 0});
}

Server modern() {
    Server server;
    server.suites = {0xC02F, 0xC030};
    return server;
}

TEST(Interview, ACleanServerIsAskedLittleAndHasNoFault) {
    auto server = modern();
    const auto result = hold(server);
    const auto& seen = result.endpoint;
    EXPECT_LE(server.asked, 15);
    for (std::size_t i = 0; i < kBadClassCount; ++i) {
        EXPECT_EQ(seen.suite_class(to_string(static_cast<SuiteClass>(i))).offered, Offered::no) << i;
    }
    EXPECT_EQ(seen.tls10, Offered::no);
    EXPECT_EQ(seen.tls11, Offered::no);
    EXPECT_EQ(seen.tls12, Offered::yes);
    EXPECT_EQ(seen.tls13, Offered::yes);
    EXPECT_EQ(seen.sslv2, Offered::no);
    EXPECT_EQ(seen.sslv3, Offered::no);
    EXPECT_EQ(seen.suite_class("sound").offered, Offered::yes);
    EXPECT_EQ(seen.suite_order.takes_weaker, Offered::no);
    EXPECT_EQ(seen.dh.offered, Offered::no);
    EXPECT_EQ(seen.weak_curve.offered, Offered::no);
    EXPECT_EQ(seen.weak_signature.offered, Offered::no);
    EXPECT_EQ(seen.compression, Offered::no);
    EXPECT_EQ(seen.secure_renegotiation, Offered::yes);
    EXPECT_EQ(seen.extended_master_secret, Offered::yes);
    EXPECT_EQ(seen.version_intolerance.offered, Offered::no);
    EXPECT_EQ(seen.tlcp.offered, Offered::no);
    EXPECT_TRUE(seen.hellos.is_completed());
}

TEST(Interview, OneWhoSpeaksTls13AloneIsAskedLessAndHasNoFaultOfOldVersions) {
    auto server = modern();
    server.versions = {kTls13};
    const auto result = hold(server);
    EXPECT_LE(server.asked, 6);
    EXPECT_EQ(result.endpoint.tls10, Offered::no);
    EXPECT_EQ(result.endpoint.tls12, Offered::no);
    EXPECT_EQ(result.endpoint.suite_class("null").offered, Offered::no);
    EXPECT_EQ(result.endpoint.secure_renegotiation, Offered::yes);
    EXPECT_EQ(result.endpoint.extended_master_secret, Offered::yes);
    EXPECT_EQ(result.endpoint.suite_order.takes_weaker, Offered::no);
    EXPECT_EQ(result.endpoint.version_intolerance.offered, Offered::no);
    EXPECT_EQ(result.endpoint.dh.offered, Offered::no);
}

TEST(Interview, EveryClassOfAWideOpenServerIsFoundWithinTheCap) {
    Server server;
    server.suites = all_suites();
    server.versions = {kSsl3, kTls10, kTls11, kTls12};
    server.has_ems = false;
    server.has_renegotiation_info = false;
    server.compresses = true;
    server.scheme = 0x0201;
    const auto result = hold(server);
    const auto& seen = result.endpoint;
    EXPECT_LE(server.asked, Interview::kMostQuestions);
    for (std::size_t i = 0; i < kBadClassCount; ++i) {
        const auto& facts = seen.suite_class(to_string(static_cast<SuiteClass>(i)));
        EXPECT_EQ(facts.offered, Offered::yes) << i;
        EXPECT_FALSE(facts.accepted.empty()) << i;
    }
    EXPECT_EQ(seen.sslv3, Offered::yes);
    EXPECT_EQ(seen.tls10, Offered::yes);
    EXPECT_EQ(seen.tls11, Offered::yes);
    EXPECT_EQ(seen.compression, Offered::yes);
    EXPECT_EQ(seen.secure_renegotiation, Offered::no);
    EXPECT_EQ(seen.extended_master_secret, Offered::no);
    EXPECT_EQ(seen.weak_signature.name, "rsa_pkcs1_sha1");
    EXPECT_EQ(seen.dh.offered, Offered::yes);
    EXPECT_EQ(seen.suite_order.takes_weaker, Offered::no) << "its own order has the sound ones first";
}

TEST(Interview, TheOrderIsToldApart) {
    Server server;
    server.suites = {0xC02F, 0xC028};
    server.prefers_own = false;
    EXPECT_EQ(hold(server).endpoint.suite_order.takes_weaker, Offered::yes);
    EXPECT_FALSE(hold(server).endpoint.suite_order.is_own_order);
    server.prefers_own = true;
    EXPECT_EQ(hold(server).endpoint.suite_order.takes_weaker, Offered::no);
    server.suites = {0xC028, 0xC02F};
    const auto own = hold(server).endpoint.suite_order;
    EXPECT_EQ(own.takes_weaker, Offered::yes);
    EXPECT_TRUE(own.is_own_order);
    EXPECT_EQ(own.chosen, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384");
    EXPECT_EQ(own.instead, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    server.suites = {0xC028};
    EXPECT_EQ(hold(server).endpoint.suite_order.takes_weaker, Offered::no) << "there is nothing better";
}

TEST(Interview, IntoleranceIsBelievedTheSecondTime) {
    auto server = modern();
    server.is_intolerant = true;
    EXPECT_EQ(hold(server).endpoint.version_intolerance.offered, Offered::yes);
    server.versions = {kTls12};
    EXPECT_EQ(hold(server).endpoint.version_intolerance.offered, Offered::yes);
}

TEST(Interview, AWeakCurveAndAnOldVersionAlone) {
    Server server;
    server.suites = {0xC013};
    server.curve = 19;
    server.versions = {kTls10};
    const auto result = hold(server, false);
    EXPECT_EQ(result.endpoint.weak_curve.name, "secp192r1");
    EXPECT_EQ(result.endpoint.tls10, Offered::yes);
    EXPECT_EQ(result.endpoint.tls12, Offered::no);
    EXPECT_EQ(
        result.endpoint.suite_class("cbc_sha1").accepted,
        std::vector<std::string>{"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}
    );
    EXPECT_EQ(result.endpoint.extended_master_secret, Offered::yes) << "judged in TLS 1.2 only";
    EXPECT_EQ(result.endpoint.weak_signature.offered, Offered::no) << "judged in TLS 1.2 only";
}

std::string tlcp_flight() {
    std::string body;
    put16(body, kTlcp);
    body += std::string(32, 'r');
    put8(body, 0);
    put16(body, 0xE013);
    put8(body, 0);
    std::string list;
    for (const auto* der : {"sign", "encrypt"}) {
        put8(list, 0);
        put_block16(list, der);
    }
    std::string certificates;
    put8(certificates, 0);
    put_block16(certificates, list);
    return framed(22, handshake(2, body) + handshake(11, certificates) + handshake(14, {}), kTlcp);
}

TEST(Interview, TlcpAndSslv2HaveRecordsOfTheirOwn) {
    auto server = modern();
    server.tlcp = tlcp_flight();
    server.sslv2 = std::string("\x80\x0E\x04\x00\x01\x00\x02\x00\x00\x00\x03\x00\x00\x01\x00\x80", 16);
    const auto both = hold(server).endpoint;
    EXPECT_EQ(both.tlcp.offered, Offered::yes);
    EXPECT_EQ(both.tlcp.cipher, "ECC_SM4_CBC_SM3");
    EXPECT_EQ(both.sslv2, Offered::yes);
    server.tlcp = framed(21, "\x02\x28", kTlcp);
    server.sslv2 = std::string("\x80\x03\x00\x00\x01", 5);
    const auto neither = hold(server).endpoint;
    EXPECT_EQ(neither.tlcp.offered, Offered::no);
    EXPECT_EQ(neither.tlcp.detail, "aware");
    EXPECT_EQ(neither.sslv2, Offered::no);
}

TEST(Interview, TwoSilencesEndItAndNothingIsDenied) {
    int asked = 0;
    const auto silent = [&asked](const HelloQuestion&) {
        ++asked;
        HelloAnswer answer;
        answer.end = HelloEnd::silent;
        return answer;
    };
    const auto seen = hold(silent, {"", true, false, 0}).endpoint;
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(seen.hellos, model::not_reached(model::Reason::timeout));
    EXPECT_EQ(seen.tls10, Offered::unknown);
    EXPECT_EQ(seen.suite_class("rc4").offered, Offered::unknown);
    EXPECT_EQ(seen.tlcp.offered, Offered::unknown);
}

TEST(Interview, AConnectionThatIsNotHadEndsIt) {
    const auto absent = [](const HelloQuestion&) {
        HelloAnswer answer;
        answer.outcome = model::not_reached(model::Reason::rate_limited);
        return answer;
    };
    const auto seen = hold(absent, {"", true, false, 0}).endpoint;
    EXPECT_EQ(seen.questions, 1);
    EXPECT_EQ(seen.hellos, model::not_reached(model::Reason::rate_limited));
    EXPECT_EQ(seen.compression, Offered::unknown);
}

TEST(Suites, ClassesAreWhatTheirNamesSay) {
    EXPECT_TRUE(is_in(0x000A, SuiteClass::triple_des));
    EXPECT_TRUE(is_in(0x000A, SuiteClass::static_rsa));
    EXPECT_FALSE(is_in(0x000A, SuiteClass::cbc_sha1)) << "3DES is the worse fault";
    EXPECT_TRUE(is_in(0xC013, SuiteClass::cbc_sha1));
    EXPECT_TRUE(is_in(0x0034, SuiteClass::anonymous));
    EXPECT_FALSE(is_in(0x0034, SuiteClass::cbc_sha1));
    EXPECT_TRUE(is_in(0x0003, SuiteClass::export_grade));
    EXPECT_FALSE(is_in(0x0003, SuiteClass::rc4));
    EXPECT_FALSE(is_in(0x0003, SuiteClass::static_rsa));
    EXPECT_TRUE(is_in(0x0009, SuiteClass::des));
    EXPECT_TRUE(is_in(0x003B, SuiteClass::null));
    EXPECT_TRUE(is_in(0xC02F, SuiteClass::sound));
    EXPECT_TRUE(is_in(0xC028, SuiteClass::phase_out));
    EXPECT_TRUE(is_in(0x009E, SuiteClass::phase_out));
    EXPECT_TRUE(is_in(0xC0AE, SuiteClass::other)) << "CCM_8";
    EXPECT_FALSE(is_bad(0x1301));
    std::set<std::uint16_t> once(all_suites().begin(), all_suites().end());
    EXPECT_EQ(once.size(), all_suites().size());
}

TEST(KeyExchange, CutAnywhereIsAnErrorOrLess) {
    std::string body;
    put_block16(body, std::string(128, '\x7F'));
    put_block16(body, "\x02");
    put_block16(body, std::string(128, 'y'));
    put16(body, 0x0201);
    put_block16(body, "signature");
    const auto whole = decode_key_exchange(body, KeyExchange::dhe, kTls12);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->prime.size(), 128U);
    EXPECT_EQ(whole->signature, 0x0201);
    for (std::size_t size = 0; size < 263; ++size) {
        EXPECT_FALSE(decode_key_exchange(body.substr(0, size), KeyExchange::dhe, kTls12)) << size;
    }
    EXPECT_EQ(decode_key_exchange("\x01\x02\x03\x04", KeyExchange::ecdhe, kTls12)->group, 0xFF01);
    EXPECT_FALSE(decode_key_exchange("\x03", KeyExchange::ecdhe, kTls12));
}

std::string from_hex(std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes.push_back(static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    }
    return bytes;
}

TEST(Modulus, IsToldApart) {
    using model::Primality;
    EXPECT_EQ(judge_modulus("\x17").primality, Primality::safe_prime) << "23 = 2 * 11 + 1";
    EXPECT_EQ(judge_modulus("\x1D").primality, Primality::prime) << "29 = 2 * 14 + 1";
    EXPECT_EQ(judge_modulus("\x21").primality, Primality::composite) << "33";
    EXPECT_EQ(judge_modulus("").primality, Primality::unknown);
    // RFC 2409 6.1, a safe prime of 768 bits that OpenSSL has no group name for.
    const auto oakley = from_hex(
        "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E34"
        "04DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A3620FFFFFFFF"
        "FFFFFFFF"
    );
    EXPECT_EQ(judge_modulus(oakley).bits, 768);
    EXPECT_EQ(judge_modulus(oakley).primality, Primality::safe_prime);
    auto spoilt = oakley;
    spoilt.back() = '\xFD';
    EXPECT_EQ(judge_modulus(spoilt).primality, Primality::composite);
    EXPECT_EQ(judge_modulus(std::string(2000, '\xFF')).primality, Primality::unknown) << "too large to test";
}

} // namespace

} // namespace fengsui::probe::tls
