#include "base/error.h"
#include "net/connection.h"
#include "net/dns_cache.h"
#include "net/dns_exchange.h"
#include "net/dns_wire.h"
#include "net/listener.h"
#include "net/resolver.h"
#include "net/runtime.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace fengsui::net {
namespace {

using namespace std::chrono_literals;
using model::Reason;

const model::IpAddress kLoopback = model::IpAddress::v4(0x7f000001);

/// What the test's server says to a query; nothing: silence.
using Answerer = std::function<std::optional<DnsMessage>(const DnsMessage& query)>;

DnsMessage reply_to(const DnsMessage& query, DnsCode code = DnsCode::no_error) {
    DnsMessage reply = query;
    reply.is_response = true;
    reply.code = code;
    return reply;
}

DnsRecord record_of(const std::string& name, DnsType type, std::string_view text, std::uint32_t ttl = 0) {
    return {name, type, ttl, dns_rdata(type, text)};
}

/// A zone as (name, type) → records; a name without any is NXDOMAIN.
class Zone {
public:
    void add(const std::string& name, DnsType type, std::string_view text, std::uint32_t ttl = 0) {
        records_[name].push_back(record_of(name, type, text, ttl));
    }
    std::optional<DnsMessage> answer(const DnsMessage& query) const {
        auto reply = reply_to(query);
        const auto& question = query.questions.front();
        const auto owner = records_.find(question.name);
        if (owner == records_.end()) {
            reply.code = DnsCode::name_error;
            return reply;
        }
        for (const auto& record : owner->second) {
            if (record.type == question.type || record.type == DnsType::cname) {
                reply.answers.push_back(record);
            }
        }
        return reply;
    }

private:
    std::map<std::string, std::vector<DnsRecord>> records_;
};

Task<> serve_tcp(std::unique_ptr<Connection> peer, const Answerer& answerer) {
    std::string frame(4096, '\0');
    const Transfer got = co_await peer->read_some(frame.data(), frame.size());
    const auto query = decode_dns(std::string_view(frame).substr(2, got.bytes - 2));
    if (!query) {
        co_return;
    }
    auto reply = answerer(*query);
    std::string out;
    const auto bytes = encode_dns(*reply);
    append_u16(out, static_cast<std::uint16_t>(bytes.size()));
    out += bytes;
    co_await peer->write(out.substr(0, 5)); // in two pieces, as networks do
    co_await peer->write(out.substr(5));
}

struct Server {
    Server(Runtime& runtime, Answerer its_answerer) : answerer(std::move(its_answerer)) {
        // The port that UDP was given may be taken for TCP: then another pair is tried.
        for (int tries = 0; tcp == nullptr; ++tries) {
            try {
                listen(runtime);
            } catch (const base::Error&) {
                if (tries == 20) {
                    throw;
                }
            }
        }
    }

    void listen(Runtime& runtime) {
        udp = std::make_unique<UdpListener>(runtime, kLoopback, 0, [this](std::string_view bytes) {
            return answer(bytes);
        });
        auto on_connection = [this](std::unique_ptr<Connection> peer) {
            ++tcp_queries;
            return serve_tcp(std::move(peer), answerer);
        };
        tcp = std::make_unique<TcpListener>(runtime, kLoopback, udp->port(), std::move(on_connection));
    }

    std::string answer(std::string_view bytes) {
        ++queries;
        const auto query = decode_dns(bytes);
        const auto reply = query ? answerer(*query) : std::nullopt;
        return reply ? encode_dns(*reply, 512) : std::string();
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(udp->port()); }

    Answerer answerer;
    int queries = 0;
    int tcp_queries = 0;
    std::unique_ptr<UdpListener> udp;
    std::unique_ptr<TcpListener> tcp;
};

Task<> resolve_into(Resolver& resolver, std::string name, Deadline deadline, model::NameResolution& out) {
    out = co_await resolver.resolve(std::move(name), deadline);
}

Task<> ask_into(Resolver& resolver, DnsQuestion question, Deadline deadline, DnsAnswer& out) {
    out = co_await resolver.ask(question.name, question.type, DnsWish::plain, deadline);
}

class ResolverTest : public testing::Test {
protected:
    Server& serve(Answerer answerer) {
        servers_.push_back(std::make_unique<Server>(runtime, std::move(answerer)));
        options.servers.push_back(servers_.back()->address());
        return *servers_.back();
    }
    Server& serve(const Zone& zone) {
        return serve([&zone](const DnsMessage& query) { return zone.answer(query); });
    }
    Resolver& resolver() {
        if (!resolver_) {
            resolver_ = std::make_unique<Resolver>(runtime, options);
        }
        return *resolver_;
    }
    model::NameResolution resolve(const std::string& name) {
        model::NameResolution out;
        runtime.run(resolve_into(resolver(), name, Deadline::in(10s), out));
        return out;
    }
    DnsAnswer ask(const std::string& name, DnsType type, Deadline deadline = Deadline::in(10s)) {
        DnsAnswer out;
        runtime.run(ask_into(resolver(), {name, type}, deadline, out));
        return out;
    }

    Runtime runtime;
    ResolverOptions options{{}, 2000ms, 3};

private:
    std::vector<std::unique_ptr<Server>> servers_;
    std::unique_ptr<Resolver> resolver_;
};

TEST_F(ResolverTest, AddressesOfBothFamiliesAndTheChain) {
    const auto answerer = [](const DnsMessage& query) {
        auto reply = reply_to(query);
        const auto type = query.questions[0].type;
        // Out of order on purpose: the chain is found by owner names.
        reply.answers = {
            record_of("c.example", type, type == DnsType::a ? "192.0.2.1" : "2001:db8::1"),
            record_of("b.example", DnsType::cname, "c.example"),
            record_of("www.example", DnsType::cname, "b.example"),
            record_of("stray.example", type, type == DnsType::a ? "192.0.2.66" : "2001:db8::66")};
        return std::optional(reply);
    };
    serve(answerer);
    const auto found = resolve("WWW.Example.");
    EXPECT_EQ(found.name, "www.example");
    EXPECT_EQ(found.outcome, model::completed());
    EXPECT_EQ(found.v6_outcome, model::completed());
    EXPECT_EQ(found.cnames, (std::vector<std::string>{"b.example", "c.example"}));
    ASSERT_EQ(found.addresses.size(), 2U);
    EXPECT_EQ(found.addresses[0].str(), "192.0.2.1");
    EXPECT_EQ(found.addresses[1].str(), "2001:db8::1");
    EXPECT_EQ(resolver().query_count(), 2U);
}

TEST_F(ResolverTest, AChainThatStopsShortIsAskedAgain) {
    Zone zone;
    zone.add("www.example", DnsType::cname, "b.example");
    zone.add("b.example", DnsType::cname, "c.example");
    zone.add("c.example", DnsType::a, "192.0.2.1");
    serve(zone);
    const auto found = resolve("www.example");
    EXPECT_EQ(found.cnames, (std::vector<std::string>{"b.example", "c.example"}));
    ASSERT_EQ(found.addresses.size(), 1U);
    EXPECT_EQ(found.v6_outcome, model::completed());
}

TEST_F(ResolverTest, ADanglingChainIsShown) {
    Zone zone;
    zone.add("www.example", DnsType::cname, "gone.example");
    serve(zone);
    const auto found = resolve("www.example");
    EXPECT_EQ(found.outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_EQ(found.v6_outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_EQ(found.cnames, std::vector<std::string>{"gone.example"});
}

TEST_F(ResolverTest, ADanglingChainInOneNxdomainAnswerIsShown) {
    serve([](const DnsMessage& query) {
        auto reply = reply_to(query, DnsCode::name_error);
        reply.answers = {record_of("www.example", DnsType::cname, "gone.example")};
        return std::optional(reply);
    });
    const auto found = resolve("www.example");
    EXPECT_EQ(found.outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_EQ(found.cnames, std::vector<std::string>{"gone.example"});
}

TEST_F(ResolverTest, CnameLoopsAndEndlessChainsEnd) {
    Zone zone;
    zone.add("a.example", DnsType::cname, "b.example");
    zone.add("b.example", DnsType::cname, "a.example");
    auto& server = serve([&zone](const DnsMessage& query) {
        const auto& name = query.questions[0].name;
        if (!name.starts_with("n")) {
            return zone.answer(query);
        }
        auto reply = reply_to(query);
        reply.answers = {record_of(name, DnsType::cname, "n" + name)};
        return std::optional(reply);
    });
    EXPECT_EQ(resolve("a.example").outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_LE(server.queries, 8);
    const auto endless = resolve("n.example");
    EXPECT_EQ(endless.cnames.size(), 16U);
    EXPECT_TRUE(endless.addresses.empty());
}

TEST_F(ResolverTest, ANameWithoutAddressesHasNothingToReach) {
    Zone zone;
    zone.add("mail.example", DnsType::mx, "10 x.example");
    serve(zone);
    const auto found = resolve("mail.example");
    EXPECT_EQ(found.outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_EQ(found.v6_outcome, model::completed());
    const auto mail = ask("mail.example", DnsType::mx);
    ASSERT_EQ(mail.message.answers.size(), 1U);
    EXPECT_EQ(mail.message.answers[0].text(), "10 x.example");
    EXPECT_EQ(ask("nothing.example", DnsType::mx).outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_EQ(ask("mail.example", DnsType::txt).outcome, model::completed());
    EXPECT_EQ(
        ask(std::string(70, 'x') + ".example", DnsType::a).outcome, model::not_reached(Reason::dns_nxdomain)
    );
}

TEST_F(ResolverTest, OneFamilyFailingLeavesTheOther) {
    serve([](const DnsMessage& query) {
        auto reply = reply_to(
            query, query.questions[0].type == DnsType::aaaa ? DnsCode::server_failure : DnsCode::no_error
        );
        if (reply.code == DnsCode::no_error) {
            reply.answers = {record_of("a.example", DnsType::a, "192.0.2.1")};
        }
        return std::optional(reply);
    });
    const auto found = resolve("a.example");
    EXPECT_EQ(found.outcome, model::completed());
    EXPECT_EQ(found.v6_outcome, model::not_reached(Reason::dns_servfail));
}

TEST_F(ResolverTest, ServfailOfAllServersAndOfOne) {
    const auto fail = [](const DnsMessage& query) {
        return std::optional(reply_to(query, DnsCode::refused));
    };
    auto& first = serve(fail);
    auto& second = serve(fail);
    EXPECT_EQ(ask("a.example", DnsType::a).outcome, model::not_reached(Reason::dns_servfail));
    EXPECT_EQ(first.queries, 1);
    EXPECT_EQ(second.queries, 1);
    second.answerer = [](const DnsMessage& query) {
        return std::optional(reply_to(query));
    };
    EXPECT_EQ(ask("b.example", DnsType::a).outcome, model::completed());
}

TEST_F(ResolverTest, SilenceIsATimeout) {
    options.attempt = 20ms;
    auto& server = serve([](const DnsMessage& /*query*/) { return std::optional<DnsMessage>(); });
    EXPECT_EQ(ask("a.example", DnsType::a).outcome, model::not_reached(Reason::dns_timeout));
    EXPECT_EQ(server.queries, 3);
    EXPECT_EQ(ask("a.example", DnsType::a, Deadline::in(-1s)).outcome, model::skipped(Reason::deadline));
    EXPECT_EQ(server.queries, 3);
}

TEST_F(ResolverTest, AnswersThatAreNotOursAreDropped) {
    options.attempt = 50ms;
    int round = 0;
    auto& server = serve([&round](const DnsMessage& query) {
        auto reply = reply_to(query);
        reply.answers = {record_of("a.example", DnsType::a, "192.0.2.66")};
        ++round;
        if (round == 1) {
            reply.id = static_cast<std::uint16_t>(reply.id + 1);
        } else if (round == 2) {
            reply.questions[0].name = "b.example";
        } else {
            reply.answers = {record_of("a.example", DnsType::a, "192.0.2.1")};
        }
        return std::optional(reply);
    });
    const auto answer = ask("a.example", DnsType::a);
    ASSERT_EQ(answer.outcome, model::completed());
    EXPECT_EQ(answer.message.answers[0].text(), "192.0.2.1");
    EXPECT_EQ(server.queries, 3);
}

TEST_F(ResolverTest, TruncatedAnswersAreAskedOverTcp) {
    auto& server = serve([](const DnsMessage& query) {
        auto reply = reply_to(query);
        for (int i = 0; i < 300; ++i) {
            reply.answers.push_back(record_of("big.example", DnsType::txt, std::string(100, 'x')));
        }
        return std::optional(reply);
    });
    const auto answer = ask("big.example", DnsType::txt);
    EXPECT_EQ(answer.outcome, model::completed());
    EXPECT_EQ(answer.message.answers.size(), 300U);
    EXPECT_FALSE(answer.message.is_truncated);
    EXPECT_EQ(server.tcp_queries, 1);
}

TEST_F(ResolverTest, ServersFromBeforeEdnsAreAskedPlainly) {
    auto& server = serve([](const DnsMessage& query) {
        return std::optional(reply_to(query, query.has_edns ? DnsCode::format_error : DnsCode::no_error));
    });
    EXPECT_EQ(ask("a.example", DnsType::a).outcome, model::completed());
    EXPECT_EQ(server.queries, 2);
}

TEST_F(ResolverTest, AnswersAreKeptForTheirTtl) {
    Zone zone;
    zone.add("kept.example", DnsType::a, "192.0.2.1", 300);
    zone.add("fleeting.example", DnsType::a, "192.0.2.1", 0);
    auto& server = serve(zone);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(ask("KEPT.example.", DnsType::a).message.answers.size(), 1U);
    }
    EXPECT_EQ(server.queries, 1);
    ask("fleeting.example", DnsType::a);
    ask("fleeting.example", DnsType::a);
    EXPECT_EQ(server.queries, 3);
}

TEST(DnsCacheTest, TimeToLive) {
    const auto soa = record_of("example", DnsType::soa, "a b 1 2 3 4 30", 40);
    DnsAnswer answer{model::completed(), {}};
    answer.message.answers = {
        record_of("a", DnsType::a, "192.0.2.1", 300), record_of("a", DnsType::a, "192.0.2.2", 20)};
    EXPECT_EQ(dns_time_to_live(answer), 20s);
    answer.message.answers = {record_of("a", DnsType::a, "192.0.2.1", 3000)};
    EXPECT_EQ(dns_time_to_live(answer), 60s);
    answer.message.answers.clear();
    EXPECT_EQ(dns_time_to_live(answer), 0s);
    answer.message.authorities = {soa};
    EXPECT_EQ(dns_time_to_live(answer), 30s);
    answer.outcome = model::not_reached(Reason::dns_nxdomain);
    EXPECT_EQ(dns_time_to_live(answer), 30s);
    answer.outcome = model::not_reached(Reason::dns_servfail);
    EXPECT_EQ(dns_time_to_live(answer), 0s);
}

TEST(DnsCacheTest, StaysBounded) {
    DnsCache cache;
    DnsAnswer answer{model::completed(), {}};
    answer.message.answers = {record_of("a", DnsType::a, "192.0.2.1", 300)};
    for (int i = 0; i < 10001; ++i) {
        const DnsKey key{{std::to_string(i), DnsType::a}, DnsWish::plain};
        cache.keep(key.str(), answer);
    }
    EXPECT_EQ(cache.find({{"0", DnsType::a}, DnsWish::plain}), nullptr);
    EXPECT_NE(cache.find({{"10000", DnsType::a}, DnsWish::plain}), nullptr);
    EXPECT_EQ(cache.find({{"10000", DnsType::a}, DnsWish::dnssec}), nullptr);
}

Task<> resolve_many(
    Runtime& runtime, Resolver& resolver, std::vector<model::NameResolution>& out, bool same_name
) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto name = same_name ? std::string("same.example") : "n" + std::to_string(i) + ".example";
        runtime.spawn("resolve", resolve_into(resolver, name, Deadline::in(60s), out[i]));
    }
    co_return;
}

TEST_F(ResolverTest, OneQuestionUnderWayServesAll) {
    auto& server = serve([](const DnsMessage& query) {
        auto reply = reply_to(query);
        if (query.questions[0].type == DnsType::a) {
            reply.answers = {record_of("same.example", DnsType::a, "192.0.2.1")};
        }
        return std::optional(reply);
    });
    std::vector<model::NameResolution> found(100);
    runtime.run(resolve_many(runtime, resolver(), found, true));
    for (const auto& one : found) {
        EXPECT_EQ(one.addresses.size(), 1U);
    }
    EXPECT_EQ(server.queries, 2);
}

TEST_F(ResolverTest, ThousandsAtOnce) {
    serve([](const DnsMessage& query) {
        auto reply = reply_to(query);
        if (query.questions[0].type == DnsType::a) {
            reply.answers = {record_of(query.questions[0].name, DnsType::a, "192.0.2.1")};
        }
        return std::optional(reply);
    });
    std::vector<model::NameResolution> found(2500);
    runtime.run(resolve_many(runtime, resolver(), found, false));
    std::size_t completed = 0;
    for (const auto& one : found) {
        completed += one.outcome.is_completed() && one.v6_outcome.is_completed() && one.addresses.size() == 1
                         ? 1U
                         : 0U;
    }
    EXPECT_EQ(completed, found.size());
}

Task<> stop_soon(Runtime& runtime, Resolver& resolver, DnsAnswer& out) {
    runtime.spawn("ask", ask_into(resolver, {"a.example", DnsType::a}, Deadline::in(60s), out));
    co_await runtime.sleep_until(Deadline::Clock::now() + 20ms);
    runtime.stop_traffic();
}

TEST_F(ResolverTest, StoppingEndsQuestions) {
    options.attempt = 60s;
    serve([](const DnsMessage& /*query*/) { return std::optional<DnsMessage>(); });
    DnsAnswer out;
    runtime.run(stop_soon(runtime, resolver(), out));
    EXPECT_EQ(out.outcome, model::skipped(Reason::stopped));
    EXPECT_EQ(ask("b.example", DnsType::a).outcome, model::skipped(Reason::stopped));
}

TEST_F(ResolverTest, AnAddressNeedsNoQuestion) {
    serve(Zone());
    const auto found = resolve("192.0.2.9");
    EXPECT_EQ(found.outcome, model::completed());
    ASSERT_EQ(found.addresses.size(), 1U);
    EXPECT_EQ(resolver().query_count(), 0U);
}

TEST_F(ResolverTest, LocalhostIsThisMachineAndNobodyIsAsked) {
    serve(Zone());
    for (const char* name : {"localhost", "a.localhost."}) {
        const auto found = resolve(name);
        ASSERT_EQ(found.addresses.size(), 2U) << name;
        EXPECT_EQ(found.addresses.front(), kLoopback);
    }
    EXPECT_EQ(resolver().query_count(), 0U);
}

TEST(DnsServers, Texts) {
    EXPECT_EQ(parse_dns_server("127.0.0.1").port(), 53);
    EXPECT_EQ(parse_dns_server("127.0.0.1:5353").port(), 5353);
    EXPECT_EQ(parse_dns_server("::1").port(), 53);
    EXPECT_EQ(parse_dns_server("[::1]:5353").port(), 5353);
    EXPECT_TRUE(parse_dns_server("[::1]:5353").address().is_v6());
    for (const auto* bad :
         {"",
          "example.com",
          "127.0.0.1:",
          "127.0.0.1:0",
          "127.0.0.1:99999",
          "127.0.0.1:5x",
          "[::1",
          "[]:1"}) {
        EXPECT_THROW(parse_dns_server(bad), base::Error) << bad;
    }
    const auto servers =
        parse_resolv_conf("# x\nnameserver 192.0.2.1\nnameserverx 9.9.9.9\nnameserver\t2001:db8::1 # "
                          "c\nsearch x\nnameserver bad\n");
    ASSERT_EQ(servers.size(), 2U);
    EXPECT_TRUE(servers[1].address().is_v6());
    EXPECT_EQ(parse_resolv_conf("").at(0).address().to_string(), "127.0.0.1");
}

} // namespace
} // namespace fengsui::net
