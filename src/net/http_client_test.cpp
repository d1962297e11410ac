#include "net/http_client.h"
#include "net/http_exchange.h"
#include "net/listener.h"
#include "net/politeness.h"
#include "net/runtime.h"
#include "net/ticket_for_test.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <array>

namespace fengsui::net {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using model::Reason;

const model::IpAddress kHere = model::IpAddress::v4(0x7f000001);

enum class After { keep, close, abort, hang };

/// What the peer does with one request.
struct Step {
    std::string bytes;
    After after = After::keep;
    bool drip = false; ///< one byte at a time
};

/// A server that follows a script, whatever it is asked.
struct Peer {
    explicit Peer(Runtime& its_runtime)
        : runtime(its_runtime),
          listener(its_runtime, kHere, 0, [this](std::unique_ptr<Connection> connection) {
              ++connections;
              return converse(std::move(connection));
          }) {}

    Task<> converse(std::unique_ptr<Connection> connection) {
        std::string seen;
        std::array<char, 4096> buffer{};
        while (true) {
            const Transfer got = co_await connection->read_some(buffer.data(), buffer.size());
            if (!got.outcome.is_completed() || got.bytes == 0) {
                co_return;
            }
            seen.append(buffer.data(), got.bytes);
            if (!seen.ends_with("\r\n\r\n")) {
                continue;
            }
            requests.push_back(std::exchange(seen, {}));
            if (steps.empty()) {
                co_return;
            }
            const Step step = steps.front();
            steps.erase(steps.begin());
            const bool goes_on = co_await follow(*connection, step);
            if (!goes_on) {
                break;
            }
        }
        if (is_hanging) {
            kept.push_back(std::move(connection));
        }
    }

    Task<bool> follow(Connection& connection, const Step& step) {
        if (step.drip) {
            for (const char c : step.bytes) {
                co_await connection.write(std::string_view(&c, 1));
                co_await runtime.sleep_until(Deadline::Clock::now() + 1ms);
            }
        } else {
            co_await connection.write(step.bytes);
        }
        if (step.after == After::abort) {
            connection.abort();
        }
        is_hanging = step.after == After::hang;
        co_return step.after == After::keep;
    }

    Runtime& runtime;
    std::vector<Step> steps;
    std::vector<std::string> requests;
    std::vector<std::unique_ptr<Connection>> kept;
    int connections = 0;
    bool is_hanging = false;
    TcpListener listener;
};

Task<> fetch_into(HttpSession& session, HttpRequest request, Deadline deadline, model::HttpExchange& out) {
    out = co_await session.fetch(std::move(request), deadline);
}

class HttpClientTest : public testing::Test {
public:
    ~HttpClientTest() override {
        session_.reset();
        peer.kept.clear();
        while (runtime.task_count() > 0) {
            runtime.io().restart();
            runtime.io().run_one();
        }
    }

protected:
    /// Not Runtime::run: that would wait for the peer, whose connections stay open between requests.
    void run(Task<> task) {
        bool is_done = false;
        boost::asio::co_spawn(runtime.io(), std::move(task), [&is_done](const std::exception_ptr& failure) {
            EXPECT_EQ(failure, nullptr);
            is_done = true;
        });
        while (!is_done) {
            runtime.io().restart();
            runtime.io().run_one();
        }
    }

    HttpSession& session() {
        if (!session_) {
            const HttpClientOptions options{"Fengsui/test", 2000ms, exchange_timeout};
            session_ = std::make_unique<HttpSession>(
                runtime,
                politeness,
                options,
                authority.ticket(kHere),
                model::Scheme::http,
                "127.0.0.1",
                port == 0 ? peer.listener.port() : port
            );
        }
        return *session_;
    }
    HttpRequest request(const std::string& path = "/", HttpMethod method = HttpMethod::get) {
        HttpRequest made;
        made.method = method;
        made.url =
            model::Url::parse("http://127.0.0.1:" + std::to_string(peer.listener.port()) + path).or_throw();
        made.limits = limits;
        return made;
    }
    model::HttpExchange fetch(HttpRequest what, Deadline deadline = Deadline::in(30s)) {
        model::HttpExchange out;
        run(fetch_into(session(), std::move(what), deadline, out));
        return out;
    }
    model::HttpExchange answer_to(Step step) {
        peer.steps = {std::move(step)};
        return fetch(request());
    }

    Runtime runtime;
    Politeness politeness{runtime, {.requests_per_second = 1e6, .connections = 100}};
    registry::ScopeAuthority authority;
    HttpLimits limits;
    std::chrono::milliseconds exchange_timeout = 10s;
    std::uint16_t port = 0;
    Peer peer{runtime};

private:
    std::unique_ptr<HttpSession> session_;
};

TEST_F(HttpClientTest, RequestAndAnswer) {
    peer.steps = {
        {"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gb2312\r\nContent-Length: 5\r\n\r\nhello"}};
    auto what = request("/a?b=1");
    what.extra = {
        {"Accept", "text/html"},
        {"X-Test", "1"},
        {"Host", "evil"},
        {"X-Bad", "a\r\nInjected: 1"},
        {"Content-Length", "5"},
        {"Bad Name", "x"}};
    const auto exchange = fetch(std::move(what));
    EXPECT_EQ(exchange.outcome, model::completed());
    EXPECT_EQ(exchange.status, 200);
    EXPECT_EQ(exchange.body, "hello");
    EXPECT_TRUE(exchange.body_complete);
    EXPECT_EQ(exchange.charset, "gbk");
    EXPECT_EQ(exchange.address, kHere);
    EXPECT_EQ(exchange.method, "GET");
    ASSERT_EQ(peer.requests.size(), 1U);
    EXPECT_EQ(
        peer.requests[0],
        "GET /a?b=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(peer.listener.port())
            + "\r\nUser-Agent: Fengsui/test\r\nAccept-Encoding: gzip, deflate, br\r\nAccept: "
              "text/html\r\nX-Test: 1\r\n"
              "Connection: keep-alive\r\n\r\n"
    );
    EXPECT_EQ(session().bytes(), 84U);
    EXPECT_FALSE(session().tls().has_value());
}

TEST_F(HttpClientTest, KeepAliveAcrossAllFramings) {
    peer.steps = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n"},
        {"HTTP/1.1 204 No\r\n\r\n"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\nHTTP/1.0 200 OK\r\nConnection: "
         "Keep-Alive\r\nContent-Length: 1\r\n\r\nc"}};
    EXPECT_EQ(fetch(request()).body, "a");
    EXPECT_EQ(fetch(request()).body, "b");
    EXPECT_EQ(fetch(request()).status, 204);
    EXPECT_EQ(fetch(request("/", HttpMethod::head)).body, "");
    EXPECT_EQ(fetch(request()).body, "c");
    EXPECT_EQ(peer.connections, 1);
    EXPECT_TRUE(peer.requests[3].starts_with("HEAD / HTTP/1.1\r\n"));
    EXPECT_EQ(politeness.request_count(), 5U);
}

TEST_F(HttpClientTest, ConnectionsThatCannotGoOnAreReplaced) {
    peer.steps = {
        {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nbEXCESS"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\nHTTP/1.1 200 "
         "Smuggled\r\n\r\n"},
        {"HTTP/1.1 200 OK\r\n\r\nuntil close", After::close},
        {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\ne"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nf"}};
    for (const auto* body : {"a", "b", "c", "until close", "e", "f"}) {
        const auto exchange = fetch(request());
        EXPECT_EQ(exchange.body, body);
        EXPECT_TRUE(exchange.body_complete);
    }
    EXPECT_EQ(peer.connections, 6);
}

TEST_F(HttpClientTest, AStaleKeptConnectionIsReplacedSilently) {
    peer.steps = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", After::close},
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb"}};
    EXPECT_EQ(fetch(request()).body, "a");
    EXPECT_EQ(fetch(request()).body, "b");
    EXPECT_EQ(peer.connections, 2);
    EXPECT_EQ(peer.requests.size(), 2U);
}

TEST_F(HttpClientTest, AnswersThatAreNone) {
    EXPECT_EQ(answer_to({"", After::close}).outcome, model::not_reached(Reason::reset));
    EXPECT_EQ(answer_to({"", After::abort}).outcome, model::not_reached(Reason::reset));
    EXPECT_EQ(
        answer_to({"HTTP/1.1 200 OK\r\nA: b\r\n", After::close}).outcome,
        model::not_reached(Reason::http_invalid)
    );
    EXPECT_EQ(answer_to({"<html>hello", After::hang}).outcome, model::not_reached(Reason::http_invalid));
    EXPECT_EQ(answer_to({"SSH-2.0-x\r\n", After::hang}).outcome, model::not_reached(Reason::http_invalid));
    EXPECT_EQ(
        answer_to({"HTTP/1.1 999999 x\r\n", After::hang}).outcome, model::not_reached(Reason::http_invalid)
    );
    std::string interim;
    for (int i = 0; i < 6; ++i) {
        interim += "HTTP/1.1 102 Wait\r\n\r\n";
    }
    EXPECT_EQ(
        answer_to({interim + "HTTP/1.1 200 OK\r\n\r\n", After::close}).outcome,
        model::not_reached(Reason::http_invalid)
    );
    EXPECT_EQ(
        answer_to({"HTTP/1.1 200 OK\r\nA: " + std::string(3 << 20, 'x'), After::hang}).outcome,
        model::not_reached(Reason::http_invalid)
    );
    for (const auto& sent : peer.requests) {
        EXPECT_TRUE(sent.starts_with("GET / "));
    }
    EXPECT_EQ(peer.requests.size(), 8U);
}

TEST_F(HttpClientTest, BodiesThatAreCut) {
    const auto short_body = answer_to({"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", After::close});
    EXPECT_EQ(short_body.outcome, model::completed());
    EXPECT_EQ(short_body.body, "half");
    EXPECT_FALSE(short_body.body_complete);
    const auto no_last_chunk =
        answer_to({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", After::close});
    EXPECT_EQ(no_last_chunk.body, "half");
    EXPECT_FALSE(no_last_chunk.body_complete);
    const auto bad_chunk =
        answer_to({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n", After::hang});
    EXPECT_EQ(bad_chunk.body, "half");
    EXPECT_FALSE(bad_chunk.body_complete);
    const auto not_gzip =
        answer_to({"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain"});
    EXPECT_EQ(not_gzip.body, "plain");
    EXPECT_FALSE(not_gzip.body_complete);
}

TEST_F(HttpClientTest, BodiesStopAtTheLimit) {
    limits.body = 1000;
    const auto large = answer_to(
        {"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + std::string(3000000, 'x'), After::hang}
    );
    EXPECT_EQ(large.body.size(), 1000U);
    EXPECT_FALSE(large.body_complete);
    EXPECT_LT(session().bytes(), 2000000U);
    const auto endless = answer_to({"HTTP/1.1 200 OK\r\n\r\n" + std::string(50000, 'x'), After::hang});
    EXPECT_EQ(endless.body.size(), 1000U);
    const auto exact =
        answer_to({"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x')});
    EXPECT_EQ(exact.body.size(), 1000U);
    EXPECT_TRUE(exact.body_complete);
}

TEST_F(HttpClientTest, DripsAreReadUntilTheDeadline) {
    const auto dripped = answer_to({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", After::keep, true});
    EXPECT_EQ(dripped.body, "hello");
    EXPECT_TRUE(dripped.body_complete);
}

TEST_F(HttpClientTest, SilenceIsATimeout) {
    exchange_timeout = 50ms;
    EXPECT_EQ(answer_to({"", After::hang}).outcome, model::not_reached(Reason::timeout));
    EXPECT_EQ(answer_to({"HTTP/1.1 200", After::hang}).outcome, model::not_reached(Reason::timeout));
    const auto in_body = answer_to({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", After::hang});
    EXPECT_EQ(in_body.outcome, model::completed());
    EXPECT_EQ(in_body.body, "he");
    EXPECT_FALSE(in_body.body_complete);
}

TEST_F(HttpClientTest, RefusedConnections) {
    {
        TcpListener gone(runtime, kHere, 0, {});
        port = gone.port();
    }
    EXPECT_EQ(fetch(request()).outcome, model::not_reached(Reason::refused));
}

TEST_F(HttpClientTest, Redirects) {
    const auto moved = answer_to({"HTTP/1.1 301 Moved\r\nLocation: ../x?y#z\r\nContent-Length: 0\r\n\r\n"});
    ASSERT_TRUE(moved.redirect.has_value());
    EXPECT_EQ(moved.redirect->path, "/x");
    EXPECT_EQ(moved.redirect->query, "y");
    EXPECT_FALSE(answer_to({"HTTP/1.1 301 Moved\r\nLocation: ftp://x/\r\nContent-Length: 0\r\n\r\n"})
                     .redirect.has_value());
    EXPECT_FALSE(
        answer_to({"HTTP/1.1 200 OK\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"}).redirect.has_value()
    );
}

TEST_F(HttpClientTest, OverloadIsObeyed) {
    peer.steps = {
        {"HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"}};
    EXPECT_EQ(fetch(request()).body, "a");
    EXPECT_EQ(peer.requests.size(), 2U);
}

TEST_F(HttpClientTest, TooLongAWaitIsRateLimited) {
    const auto limited = answer_to({"HTTP/1.1 429 Slow\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"});
    EXPECT_EQ(limited.outcome, model::not_reached(Reason::rate_limited));
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(
        fetch(request(), Deadline::in(1s)).outcome, model::not_reached(Reason::rate_limited)
    ); // nothing is asked
    EXPECT_EQ(peer.requests.size(), 1U);
}

TEST_F(HttpClientTest, UnavailableIsAnAnswer) {
    peer.steps = {
        {"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 1\r\n\r\na"},
        {"HTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\nb"}};
    const auto unavailable = fetch(request());
    EXPECT_EQ(unavailable.outcome, model::completed());
    EXPECT_EQ(unavailable.status, 503);
    EXPECT_EQ(unavailable.body, "b");
    EXPECT_EQ(peer.requests.size(), 2U);
}

TEST_F(HttpClientTest, TheLedgerIsAskedBeforeEachRequest) {
    EXPECT_EQ(answer_to({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}).outcome, model::completed());
    authority.revoke(Reason::not_authorised);
    EXPECT_EQ(fetch(request()).outcome, model::refused(Reason::not_authorised));
    EXPECT_EQ(peer.requests.size(), 1U);
}

Task<> stop_soon(Runtime& runtime) {
    co_await runtime.sleep_until(Deadline::Clock::now() + 20ms);
    runtime.stop_traffic();
}

TEST_F(HttpClientTest, StoppingEndsExchanges) {
    peer.steps = {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", After::hang}};
    runtime.spawn("stop", stop_soon(runtime));
    const auto out = fetch(request());
    EXPECT_EQ(out.outcome, model::skipped(Reason::stopped));
    EXPECT_EQ(fetch(request()).outcome, model::skipped(Reason::stopped));
    EXPECT_EQ(peer.requests.size(), 1U);
}

TEST(RetryAfter, Texts) {
    const auto now = base::parse_rfc3339("2026-11-24T08:00:00Z").or_throw();
    const auto parse = [now](const std::string& text) {
        return parse_retry_after(&text, now);
    };
    EXPECT_EQ(parse("5"), 5s);
    EXPECT_EQ(parse(" 0 "), 0s);
    EXPECT_EQ(parse("Tue, 24 Nov 2026 08:01:00 GMT"), 60s);
    EXPECT_EQ(parse("Tue, 24 Nov 2026 07:00:00 GMT"), 0s);
    for (const auto* bad : {"", "-1", "soon", "5s", "99999999999999"}) {
        EXPECT_EQ(parse(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(parse_retry_after(nullptr, now), std::nullopt);
}

} // namespace
} // namespace fengsui::net
