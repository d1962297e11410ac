// Telling a receiver of the operator's what happened, so that it can check who says so.
#pragma once

#include "base/time.h"
#include "model/service.h"
#include "model/url.h"
#include "net/task.h"

#include <optional>
#include <string>

namespace fengsui::net {

class ServiceClient;

struct WebhookTarget {
    model::Url url;
    std::string secret;
};

struct WebhookEvent {
    std::string name;     ///< X-Fengsui-Event
    std::string delivery; ///< X-Fengsui-Delivery: the same for every try, so that doubles can be dropped
    std::string body;     ///< JSON
    base::Instant at{};   ///< of this try; X-Fengsui-Timestamp, seconds since 1970
};

enum class WebhookResult : std::uint8_t {
    delivered, ///< 2xx
    rejected,  ///< any other answer: trying again is of no use
    temporary, ///< 408, 425, 429, 5xx or no answer
};

struct WebhookOutcome {
    WebhookResult result = WebhookResult::temporary;
    std::string detail;
    bool is_receiver_trouble = false; ///< it was not even reached: the next event would meet the same
    std::optional<std::chrono::seconds> retry_after;
};

/// `sha256=` and the hexadecimal HMAC-SHA256 of `timestamp.body`: what X-Fengsui-Signature carries.
std::string webhook_signature(std::string_view secret, std::string_view timestamp, std::string_view body);

/// The pass must be for a webhook, of the target's host and port.
Task<WebhookOutcome> send_webhook(
    ServiceClient& client,
    model::ServicePass pass,
    WebhookTarget target,
    WebhookEvent event,
    Deadline deadline
);

} // namespace fengsui::net
