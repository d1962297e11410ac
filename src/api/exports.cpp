// Findings handed to others, under the rule of disclosure (contract_rest.md 6.3 `export`).
#include "api/api.h"
#include "api/body.h"
#include "api/registry.h"
#include "check/texts.h"
#include "store/atomic_work.h"
#include "store/audit_store.h"
#include "store/record_store.h"
#include "workflow/export.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::api {

namespace {

using base::Json;

/// 网络产品安全漏洞管理规定 (2021), article 9 (7): what is not public yet goes to no organisation or person
/// abroad but to the product's provider.
constexpr std::string_view kOverseasRule = "cn.vuln.overseas";
constexpr std::size_t kMostExported = 10'000;

struct Parcel {
    std::string format;
    Json receiver;
    std::vector<Json> findings; ///< those that go
    std::vector<std::string> asked;
    std::vector<std::string> omitted;
    std::vector<std::string> unpublished; ///< of those that go
};

std::vector<Json> load_findings(const Call& call, const std::vector<std::string>& ids) {
    if (ids.size() > kMostExported) {
        throw guard_failed("findings", "findings: at most 10,000 in one export");
    }
    std::vector<Json> findings;
    for (const auto& id : ids) {
        auto finding = store::QueryStore(call.services.database).get("findings", id, call.caller.visible);
        if (!finding) {
            throw unknown_reference("findings");
        }
        check::add_texts(*finding);
        findings.push_back(std::move(*finding));
    }
    return findings;
}

Problem undisclosed() {
    Problem problem(
        403, "disclosure", "a vulnerability that is not published does not go abroad, but to its provider"
    );
    problem.with("rule", kOverseasRule);
    return problem;
}

[[noreturn]] void refuse_overseas(const Call& call, const Parcel& parcel, const std::string& finding) {
    const auto& receiver = parcel.receiver["id"].as_string();
    store::AuditStore(call.services.database)
        .append(
            {call.now,
             call.caller.user.id,
             "export_refused",
             "units",
             receiver,
             Json::object({{"rule", kOverseasRule}, {"finding", finding}})}
        );
    throw undisclosed();
}

void sort_out(const Call& call, std::vector<Json> findings, Parcel& parcel) {
    const auto& receiver = parcel.receiver["id"].as_string();
    for (auto& finding : findings) {
        const bool is_open = finding["disclosure"].as_string() != "unpublished";
        const bool is_providers = finding["provider"].as_string() == receiver;
        const auto& id = finding["id"].as_string();
        if (!is_open && !is_providers && parcel.receiver["overseas"].as_bool()) {
            refuse_overseas(call, parcel, id);
        }
        if (!is_open && !is_providers) {
            parcel.omitted.push_back(id);
            continue;
        }
        if (!is_open) {
            parcel.unpublished.push_back(id);
        }
        parcel.findings.push_back(std::move(finding));
    }
}

std::string publisher_of(const Call& call) {
    const auto unit = store::QueryStore(call.services.database).get("units", call.caller.user.unit.str());
    return unit ? (*unit)["name"].as_string() : std::string("Fengsui");
}

Json texts_json(const std::vector<std::string>& texts) {
    return Json::array(base::JsonArray(texts.begin(), texts.end()));
}

store::Record write_document(const Call& call, const Parcel& parcel, const std::string& id) {
    // RFC 2606: a name that leads nowhere, where no address is configured.
    const auto site =
        call.services.site.empty() ? std::string("https://fengsui.invalid/") : call.services.site;
    const workflow::ExportContext context{
        id, publisher_of(call), site, parcel.receiver["name"].as_string(), call.now};
    auto file = workflow::write_export(parcel.format, parcel.findings, context);
    if (!file) {
        throw guard_failed("format", file.error().message());
    }
    store::Record document;
    document.unit = call.caller.user.unit;
    document.state = "internal";
    document.body = Json::object({
        {"kind", "export"},
        {"subject", id},
        {"name", "export-" + id + file->ending},
        {"media_type", file->media_type},
        {"doc_no", nullptr},
    });
    return call.services.engine.add_document(std::move(document), file->bytes, call.as_request());
}

Json keep_export(const Call& call, const Parcel& parcel, store::Record record, const std::string& document) {
    const auto& receiver = parcel.receiver["id"].as_string();
    record.body = Json::object({
        {"format", parcel.format},
        {"receiver", receiver},
        {"findings", texts_json(parcel.asked)},
        {"omitted", texts_json(parcel.omitted)},
        {"document", document},
    });
    store::RecordStore records(call.services.database);
    records.insert(record, {{"receiver", receiver}});
    records.add_history(record, call.now, call.caller.user.id, "create", "", "");
    store::AuditStore(call.services.database)
        .append(
            {call.now,
             call.caller.user.id,
             "export_created",
             "exports",
             record.id,
             Json::object(
                 {{"format", parcel.format},
                  {"receiver", receiver},
                  {"findings", std::uint64_t{parcel.findings.size()}},
                  {"unpublished", texts_json(parcel.unpublished)},
                  {"omitted", texts_json(parcel.omitted)}}
             )}
        );
    return record.to_json();
}

Reply make_export(const Call& call) {
    Parcel parcel;
    parcel.format = required_text(call.body, "format", 20);
    const model::UnitId receiver(required_text(call.body, "receiver", 200));
    parcel.asked = required_texts(call.body, "findings");
    require_unit(call, receiver, "receiver");
    parcel.receiver = *store::QueryStore(call.services.database).get("units", receiver.str());
    sort_out(call, load_findings(call, parcel.asked), parcel);

    store::Record record;
    record.collection = "exports";
    record.id = store::RecordStore::new_id("x");
    record.unit = call.caller.user.unit;
    record.state = "made";
    record.created_at = call.now;
    record.created_by = call.caller.user.id;
    store::AtomicWork transaction(call.services.database);
    const auto document = write_document(call, parcel, record.id);
    auto made = keep_export(call, parcel, std::move(record), document.id);
    transaction.commit();
    return tagged_reply(std::move(made), 201);
}

} // namespace

std::vector<Route> export_routes() {
    static constexpr BodyField kFields[] = {
        {"format", "string", true}, {"receiver", "string", true}, {"findings", "strings", true}};
    Route make{"POST", "/exports", Access::officer, "Hand findings to another's tools", &make_export};
    make.fields = kFields;
    return {make};
}

} // namespace fengsui::api
