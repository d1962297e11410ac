#include "store/sqlite/meta.h"

#include <fmt/format.h>

namespace fengsui::store::sqlite {

std::optional<std::string> read_meta(Connection& connection, std::string_view key) {
    auto row = connection.prepare("SELECT value FROM meta WHERE key = ?");
    row.bind(key);
    return row.step() ? std::optional(row.text(0)) : std::nullopt;
}

void write_meta(Connection& connection, std::string_view key, std::string_view value) {
    connection
        .prepare("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = "
                 "excluded.value")
        .bind(key)
        .bind(value)
        .run();
}

std::int64_t next_seq(Connection& connection, std::string_view table) {
    auto row = connection.prepare(fmt::format("SELECT COALESCE(MAX(seq), 0) + 1 FROM {}", table));
    row.step();
    return row.integer(0);
}

} // namespace fengsui::store::sqlite
