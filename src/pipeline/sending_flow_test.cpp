#include "base/error.h"
#include "base/text.h"
#include "net/runtime.h"
#include "net/service_client.h"
#include "net/service_peers_for_test.h"
#include "pipeline/sending_flow.h"
#include "registry/service_scope.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <mutex>

namespace fengsui::pipeline {
namespace {

using namespace std::chrono_literals;
using base::Json;
using Kind = DeliveryResult::Kind;
using model::ServiceKind;

const base::Instant kNow = base::parse_rfc3339("2026-11-24T08:00:00Z").or_throw();

/// What the store would be: rows, their states, one lock.
class Table {
public:
    struct Row {
        Delivery delivery;
        base::Instant next = kNow;
        bool is_waiting = true;
        std::vector<DeliveryResult> results;
    };

    void add(Delivery delivery) {
        const std::lock_guard lock(mutex_);
        rows_.push_back({std::move(delivery), kNow, true, {}});
    }
    std::vector<Delivery> take_due(base::Instant now, std::size_t limit) {
        const std::lock_guard lock(mutex_);
        ++looks;
        std::vector<Delivery> due;
        for (const auto& row : rows_) {
            if (row.is_waiting && row.next <= now && due.size() < limit) {
                due.push_back(row.delivery);
            }
        }
        return due;
    }
    void settle(const std::string& id, const DeliveryResult& result) {
        const std::lock_guard lock(mutex_);
        if (settle_failures > 0) {
            --settle_failures;
            throw base::Error(base::ErrorCode::io, "the disk is full");
        }
        for (auto& row : rows_) {
            if (row.delivery.id == id) {
                ++row.delivery.tries;
                row.is_waiting = result.kind == Kind::failed_for_now;
                row.next = result.next_try.value_or(kNow);
                row.results.push_back(result);
            }
        }
        ++settled;
    }
    Row row(const std::string& id) {
        const std::lock_guard lock(mutex_);
        for (const auto& row : rows_) {
            if (row.delivery.id == id) {
                return row;
            }
        }
        return {};
    }

    std::atomic<int> settled = 0;
    std::atomic<int> looks = 0;
    std::atomic<int> settle_failures = 0;

private:
    std::mutex mutex_;
    std::vector<Row> rows_;
};

Delivery mail(const std::string& id, int tries = 0) {
    return {
        id,
        "mail",
        "contact@school.example",
        Json::object({{"subject", "Notice"}, {"text", "Please look."}, {"language", "en"}}),
        tries};
}

Delivery event(const std::string& id, int tries = 0) {
    return {id, "webhook", "desk", Json::object({{"event", "case.opened"}, {"case", "C1"}}), tries};
}

class SendingFlowTest : public testing::Test {
protected:
    SendingFlowTest() {
        options.mail =
            MailChannel{{net::SmtpSecurity::none, "", "", "us.test"}, "office@example.org", nullptr};
        options.poll = 5ms;
        options.clock = [this] {
            return now;
        };
    }

    std::uint16_t relay_port() { return is_down ? 1 : relay.port(); }

    /// Runs until so many results were settled.
    void run_until(int settled) {
        const registry::ServiceScope scope(
            {{ServiceKind::mail_relay, "", "127.0.0.1", relay_port()},
             {ServiceKind::webhook, "desk", "127.0.0.1", hook.port()}}
        );
        options.webhooks = {
            {"desk",
             {model::Url::parse("http://127.0.0.1:" + std::to_string(hook.port()) + "/in").or_throw(),
              "key"}}};
        net::ServiceClient client(runtime, {});
        SendingFlow flow(
            client,
            scope,
            options,
            {[this](base::Instant at, std::size_t limit) { return table.take_due(at, limit); },
             [this](const std::string& id, const DeliveryResult& result) {
                 table.settle(id, result);
             }}
        );
        runtime.spawn("watch", watch(flow, settled));
        runtime.run(flow.run());
        EXPECT_EQ(flow.under_way(), 0U);
    }
    net::Task<> watch(SendingFlow& flow, int settled) {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (table.settled < settled && std::chrono::steady_clock::now() < end) {
            co_await runtime.sleep_until(std::chrono::steady_clock::now() + 2ms);
        }
        flow.end();
    }
    DeliveryResult last(const std::string& id) {
        const auto row = table.row(id);
        return row.results.empty() ? DeliveryResult{Kind::failed, "never settled", {}} : row.results.back();
    }

    net::Runtime runtime;
    net::test::SmtpPeer relay{runtime};
    net::test::HttpPeer hook{runtime};
    Table table;
    SendingOptions options;
    base::Instant now = kNow;
    bool is_down = false;
};

TEST_F(SendingFlowTest, DeliversMailAndWebhook) {
    table.add(mail("m1"));
    table.add(event("w1"));
    run_until(2);
    EXPECT_EQ(last("m1").kind, Kind::delivered);
    EXPECT_EQ(last("m1").detail, "250 2.0.0 Ok: queued as Q1");
    EXPECT_EQ(last("w1").kind, Kind::delivered);
    ASSERT_EQ(relay.mails.size(), 1U);
    EXPECT_NE(relay.mails[0].find("Message-ID: <m1@example.org>\r\n"), std::string::npos);
    EXPECT_NE(relay.mails[0].find("Subject: Notice\r\n"), std::string::npos);
    ASSERT_EQ(hook.requests.size(), 1U);
    EXPECT_NE(hook.requests[0].find("X-Fengsui-Delivery: w1\r\n"), std::string::npos);
    EXPECT_NE(hook.requests[0].find("X-Fengsui-Event: case.opened\r\n"), std::string::npos);
}

TEST_F(SendingFlowTest, ManyAreAllDeliveredOnce) {
    for (int i = 0; i < 300; ++i) {
        table.add(mail("m" + std::to_string(i)));
    }
    run_until(300);
    EXPECT_EQ(relay.mails.size(), 300U);
}

TEST_F(SendingFlowTest, ARelayThatIsDownLosesNothingAndIsAskedOnce) {
    is_down = true;
    for (int i = 0; i < 5; ++i) {
        table.add(mail("m" + std::to_string(i), i));
    }
    run_until(5);
    for (int i = 0; i < 5; ++i) {
        const auto row = table.row("m" + std::to_string(i));
        ASSERT_EQ(row.results.size(), 1U);
        EXPECT_EQ(row.results[0].kind, Kind::failed_for_now);
        EXPECT_NE(row.results[0].detail.find("connection refused"), std::string::npos);
        const auto wait = *row.results[0].next_try - kNow;
        EXPECT_GE(wait, (1 << i) * 54s) << "a minute, doubled for each try, less a tenth";
        EXPECT_LE(wait, (1 << i) * 66s);
    }
    is_down = false;
    now = kNow + 1h;
    run_until(10);
    EXPECT_EQ(relay.mails.size(), 5U) << "once it is up again, all arrive";
}

TEST_F(SendingFlowTest, ARejectedMailIsADeadLetterAtOnce) {
    relay.replies["RCPT"] = "550 5.1.1 no such user\r\n";
    table.add(mail("m1"));
    run_until(1);
    EXPECT_EQ(last("m1").kind, Kind::failed);
    EXPECT_EQ(last("m1").detail, "RCPT TO: 550 5.1.1 no such user");
}

TEST_F(SendingFlowTest, TheLastTryEndsAsADeadLetter) {
    relay.replies["RCPT"] = "450 4.2.0 later\r\n";
    table.add(mail("m1", 10));
    table.add(mail("m2", 11));
    run_until(2);
    EXPECT_EQ(last("m1").kind, Kind::failed_for_now);
    EXPECT_EQ(last("m2").kind, Kind::failed);
    EXPECT_EQ(last("m2").detail, "given up after 12 tries: RCPT TO: 450 4.2.0 later");
}

TEST_F(SendingFlowTest, ASlowRelayHoldsUpNobodyElse) {
    relay.replies["banner"] = net::test::kSilence;
    options.mail_deadline = 10s;
    for (int i = 0; i < 10; ++i) {
        table.add(mail("m" + std::to_string(i)));
    }
    table.add(event("w1"));
    run_until(1);
    EXPECT_EQ(last("w1").kind, Kind::delivered);
    EXPECT_EQ(relay.connections, 2) << "two at once to one relay";
    EXPECT_TRUE(table.row("m0").results.empty()) << "what was broken off by the end is no try";
    EXPECT_TRUE(table.row("m0").is_waiting);
}

TEST_F(SendingFlowTest, SilenceEndsAtTheDeadlineAsATry) {
    relay.replies["DATA"] = net::test::kSilence;
    options.mail_deadline = 50ms;
    table.add(mail("m1"));
    run_until(1);
    EXPECT_EQ(last("m1").kind, Kind::failed_for_now);
}

TEST_F(SendingFlowTest, ADropInTheMiddleConcernsThatMailOnly) {
    relay.drop_after_bytes = 10;
    options.per_lane = 1;
    table.add(mail("m1"));
    table.add(mail("m2"));
    run_until(2);
    EXPECT_EQ(last("m1").kind, Kind::failed_for_now);
    EXPECT_EQ(relay.connections, 2) << "the second mail was tried";
}

TEST_F(SendingFlowTest, RetryAfterIsHeeded) {
    hook.answer = "HTTP/1.1 503 Busy\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\r\n";
    table.add(event("w1"));
    run_until(1);
    EXPECT_EQ(last("w1").kind, Kind::failed_for_now);
    EXPECT_EQ(*last("w1").next_try - kNow, 2h);
    hook.answer = "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n";
    now = kNow + 3h;
    run_until(2);
    EXPECT_EQ(last("w1").kind, Kind::failed);
}

TEST_F(SendingFlowTest, AResultThatCannotBeStoredIsStoredLaterAndNotSentAgain) {
    table.settle_failures = 3;
    table.add(mail("m1"));
    run_until(1);
    EXPECT_EQ(last("m1").kind, Kind::delivered);
    EXPECT_EQ(relay.mails.size(), 1U);
}

TEST_F(SendingFlowTest, WhatCannotBeSentAtAllIsADeadLetter) {
    auto bad = mail("m1");
    bad.to = "no address";
    table.add(bad);
    auto stranger = event("w1");
    stranger.to = "unknown";
    table.add(stranger);
    auto odd = event("x1");
    odd.channel = "pigeon";
    table.add(odd);
    auto broken = mail("m2");
    broken.payload.set("attachments", Json::array({Json::object({{"name", "a"}, {"content", "***"}})}));
    table.add(broken);
    run_until(4);
    for (const auto* id : {"m1", "w1", "x1", "m2"}) {
        EXPECT_EQ(last(id).kind, Kind::failed) << id;
    }
    EXPECT_TRUE(relay.mails.empty());
}

TEST_F(SendingFlowTest, WithoutARelayMailWaits) {
    options.mail.reset();
    table.add(mail("m1"));
    run_until(1);
    EXPECT_EQ(last("m1").kind, Kind::failed_for_now);
    EXPECT_EQ(last("m1").detail, "no mail_relay is configured");
}

TEST(BackOffTest, DoublesUpToItsCeiling) {
    const BackOff rule{1min, 6h, 0};
    EXPECT_EQ(wait_after(rule, 1, 0.5), 1min);
    EXPECT_EQ(wait_after(rule, 4, 0.5), 8min);
    EXPECT_EQ(wait_after(rule, 12, 0.5), 6h);
    EXPECT_EQ(wait_after(rule, 4000000, 0.5), 6h);
    EXPECT_EQ(wait_after({10s, 1h, 0.1}, 1, 0), 9s);
}

} // namespace
} // namespace fengsui::pipeline
