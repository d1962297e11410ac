#include "store/sqlite/history_seal.h"

#include "base/hash.h"
#include "base/text.h"
#include "store/sqlite/meta.h"

#include <fmt/format.h>

#include <charconv>

namespace fengsui::store::sqlite {

namespace {

using base::Json;

/// meta: number of the last row that is sealed.
constexpr std::string_view kSealedKey = "history_sealed";
constexpr int kColumns = 9;

std::int64_t sealed_row(Connection& connection) {
    const auto text = read_meta(connection, kSealedKey).value_or("0");
    std::int64_t seq = 0;
    std::from_chars(text.data(), text.data() + text.size(), seq);
    return seq;
}

std::int64_t last_row(Connection& connection) {
    auto row = connection.prepare("SELECT COALESCE(MAX(seq), 0) FROM history");
    row.step();
    return row.integer(0);
}

/// Each row's digest covers the one before; lengths keep the columns apart.
std::string digest_of_rows(Connection& connection, std::int64_t from, std::int64_t to) {
    auto rows = connection.prepare(
        "SELECT seq, collection, record, at, \"by\", event, from_state, to_state, reason FROM history "
        "WHERE seq >= ? AND seq <= ? ORDER BY seq"
    );
    rows.bind(from).bind(to);
    std::string digest;
    while (rows.step()) {
        std::string text = digest;
        for (int column = 0; column < kColumns; ++column) {
            const auto value = rows.text(column);
            text += fmt::format("{}:{}", value.size(), value);
        }
        digest = base::sha256(text);
    }
    return base::hex(digest);
}

} // namespace

bool has_unsealed_history(Connection& connection) {
    return last_row(connection) > sealed_row(connection);
}

Json seal_history(Connection& connection) {
    const auto from = sealed_row(connection) + 1;
    const auto to = last_row(connection);
    if (to < from) {
        return {};
    }
    write_meta(connection, kSealedKey, std::to_string(to));
    return Json::object({{"from", from}, {"to", to}, {"sha256", digest_of_rows(connection, from, to)}});
}

std::string HistoryAuditor::fault_of(const Json& seal) {
    if (seal.is_null()) {
        return {};
    }
    const auto from = seal["from"].as_int();
    const auto to = seal["to"].as_int();
    const bool follows = from == sealed_ + 1;
    sealed_ = to;
    if (!follows || seal["sha256"].as_string() != digest_of_rows(connection_, from, to)) {
        return fmt::format(
            "the history is altered between its rows {} and {}, which the entry seals", from, to
        );
    }
    return {};
}

std::string HistoryAuditor::fault_of_rest() {
    const auto last = last_row(connection_);
    return last == sealed_
               ? std::string()
               : fmt::format("the history has row {} after the last sealed one, {}", last, sealed_);
}

} // namespace fengsui::store::sqlite
