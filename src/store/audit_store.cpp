#include "store/audit_store.h"

#include "base/hash.h"
#include "store/database.h"
#include "store/sqlite/history_seal.h"
#include "store/sqlite/meta.h"

#include <fmt/format.h>

#include <charconv>

namespace fengsui::store {

namespace {

using sqlite::Connection;

/// meta: "SEQ HASH" of the last entry, so that a cut tail shows.
constexpr std::string_view kHeadKey = "audit_head";

struct Head {
    std::int64_t seq = 0;
    std::string hash;
};

/// The noted end, not the last row: appending after a cut must not hide it.
Head noted_head(Connection& connection) {
    const auto text = sqlite::read_meta(connection, kHeadKey).value_or("0 ");
    Head head;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), head.seq);
    if (failure == std::errc() && end != text.data() + text.size()) {
        head.hash.assign(end + 1, text.data() + text.size());
    }
    return head;
}

std::string head_text(const Head& head) {
    return fmt::format("{} {}", head.seq, head.hash);
}

std::string chain_hash(std::string_view previous, std::string_view body) {
    return base::sha256_hex(fmt::format("{}\n{}", previous, body));
}

std::string body_of(const AuditEntry& entry, std::int64_t seq, base::Json history) {
    auto body = base::Json::object({
        {"seq", seq},
        {"at", base::format_rfc3339(entry.at)},
        {"by", entry.by},
        {"event", entry.event},
        {"collection", entry.collection},
        {"subject", entry.subject},
    });
    if (!entry.details.is_null()) {
        body.set("details", entry.details);
    }
    if (!history.is_null()) {
        body.set("history", std::move(history));
    }
    return base::to_text(body);
}

/// Why this row does not continue `before`, or does not agree with the history, or nothing.
std::string fault_of(const sqlite::Statement& row, const Head& before, sqlite::HistoryAuditor& history) {
    const auto seq = row.integer(0);
    const auto body = row.text(1);
    if (seq != before.seq + 1) {
        return fmt::format("entry {} follows entry {}: entries are missing", seq, before.seq);
    }
    if (row.text(3) != before.hash) {
        return "the link to the entry before is altered";
    }
    if (row.text(2) != chain_hash(before.hash, body)) {
        return "the entry is altered";
    }
    const auto json = base::parse_json(body);
    if (!json || (*json)["seq"].as_int() != seq) {
        return "the entry carries another number";
    }
    return history.fault_of((*json)["history"]);
}

} // namespace

void AuditStore::append(const AuditEntry& entry) {
    auto& connection = database_.connection();
    sqlite::Transaction transaction(connection);
    const auto before = noted_head(connection);
    const auto body = body_of(entry, before.seq + 1, sqlite::seal_history(connection));
    const Head head{before.seq + 1, chain_hash(before.hash, body)};
    connection.prepare("INSERT INTO audit (seq, body, hash, prev_hash) VALUES (?, ?, ?, ?)")
        .bind(head.seq)
        .bind(body)
        .bind(head.hash)
        .bind(before.hash)
        .run();
    sqlite::write_meta(connection, kHeadKey, head_text(head));
    transaction.commit();
}

AuditVerdict AuditStore::verify() {
    auto& connection = database_.connection();
    const sqlite::Reading reading(connection);
    AuditVerdict verdict;
    Head before;
    sqlite::HistoryAuditor history(connection);
    auto rows = connection.prepare("SELECT seq, body, hash, prev_hash FROM audit ORDER BY seq");
    while (rows.step()) {
        ++verdict.entries;
        if (auto fault = fault_of(rows, before, history); !fault.empty()) {
            verdict.ok = false;
            verdict.first_broken = before.seq + 1;
            verdict.reason = std::move(fault);
            return verdict;
        }
        before = {rows.integer(0), rows.text(2)};
    }
    verdict.head = before.hash;
    const auto noted = sqlite::read_meta(connection, kHeadKey).value_or(head_text({}));
    if (noted != head_text(before)) {
        verdict.ok = false;
        verdict.first_broken = before.seq + 1;
        verdict.reason = "the end of the log does not agree with its noted end: entries are cut off or added";
    } else if (auto fault = history.fault_of_rest(); !fault.empty()) {
        verdict.ok = false;
        verdict.first_broken = before.seq + 1;
        verdict.reason = std::move(fault);
    }
    return verdict;
}

} // namespace fengsui::store
