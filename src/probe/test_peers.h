// Test-only: a name server, web servers and mail servers on loopback, and what observe() needs to meet them.
#pragma once

#include "net/listener.h"
#include "net/politeness.h"
#include "net/resolver.h"
#include "net/runtime.h"
#include "net/ticket_for_test.h"
#include "probe/observe.h"
#include "probe/tls/test_certificates.h"
#include "probe/trust_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

namespace fengsui::probe::test {

inline model::IpAddress ip(std::string_view text) {
    return *model::IpAddress::parse(text);
}

/// Answers from a table, logs every question. A name with no record at all is NXDOMAIN.
class DnsPeer {
public:
    explicit DnsPeer(net::Runtime& runtime)
        : listener_(runtime, ip("127.0.0.1"), 0, [this](std::string_view datagram) {
              return answer(datagram);
          }) {}

    void add(const std::string& name, net::DnsType type, const std::string& text) {
        records_[name][type].push_back(text);
    }
    void add_authority(const std::string& name, net::DnsRecord record) {
        authorities_[name].push_back(std::move(record));
    }
    /// Its answers carry that record and AD.
    void sign(const std::string& name, net::DnsRecord signature) { signatures_[name] = std::move(signature); }
    void fail(const std::string& name) { failing_.insert(name); }
    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
    [[nodiscard]] std::size_t asked(const std::string& name) const { return questions_.count(name); }
    [[nodiscard]] std::size_t count() const { return questions_.size(); }

private:
    std::string answer(std::string_view datagram) {
        const auto query = net::decode_dns(datagram);
        if (!query.has_value() || query->questions.empty()) {
            return {};
        }
        auto reply = *query;
        const auto& question = reply.questions.front();
        questions_.insert(question.name);
        reply.is_response = true;
        reply.recursion_available = true;
        reply.additionals.clear();
        reply.authorities = authorities_[question.name];
        if (failing_.contains(question.name)) {
            reply.code = net::DnsCode::server_failure;
        } else if (const auto found = records_.find(question.name); found != records_.end()) {
            for (const auto& text : found->second[question.type]) {
                reply.answers.push_back(
                    {question.name, question.type, 60, net::dns_rdata(question.type, text)}
                );
            }
        } else {
            reply.code = net::DnsCode::name_error;
        }
        if (const auto found = signatures_.find(question.name); found != signatures_.end()) {
            reply.answers.push_back(found->second);
            reply.is_authenticated = true;
        }
        return net::encode_dns(reply);
    }

    std::map<std::string, std::map<net::DnsType, std::vector<std::string>>> records_;
    std::map<std::string, std::vector<net::DnsRecord>> authorities_;
    std::map<std::string, net::DnsRecord> signatures_;
    std::set<std::string> failing_;
    std::multiset<std::string> questions_;
    net::UdpListener listener_;
};

inline std::string page(
    std::string_view body, std::string_view status = "200 OK", std::string_view headers = ""
) {
    return fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n{}\r\n{}",
        status,
        body.size(),
        headers,
        body
    );
}

inline std::string moved(std::string_view location) {
    return page("", "302 Found", fmt::format("Location: {}\r\n", location));
}

/// Answers "METHOD target" from a table of raw responses, otherwise 404; keeps connections open.
class WebPeer {
public:
    explicit WebPeer(
        net::Runtime& runtime, const net::TlsServer* tls = nullptr, std::string_view address = "127.0.0.1"
    )
        : tls_(tls), listener_(runtime, ip(address), 0, [this](std::unique_ptr<net::Connection> connection) {
              return serve(std::move(connection));
          }) {}

    void on(const std::string& request, std::string response) { table_[request] = std::move(response); }
    /// Every request after so many is answered 403.
    void ban_after(std::size_t requests) { ban_after_ = requests; }
    /// Bytes sent as soon as somebody connects, instead of serving.
    void greet_with(std::string bytes) { greeting_ = std::move(bytes); }
    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
    [[nodiscard]] unsigned connections() const { return connections_; }
    [[nodiscard]] const std::vector<std::string>& requests() const { return requests_; }
    [[nodiscard]] std::size_t asked(const std::string& request) const {
        return static_cast<std::size_t>(std::count(requests_.begin(), requests_.end(), request));
    }

private:
    net::Task<> serve(std::unique_ptr<net::Connection> connection) {
        ++connections_;
        connection->set_deadline(net::Deadline::in(std::chrono::seconds(20)));
        if (!greeting_.empty()) {
            co_await connection->write(greeting_);
            co_return;
        }
        if (tls_ != nullptr) {
            const auto outcome = co_await connection->accept_tls(*tls_);
            if (!outcome.is_completed()) {
                co_return;
            }
        }
        std::string pending;
        bool is_open = true;
        while (is_open) {
            is_open = co_await answer_one(*connection, pending);
        }
    }

    net::Task<bool> answer_one(net::Connection& connection, std::string& pending) {
        std::array<char, 4096> buffer{};
        while (pending.find("\r\n\r\n") == std::string::npos) {
            const auto got = co_await connection.read_some(buffer.data(), buffer.size());
            if (!got.outcome.is_completed() || got.bytes == 0) {
                co_return false;
            }
            pending.append(buffer.data(), got.bytes);
        }
        const auto line = pending.substr(0, pending.find(" HTTP/"));
        pending.erase(0, pending.find("\r\n\r\n") + 4);
        requests_.push_back(line);
        const auto found = table_.find(line);
        const bool is_banned = requests_.size() > ban_after_;
        const std::string response = is_banned               ? page("go away", "403 Forbidden")
                                     : found == table_.end() ? page("nothing here", "404 Not Found")
                                                             : found->second;
        const auto sent = co_await connection.write(response);
        co_return sent.outcome.is_completed() && response.find("\r\nContent-Length:") != std::string::npos;
    }

    const net::TlsServer* tls_;
    std::map<std::string, std::string> table_;
    std::string greeting_;
    std::size_t ban_after_ = SIZE_MAX;
    unsigned connections_ = 0;
    std::vector<std::string> requests_;
    net::TcpListener listener_;
};

/// A mail server that says one reply per line it is told, from a table by the command's first word.
class MailPeer {
public:
    explicit MailPeer(net::Runtime& runtime)
        : listener_(runtime, ip("127.0.0.1"), 0, [this](std::unique_ptr<net::Connection> connection) {
              return serve(std::move(connection));
          }) {}

    std::string banner = "220 mx.site.test ESMTP\r\n";
    std::map<std::string, std::string> replies = {
        {"EHLO", "250-mx.site.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"},
        {"HELO", "250 mx.site.test\r\n"},
        {"STARTTLS", "220 go ahead\r\n"},
        {"QUIT", "221 bye\r\n"},
    };
    std::vector<std::string> commands;
    const net::TlsServer* tls = nullptr; ///< none: after STARTTLS it hangs up
    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

private:
    net::Task<> serve(std::unique_ptr<net::Connection> connection) {
        connection->set_deadline(net::Deadline::in(std::chrono::seconds(20)));
        co_await connection->write(banner);
        std::array<char, 512> buffer{};
        for (;;) {
            const auto got = co_await connection->read_some(buffer.data(), buffer.size());
            if (!got.outcome.is_completed() || got.bytes == 0) {
                co_return;
            }
            const std::string line(buffer.data(), got.bytes);
            commands.push_back(line);
            const auto word = line.substr(0, line.find_first_of(" \r"));
            const auto found = replies.find(word);
            const std::string reply = found == replies.end() ? "502 unknown\r\n" : found->second;
            co_await connection->write(reply);
            if (word == "STARTTLS" && reply.starts_with("220")) {
                const bool is_protected = co_await protect(*connection);
                if (!is_protected) {
                    co_return;
                }
            }
        }
    }

    net::Task<bool> protect(net::Connection& connection) {
        if (tls == nullptr) {
            co_return false;
        }
        const auto outcome = co_await connection.accept_tls(*tls);
        co_return outcome.is_completed();
    }

    net::TcpListener listener_;
};

/// Permits the hosts and addresses that it lists.
class TestGate final : public model::ScopeGate {
public:
    std::set<std::string> hosts;
    std::set<model::IpAddress> addresses;
    std::vector<model::Url> urls;
    model::Reason address_refusal = model::Reason::private_address;
    registry::ScopeAuthority authority;

private:
    [[nodiscard]] std::variant<model::ScopeTicket, model::Reason> do_admit(
        const model::AssetId&, std::string_view host, const model::IpAddress& address
    ) const override {
        if (!addresses.contains(address)) {
            return address_refusal;
        }
        return authority.ticket(address, std::string(host));
    }
    [[nodiscard]] std::optional<model::Url> do_registered_url(model::Scheme scheme, std::string_view host)
        const override {
        for (const auto& url : urls) {
            if (url.scheme == scheme && url.host == host) {
                return url;
            }
        }
        return std::nullopt;
    }
    [[nodiscard]] model::Reason do_permits_host(const model::AssetId&, std::string_view host) const override {
        return hosts.contains(std::string(host)) ? model::Reason::none : model::Reason::not_registered;
    }
};

inline net::PolitenessOptions quick() {
    net::PolitenessOptions options;
    options.requests_per_second = 1000;
    options.connections = 1; // whoever holds two connections at once waits for ever here
    return options;
}

/// Everything that observe() works with, and site.test at 127.0.0.1.
struct World {
    net::Runtime runtime;
    net::Politeness politeness{runtime, quick()};
    DnsPeer dns{runtime};
    net::Resolver resolver{
        runtime, {{fmt::format("127.0.0.1:{}", dns.port())}, std::chrono::milliseconds(500), 1}};
    TestGate gate;
    TestChain chain;
    PemFile roots{{chain.root}};
    TrustStore trust{roots.path()};
    Services services{runtime, politeness, resolver, gate, trust, {"Fengsui-test", {}, {}}};
    net::Deadline deadline = net::Deadline::in(std::chrono::seconds(30));
    model::CustomFields custom; ///< of every asset observed

    explicit World(Key leaf_key = ec_key()) : chain("site.test", "Test", std::move(leaf_key)) {
        services.http.connect_timeout = std::chrono::seconds(3);
        services.http.exchange_timeout = std::chrono::seconds(3);
        gate.hosts = {"site.test"};
        gate.addresses = {ip("127.0.0.1")};
        dns.add("site.test", net::DnsType::a, "127.0.0.1");
    }

    void identify(net::TlsServer& server) const {
        server.add_identity(
            "site.test", pem_of(chain.leaf) + pem_of(chain.middle), pem_of(chain.leaf_key.get())
        );
    }

    model::Observation observe(
        const std::string& target, Plan plan, model::ProbeClass probe_class = model::ProbeClass::passive
    ) {
        model::Asset asset;
        asset.id = model::AssetId("a1");
        asset.value = target;
        asset.target = model::AssetTarget::parse(target).or_throw();
        asset.probe_class = probe_class;
        asset.custom = custom;
        model::Observation seen;
        runtime.run(look(std::move(asset), std::move(plan), seen));
        return seen;
    }

private:
    net::Task<> look(model::Asset asset, Plan plan, model::Observation& seen) {
        seen = co_await probe::observe(services, std::move(asset), std::move(plan), deadline);
    }
};

} // namespace fengsui::probe::test
