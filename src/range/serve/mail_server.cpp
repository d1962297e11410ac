#include "base/text.h"
#include "net/runtime.h"
#include "range/serve/servers.h"

#include <array>

namespace fengsui::range {

namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 60s;
constexpr std::size_t kMaxLine = 1024; // RFC 5321 4.5.3.1 allows 512
constexpr unsigned kMaxCommands = 50;

/// The next line without its end; empty when the peer has gone or sends too much.
net::Task<std::string> read_line(net::Connection& connection, std::string& pending) {
    std::array<char, 1024> buffer{};
    while (true) {
        const auto end = pending.find('\n');
        if (end != std::string::npos) {
            auto line = pending.substr(0, end);
            pending.erase(0, end + 1);
            co_return line;
        }
        if (pending.size() > kMaxLine) {
            co_return std::string();
        }
        const auto transfer = co_await connection.read_some(buffer.data(), buffer.size());
        if (!transfer.outcome.is_completed() || transfer.bytes == 0) {
            co_return std::string();
        }
        pending.append(buffer.data(), transfer.bytes);
    }
}

std::string greeting_of(const Site& site, std::string_view verb, bool offers_tls) {
    if (verb == "HELO") {
        return "250 " + site.mail_host() + "\r\n";
    }
    const std::string tls = offers_tls ? "250-STARTTLS\r\n" : "";
    return "250-" + site.mail_host() + "\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n" + tls
           + "250-8BITMIME\r\n250 CHUNKING\r\n";
}

/// It takes no mail: what would begin one is turned away.
std::string reply_to(const Site& site, std::string_view verb, bool offers_tls) {
    if (verb == "EHLO" || verb == "HELO") {
        return greeting_of(site, verb, offers_tls);
    }
    if (verb == "QUIT") {
        return "221 2.0.0 Bye\r\n";
    }
    if (verb == "NOOP" || verb == "RSET") {
        return "250 2.0.0 Ok\r\n";
    }
    if (verb == "STARTTLS") {
        return offers_tls ? "220 2.0.0 Ready to start TLS\r\n"
                          : "502 5.5.1 Error: command not implemented\r\n";
    }
    return verb == "MAIL" ? "451 4.3.0 Try again later\r\n" : "502 5.5.2 Error: command not recognized\r\n";
}

} // namespace

net::Task<> serve_mail(std::shared_ptr<Premises> premises, std::unique_ptr<net::Connection> connection) {
    ++premises->counters.connections;
    auto* place = premises->find_place(connection->local_address(), connection->local_port());
    if (place == nullptr) {
        co_return;
    }
    const auto& site = premises->world.sites[place->sites.front()];
    connection->set_deadline(net::Deadline::in(kPatience));
    const auto banner = "220 " + site.mail_host() + " ESMTP Postfix\r\n";
    co_await connection->write(banner);
    bool offers_tls = !site.has(Fault::mail_starttls_missing);
    std::string pending;
    for (unsigned count = 0; count < kMaxCommands; ++count) {
        const auto line = co_await read_line(*connection, pending);
        if (line.empty()) {
            co_return;
        }
        std::string verb;
        for (const char c : base::trim(base::split(line, ' ').front())) {
            verb += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
        const auto reply = reply_to(site, verb, offers_tls);
        const auto sent = co_await connection->write(reply);
        if (!sent.outcome.is_completed() || verb == "QUIT") {
            co_return;
        }
        if (verb == "STARTTLS" && offers_tls) {
            pending.clear(); // what came before the handshake does not count (RFC 3207 section 4.2)
            offers_tls = false;
            const auto server = premises->mail_tls(*place);
            const auto outcome = co_await connection->accept_tls(*server);
            if (!outcome.is_completed()) {
                co_return;
            }
        }
    }
}

} // namespace fengsui::range
