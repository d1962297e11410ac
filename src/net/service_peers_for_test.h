// Test-only: a mail relay on loopback that behaves as told, and a certificate for it.
#pragma once

#include "net/listener.h"
#include "net/runtime.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

namespace fengsui::net::test {

inline std::string text_of_bio(BIO* bio) {
    char* bytes = nullptr;
    const long length = BIO_get_mem_data(bio, &bytes);
    std::string text(bytes, static_cast<std::size_t>(length));
    BIO_free(bio);
    return text;
}

struct Identity {
    std::string certificate_pem;
    std::string key_pem;
};

/// Self-signed for these alternative names (OpenSSL's words), from yesterday until `until_days`.
inline Identity make_identity(const std::string& names, int until_days = 10) {
    const std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::shared_ptr<X509> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * 86400L);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until_days * 86400L);
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("relay"), -1, -1, 0
    );
    X509_set_issuer_name(certificate.get(), subject);
    X509_set_pubkey(certificate.get(), key.get());
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    Identity identity;
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate.get());
    identity.certificate_pem = text_of_bio(bio);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    identity.key_pem = text_of_bio(bio);
    return identity;
}

/// A file that is gone with the object.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& text) {
        std::string name = (std::filesystem::temp_directory_path() / "fengsui-test-XXXXXX").string();
        close(mkstemp(name.data()));
        path_ = name;
        std::ofstream(path_) << text;
    }
    ~TemporaryFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A reply that is none: the peer closes, or says nothing until the client goes.
inline const std::string kDrop = "DROP";
inline const std::string kSilence = "SILENCE";

class SmtpPeer {
public:
    explicit SmtpPeer(Runtime& runtime, std::uint16_t port = 0)
        : listener_(
            runtime,
            model::IpAddress::v4(0x7f000001),
            port,
            [this](std::unique_ptr<Connection> peer) {
                ++connections;
                return converse(std::move(peer));
            }
        ) {}

    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

    /// By verb; `banner` before all, `.` after the mail, `AUTH2` after a challenge. Without: the usual.
    std::map<std::string, std::string> replies;
    std::string extensions = "250-peer.test\r\n250-8BITMIME\r\n250 SIZE 100000\r\n";
    std::string extensions_under_tls = "250-peer.test\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 100000\r\n";
    const TlsServer* tls = nullptr;
    bool is_tls_from_the_start = false;
    std::size_t drop_after_bytes = 0; ///< of the mail; 0: never

    std::vector<std::string> commands;
    std::vector<std::string> mails;
    int connections = 0;

private:
    struct Line {
        std::string text;
        bool is_end = false;
    };

    Task<Line> read_line(Connection& peer, std::string& buffer) {
        Line line;
        std::array<char, 4096> bytes{};
        for (;;) {
            const auto end = buffer.find("\r\n");
            if (end != std::string::npos) {
                line.text = buffer.substr(0, end);
                buffer.erase(0, end + 2);
                co_return line;
            }
            const Transfer got = co_await peer.read_some(bytes.data(), bytes.size());
            if (!got.outcome.is_completed() || got.bytes == 0) {
                line.is_end = true;
                co_return line;
            }
            buffer.append(bytes.data(), got.bytes);
        }
    }

    std::string reply_to(const std::string& verb, const std::string& usual) {
        const auto found = replies.find(verb);
        return found == replies.end() ? usual : found->second;
    }

    /// False when the conversation ends.
    Task<bool> answer(Connection& peer, std::string reply) {
        if (reply == kDrop) {
            peer.abort();
            co_return false;
        }
        if (reply == kSilence) {
            std::array<char, 64> bytes{};
            Transfer got{model::completed(), 1};
            while (got.outcome.is_completed() && got.bytes > 0) {
                got = co_await peer.read_some(bytes.data(), bytes.size());
            }
            co_return false;
        }
        const Transfer sent = co_await peer.write(reply);
        co_return sent.outcome.is_completed();
    }

    Task<bool> take_mail(Connection& peer, std::string& buffer) {
        std::string mail;
        for (;;) {
            const Line line = co_await read_line(peer, buffer);
            if (line.is_end) {
                co_return false;
            }
            if (line.text == ".") {
                break;
            }
            mail += (line.text.starts_with('.') ? line.text.substr(1) : line.text) + "\r\n";
            if (drop_after_bytes > 0 && mail.size() > drop_after_bytes) {
                peer.abort();
                co_return false;
            }
        }
        const std::string reply = reply_to(".", "250 2.0.0 Ok: queued as Q1\r\n");
        if (reply.starts_with("2")) {
            mails.push_back(mail);
        }
        co_return co_await answer(peer, reply);
    }

    Task<bool> obey(Connection& peer, const std::string& verb, std::string& buffer, bool& is_secure) {
        if (verb == "EHLO") {
            co_return co_await answer(peer, reply_to(verb, is_secure ? extensions_under_tls : extensions));
        }
        if (verb == "STARTTLS") {
            const bool goes_on = co_await answer(peer, reply_to(verb, "220 go ahead\r\n"));
            if (!goes_on || tls == nullptr) {
                co_return goes_on;
            }
            const model::Outcome outcome = co_await peer.accept_tls(*tls);
            is_secure = outcome.is_completed();
            co_return is_secure;
        }
        if (verb == "DATA") {
            const std::string reply = reply_to(verb, "354 go on\r\n");
            const bool goes_on = co_await answer(peer, reply);
            if (!goes_on || !reply.starts_with("3")) {
                co_return goes_on;
            }
            co_return co_await take_mail(peer, buffer);
        }
        co_return co_await answer(peer, reply_to(verb, verb == "AUTH" ? "235 welcome\r\n" : "250 ok\r\n"));
    }

    Task<> converse(std::unique_ptr<Connection> peer) {
        std::string buffer;
        bool is_secure = is_tls_from_the_start;
        if (is_secure) {
            const model::Outcome outcome = co_await peer->accept_tls(*tls);
            if (!outcome.is_completed()) {
                co_return;
            }
        }
        bool goes_on = co_await answer(*peer, reply_to("banner", "220 peer.test ESMTP\r\n"));
        while (goes_on) {
            const Line line = co_await read_line(*peer, buffer);
            if (line.is_end) {
                co_return;
            }
            commands.push_back(line.text);
            const std::string verb = line.text.substr(0, line.text.find(' '));
            goes_on = co_await obey(*peer, verb, buffer, is_secure);
        }
    }

    TcpListener listener_;
};

/// Answers every request with what it is told and notes what it read. One request a connection.
class HttpPeer {
public:
    explicit HttpPeer(Runtime& runtime)
        : listener_(runtime, model::IpAddress::v4(0x7f000001), 0, [this](std::unique_ptr<Connection> peer) {
              return converse(std::move(peer));
          }) {}
    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

    std::string answer = "HTTP/1.1 204 No Content\r\n\r\n";
    std::vector<std::string> requests; ///< head and body
    const TlsServer* tls = nullptr;

private:
    static bool is_whole(const std::string& request) {
        const auto end = request.find("\r\n\r\n");
        const auto length = request.find("Content-Length: ");
        if (end == std::string::npos) {
            return false;
        }
        return length == std::string::npos
               || request.size() >= end + 4 + std::stoul(request.substr(length + 16));
    }

    Task<> converse(std::unique_ptr<Connection> peer) {
        if (tls != nullptr) {
            const model::Outcome outcome = co_await peer->accept_tls(*tls);
            if (!outcome.is_completed()) {
                co_return;
            }
        }
        std::string request;
        std::array<char, 4096> bytes{};
        while (!is_whole(request)) {
            const Transfer got = co_await peer->read_some(bytes.data(), bytes.size());
            if (!got.outcome.is_completed() || got.bytes == 0) {
                co_return;
            }
            request.append(bytes.data(), got.bytes);
        }
        requests.push_back(request);
        co_await peer->write(answer);
    }

    TcpListener listener_;
};

} // namespace fengsui::net::test
