#include "base/text.h"
#include "check/common/exposure_proof.h"
#include "check/common/exposure_text.h"

namespace fengsui::check {

namespace {

constexpr std::size_t kTablesShown = 10;
constexpr std::size_t kSearched = 256UL * 1024;

// The first lines that mysqldump, mariadb-dump, pg_dump and phpMyAdmin write.
constexpr std::string_view kHeadings[] = {
    "-- MySQL dump", "-- MariaDB dump", "-- PostgreSQL database dump", "-- phpMyAdmin SQL Dump"};

std::string_view heading_of(std::string_view start) {
    for (const auto heading : kHeadings) {
        if (start.find(heading) != std::string_view::npos) {
            return heading;
        }
    }
    return {};
}

/// Names of the tables, never a row.
base::Json tables_of(std::string_view text) {
    constexpr std::string_view kCreate = "CREATE TABLE ";
    base::Json tables = base::Json::array();
    for (auto at = text.find(kCreate); at != std::string_view::npos; at = text.find(kCreate, at + 1)) {
        const auto rest = text.substr(at + kCreate.size(), 80);
        const auto name = base::trim(rest.substr(0, rest.find_first_of("(\r\n")));
        if (!name.empty() && tables.items().size() < kTablesShown) {
            tables.push(base::scrub_utf8(name));
        }
    }
    return tables;
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    const auto text = std::string_view(exchange.body).substr(0, kSearched);
    if (looks_like_html(text)) {
        return std::nullopt;
    }
    const auto heading = heading_of(text.substr(0, 1024));
    const auto tables = tables_of(text);
    const bool has_rows = text.find("INSERT INTO ") != std::string_view::npos;
    if (heading.empty() && (tables.items().empty() || !has_rows)) {
        return std::nullopt;
    }
    const std::string pattern(heading.empty() ? "CREATE TABLE and INSERT INTO" : heading);
    return FileProof{pattern, pattern, base::Json::object({{"tables", tables}, {"has_rows", has_rows}}), {}};
}

} // namespace

model::Verdict exposure_sql_dump(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.sql_dump", prove, false});
}

} // namespace fengsui::check
