#include "store/database.h"

#include "store/schema/schema.h"
#include "store/sqlite/meta.h"
#include "store/sqlite/scope_cache.h"

#include <fmt/format.h>

#include <charconv>

namespace fengsui::store {

namespace {

using base::Error;
using base::ErrorCode;
using sqlite::Connection;

constexpr std::string_view kVersionKey = "schema_version";

void prepare_directory(const std::filesystem::path& directory, OpenMode mode) {
    std::error_code failure;
    if (std::filesystem::exists(directory, failure)) {
        if (!std::filesystem::is_directory(directory, failure)) {
            throw Error(
                ErrorCode::io, fmt::format("{} is not a directory; name one with --data", directory.string())
            );
        }
        return;
    }
    if (mode == OpenMode::read_only) {
        throw Error(
            ErrorCode::not_found,
            fmt::format("there is no data directory {}; import a registry first", directory.string())
        );
    }
    std::filesystem::create_directories(directory, failure);
    if (failure) {
        throw Error(
            ErrorCode::io,
            fmt::format(
                "the data directory {} cannot be made: {}; name another with --data",
                directory.string(),
                failure.message()
            )
        );
    }
}

int stored_version(Connection& connection) {
    const auto text = sqlite::read_meta(connection, kVersionKey).value_or("0");
    int version = -1;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (failure != std::errc() || end != text.data() + text.size() || version < 0) {
        throw Error(
            ErrorCode::corrupt,
            fmt::format(
                "{}: its schema version \"{}\" is not a number; restore it from a backup",
                connection.file().string(),
                text
            )
        );
    }
    return version;
}

void refuse_newer(const Connection& connection, int version) {
    const int known = schema::migrations().back().version;
    if (version > known) {
        throw Error(
            ErrorCode::unsupported,
            fmt::format(
                "{} has schema version {}, this program knows up to {}; use the newer program that wrote "
                "it, or restore a backup from before the upgrade",
                connection.file().string(),
                version,
                known
            )
        );
    }
}

void migrate(Connection& connection) {
    connection.execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
    sqlite::Transaction transaction(connection);
    const int version = stored_version(connection);
    refuse_newer(connection, version);
    for (const auto& step : schema::migrations()) {
        if (step.version > version) {
            connection.execute(step.sql);
            sqlite::write_meta(connection, kVersionKey, std::to_string(step.version));
        }
    }
    transaction.commit();
}

/// A reader cannot mend an old schema: it says who can.
void require_current(Connection& connection) {
    const sqlite::Reading reading(connection);
    const int version = stored_version(connection);
    refuse_newer(connection, version);
    const int known = schema::migrations().back().version;
    if (version < known) {
        throw Error(
            ErrorCode::unsupported,
            fmt::format(
                "{} has schema version {}, this program needs {}; start it once with "
                "the right to write there",
                connection.file().string(),
                version,
                known
            )
        );
    }
}

std::unique_ptr<Connection> open_connection(const std::filesystem::path& file, OpenMode mode) {
    std::error_code failure;
    if (mode == OpenMode::read_only && !std::filesystem::exists(file, failure)) {
        throw Error(
            ErrorCode::not_found, fmt::format("there is no {}; import a registry first", file.string())
        );
    }
    auto connection = std::make_unique<Connection>(file, mode == OpenMode::read_write);
    if (mode == OpenMode::read_write) {
        migrate(*connection);
    } else {
        require_current(*connection);
    }
    return connection;
}

} // namespace

struct Database::Files {
    std::filesystem::path directory;
    std::unique_ptr<Connection> main;
    std::unique_ptr<Connection> poll;
    sqlite::ScopeCache scopes;
};

std::filesystem::path database_file(const std::filesystem::path& data_dir) {
    return data_dir / "fengsui.db";
}

Database::Database(std::unique_ptr<Files> files) : files_(std::move(files)) {}
Database::~Database() = default;

std::unique_ptr<Database> Database::open(const std::filesystem::path& data_dir, OpenMode mode) {
    prepare_directory(data_dir, mode);
    const auto file = database_file(data_dir);
    auto files = std::make_unique<Files>();
    files->directory = data_dir;
    files->main = open_connection(file, mode);
    files->poll = std::make_unique<Connection>(file, false);
    return std::unique_ptr<Database>(new Database(std::move(files)));
}

const std::filesystem::path& Database::directory() const {
    return files_->directory;
}

Connection& Database::connection() {
    return *files_->main;
}

Connection& Database::poll_connection() {
    return *files_->poll;
}

sqlite::ScopeCache& Database::scopes() {
    return files_->scopes;
}

void Database::backup(const std::filesystem::path& file) {
    auto temporary = file;
    temporary += ".part";
    std::error_code failure;
    std::filesystem::remove(temporary, failure);
    try {
        const std::lock_guard lock(connection().mutex());
        connection().copy_to(temporary);
    } catch (const Error&) {
        std::filesystem::remove(temporary, failure);
        throw;
    }
    std::filesystem::rename(temporary, file, failure);
    if (failure) {
        throw Error(
            ErrorCode::io,
            fmt::format("the backup {} cannot be put in place: {}", file.string(), failure.message())
        );
    }
}

std::vector<std::string> Database::check_integrity() {
    const std::lock_guard lock(connection().mutex());
    auto rows = connection().prepare("PRAGMA integrity_check");
    std::vector<std::string> problems;
    while (rows.step()) {
        if (auto text = rows.text(0); text != "ok") {
            problems.push_back(std::move(text));
        }
    }
    return problems;
}

} // namespace fengsui::store
