#include "workflow/engine/documents.h"

#include "store/query_store.h"
#include "store/user_store.h"
#include "workflow/engine/collections.h"
#include "workflow/engine/obligation_facts.h"
#include "workflow/engine/render_cache.h"

#include <fmt/format.h>

namespace fengsui::workflow {

namespace {

std::string name_of(Operation& op, const std::string& id) {
    const auto unit = op.tree.find(model::UnitId(id));
    return unit ? unit->name : id;
}

std::string text_in(const Json& text, const std::string& language) {
    if (text.is_string()) {
        return text.as_string();
    }
    const auto& wanted = text[language == "en" ? "en" : "zh"].as_string();
    return wanted.empty() ? text["zh"].as_string() : wanted;
}

/// One line of proof for the table: the evidence's plain members.
std::string evidence_line(const Json& evidence) {
    std::string line;
    for (const auto& [name, value] : evidence.members()) {
        if (line.size() > 120 || value.is_object() || value.is_array() || value.is_null()) {
            continue;
        }
        line += fmt::format(
            "{}{}: {}",
            line.empty() ? "" : "; ",
            name,
            value.is_string() ? value.as_string() : base::to_text(value)
        );
    }
    return line;
}

Json item_fields(Operation& op, const Json& item, const std::string& language) {
    const auto finding = op.find("findings", item["finding"].as_string());
    const auto lang = language == "en" ? base::Language::en : base::Language::zh;
    Json fields = Json::object({
        {"finding", item["finding"]},
        {"title", text_in(item["title"], language)},
        {"advice", text_in(item["advice"], language)},
        {"severity", op.parts.rulebook.label(lang, "severity", item["severity"].as_string())},
        {"result", item["result"]},
    });
    if (finding) {
        fields.set("asset", (*finding)["target"]);
        fields.set("check", (*finding)["check"]);
        fields.set("type", (*finding)["check"]);
        fields.set("locator", (*finding)["locator"]);
        fields.set("evidence", evidence_line((*finding)["evidence"]));
    }
    return fields;
}

std::string local_time(const base::Instant& at, const Calendar& calendar) {
    return base::format_rfc3339(at, calendar.zone);
}

void add_system(Operation& op, const Record& subject, Json& fields) {
    for (const auto& item : subject["items"].items()) {
        const auto finding = op.find("findings", item["finding"].as_string());
        const auto system = finding ? op.tree.system_facts((*finding)["system"].as_string()) : std::nullopt;
        if (system) {
            fields.set("system", system->name);
            fields.set(
                "protection_level", system->protection_level ? Json(*system->protection_level) : Json()
            );
            return;
        }
    }
}

void add_office(Operation& op, const Record& subject, Json& fields) {
    const auto authority = op.tree.authority_of(subject.unit);
    if (!authority) {
        return;
    }
    fields.set("office", authority->name);
    fields.set("district", authority->name);
    for (const auto& contact : authority->contacts) {
        fields.set("contact", Json::object({{"name", contact.name}, {"phone", contact.phone}}));
    }
}

/// How late, in the words of its rule.
void add_lateness_words(Operation& op, const Record& subject, const std::string& language, Json& fields) {
    if (!subject.due || *subject.due > op.now) {
        return;
    }
    const auto days = working_days_late(*subject.due, op.now, op.calendar_of(subject.unit));
    fields.set(
        "overdue", language == "en" ? fmt::format("{} working days", days) : fmt::format("{} 个工作日", days)
    );
}

/// Who approved it, by the history.
std::string approver_of(Operation& op, const Record& subject) {
    std::string by;
    for (const auto& event : store::QueryStore(op.parts.database).history(subject.collection, subject.id)) {
        if (event["event"].as_string() == "approve") {
            by = event["by"].as_string();
        }
    }
    const auto user = store::UserStore(op.parts.database).find(by);
    return user ? user->name : by;
}

/// Articles are sent as numbers or in words; a number reads as an article.
Json basis_fields(const Json& bases, const std::string& language) {
    Json list = Json::array();
    for (Json basis : bases.items()) {
        const auto article = basis["article"].is_int() ? std::to_string(basis["article"].as_int())
                                                       : basis["article"].as_string();
        const bool is_number =
            !article.empty() && article.find_first_not_of("0123456789") == std::string::npos;
        if (is_number) {
            basis.set("article", language == "en" ? "Art. " + article : "第" + article + "条");
        }
        list.push(std::move(basis));
    }
    return list;
}

Json document_fields(Operation& op, const Record& subject, const std::string& language) {
    const auto calendar = op.calendar_of(subject.unit);
    Json fields = subject.body;
    fields.set("unit", name_of(op, subject.unit.str()));
    fields.set("recipient", name_of(op, subject.unit.str()));
    fields.set("date", base::format_date(calendar.date_of(op.now)));
    fields.set("basis", basis_fields(subject["basis"], language));
    fields.set("drill", subject.drill);
    fields.set("original_no", subject["doc_no"]);
    fields.set("utc_offset_minutes", static_cast<std::int64_t>(calendar.zone.offset_at(op.now).count() / 60));
    fields.set("approver", approver_of(op, subject));
    if (subject.due) {
        fields.set("due", local_time(*subject.due, calendar));
    }
    Json copies = Json::array();
    for (const auto& copy : subject["cc"].items()) {
        copies.push(name_of(op, copy.as_string()));
    }
    fields.set("cc", std::move(copies));
    Json items = Json::array();
    for (const auto& item : subject["items"].items()) {
        items.push(item_fields(op, item, language));
    }
    fields.set("items", std::move(items));
    add_system(op, subject, fields);
    add_office(op, subject, fields);
    add_lateness_words(op, subject, language, fields);
    return fields;
}

std::string keep(
    Operation& op,
    const Record& subject,
    const DocumentOrder& order,
    const std::string& media_type,
    const std::string& bytes
) {
    auto document = op.begin("documents", "d", subject.unit);
    document.state = "stored";
    document.drill = subject.drill;
    const bool is_pdf = media_type == "application/pdf";
    document.body = Json::object({
        {"kind", order.kind},
        {"subject", subject.id},
        {"subject_collection", subject.collection},
        {"name", fmt::format("{}.{}", title_of(subject), is_pdf ? "pdf" : "html")},
        {"media_type", media_type},
        {"doc_no", subject["doc_no"]},
        {"size", static_cast<std::int64_t>(bytes.size())},
        {"sha256", op.parts.blobs.put(bytes)},
        {"made_by", "server"},
    });
    op.insert(document);
    return document.id;
}

} // namespace

std::string language_of(Operation& op, const Record& subject) {
    const auto unit = op.tree.find(subject.unit);
    return unit && unit->language == "en" ? "en" : "zh-CN";
}

DocumentText compose_document(Operation& op, const Record& subject, const std::string& template_kind) {
    const auto language = language_of(op, subject);
    return op.parts.templates.compose(template_kind, language, document_fields(op, subject, language));
}

MadeDocument keep_document(
    Operation& op, const Record& subject, const DocumentOrder& order, const DocumentText& text
) {
    const auto rendered = render(text);
    MadeDocument made;
    made.body_sha256 = rendered->body_sha256;
    made.html = keep(op, subject, order, "text/html", rendered->html);
    made.pdf = keep(op, subject, order, "application/pdf", rendered->pdf);
    return made;
}

MadeDocument make_document(Operation& op, const Record& subject, const DocumentOrder& order) {
    return keep_document(op, subject, order, compose_document(op, subject, order.template_kind));
}

} // namespace fengsui::workflow
