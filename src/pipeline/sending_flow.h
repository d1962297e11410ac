// What leaves the house: due deliveries are tried over mail and webhook, again later when that failed, and
// end as delivered or as dead letters. The database is the truth: what is not settled is due again.
#pragma once

#include "base/json.h"
#include "base/time.h"
#include "net/smtp_client.h"
#include "net/webhook.h"
#include "pipeline/back_off.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace fengsui::net {
class MailSigner;
class Runtime;
class ServiceClient;
} // namespace fengsui::net
namespace fengsui::registry {
class ServiceScope;
}

namespace fengsui::pipeline {

struct Delivery {
    std::string id;      ///< stable over tries: Message-ID and X-Fengsui-Delivery are made from it
    std::string channel; ///< mail or webhook
    std::string to;      ///< an address, or a hook's name
    /// mail: subject, text, html, language, attachments [{name, media_type, content (base64)}].
    /// webhook: the JSON that is posted; its `event` goes into the header, too.
    base::Json payload;
    int tries = 0; ///< before this one
};

struct DeliveryResult {
    enum class Kind : std::uint8_t { delivered, failed_for_now, failed };
    Kind kind = Kind::failed_for_now;
    std::string detail;                    ///< the other side's words, or what went wrong
    std::optional<base::Instant> next_try; ///< with failed_for_now
};

/// Both block and run on the pool; what they throw is logged and tried again.
struct SendingCallbacks {
    /// Deliveries due at `now`, oldest first; those under way may be among them.
    std::function<std::vector<Delivery>(base::Instant now, std::size_t limit)> take_due;
    /// One try has ended. Counts it.
    std::function<void(const std::string& id, const DeliveryResult& result)> settle;
};

struct MailChannel {
    net::SmtpRelay relay;
    std::string from;
    const net::MailSigner* signer = nullptr; ///< null: not signed
};

struct SendingOptions {
    std::optional<MailChannel> mail;
    std::map<std::string, net::WebhookTarget> webhooks; ///< by name
    BackOff back_off;
    int max_tries = 12;
    std::size_t per_lane = 2; ///< tries at once to the relay, and to each hook
    std::size_t in_all = 8;
    std::chrono::milliseconds poll{std::chrono::seconds(15)}; ///< looks for due ones without being rung
    std::chrono::milliseconds mail_deadline{std::chrono::minutes(20)};
    std::chrono::milliseconds webhook_deadline{std::chrono::minutes(1)};
    std::function<base::Instant()> clock = base::now;
};

/// I/O thread. A relay or hook that cannot be reached is asked once for a batch; the others of the batch fail
/// for now with it. At least once: a crash between a try and its settling sends again under the same id.
class SendingFlow {
public:
    SendingFlow(
        net::ServiceClient& client,
        const registry::ServiceScope& scope,
        SendingOptions options,
        SendingCallbacks callbacks
    );
    ~SendingFlow();
    SendingFlow(const SendingFlow&) = delete;
    SendingFlow& operator=(const SendingFlow&) = delete;

    /// Sends until `end`; then nothing is under way.
    net::Task<> run();
    /// Something may be due.
    void ring();
    /// Breaks off what is under way (not counted as a try), stops the client, and ends `run`.
    void end();

    [[nodiscard]] std::size_t under_way() const { return lanes_.size(); }

private:
    struct Try {
        DeliveryResult result;
        bool is_lane_trouble = false; ///< the next one in the lane would meet the same
        bool is_temporary = false;
    };

    net::Task<> take();
    net::Task<> settle_pending();
    net::Task<> wait();
    net::Task<> deliver(Delivery delivery);
    net::Task<Try> attempt(const Delivery& delivery);
    net::Task<Try> attempt_mail(const Delivery& delivery);
    net::Task<Try> attempt_webhook(const Delivery& delivery);
    void finish(const Delivery& delivery, Try outcome);
    void fail_lane(const std::string& lane, const DeliveryResult& because);
    [[nodiscard]] std::optional<Delivery> next_startable();
    [[nodiscard]] Try for_now(
        const Delivery& delivery, std::string detail, std::optional<std::chrono::seconds> at_least = {}
    ) const;

    net::ServiceClient& client_;
    const registry::ServiceScope& scope_;
    SendingOptions options_;
    SendingCallbacks callbacks_;
    std::deque<Delivery> waiting_;                  ///< taken, not begun
    std::multiset<std::string> lanes_;              ///< of the tries under way
    std::set<std::string> held_;                    ///< ids under way or not settled yet
    std::map<std::string, DeliveryResult> pending_; ///< results to be settled, by id
    struct Timer;
    std::unique_ptr<Timer> timer_;
    bool must_take_ = true;
    bool was_full_ = false; ///< the last look at what is due reached the limit
    bool is_ended_ = false;
};

} // namespace fengsui::pipeline
