#include "base/text.h"
#include "net/service_client.h"
#include "net/service_http.h"
#include "net/service_pass_for_test.h"
#include "net/service_peers_for_test.h"
#include "net/webhook.h"

#include <gtest/gtest.h>

namespace fengsui::net {
namespace {

using namespace std::chrono_literals;

Task<> send_into(
    ServiceClient& client,
    model::ServicePass pass,
    WebhookTarget target,
    WebhookEvent event,
    WebhookOutcome& out
) {
    out = co_await send_webhook(
        client, std::move(pass), std::move(target), std::move(event), Deadline::in(10s)
    );
}

Task<> fetch_into(
    ServiceClient& client, model::ServicePass pass, ServiceRequest request, ServiceAnswer& out
) {
    out = co_await fetch_from_service(client, std::move(pass), std::move(request), Deadline::in(10s));
}

class WebhookTest : public testing::Test {
protected:
    WebhookOutcome send(const std::string& answer, std::uint16_t port = 0) {
        peer.answer = answer;
        port = port == 0 ? peer.port() : port;
        WebhookTarget target{
            model::Url::parse("http://127.0.0.1:" + std::to_string(port) + "/hook?x=1").or_throw(), "key"};
        WebhookEvent event{"case.opened", "d-7", R"({"case":"C1"})", base::Instant(1700000000s)};
        WebhookOutcome outcome;
        auto pass = registry::ServiceScope::pass(model::ServiceKind::webhook, "127.0.0.1", port);
        runtime.run(send_into(client, pass, std::move(target), std::move(event), outcome));
        return outcome;
    }

    Runtime runtime;
    ServiceClient client{runtime, {}};
    test::HttpPeer peer{runtime};
};

TEST_F(WebhookTest, PostsTheEventSigned) {
    EXPECT_EQ(send("HTTP/1.1 204 No Content\r\n\r\n").result, WebhookResult::delivered);
    ASSERT_EQ(peer.requests.size(), 1U);
    const auto& request = peer.requests[0];
    EXPECT_TRUE(request.starts_with("POST /hook?x=1 HTTP/1.1\r\n"));
    EXPECT_TRUE(base::icontains(request, "\r\nX-Fengsui-Event: case.opened\r\n"));
    EXPECT_TRUE(base::icontains(request, "\r\nX-Fengsui-Delivery: d-7\r\n"));
    EXPECT_TRUE(base::icontains(request, "\r\nX-Fengsui-Timestamp: 1700000000\r\n"));
    EXPECT_TRUE(base::icontains(
        request,
        "\r\nX-Fengsui-Signature: " + webhook_signature("key", "1700000000", R"({"case":"C1"})") + "\r\n"
    ));
    EXPECT_TRUE(base::icontains(request, "\r\nContent-Type: application/json\r\nContent-Length: 13\r\n"));
    EXPECT_TRUE(request.ends_with("\r\n\r\n{\"case\":\"C1\"}"));
}

TEST_F(WebhookTest, TheSignatureIsTheHmacOfTimeAndBody) {
    // printf '1700000000.{}' | openssl dgst -sha256 -hmac key
    EXPECT_EQ(
        webhook_signature("key", "1700000000", "{}"),
        "sha256=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
    );
}

TEST_F(WebhookTest, ClassesOfAnswers) {
    EXPECT_EQ(send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").detail, "HTTP 200 ok");
    EXPECT_EQ(send("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n").result, WebhookResult::rejected);
    EXPECT_EQ(send("HTTP/1.1 410 Gone\r\n\r\n").result, WebhookResult::rejected);
    EXPECT_EQ(
        send("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.9/\r\n\r\n").result, WebhookResult::rejected
    );
    EXPECT_EQ(send("HTTP/1.1 408 Timeout\r\n\r\n").result, WebhookResult::temporary);
    EXPECT_EQ(send("HTTP/1.1 500 Oops\r\n\r\n").result, WebhookResult::temporary);
    const auto busy = send("HTTP/1.1 429 Slow\r\nRetry-After: 77\r\n\r\n");
    EXPECT_EQ(busy.result, WebhookResult::temporary);
    EXPECT_EQ(busy.retry_after, 77s);
    EXPECT_FALSE(busy.is_receiver_trouble);
    EXPECT_EQ(peer.requests.size(), 7U) << "the redirect was not followed";
}

TEST_F(WebhookTest, NothingThereOrNoHttpIsTemporary) {
    const auto down = send("", 1);
    EXPECT_EQ(down.result, WebhookResult::temporary);
    EXPECT_TRUE(down.is_receiver_trouble);
    const auto other = send("SSH-2.0-x\r\n");
    EXPECT_EQ(other.result, WebhookResult::temporary);
    EXPECT_FALSE(other.is_receiver_trouble);
}

TEST_F(WebhookTest, HeadersThatBreakTheFramingAreLeftOut) {
    ServiceRequest request;
    request.scheme = model::Scheme::http;
    request.headers = {{"X-A", "1\r\nX-Evil: 2"}, {"Host", "other"}, {"X-B", "3"}};
    ServiceAnswer answer;
    auto pass = registry::ServiceScope::pass(model::ServiceKind::webhook, "127.0.0.1", peer.port());
    runtime.run(fetch_into(client, pass, request, answer));
    EXPECT_EQ(answer.status, 204);
    ASSERT_EQ(peer.requests.size(), 1U);
    EXPECT_TRUE(peer.requests[0].starts_with("GET / HTTP/1.1\r\n"));
    EXPECT_EQ(peer.requests[0].find("Evil"), std::string::npos);
    EXPECT_EQ(peer.requests[0].find("other"), std::string::npos);
    EXPECT_NE(peer.requests[0].find("X-B: 3"), std::string::npos);
    request.path = "/a b\r\nX: y";
    runtime.run(fetch_into(client, pass, request, answer));
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(peer.requests.size(), 1U);
}

TEST_F(WebhookTest, HttpsIsVerified) {
    const auto identity = test::make_identity("IP:127.0.0.1");
    TlsServer server{TlsServer::Settings{}};
    server.add_identity("", identity.certificate_pem, identity.key_pem);
    peer.tls = &server;
    peer.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    ServiceRequest request;
    ServiceAnswer answer;
    auto pass = registry::ServiceScope::pass(model::ServiceKind::webhook, "127.0.0.1", peer.port());
    runtime.run(fetch_into(client, pass, request, answer));
    EXPECT_EQ(answer.status, 0);
    EXPECT_NE(answer.trouble.find("self-signed"), std::string::npos) << answer.trouble;
    EXPECT_TRUE(peer.requests.empty()) << "nothing was said to a stranger";

    const test::TemporaryFile roots(identity.certificate_pem);
    ServiceClient trusting(runtime, roots.path());
    runtime.run(fetch_into(trusting, pass, request, answer));
    EXPECT_EQ(answer.status, 200) << answer.trouble;
}

} // namespace
} // namespace fengsui::net
