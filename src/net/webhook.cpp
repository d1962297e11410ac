#include "net/webhook.h"

#include "base/error.h"
#include "base/hmac.h"
#include "base/text.h"
#include "net/service_http.h"

#include <fmt/format.h>

namespace fengsui::net {

namespace {

constexpr std::size_t kQuoted = 200;

bool is_worth_another_try(int status) {
    constexpr int kRequestTimeout = 408;
    constexpr int kTooEarly = 425;
    constexpr int kTooMany = 429;
    return status == kRequestTimeout || status == kTooEarly || status == kTooMany || status / 100 == 5;
}

WebhookOutcome outcome_of_answer(const ServiceAnswer& answer) {
    if (answer.status == 0) {
        return {WebhookResult::temporary, answer.trouble, !answer.was_asked, {}};
    }
    std::string detail =
        fmt::format("HTTP {} {}", answer.status, base::shorten(base::scrub_utf8(answer.body), kQuoted));
    detail = std::string(base::trim(detail));
    if (answer.status / 100 == 2) {
        return {WebhookResult::delivered, std::move(detail), false, {}};
    }
    const bool is_temporary = is_worth_another_try(answer.status);
    return {
        is_temporary ? WebhookResult::temporary : WebhookResult::rejected,
        std::move(detail),
        false,
        is_temporary ? answer.retry_after : std::nullopt};
}

} // namespace

std::string webhook_signature(std::string_view secret, std::string_view timestamp, std::string_view body) {
    std::string bytes(timestamp);
    bytes.append(".").append(body);
    return "sha256=" + base::hex(base::hmac_sha256(secret, bytes));
}

Task<WebhookOutcome> send_webhook(
    ServiceClient& client,
    model::ServicePass pass,
    WebhookTarget target,
    WebhookEvent event,
    Deadline deadline
) {
    FENGSUI_CHECK(
        pass.kind() == model::ServiceKind::webhook && pass.host() == target.url.host
            && pass.port() == target.url.port,
        "an event goes to the webhook that its pass is for"
    );
    const auto seconds = std::chrono::floor<std::chrono::seconds>(event.at).time_since_epoch().count();
    const std::string timestamp = std::to_string(seconds);
    ServiceRequest request;
    request.scheme = target.url.scheme;
    request.path = target.url.request_target();
    request.content_type = "application/json";
    request.headers = {
        {"X-Fengsui-Event", event.name},
        {"X-Fengsui-Delivery", event.delivery},
        {"X-Fengsui-Timestamp", timestamp},
        {"X-Fengsui-Signature", webhook_signature(target.secret, timestamp, event.body)},
    };
    request.body = std::move(event.body);
    const ServiceAnswer answer =
        co_await fetch_from_service(client, std::move(pass), std::move(request), deadline);
    co_return outcome_of_answer(answer);
}

} // namespace fengsui::net
