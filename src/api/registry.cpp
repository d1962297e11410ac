// Units, systems and assets, made and changed one by one (contract_rest.md 6.3).
#include "api/registry.h"

#include "api/api.h"
#include "api/body.h"
#include "store/record_store.h"
#include "store/registry_editor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::api {

namespace {

using base::Json;
using store::FieldChange;

constexpr std::array<std::string_view, 4> kKinds = {"authority", "unit", "supplier", "expert_team"};
constexpr std::array<std::string_view, 4> kTiers = {"central", "province", "city", "district"};
constexpr std::array<std::string_view, 2> kLanguages = {"zh-CN", "en"};
constexpr std::array<std::string_view, 3> kContactRoles = {"head", "contact", "duty"};
constexpr std::array<std::string_view, 2> kProbeClasses = {"passive", "careful"};
constexpr std::size_t kMostContacts = 100;

store::Editing editing_of(const Call& call) {
    return {call.caller.user.id, call.now};
}

std::string shown(const Json& value) {
    return value.is_string() ? value.as_string() : value.is_null() ? std::string() : base::to_text(value);
}

/// What differs between the record as it is and as it is to be.
std::vector<FieldChange> changes_of(const Json& before, const Json& after) {
    std::vector<FieldChange> changes;
    for (const auto& [name, value] : after.members()) {
        const auto from = shown(before[name]);
        if (auto to = shown(value); from != to) {
            changes.push_back({name, from, std::move(to)});
        }
    }
    return changes;
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

/// The record to be changed, its revision checked.
Json current(const Call& call, std::string_view collection) {
    Json record = record_reply(call, collection).body;
    require_revision(call, record["rev"].as_int());
    return record;
}

Reply made_reply(const Call& call, std::string_view collection, const std::string& id) {
    auto record = store::QueryStore(call.services.database).get(collection, id);
    return tagged_reply(record ? std::move(*record) : Json::object(), 201);
}

// Units.

std::vector<model::Contact> read_contacts(const Json& list) {
    std::vector<model::Contact> contacts;
    for (const auto& item : list.items()) {
        if (!item.is_object() || contacts.size() == kMostContacts) {
            throw Problem(400, "malformed", "contacts: at most 100, each {role name phone email}");
        }
        model::Contact contact;
        take_word(item, "role", kContactRoles, contact.role);
        take_text(item, "name", contact.name);
        take_text(item, "phone", contact.phone);
        take_text(item, "email", contact.email);
        if (contact.role.empty()) {
            contact.role = "contact";
        }
        contacts.push_back(std::move(contact));
    }
    return contacts;
}

Json contacts_json(const std::vector<model::Contact>& contacts) {
    Json list = Json::array();
    for (const auto& contact : contacts) {
        list.push(Json::object(
            {{"role", contact.role},
             {"name", contact.name},
             {"email", contact.email},
             {"phone", contact.phone}}
        ));
    }
    return list;
}

/// The unit of `record` with the members of `body` over it; both in the form of the API.
store::UnitEntry unit_over(const Json& record, const Json& body) {
    store::UnitEntry entry;
    entry.unit.id = model::UnitId(record["id"].as_string());
    entry.unit.name = record["name"].as_string();
    std::string parent = record["parent"].as_string();
    entry.kind = record["kind"].as_string().empty() ? "unit" : record["kind"].as_string();
    entry.unit.contacts = read_contacts(record["contacts"]);
    take_text(body, "name", entry.unit.name);
    take_text(body, "parent", parent);
    take_word(body, "kind", kKinds, entry.kind);
    if (const Json* contacts = member_of(body, "contacts", &Json::is_array)) {
        entry.unit.contacts = read_contacts(*contacts);
    }
    entry.unit.parent = model::UnitId(parent);
    entry.kind = entry.kind.empty() ? "unit" : entry.kind;
    std::string tier = record["tier"].as_string();
    std::string language = record["language"].as_string();
    bool overseas = record["overseas"].as_bool();
    take_word(body, "tier", kTiers, tier);
    take_word(body, "language", kLanguages, language);
    take_flag(body, "overseas", overseas);
    entry.ext = Json::object({{"tier", text_or_null(tier)}, {"overseas", overseas}});
    for (const std::string_view name : {"industry", "regulator", "office"}) {
        std::string text = record[name].as_string();
        take_text(body, name, text);
        entry.ext.set(name, text_or_null(text));
    }
    if (!language.empty()) {
        entry.ext.set("language", language);
    }
    return entry;
}

Json unit_json(const store::UnitEntry& entry) {
    Json json = Json::object({
        {"name", entry.unit.name},
        {"parent", text_or_null(entry.unit.parent.str())},
        {"kind", entry.kind},
        {"contacts", contacts_json(entry.unit.contacts)},
    });
    for (const auto& [name, value] : entry.ext.members()) {
        json.set(name, value);
    }
    return json;
}

void require_name(const std::string& name) {
    if (name.find_first_not_of(' ') == std::string::npos) {
        throw guard_failed("name", "name: is needed");
    }
}

/// A parent inside the caller's scope; without one only for those who answer for everything.
void require_parent(const Call& call, const model::UnitId& parent) {
    if (parent.empty() && !call.caller.visible.are_all()) {
        throw unknown_reference("parent");
    }
    if (!parent.empty()) {
        require_unit(call, parent, "parent");
    }
}

void require_no_circle(const Call& call, const store::UnitEntry& entry) {
    const auto below = store::QueryStore(call.services.database).subtree(entry.unit.id);
    if (std::find(below.begin(), below.end(), entry.unit.parent) != below.end()) {
        throw guard_failed(
            "parent", fmt::format("parent: the units above {} lead back to it", entry.unit.id.str())
        );
    }
}

Reply create_unit(const Call& call) {
    auto entry = unit_over(Json::object({{"id", wanted_id(call.body)}}), call.body);
    require_name(entry.unit.name);
    require_parent(call, entry.unit.parent);
    if (entry.unit.id.empty()) {
        entry.unit.id = model::UnitId(store::RecordStore::new_id("u"));
    }
    store::RegistryEditor(call.services.database).add(entry, editing_of(call));
    return made_reply(call, "units", entry.unit.id.str());
}

Reply change_unit(const Call& call) {
    const Json before = current(call, "units");
    const auto entry = unit_over(before, call.body);
    require_name(entry.unit.name);
    if (entry.unit.parent.str() != before["parent"].as_string()) {
        require_parent(call, entry.unit.parent);
        require_no_circle(call, entry);
    }
    store::RegistryEditor(call.services.database)
        .change(entry, changes_of(before, unit_json(entry)), editing_of(call));
    return record_reply(call, "units");
}

// Systems.

std::optional<int> read_level(const Json& record, const Json& body) {
    const Json* value = body.find("protection_level");
    const Json& level = value != nullptr ? *value : record["protection_level"];
    if (level.is_null()) {
        return std::nullopt;
    }
    if (!level.is_int() || level.as_int() < 1 || level.as_int() > 5) {
        throw Problem(400, "malformed", "protection_level: is 1 to 5, or null");
    }
    return static_cast<int>(level.as_int());
}

store::SystemEntry system_over(const Json& record, const Json& body) {
    store::SystemEntry entry;
    entry.system.id = model::SystemId(record["id"].as_string());
    entry.system.name = record["name"].as_string();
    entry.system.critical = record["critical"].as_bool();
    std::string unit = record["unit"].as_string();
    take_text(body, "unit", unit);
    take_text(body, "name", entry.system.name);
    take_flag(body, "critical", entry.system.critical);
    entry.system.unit = model::UnitId(unit);
    entry.system.protection_level = read_level(record, body);
    entry.ext = Json::object();
    for (const std::string_view name : {"protection_dept", "maintainer"}) {
        std::string text = record[name].as_string();
        take_text(body, name, text);
        entry.ext.set(name, text_or_null(text));
    }
    return entry;
}

Json system_json(const store::SystemEntry& entry) {
    const auto& system = entry.system;
    Json json = Json::object({
        {"unit", system.unit.str()},
        {"name", system.name},
        {"critical", system.critical},
        {"protection_level", system.protection_level ? Json(*system.protection_level) : Json()},
    });
    for (const auto& [name, value] : entry.ext.members()) {
        json.set(name, value);
    }
    return json;
}

Reply create_system(const Call& call) {
    auto entry = system_over(Json::object({{"id", wanted_id(call.body)}}), call.body);
    require_unit(call, entry.system.unit, "unit");
    require_name(entry.system.name);
    if (entry.system.id.empty()) {
        entry.system.id = model::SystemId(store::RecordStore::new_id("s"));
    }
    store::RegistryEditor(call.services.database).add(entry, editing_of(call));
    return made_reply(call, "systems", entry.system.id.str());
}

Reply change_system(const Call& call) {
    const Json before = current(call, "systems");
    const auto entry = system_over(before, call.body);
    require_unit(call, entry.system.unit, "unit");
    require_name(entry.system.name);
    store::RegistryEditor(call.services.database)
        .change(entry, changes_of(before, system_json(entry)), editing_of(call));
    return record_reply(call, "systems");
}

// Assets.

void read_target(const Json& body, model::Asset& asset) {
    auto target = model::AssetTarget::parse(asset.value);
    if (!target) {
        throw guard_failed("value", "value: " + target.error().message());
    }
    asset.target = std::move(*target);
    std::string kind;
    take_text(body, "kind", kind);
    if (!kind.empty() && kind != model::to_string(asset.target.kind)) {
        throw guard_failed(
            "kind",
            fmt::format("kind: \"{}\" is of kind {}", asset.value, model::to_string(asset.target.kind))
        );
    }
}

/// The system says whose the asset is.
void place(const Call& call, const std::string& system, model::Asset& asset) {
    const auto record = store::QueryStore(call.services.database).get("systems", system, call.caller.visible);
    if (!record || system.empty()) {
        throw unknown_reference("system");
    }
    asset.system = model::SystemId(system);
    asset.unit = model::UnitId((*record)["unit"].as_string());
}

void take_authorisation(const Json& record, const Json& body, model::Asset& asset) {
    std::string probe_class = record["probe_class"].as_string();
    take_date(record, "authorised_from", asset.authorised_from);
    take_date(record, "authorised_until", asset.authorised_until);
    take_date(body, "authorised_from", asset.authorised_from);
    take_date(body, "authorised_until", asset.authorised_until);
    take_word(body, "probe_class", kProbeClasses, probe_class);
    asset.probe_class = probe_class == "careful" ? model::ProbeClass::careful : model::ProbeClass::passive;
    if (asset.authorised_from && asset.authorised_until && *asset.authorised_until < *asset.authorised_from) {
        throw guard_failed("authorised_until", "authorised_until: lies before authorised_from");
    }
}

/// The words of the import's checks; another's unit is named to those only who see it.
void require_no_clash(const Call& call, const model::Asset& asset) {
    const auto clash = store::RegistryEditor(call.services.database).clash_of(asset);
    if (!clash) {
        return;
    }
    const bool is_seen = sees_unit(call, clash->unit);
    const auto whose = is_seen ? "the unit " + clash->unit.str() : std::string("another unit");
    if (clash->is_same) {
        throw Problem(409, "conflict", fmt::format("the asset {} is registered to {}", asset.value, whose));
    }
    const auto what = is_seen ? clash->value : std::string("a block");
    throw guard_failed("value", fmt::format("{} overlaps {} of {} (registered)", asset.value, what, whose));
}

Reply create_asset(const Call& call) {
    model::Asset asset;
    const auto system = required_text(call.body, "system");
    asset.value = required_text(call.body, "value");
    place(call, system, asset);
    read_target(call.body, asset);
    take_authorisation(Json::object(), call.body, asset);
    require_no_clash(call, asset);
    const auto id = wanted_id(call.body);
    asset.id = id.empty() ? model::asset_id_of(asset.target) : model::AssetId(id);
    store::RegistryEditor(call.services.database).add(asset, editing_of(call));
    return made_reply(call, "assets", asset.id.str());
}

Json asset_json(const model::Asset& asset) {
    const auto date = [](const std::optional<base::Date>& day) {
        return day ? Json(base::format_date(*day)) : Json();
    };
    return Json::object({
        {"unit", asset.unit.str()},
        {"system", asset.system.str()},
        {"probe_class", model::to_string(asset.probe_class)},
        {"authorised_from", date(asset.authorised_from)},
        {"authorised_until", date(asset.authorised_until)},
    });
}

Reply change_asset(const Call& call) {
    const Json before = current(call, "assets");
    model::Asset asset;
    asset.id = model::AssetId(before["id"].as_string());
    asset.value = before["value"].as_string();
    take_text(call.body, "value", asset.value);
    if (before["state"].as_string() != "active" || asset.value != before["value"].as_string()) {
        throw Problem(
            409, "wrong_state", "what an asset denotes stays, and a withdrawn one rests; make a new asset"
        );
    }
    read_target(call.body, asset);
    std::string system = before["system"].as_string();
    take_text(call.body, "system", system);
    if (system == before["system"].as_string()) {
        asset.system = model::SystemId(system);
        asset.unit = model::UnitId(before["unit"].as_string());
    } else {
        place(call, system, asset);
    }
    take_authorisation(before, call.body, asset);
    store::RegistryEditor(call.services.database)
        .change(asset, changes_of(before, asset_json(asset)), editing_of(call));
    return record_reply(call, "assets");
}

constexpr BodyField kUnitFields[] = {
    {"id", "string"},
    {"name", "string", true},
    {"kind", "string"},
    {"tier", "string"},
    {"parent", "string"},
    {"industry", "string"},
    {"regulator", "string"},
    {"office", "string"},
    {"overseas", "boolean"},
    {"language", "string"},
    {"contacts", "array"}};
constexpr BodyField kSystemFields[] = {
    {"id", "string"},
    {"unit", "string", true},
    {"name", "string", true},
    {"protection_level", "integer"},
    {"critical", "boolean"},
    {"protection_dept", "string"},
    {"maintainer", "string"}};
constexpr BodyField kAssetFields[] = {
    {"id", "string"},
    {"system", "string", true},
    {"value", "string", true},
    {"kind", "string"},
    {"authorised_from", "date"},
    {"authorised_until", "date"},
    {"probe_class", "string"}};

} // namespace

bool sees_unit(const Call& call, const model::UnitId& unit) {
    return call.caller.visible.contain(unit);
}

void require_unit(const Call& call, const model::UnitId& unit, std::string_view field) {
    if (unit.empty()) {
        throw guard_failed(field, fmt::format("{}: is needed", field));
    }
    if (!store::QueryStore(call.services.database).get("units", unit.str(), call.caller.visible)) {
        throw unknown_reference(field);
    }
}

std::vector<Route> registry_write_routes() {
    struct Entry {
        std::string_view path;
        std::string_view one;
        std::string_view make;
        std::string_view change;
        Reply (*create)(const Call& call);
        Reply (*patch)(const Call& call);
        std::span<const BodyField> fields;
    };
    static constexpr Entry kEntries[] = {
        {"/units", "/units/{id}", "Make a unit", "Change a unit", &create_unit, &change_unit, kUnitFields},
        {"/systems",
         "/systems/{id}",
         "Make a system",
         "Change a system",
         &create_system,
         &change_system,
         kSystemFields},
        {"/assets",
         "/assets/{id}",
         "Make an asset",
         "Change an asset",
         &create_asset,
         &change_asset,
         kAssetFields},
    };
    std::vector<Route> routes;
    for (const auto& entry : kEntries) {
        routes.push_back({"POST", entry.path, Access::operating, entry.make, entry.create});
        routes.back().fields = entry.fields;
        routes.push_back({"PATCH", entry.one, Access::operating, entry.change, entry.patch});
        routes.back().fields = entry.fields;
    }
    return routes;
}

} // namespace fengsui::api
