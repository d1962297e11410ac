// Documents handed in, and the bytes of all documents, served so that nothing in them runs.
#include "api/api.h"
#include "api/body.h"
#include "api/case_records.h"
#include "api/registry.h"
#include "base/codec.h"
#include "base/text.h"
#include "store/blob_store.h"
#include "store/database.h"
#include "workflow/attachment.h"
#include "workflow/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fengsui::api {

namespace {

using base::Json;

constexpr std::size_t kLargest = 10U << 20U;

struct Subject {
    std::string id;
    model::UnitId unit;
    bool is_internal = false; ///< units do not see what it is about
    bool is_drill = false;
};

constexpr std::array<std::string_view, 3> kOfAuthorities = {"cases", "exports", "outbox"};

/// The record of that id that the caller may read, in whichever collection it lies.
std::optional<std::pair<std::string_view, Json>> find_subject(const Call& call, const std::string& id) {
    constexpr std::array<std::string_view, 12> kCollections = {
        "responses",
        "notices",
        "cases",
        "verifications",
        "findings",
        "incidents",
        "obligations",
        "documents",
        "units",
        "systems",
        "assets",
        "exports"};
    for (const auto collection : kCollections) {
        const bool is_closed =
            call.caller.is_only_unit()
            && std::find(kOfAuthorities.begin(), kOfAuthorities.end(), collection) != kOfAuthorities.end();
        if (is_closed) {
            continue;
        }
        if (auto record = look_up(call, collection, id)) {
            return std::pair(collection, std::move(*record));
        }
    }
    return std::nullopt;
}

bool is_internal(std::string_view collection, const Json& record) {
    const bool is_closed =
        std::find(kOfAuthorities.begin(), kOfAuthorities.end(), collection) != kOfAuthorities.end();
    return is_closed || (collection == "notices" && record["issued_at"].is_null())
           || (collection == "documents" && record["state"].as_string() == "internal");
}

Subject read_subject(const Call& call) {
    Subject subject;
    take_text(call.body, "subject", subject.id, 200);
    if (subject.id.empty()) {
        subject.unit = call.caller.user.unit;
        return subject;
    }
    const auto found = find_subject(call, subject.id);
    if (!found) {
        throw unknown_reference("subject");
    }
    const auto& [collection, record] = *found;
    subject.unit = model::UnitId(record[collection == "units" ? "id" : "unit"].as_string());
    subject.is_internal = is_internal(collection, record);
    subject.is_drill = record["drill"].as_bool();
    return subject;
}

/// RFC 4648 section 4, to the letter: padded, no white space.
bool is_strict_base64(std::string_view text) {
    const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
    const auto body = text.substr(0, text.size() - padding);
    return text.size() % 4 == 0 && std::all_of(body.begin(), body.end(), [](char c) {
               return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '/';
           });
}

std::string read_content(const Call& call) {
    const Json* content = member_of(call.body, "content", &Json::is_string);
    if (content == nullptr) {
        throw guard_failed("content", "content: is needed, in base64");
    }
    const auto& text = content->as_string();
    if (text.size() / 4 * 3 > kLargest + 2) {
        throw Problem(413, "too_large", "content: at most 10 MB");
    }
    std::string bytes;
    if (!is_strict_base64(text) || !base::decode_base64(text, bytes)) {
        throw Problem(400, "malformed", "content: is not base64");
    }
    return bytes;
}

/// Kinds are words; those of what the server writes are its own.
std::string read_kind(const Call& call) {
    std::string kind = "attachment";
    take_text(call.body, "kind", kind, 60);
    const bool is_word = !kind.empty() && std::all_of(kind.begin(), kind.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || base::is_digit(c) || c == '_';
    });
    if (!is_word) {
        throw Problem(400, "malformed", "kind: is a word of small letters, such as attachment or evidence");
    }
    const auto ours = call.services.engine.templates().kinds();
    if (kind == "export" || std::find(ours.begin(), ours.end(), kind) != ours.end()) {
        throw guard_failed("kind", "kind: documents of this kind are written by the server");
    }
    return kind;
}

Reply hand_in(const Call& call) {
    const auto name = required_text(call.body, "name", kLongestText);
    const auto media_type = required_text(call.body, "media_type", 200);
    const auto kind = read_kind(call);
    const auto subject = read_subject(call);
    const auto bytes = read_content(call);
    const auto verdict = workflow::judge_attachment(name, media_type, bytes);
    if (!verdict.is_good()) {
        throw guard_failed(verdict.field, verdict.message);
    }
    store::Record document;
    document.unit = subject.unit;
    document.state = subject.is_internal ? "internal" : "stored";
    document.drill = subject.is_drill;
    document.body = Json::object({
        {"kind", kind},
        {"subject", subject.id.empty() ? Json() : Json(subject.id)},
        {"name", name},
        {"media_type", verdict.media_type},
        {"doc_no", nullptr},
        {"uploaded", true},
    });
    const auto kept = call.services.engine.add_document(std::move(document), bytes, call.as_request());
    return tagged_reply(call.services.engine.view(kept.to_json(), "documents", call.as_request()), 201);
}

/// RFC 6266 and 8187: an ASCII name for the old, the whole name for the others.
std::string disposition(std::string_view how, std::string_view name) {
    std::string plain;
    std::string whole;
    for (const char c : name) {
        const bool is_plain = base::is_alpha(c) || base::is_digit(c) || c == '.' || c == '-' || c == '_';
        plain.push_back(is_plain ? c : '_');
        whole += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return fmt::format("{}; filename=\"{}\"; filename*=UTF-8''{}", how, plain, whole);
}

std::string served_type(const std::string& media_type) {
    return media_type.starts_with("text/") ? media_type + "; charset=utf-8" : media_type;
}

Reply show_content(const Call& call) {
    const auto record = find_visible(call, "documents", call.path_values[0]);
    auto bytes = store::BlobStore(call.services.database.directory()).get(record["sha256"].as_string());
    if (!bytes) {
        throw base::Error(
            base::ErrorCode::corrupt, fmt::format("the bytes of document {} are gone", call.path_values[0])
        );
    }
    const auto& type = record["media_type"].as_string();
    const bool is_ours = !record["uploaded"].as_bool();
    const bool is_shown = is_ours && (type == "application/pdf" || type.starts_with("text/html"));
    // Browsers show no PDF inside a sandbox; ours hold nothing that runs.
    const std::string_view sandbox = is_shown && type == "application/pdf" ? "" : "sandbox; ";
    Reply reply;
    reply.bytes = std::move(*bytes);
    reply.headers = {
        {"Content-Type", served_type(type)},
        {"Content-Disposition", disposition(is_shown ? "inline" : "attachment", record["name"].as_string())},
        {"Content-Security-Policy",
         fmt::format("{}default-src 'none'; style-src 'unsafe-inline'; img-src data:", sandbox)},
        {"X-Content-Type-Options", "nosniff"}};
    return reply;
}

constexpr std::string_view kPageOnly = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// What the notice would read like if it were issued now; nothing is kept.
Reply preview_notice(const Call& call) {
    Reply reply;
    reply.bytes = call.services.engine.preview(call.path_values[0], call.as_request());
    reply.headers = {
        {"Content-Type", "text/html; charset=utf-8"},
        {"Content-Security-Policy", "sandbox; " + std::string(kPageOnly)},
        {"X-Content-Type-Options", "nosniff"}};
    return reply;
}

} // namespace

std::vector<Route> document_routes() {
    static constexpr BodyField kFields[] = {
        {"name", "string", true},
        {"media_type", "string", true},
        {"content", "string", true},
        {"subject", "string"},
        {"kind", "string"}};
    Route hand{"POST", "/documents", Access::handing_in, "Hand in a document, its bytes in base64", &hand_in};
    hand.fields = kFields;
    return {
        hand,
        {"GET",
         "/notices/{id}/preview",
         Access::signed_in,
         "The document that a notice would become",
         &preview_notice},
        {"GET", "/documents/{id}/content", Access::signed_in, "The bytes of a document", &show_content}};
}

} // namespace fengsui::api
