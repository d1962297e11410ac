#include "pipeline/sending_flow.h"

#include "base/codec.h"
#include "base/hash.h"
#include "base/log.h"
#include "net/mail_message.h"
#include "net/runtime.h"
#include "net/service_client.h"
#include "pipeline/task_group.h"
#include "registry/service_scope.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <cstring>

namespace fengsui::pipeline {

namespace asio = boost::asio;
using Kind = DeliveryResult::Kind;

namespace {

constexpr std::size_t kMostTaken = 256;
constexpr std::string_view kMail = "mail";

/// What is sent to one place goes one lane, so that a slow place holds up nobody else.
std::string lane_of(const Delivery& delivery) {
    return delivery.channel == kMail ? std::string(kMail) : delivery.channel + ":" + delivery.to;
}

double chance() {
    std::uint32_t number = 0;
    std::memcpy(&number, base::random_bytes(sizeof number).data(), sizeof number);
    return static_cast<double>(number) / 4294967296.0;
}

/// An id as the left side of a Message-ID; ids of other alphabets stand there as their digest.
std::string message_id(const std::string& id, const std::string& from) {
    const bool is_plain =
        !id.empty() && id.size() <= 64
        && id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
               == std::string::npos;
    const auto sender = net::MailAddress::parse(from);
    return (is_plain ? id : base::sha256_hex(id).substr(0, 40)) + "@"
           + (sender ? sender->domain : std::string("fengsui.invalid"));
}

base::Result<net::MailMessage> message_of(
    const Delivery& delivery, const std::string& from, base::Instant now
) {
    net::MailMessage message;
    message.from = from;
    message.to = {delivery.to};
    message.subject = delivery.payload["subject"].as_string();
    message.text = delivery.payload["text"].as_string();
    message.html = delivery.payload["html"].as_string();
    message.language = delivery.payload["language"].as_string();
    message.message_id = message_id(delivery.id, from);
    message.date = now;
    for (const auto& item : delivery.payload["attachments"].items()) {
        net::MailAttachment attachment{item["name"].as_string(), item["media_type"].as_string(), {}};
        if (!base::decode_base64(item["content"].as_string(), attachment.bytes)) {
            return base::Error(base::ErrorCode::invalid_argument, attachment.name + ": content is no base64");
        }
        message.attachments.push_back(std::move(attachment));
    }
    return message;
}

} // namespace

struct SendingFlow::Timer {
    explicit Timer(asio::io_context& io) : tick(io) {}
    asio::steady_timer tick;
    bool is_rung = false;
};

SendingFlow::SendingFlow(
    net::ServiceClient& client,
    const registry::ServiceScope& scope,
    SendingOptions options,
    SendingCallbacks callbacks
)
    : client_(client),
      scope_(scope),
      options_(std::move(options)),
      callbacks_(std::move(callbacks)),
      timer_(std::make_unique<Timer>(client.runtime().io())) {}

SendingFlow::~SendingFlow() = default;

void SendingFlow::ring() {
    must_take_ = true;
    timer_->is_rung = true;
    timer_->tick.cancel();
}

void SendingFlow::end() {
    is_ended_ = true;
    client_.stop();
    timer_->tick.cancel();
}

net::Task<> SendingFlow::run() {
    TaskGroup tries(client_.runtime());
    while (!is_ended_) {
        co_await settle_pending();
        if (must_take_ && !is_ended_) {
            co_await take();
        }
        while (auto next = next_startable()) {
            held_.insert(next->id);
            lanes_.insert(lane_of(*next));
            tries.start("sending", deliver(std::move(*next)));
        }
        co_await wait();
    }
    co_await tries.join();
    co_await settle_pending();
}

net::Task<> SendingFlow::take() {
    must_take_ = false;
    std::vector<Delivery> due;
    std::function<void()> work = [this, &due] {
        due = callbacks_.take_due(options_.clock(), kMostTaken);
    };
    try {
        co_await client_.runtime().offload(std::move(work));
    } catch (const std::exception& error) {
        base::log_error(fmt::format("sending: what is due cannot be read: {}", error.what()));
    }
    was_full_ = due.size() >= kMostTaken;
    waiting_.clear();
    for (auto& delivery : due) {
        if (!held_.contains(delivery.id)) {
            waiting_.push_back(std::move(delivery));
        }
    }
}

net::Task<> SendingFlow::settle_pending() {
    const auto ready = pending_;
    for (const auto& [id, result] : ready) {
        std::function<void()> work = [this, id = id, result = result] {
            callbacks_.settle(id, result);
        };
        bool is_settled = false;
        try {
            co_await client_.runtime().offload(std::move(work));
            is_settled = true;
        } catch (const std::exception& error) {
            base::log_error(fmt::format("sending: {} cannot be settled: {}", id, error.what()));
        }
        if (!is_settled) {
            co_return; // again at the next round; until then the id is held and not sent twice
        }
        pending_.erase(id);
        held_.erase(id);
    }
}

net::Task<> SendingFlow::wait() {
    if (is_ended_ || timer_->is_rung) {
        timer_->is_rung = false;
        co_return;
    }
    timer_->tick.expires_after(options_.poll);
    boost::system::error_code woken;
    co_await timer_->tick.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    must_take_ = must_take_ || !woken;
    timer_->is_rung = false;
}

std::optional<Delivery> SendingFlow::next_startable() {
    if (is_ended_ || lanes_.size() >= options_.in_all) {
        return std::nullopt;
    }
    for (auto next = waiting_.begin(); next != waiting_.end(); ++next) {
        if (lanes_.count(lane_of(*next)) < options_.per_lane) {
            std::optional<Delivery> delivery(std::move(*next));
            waiting_.erase(next);
            return delivery;
        }
    }
    return std::nullopt;
}

net::Task<> SendingFlow::deliver(Delivery delivery) {
    Try outcome;
    try {
        outcome = co_await attempt(delivery);
    } catch (const std::exception& error) {
        outcome = for_now(delivery, error.what());
    }
    finish(delivery, std::move(outcome));
}

void SendingFlow::finish(const Delivery& delivery, Try outcome) {
    const auto lane = lane_of(delivery);
    lanes_.erase(lanes_.find(lane));
    const bool is_broken_off = is_ended_ && outcome.is_temporary;
    if (is_broken_off) { // still due, and due again at the next start
        held_.erase(delivery.id);
        return;
    }
    if (outcome.is_lane_trouble) {
        fail_lane(lane, outcome.result);
    }
    pending_[delivery.id] = std::move(outcome.result);
    must_take_ = must_take_ || (waiting_.empty() && was_full_);
    timer_->is_rung = true;
    timer_->tick.cancel();
}

/// A relay that is down would be asked once for every mail that waits; all of them meet the same.
void SendingFlow::fail_lane(const std::string& lane, const DeliveryResult& because) {
    std::erase_if(waiting_, [&](const Delivery& other) {
        if (lane_of(other) != lane) {
            return false;
        }
        held_.insert(other.id);
        pending_[other.id] = for_now(other, because.detail).result;
        return true;
    });
}

SendingFlow::Try SendingFlow::for_now(
    const Delivery& delivery, std::string detail, std::optional<std::chrono::seconds> at_least
) const {
    Try outcome;
    outcome.is_temporary = true;
    if (delivery.tries + 1 >= options_.max_tries) {
        outcome.result.kind = Kind::failed;
        outcome.result.detail = fmt::format("given up after {} tries: {}", delivery.tries + 1, detail);
        return outcome;
    }
    auto wait =
        wait_after(options_.back_off, static_cast<unsigned>(std::max(delivery.tries, 0)) + 1, chance());
    if (at_least) {
        wait = std::max<std::chrono::milliseconds>(wait, *at_least);
    }
    outcome.result = {Kind::failed_for_now, std::move(detail), options_.clock() + wait};
    return outcome;
}

net::Task<SendingFlow::Try> SendingFlow::attempt(const Delivery& delivery) {
    if (delivery.channel == kMail) {
        co_return co_await attempt_mail(delivery);
    }
    if (delivery.channel == "webhook") {
        co_return co_await attempt_webhook(delivery);
    }
    Try unknown;
    unknown.result = {Kind::failed, "there is no channel " + delivery.channel, {}};
    co_return unknown;
}

net::Task<SendingFlow::Try> SendingFlow::attempt_mail(const Delivery& delivery) {
    auto pass = scope_.pass(model::ServiceKind::mail_relay);
    if (!pass || !options_.mail) {
        Try outcome = for_now(delivery, "no mail_relay is configured");
        outcome.is_lane_trouble = true;
        co_return outcome;
    }
    const auto message = message_of(delivery, options_.mail->from, options_.clock());
    auto envelope = message ? net::compose_mail(*message, options_.mail->signer)
                            : base::Result<net::MailEnvelope>(message.error());
    if (!envelope) {
        Try outcome;
        outcome.result = {Kind::failed, envelope.error().message(), {}};
        co_return outcome;
    }
    auto sent = co_await net::send_mail(
        client_,
        std::move(*pass),
        options_.mail->relay,
        std::move(*envelope),
        net::Deadline::in(options_.mail_deadline)
    );
    if (sent.result == net::SmtpResult::temporary) {
        Try outcome = for_now(delivery, std::move(sent.detail));
        outcome.is_lane_trouble = sent.is_relay_trouble;
        co_return outcome;
    }
    Try outcome;
    outcome.result.kind = sent.result == net::SmtpResult::delivered ? Kind::delivered : Kind::failed;
    outcome.result.detail = std::move(sent.detail);
    co_return outcome;
}

net::Task<SendingFlow::Try> SendingFlow::attempt_webhook(const Delivery& delivery) {
    const auto target = options_.webhooks.find(delivery.to);
    auto pass = scope_.pass(model::ServiceKind::webhook, delivery.to);
    if (!pass || target == options_.webhooks.end()) {
        Try outcome;
        outcome.result = {Kind::failed, "no webhook of that name is configured", {}};
        co_return outcome;
    }
    net::WebhookEvent event;
    event.name = delivery.payload["event"].as_string();
    event.delivery = delivery.id;
    event.body = base::to_text(delivery.payload);
    event.at = options_.clock();
    auto sent = co_await net::send_webhook(
        client_,
        std::move(*pass),
        target->second,
        std::move(event),
        net::Deadline::in(options_.webhook_deadline)
    );
    if (sent.result == net::WebhookResult::temporary) {
        Try outcome = for_now(delivery, std::move(sent.detail), sent.retry_after);
        outcome.is_lane_trouble = sent.is_receiver_trouble;
        co_return outcome;
    }
    Try outcome;
    outcome.result.kind = sent.result == net::WebhookResult::delivered ? Kind::delivered : Kind::failed;
    outcome.result.detail = std::move(sent.detail);
    co_return outcome;
}

} // namespace fengsui::pipeline
