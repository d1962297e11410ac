#include "store/sqlite/unit_below.h"

namespace fengsui::store::sqlite {

namespace {

// UNION, not UNION ALL: ends even if a damaged table held a cycle.
constexpr std::string_view kDownward = "below (id) AS (SELECT id FROM units WHERE id = ? UNION SELECT u.id "
                                       "FROM units u JOIN below b ON u.parent = "
                                       "b.id)";
constexpr std::string_view kUpward = "above (id, parent) AS (SELECT id, parent FROM units WHERE id = ? UNION "
                                     "SELECT u.id, u.parent FROM units u "
                                     "JOIN above a ON u.id = a.parent)";

std::string recursive(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) {
        text += text.empty() ? "WITH RECURSIVE " : ", ";
        text += part;
    }
    return text;
}

} // namespace

void relink_unit(Connection& connection, const std::string& unit) {
    connection
        .prepare(
            recursive({kDownward})
            + " DELETE FROM unit_below WHERE unit IN (SELECT id FROM below) AND top NOT IN (SELECT id FROM "
              "below)"
        )
        .bind(unit)
        .run();
    connection
        .prepare(
            recursive({kDownward, kUpward})
            + " INSERT INTO unit_below (top, unit) SELECT a.id, b.id FROM above a, below b WHERE true ON "
              "CONFLICT DO "
              "NOTHING"
        )
        .bind(unit)
        .bind(unit)
        .run();
}

std::vector<std::string> units_below(Connection& connection, const std::string& unit) {
    auto rows = connection.prepare("SELECT unit FROM unit_below WHERE top = ? ORDER BY unit");
    rows.bind(unit);
    std::vector<std::string> units;
    while (rows.step()) {
        units.push_back(rows.text(0));
    }
    return units;
}

} // namespace fengsui::store::sqlite
