#include "workflow/engine/mail.h"

#include "base/messages.h"
#include "workflow/engine/operation.h"

#include <fmt/format.h>

namespace fengsui::workflow {

namespace {

using store::StoredDelivery;

/// An office's people in terms of a unit's contacts; who has none of that role is written to by its contact.
std::string_view contact_role(std::string_view to_role) {
    return to_role == "head" || to_role == "leader" ? "head" : to_role == "duty" ? "duty" : "contact";
}

std::vector<std::string> addresses_of(const store::OrgUnit& unit, std::string_view to_role) {
    const auto in_role = [&](std::string_view role) {
        std::vector<std::string> addresses;
        for (const auto& contact : unit.contacts) {
            if (contact.role == role && !contact.email.empty()) {
                addresses.push_back(contact.email);
            }
        }
        return addresses;
    };
    auto addresses = in_role(contact_role(to_role));
    return addresses.empty() ? in_role("contact") : addresses;
}

base::Language language_of(const store::OrgUnit& unit) {
    return unit.language == "en" ? base::Language::en : base::Language::zh;
}

/// Title, number and a link; the evidence stays in the house.
Json mail_payload(const Operation& op, const Record& entry, const store::OrgUnit& unit) {
    const auto language = language_of(unit);
    const std::string label(op.parts.rulebook.label(language, "kind", entry["kind"].as_string()));
    const auto text = [&](std::string_view key, const auto&... values) {
        return fmt::format(fmt::runtime(base::message(language, key)), values...);
    };
    std::string body = text("mail.body", unit.name, label, entry["title"].as_string());
    if (!op.parts.options.public_url.empty()) {
        body += text("mail.link", op.parts.options.public_url);
    }
    return Json::object({
        {"subject", text("mail.subject", label, entry["title"].as_string())},
        {"text", std::move(body)},
        {"language", language == base::Language::en ? "en" : "zh-CN"},
        {"document", op.parts.options.mails_evidence ? entry["document"] : Json()},
    });
}

} // namespace

std::vector<StoredDelivery> deliveries_of(
    const Operation& op, const Record& entry, const std::optional<store::OrgUnit>& receiver
) {
    std::vector<StoredDelivery> deliveries;
    if (entry.drill) {
        return deliveries;
    }
    const auto add = [&](std::string channel, std::string to, Json payload) {
        StoredDelivery delivery;
        delivery.id = store::RecordStore::new_id("y");
        delivery.outbox = entry.id;
        delivery.channel = std::move(channel);
        delivery.receiver = std::move(to);
        delivery.payload = std::move(payload);
        delivery.next_at = op.now;
        deliveries.push_back(std::move(delivery));
    };
    if (op.parts.options.sends_mail && receiver) {
        for (const auto& address : addresses_of(*receiver, entry["to_role"].as_string())) {
            add("mail", address, mail_payload(op, entry, *receiver));
        }
    }
    for (const auto& hook : op.parts.options.webhooks) {
        add("webhook", hook, entry.to_json());
    }
    return deliveries;
}

} // namespace fengsui::workflow
