#include "fengsui/dispatch.h"

#include "base/hash.h"
#include "base/text.h"
#include "store/blob_store.h"
#include "store/database.h"
#include "store/delivery_store.h"
#include "store/record_store.h"

namespace fengsui::apps {

namespace {

using base::Json;
using pipeline::Delivery;
using pipeline::DeliveryResult;

std::optional<std::filesystem::path> trust_file(const Settings& settings) {
    return settings.trust.empty() ? std::nullopt : std::optional<std::filesystem::path>(settings.trust);
}

/// Only where the operator's policy lets documents out does the payload name one.
void attach_document(store::Database& database, Json& payload) {
    const auto document = store::RecordStore(database).find("documents", payload["document"].as_string());
    const auto bytes = document
                           ? store::BlobStore(database.directory()).get((*document)["sha256"].as_string())
                           : std::nullopt;
    if (bytes) {
        payload.set(
            "attachments",
            Json::array({Json::object(
                {{"name", (*document)["name"]},
                 {"media_type", (*document)["media_type"]},
                 {"content", base::base64(*bytes)}}
            )})
        );
    }
}

std::vector<Delivery> take_due(store::Database& database, base::Instant now, std::size_t limit) {
    std::vector<Delivery> deliveries;
    for (auto& stored : store::DeliveryStore(database).due(now, limit)) {
        attach_document(database, stored.payload);
        if (stored.channel == "webhook") {
            stored.payload.set("event", stored.payload["kind"]); // X-Fengsui-Event
        }
        deliveries.push_back(
            {stored.id,
             stored.channel,
             stored.receiver,
             std::move(stored.payload),
             static_cast<int>(stored.tries)}
        );
    }
    return deliveries;
}

void settle(store::Database& database, const std::string& id, const DeliveryResult& result) {
    using Kind = DeliveryResult::Kind;
    const auto state = result.kind == Kind::delivered ? "delivered"
                       : result.kind == Kind::failed  ? "dead"
                                                      : "waiting";
    store::DeliveryStore(database).settle(id, state, result.detail, result.next_try.value_or(base::now()));
}

pipeline::SendingOptions sending_options(const ServiceSettings& services) {
    pipeline::SendingOptions options;
    options.mail = services.mail;
    options.webhooks = services.webhooks;
    return options;
}

} // namespace

Dispatch::Dispatch(net::Runtime& runtime, const Settings& settings, store::Database& database)
    : services_(read_services(settings.services)),
      scope_(services_.endpoints),
      client_(runtime, trust_file(settings)),
      flow_(
          client_,
          scope_,
          sending_options(services_),
          {[&database](base::Instant now, std::size_t limit) { return take_due(database, now, limit); },
           [&database](const std::string& id, const DeliveryResult& result) {
               settle(database, id, result);
           }}
      ) {}

bool Dispatch::is_configured() const {
    return services_.mail || !services_.webhooks.empty();
}

std::vector<std::string> Dispatch::webhook_names() const {
    std::vector<std::string> names;
    for (const auto& [name, target] : services_.webhooks) {
        names.push_back(name);
    }
    return names;
}

} // namespace fengsui::apps
