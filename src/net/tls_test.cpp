#include "base/error.h"
#include "net/connection.h"
#include "net/listener.h"
#include "net/politeness.h"
#include "net/runtime.h"
#include "net/ticket_for_test.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>

namespace fengsui::net {
namespace {

using namespace std::chrono_literals;
using model::Reason;

const model::IpAddress kLoopback = model::IpAddress::v4(0x7f000001);

std::string text_of(BIO* bio) {
    char* bytes = nullptr;
    const long length = BIO_get_mem_data(bio, &bytes);
    std::string text(bytes, static_cast<std::size_t>(length));
    BIO_free(bio);
    return text;
}

std::shared_ptr<EVP_PKEY> make_key() {
    return {EVP_RSA_gen(2048), EVP_PKEY_free};
}

/// A self-signed certificate.
std::shared_ptr<X509> make_certificate(
    const std::string& name, EVP_PKEY* key, const std::string& alternative_names = {}
) {
    std::shared_ptr<X509> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    const std::string common_name = name.substr(0, 64);
    X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0
    );
    X509_set_issuer_name(certificate.get(), subject);
    X509_set_pubkey(certificate.get(), key);
    if (!alternative_names.empty()) {
        X509_EXTENSION* extension =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative_names.c_str());
        X509_add_ext(certificate.get(), extension, -1);
        X509_EXTENSION_free(extension);
    }
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

std::string pem_of(X509* certificate) {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate);
    return text_of(bio);
}

std::string pem_of(EVP_PKEY* key) {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(bio);
}

std::string common_name_of(const std::string& der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const std::shared_ptr<X509> certificate(
        d2i_X509(nullptr, &bytes, static_cast<long>(der.size())), X509_free
    );
    std::array<char, 100> name{};
    X509_NAME_get_text_by_NID(
        X509_get_subject_name(certificate.get()), NID_commonName, name.data(), static_cast<int>(name.size())
    );
    return name.data();
}

/// One key for all: making them is slow.
struct Identities {
    std::shared_ptr<EVP_PKEY> key = make_key();
    std::string key_pem = pem_of(key.get());
    [[nodiscard]] std::string chain(const std::vector<std::string>& names) const {
        std::string pem;
        for (const std::string& name : names) {
            pem += pem_of(make_certificate(name, key.get()).get());
        }
        return pem;
    }
};

const Identities& identities() {
    static const Identities made;
    return made;
}

struct World {
    Runtime runtime;
    Politeness politeness{runtime, {.requests_per_second = 1e6, .connections = 100}};
    registry::ScopeAuthority authority;
};

struct Result {
    model::Outcome outcome;
    TlsSession session;
    std::string answer;
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const std::string& der : session.certificates) {
            found.push_back(common_name_of(der));
        }
        return found;
    }
};

/// Answers what it reads until the peer ends, then closes.
Task<> serve_tls(const TlsServer& server, std::unique_ptr<Connection> peer) {
    const model::Outcome outcome = co_await peer->accept_tls(server);
    std::array<char, 65536> buffer{};
    while (outcome.is_completed()) {
        const Transfer got = co_await peer->read_some(buffer.data(), buffer.size());
        if (!got.outcome.is_completed() || got.bytes == 0) {
            co_return;
        }
        co_await peer->write({buffer.data(), got.bytes});
    }
}

Task<> say(Connection& connection, std::string text) {
    co_await connection.write(text);
}

Task<> shake_hands(
    World& world, std::uint16_t port, TlsClientOptions options, std::string text, Result& result
) {
    Connected made = co_await connect(
        world.runtime, world.politeness, world.authority.ticket(kLoopback), port, Deadline::in(20s)
    );
    if (!made.connection) {
        result.outcome = made.outcome;
        co_return;
    }
    result.outcome = co_await made.connection->start_tls(options, result.session);
    if (!result.outcome.is_completed()) {
        co_return;
    }
    world.runtime.spawn("says", say(*made.connection, text));
    std::array<char, 65536> buffer{};
    while (result.answer.size() < text.size()) {
        const Transfer got = co_await made.connection->read_some(buffer.data(), buffer.size());
        if (!got.outcome.is_completed() || got.bytes == 0) {
            result.outcome = got.outcome;
            co_return;
        }
        result.answer.append(buffer.data(), got.bytes);
    }
    EXPECT_GE(made.connection->bytes_read(), result.answer.size());
}

Result run_handshake(
    const TlsServer& server, const TlsClientOptions& options, const std::string& text = "hello"
) {
    World world;
    Result result;
    const TcpListener listener(world.runtime, kLoopback, 0, [&server](std::unique_ptr<Connection> peer) {
        return serve_tls(server, std::move(peer));
    });
    world.runtime.run(shake_hands(world, listener.port(), options, text, result));
    return result;
}

class TlsVersionTest : public testing::TestWithParam<const char*> {};

TEST_P(TlsVersionTest, ShakesHandsAndEchoes) {
    TlsServer server({.min_version = GetParam(), .max_version = GetParam(), .ciphers = {}});
    server.add_identity("one.example", identities().chain({"one.example"}), identities().key_pem);
    const Result result = run_handshake(server, {.server_name = "one.example"});
    EXPECT_EQ(result.outcome, model::completed());
    EXPECT_EQ(result.session.version, GetParam());
    EXPECT_EQ(result.session.cipher.substr(0, 4), "TLS_");
    EXPECT_EQ(result.answer, "hello");
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsVersionTest, testing::Values("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"));

TEST(TlsTest, WithoutLegacyAnOldServerFails) {
    TlsServer server({.min_version = "TLSv1", .max_version = "TLSv1.1", .ciphers = {}});
    server.add_identity("one.example", identities().chain({"one.example"}), identities().key_pem);
    const Result result = run_handshake(server, {.server_name = "one.example", .allow_legacy = false});
    EXPECT_EQ(result.outcome, model::not_reached(Reason::tls_failed));
}

TEST(TlsTest, TheCipherIsNamedAsIanaDoes) {
    TlsServer server({.min_version = "TLSv1.2", .max_version = "TLSv1.2", .ciphers = "AES256-SHA"});
    server.add_identity("one.example", identities().chain({"one.example"}), identities().key_pem);
    EXPECT_EQ(
        run_handshake(server, {.server_name = "one.example"}).session.cipher, "TLS_RSA_WITH_AES_256_CBC_SHA"
    );
}

TEST(TlsTest, TheNameChoosesTheIdentity) {
    TlsServer server({});
    server.add_identity("one.example", identities().chain({"one.example"}), identities().key_pem);
    server.add_identity("Two.example", identities().chain({"two.example"}), identities().key_pem);
    using Names = std::vector<std::string>;
    EXPECT_EQ(run_handshake(server, {.server_name = "two.example"}).names(), Names{"two.example"});
    EXPECT_EQ(run_handshake(server, {.server_name = "one.example"}).names(), Names{"one.example"});
    EXPECT_EQ(run_handshake(server, {.server_name = "three.example"}).names(), Names{"one.example"});
    EXPECT_EQ(run_handshake(server, {}).names(), Names{"one.example"});
    EXPECT_EQ(run_handshake(server, {.server_name = "127.0.0.1"}).names(), Names{"one.example"});
}

TEST(TlsTest, TheChainIsSeenAsSent) {
    const std::vector<std::string> sent{"one.example", "third", "second", "unrelated"};
    for (const char* version : {"TLSv1.2", "TLSv1.3"}) {
        TlsServer server({.min_version = version, .max_version = version, .ciphers = {}});
        server.add_identity("one.example", identities().chain(sent), identities().key_pem);
        EXPECT_EQ(run_handshake(server, {.server_name = "one.example"}).names(), sent) << version;
    }
}

TEST(TlsTest, ACertificateOfTenThousandNamesIsRead) {
    std::string names = "DNS:one.example";
    for (int i = 0; i < 10000; ++i) {
        names += ",DNS:a-rather-long-name-" + std::to_string(i) + ".example";
    }
    const auto certificate = make_certificate("one.example", identities().key.get(), names);
    TlsServer server({});
    server.add_identity("one.example", pem_of(certificate.get()), identities().key_pem);
    const Result result = run_handshake(server, {.server_name = "one.example"});
    EXPECT_EQ(result.outcome, model::completed());
    ASSERT_EQ(result.session.certificates.size(), 1U);
    EXPECT_GT(result.session.certificates[0].size(), 300000U);
}

TEST(TlsTest, ManyBytesGoBothWays) {
    TlsServer server({});
    server.add_identity("one.example", identities().chain({"one.example"}), identities().key_pem);
    const std::string text(std::size_t{3} * 1024 * 1024, 'x');
    const Result result = run_handshake(server, {.server_name = "one.example"}, text);
    EXPECT_EQ(result.outcome, model::completed());
    EXPECT_TRUE(result.answer == text);
}

Task<> answer_plainly(std::unique_ptr<Connection> peer) {
    std::array<char, 4096> buffer{};
    co_await peer->read_some(buffer.data(), buffer.size());
    co_await peer->write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    peer->close();
}

Task<> hang_up(std::unique_ptr<Connection> peer) {
    std::array<char, 4096> buffer{};
    co_await peer->read_some(buffer.data(), buffer.size());
    peer->close();
}

Task<> reset(std::unique_ptr<Connection> peer) {
    std::array<char, 4096> buffer{};
    co_await peer->read_some(buffer.data(), buffer.size());
    peer->abort();
}

model::Outcome outcome_against(ConnectionHandler handler) {
    World world;
    Result result;
    const TcpListener listener(world.runtime, kLoopback, 0, std::move(handler));
    world.runtime.run(shake_hands(world, listener.port(), {}, "hello", result));
    return result.outcome;
}

TEST(TlsTest, WhatBreaksAHandshakeIsTold) {
    EXPECT_EQ(outcome_against(answer_plainly), model::not_reached(Reason::tls_failed));
    EXPECT_EQ(outcome_against(hang_up), model::not_reached(Reason::reset));
    EXPECT_EQ(outcome_against(reset), model::not_reached(Reason::reset));
}

Task<> say_nothing(std::vector<std::unique_ptr<Connection>>& kept, std::unique_ptr<Connection> peer) {
    kept.push_back(std::move(peer));
    co_return;
}

Task<> shake_until(World& world, std::uint16_t port, Deadline deadline, Result& result) {
    Connected made = co_await connect(
        world.runtime, world.politeness, world.authority.ticket(kLoopback), port, Deadline::in(20s)
    );
    made.connection->set_deadline(deadline);
    const TlsClientOptions options; // g++ 12 destroys a `{}` inside co_await twice
    result.outcome = co_await made.connection->start_tls(options, result.session);
}

Task<> stop_soon(Runtime& runtime) {
    co_await runtime.sleep_until(Deadline::Clock::now() + 10ms);
    runtime.stop_traffic();
}

TEST(TlsTest, DeadlineAndStopEndAHandshakeWithASilentPeer) {
    World world;
    std::vector<std::unique_ptr<Connection>> kept;
    const TcpListener listener(world.runtime, kLoopback, 0, [&kept](std::unique_ptr<Connection> peer) {
        return say_nothing(kept, std::move(peer));
    });
    Result late;
    world.runtime.run(shake_until(world, listener.port(), Deadline::in(10ms), late));
    EXPECT_EQ(late.outcome, model::not_reached(Reason::timeout));
    Result stopped;
    world.runtime.spawn("stops", stop_soon(world.runtime));
    world.runtime.run(shake_until(world, listener.port(), Deadline(), stopped));
    EXPECT_EQ(stopped.outcome, model::skipped(Reason::stopped));
}

Task<> close_after_word(const TlsServer& server, std::unique_ptr<Connection> peer) {
    co_await peer->accept_tls(server);
    co_await peer->write("bye");
    peer->close();
}

Task<> read_to_the_end(World& world, std::uint16_t port, std::string& text, Transfer& last) {
    Connected made = co_await connect(
        world.runtime, world.politeness, world.authority.ticket(kLoopback), port, Deadline::in(20s)
    );
    TlsSession session;
    const TlsClientOptions options;
    co_await made.connection->start_tls(options, session);
    std::array<char, 100> buffer{};
    do {
        last = co_await made.connection->read_some(buffer.data(), buffer.size());
        text.append(buffer.data(), last.bytes);
    } while (last.bytes > 0);
}

TEST(TlsTest, AnOrderlyEndIsZeroBytes) {
    TlsServer server({});
    server.add_identity("one.example", identities().chain({"one.example"}), identities().key_pem);
    World world;
    const TcpListener listener(world.runtime, kLoopback, 0, [&server](std::unique_ptr<Connection> peer) {
        return close_after_word(server, std::move(peer));
    });
    std::string text;
    Transfer last;
    world.runtime.run(read_to_the_end(world, listener.port(), text, last));
    EXPECT_EQ(text, "bye");
    EXPECT_EQ(last.outcome, model::completed());
}

TEST(TlsTest, WrongIdentitiesAndSettingsAreErrors) {
    TlsServer server({});
    const auto other = make_key();
    const std::string chain = identities().chain({"one.example"});
    EXPECT_THROW(server.add_identity("one.example", "nonsense", identities().key_pem), base::Error);
    EXPECT_THROW(server.add_identity("one.example", chain, "nonsense"), base::Error);
    EXPECT_THROW(server.add_identity("one.example", chain, pem_of(other.get())), base::Error);
    EXPECT_THROW(TlsServer({.min_version = "SSLv9", .max_version = "TLSv1.3", .ciphers = {}}), base::Error);
    EXPECT_THROW(
        TlsServer({.min_version = "TLSv1.2", .max_version = "TLSv1.3", .ciphers = "NO-SUCH"}), base::Error
    );
}

} // namespace
} // namespace fengsui::net
