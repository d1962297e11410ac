#include "base/error.h"
#include "net/http_server.h"
#include "net/http_target.h"
#include "net/runtime.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <sys/socket.h>

namespace fengsui::net {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

const model::IpAddress kLoop = model::IpAddress::v4(0x7f000001);

/// A blocking client; every wait ends after ten seconds.
class Client {
public:
    explicit Client(std::uint16_t port) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
        const timeval limit{10, 0};
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    void send(std::string_view bytes) {
        boost::system::error_code ignored; // the server may have refused already
        boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()), ignored);
    }
    void end_sending() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }
    /// Everything until the server closes.
    std::string read_all() {
        std::string text;
        char buffer[4096];
        while (true) {
            const auto count = ::recv(socket_.native_handle(), buffer, sizeof buffer, 0);
            if (count <= 0) {
                return text;
            }
            text.append(buffer, static_cast<std::size_t>(count));
        }
    }
    /// At least until `mark` has come.
    std::string read_until(std::string_view mark) {
        std::string text;
        char c = 0;
        while (text.find(mark) == std::string::npos && ::recv(socket_.native_handle(), &c, 1, 0) == 1) {
            text += c;
        }
        return text;
    }

private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_{io_};
};

Task<> stream_three(ResponseStream& stream) {
    for (const auto* piece : {"one\n", "", "two\n", "three\n"}) {
        const bool goes_on = co_await stream.write(piece);
        if (!goes_on) {
            co_return;
        }
    }
}

Task<> stream_and_throw(ResponseStream& stream) {
    co_await stream.write("half");
    throw base::Error(base::ErrorCode::io, "as planned");
}

std::string describe(const ServerRequest& request) {
    std::string text = request.method + " " + request.path + "\n";
    for (const auto& [name, value] : request.query) {
        text.append(name).append("=").append(value).append("\n");
    }
    return text + "[" + request.body + "]";
}

Task<ServerResponse> answer(ServerRequest request) {
    if (request.path == "/throw") {
        throw base::Error(base::ErrorCode::internal, "as planned");
    }
    ServerResponse response;
    response.headers = {{"Content-Type", "text/plain"}, {"Content-Length", "999"}};
    if (request.path == "/injected") {
        response.headers.push_back({"X-Bad", "a\r\nX-Injected: 1"});
    } else if (request.path == "/stream") {
        response.stream = stream_three;
    } else if (request.path == "/broken-stream") {
        response.stream = stream_and_throw;
    } else if (request.path == "/empty") {
        response.status = 204;
    } else if (request.path == "/large") {
        response.body.assign(3000000, 'x');
    } else {
        response.body = describe(request);
    }
    co_return response;
}

std::string problem_text(int status) {
    return "{\"status\":" + std::to_string(status) + "}";
}

class HttpServerTest : public testing::Test {
protected:
    /// Runs the blocking `client` beside the server, then stops the server.
    void run(std::function<void(std::uint16_t port)> client) {
        HttpServer server(runtime, kLoop, 0, options, answer, problem_text);
        runtime.run(drive(server, std::move(client)));
    }
    /// What comes back until the server closes.
    std::string talk(const std::string& bytes) {
        std::string text;
        run([&](std::uint16_t port) {
            Client client(port);
            client.send(bytes);
            text = client.read_all();
        });
        return text;
    }
    int status_of(const std::string& bytes) {
        std::string text;
        run([&](std::uint16_t port) {
            Client client(port);
            client.send(bytes);
            client.end_sending(); // so that the server need not wait for more before it closes
            text = client.read_all();
        });
        return text.starts_with("HTTP/1.1 ") ? std::stoi(text.substr(9, 3)) : 0;
    }

    Runtime runtime;
    HttpServerOptions options;

private:
    Task<> drive(HttpServer& server, std::function<void(std::uint16_t port)> client) {
        const auto port = server.port();
        std::function<void()> work = [&client, port] {
            client(port);
        };
        co_await runtime.offload(std::move(work));
        server.stop();
    }
};

TEST_F(HttpServerTest, AnswersARequest) {
    const auto text =
        talk("GET /a%20b/%E7%83%BD?x=1&y=a+b%26&z HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: ")) << text;
    EXPECT_TRUE(text.ends_with("GET /a b/\xE7\x83\xBD\nx=1\ny=a b&\nz=\n[]")) << text;
    EXPECT_NE(text.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_EQ(text.find("999"), std::string::npos);
    const auto injected = talk("GET /injected HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(injected.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(injected.find("Injected"), std::string::npos);
}

TEST_F(HttpServerTest, KeepAliveAndPipelining) {
    const auto text = talk(
        "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc\r\n"
        "POST /3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
        "chunked\r\n\r\n2;x=y\r\nde\r\n1\r\nf\r\n0\r\nX-Trailer: 1\r\n\r\n"
        "HEAD /4 HTTP/1.1\r\nHost: h\r\n\r\nGET /empty HTTP/1.1\r\nHost: h\r\n\r\nGET /5 HTTP/1.0\r\n\r\n"
    );
    const auto one = text.find("GET /1\n[]");
    const auto two = text.find("POST /2\n[abc]");
    const auto three = text.find("POST /3\n[def]");
    const auto five = text.find("GET /5\n[]");
    EXPECT_LT(one, two) << text;
    EXPECT_LT(two, three);
    EXPECT_LT(three, five);
    EXPECT_NE(five, std::string::npos);
    EXPECT_EQ(text.find("GET /4"), std::string::npos);
    EXPECT_NE(text.find("HTTP/1.1 204 No Content\r\n"), std::string::npos);
}

TEST_F(HttpServerTest, HeadGivesTheLengthWithoutTheBody) {
    const auto text = talk("HEAD /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_NE(text.find("Content-Length: 3000000\r\n"), std::string::npos);
    EXPECT_TRUE(text.ends_with("\r\n\r\n"));
    EXPECT_FALSE(talk("HEAD /stream HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").ends_with("0\r\n\r\n")
    );
}

TEST_F(HttpServerTest, LargeBodiesArriveWhole) {
    const auto text = talk("GET /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(text.size() - text.find("\r\n\r\n") - 4, 3000000U);
}

TEST_F(HttpServerTest, OldClientsAreClosedUnlessTheyAsk) {
    EXPECT_NE(talk("GET / HTTP/1.0\r\n\r\n").find("Connection: close\r\n"), std::string::npos);
    const auto text = talk("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n");
    EXPECT_NE(text.find("Connection: keep-alive\r\n"), std::string::npos);
    EXPECT_NE(text.find("GET /2\n"), std::string::npos);
}

TEST_F(HttpServerTest, Streams) {
    const auto text = talk(
        "GET /stream HTTP/1.1\r\nHost: h\r\n\r\nGET /after HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    );
    EXPECT_NE(text.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_NE(
        text.find("\r\n\r\n4\r\none\n\r\n4\r\ntwo\n\r\n6\r\nthree\n\r\n0\r\n\r\nHTTP/1.1 200 OK"),
        std::string::npos
    ) << text;
    EXPECT_TRUE(talk("GET /stream HTTP/1.0\r\n\r\n").ends_with("\r\n\r\none\ntwo\nthree\n"));
    EXPECT_TRUE(talk("GET /broken-stream HTTP/1.1\r\nHost: h\r\n\r\n").ends_with("4\r\nhalf\r\n"));
}

TEST_F(HttpServerTest, ExceptionsBecome500) {
    const auto text = talk(
        "GET /throw HTTP/1.1\r\nHost: h\r\n\r\nGET /after HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    );
    EXPECT_TRUE(
        text.starts_with("HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/problem+json\r\n")
    ) << text;
    EXPECT_NE(text.find("{\"status\":500}"), std::string::npos);
    EXPECT_NE(text.find("GET /after"), std::string::npos);
}

TEST_F(HttpServerTest, RefusesWhatCouldBeReadInTwoWays) {
    const std::string cases[] = {
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
    };
    for (const auto& bytes : cases) {
        EXPECT_EQ(status_of(bytes), 400) << bytes;
    }
}

TEST_F(HttpServerTest, RefusesWhatItCannotRead) {
    const std::string tail = " HTTP/1.1\r\nHost: h\r\n\r\n";
    for (const auto& bytes :
         {"garbage\r\n\r\n"s,
          "GET /%zz" + tail,
          "GET /%0" + tail,
          "GET /%00" + tail,
          "GET /?a=%00" + tail,
          "GET /%ff" + tail,
          "GET /?%c0%af" + tail,
          "GET foo" + tail,
          "GET / HTTP/9.1\r\nHost: h\r\n\r\n"s,
          "GET / HTTP/1.1\nHost: h\n\n"s,
          "GET /\0"s + tail,
          "GET / HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\n"s,
          "GET / HTTP/1.1\r\nHost: h\r\nA: \x01\r\n\r\n"s}) {
        EXPECT_EQ(status_of(bytes), 400) << bytes;
    }
    const auto text = talk("garbage\r\n\r\n");
    EXPECT_NE(text.find("Content-Type: application/problem+json\r\n"), std::string::npos);
    EXPECT_TRUE(text.ends_with("{\"status\":400}"));
}

TEST_F(HttpServerTest, Limits) {
    options.max_body = 1000;
    const auto post = [](const std::string& length) {
        return "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n";
    };
    EXPECT_EQ(status_of(post("1000") + std::string(1000, 'x')), 200);
    EXPECT_EQ(status_of(post("1001") + std::string(1001, 'x')), 413);
    EXPECT_EQ(status_of(post("99999999999999")), 413);
    std::string chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 20; ++i) {
        chunked += "64\r\n" + std::string(100, 'x') + "\r\n";
    }
    EXPECT_EQ(status_of(chunked + "0\r\n\r\n"), 413);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(33000, 'x') + "\r\n\r\n"), 431);
    EXPECT_EQ(status_of("GET /" + std::string(40000, 'x')), 431);
    EXPECT_EQ(
        status_of(
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nA: " + std::string(30000, 'x') + "\r\n\r\n"
        ),
        200
    );
}

TEST_F(HttpServerTest, ManySmallFieldsAreAHeadToo) {
    std::string head = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 0; i < 9000; ++i) {
        head += "a: b\r\n";
    }
    EXPECT_EQ(status_of(head + "\r\n"), 431);
}

TEST_F(HttpServerTest, StoppingClosesHalfReadRequests) {
    // Would hang for the head's and the body's timeout if they were waited for.
    options.head_timeout = 60s;
    options.body_timeout = 60s;
    std::unique_ptr<Client> head;
    std::unique_ptr<Client> body;
    run([&](std::uint16_t port) {
        head = std::make_unique<Client>(port);
        head->send("GET / HT");
        body = std::make_unique<Client>(port);
        body->send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
        body->read_until("100 Continue");
    });
    EXPECT_EQ(head->read_all(), "");
    EXPECT_EQ(body->read_all().find("200"), std::string::npos);
}

TEST_F(HttpServerTest, SlowClientsAreDropped) {
    options.head_timeout = 1s;
    options.body_timeout = 1s;
    EXPECT_EQ(talk("GET / HTTP/1.1\r\nHo"), "");
    EXPECT_EQ(talk("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"), "");
}

TEST_F(HttpServerTest, ExpectContinue) {
    run([](std::uint16_t port) {
        Client client(port);
        client.send("POST /e HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: "
                    "100-continue\r\nContent-Length: 3\r\n\r\n");
        EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
        client.send("abc");
        EXPECT_TRUE(client.read_all().ends_with("[abc]"));
    });
}

TEST_F(HttpServerTest, TooManyConnectionsAreTold) {
    options.max_connections = 1;
    run([](std::uint16_t port) {
        Client first(port);
        first.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
        first.read_until("GET /1\n[]");
        Client second(port);
        second.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
        EXPECT_TRUE(second.read_all().starts_with("HTTP/1.1 503 "));
    });
}

TEST_F(HttpServerTest, StoppingClosesIdleConnections) {
    // Would hang for the idle timeout of a minute if they stayed open.
    std::unique_ptr<Client> client;
    run([&client](std::uint16_t port) {
        client = std::make_unique<Client>(port);
        client->send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
        client->read_until("GET /1\n[]");
    });
    EXPECT_EQ(client->read_all(), "");
}

TEST(HttpTargetTest, Forms) {
    HttpTarget target;
    EXPECT_TRUE(decode_target("http://host:80/a?b=c", target));
    EXPECT_EQ(target.path, "/a");
    ASSERT_EQ(target.query.size(), 1U);
    for (const auto* text : {"http://host", "https://host?x", "*", "", "/%2e%2e/%2F"}) {
        HttpTarget other;
        EXPECT_TRUE(decode_target(text, other)) << text;
        EXPECT_FALSE(other.path.empty());
    }
    for (const auto* text : {"%", "/%", "/%1", "/%1g", "a/b", "/?%", "/?a=%e7%83"}) {
        HttpTarget other;
        EXPECT_FALSE(decode_target(text, other)) << text;
    }
}

} // namespace
} // namespace fengsui::net
