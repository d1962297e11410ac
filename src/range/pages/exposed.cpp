#include "range/pages/exposed.h"

#include "base/hash.h"
#include "base/text.h"

#include <fmt/format.h>

namespace fengsui::range {

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

struct ExposedFile {
    Fault fault;
    std::string_view path;
    std::string_view type;
};

// The first or second path of each kind that such files usually stand at.
constexpr ExposedFile kFiles[] = {
    {Fault::exposure_git_repository, "/.git/HEAD", "application/octet-stream"},
    {Fault::exposure_git_repository, "/.git/config", "application/octet-stream"},
    {Fault::exposure_svn_repository, "/.svn/wc.db", "application/octet-stream"},
    {Fault::exposure_svn_repository, "/.svn/entries", "application/octet-stream"},
    {Fault::exposure_environment_file, "/.env", "application/octet-stream"},
    {Fault::exposure_backup_file, "/backup.zip", "application/zip"},
    {Fault::exposure_sql_dump, "/backup.sql", "application/sql"},
    {Fault::exposure_phpinfo, "/phpinfo.php", "text/html"},
    {Fault::exposure_server_status, "/server-status", "text/html"},
    {Fault::exposure_password_file, "/.htpasswd", "text/plain"},
    {Fault::exposure_ds_store, "/.DS_Store", "application/octet-stream"},
    {Fault::exposure_log_file, "/error.log", "text/plain"},
    {Fault::exposure_config_file, "/config.php.bak", "application/octet-stream"},
    {Fault::exposure_source_map, "/app.js.map", "application/json"},
    {Fault::exposure_private_key, "/server.key", "application/octet-stream"},
    {Fault::exposure_api_documentation, "/swagger.json", "application/json"},
    {Fault::exposure_admin_panel, "/admin/", "text/html"},
};

constexpr auto kSourceMap =
    R"({"version":3,"file":"app.js","sources":["src/nav.ts","src/main.ts"],"names":[],"mappings":"AAAA,SAASA"})"sv;

/// A made-up secret, the same each time.
std::string secret(const Site& site, std::string_view of) {
    return base::base64(base::sha256(site.zone + std::string(of)).substr(0, 15));
}

std::string git_file(const Site& site, std::string_view path) {
    if (path == "/.git/HEAD") {
        return "ref: refs/heads/master\n";
    }
    return fmt::format(
        "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = "
        "true\n[remote \"origin\"]\n"
        "\turl = http://git.{}/portal.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n",
        site.zone
    );
}

/// A database file of one empty page (sqlite.org/fileformat.html 1.3), as far as its header.
std::string svn_file(std::string_view path) {
    if (path == "/.svn/entries") {
        return "12\n";
    }
    const std::string header = "SQLite format 3\0\x10\0\1\1\0\x40\x20\x20"s;
    return header + std::string(100 - header.size(), '\0') + '\x0d'
           + std::string(3995, '\0'); // a table's leaf page
}

std::string environment_file(const Site& site) {
    return fmt::format(
        "APP_NAME=portal\nAPP_ENV=production\nAPP_KEY=base64:{}\nDB_CONNECTION=mysql\nDB_HOST=127.0.0.1\nDB_"
        "DATABASE=portal\n"
        "DB_USERNAME=portal\nDB_PASSWORD={}\nMAIL_HOST=mail.{}\n",
        secret(site, "app"),
        secret(site, "db"),
        site.zone
    );
}

void append_le(std::uint32_t value, unsigned bytes, std::string& out) {
    for (unsigned i = 0; i < bytes; ++i) {
        out += static_cast<char>(value >> (8 * i) & 0xff);
    }
}

/// One empty stored entry and the directory behind it (APPNOTE.TXT 4.3).
std::string zip_file() {
    constexpr auto kName = "wwwroot/index.php"sv;
    const auto common = [&](std::string& out) {
        append_le(20, 2, out); // version needed
        append_le(0, 2, out);
        append_le(0, 2, out); // stored
        append_le(0x5c6c4800, 4, out);
        out.append(12, '\0'); // checksum and sizes of nothing
        append_le(kName.size(), 2, out);
        append_le(0, 2, out);
    };
    std::string out = "PK\3\4";
    common(out);
    out += kName;
    const auto directory = static_cast<std::uint32_t>(out.size());
    out += "PK\1\2";
    append_le(20, 2, out);
    common(out);
    out.append(14, '\0'); // comment, disk, attributes, offset
    out += kName;
    const auto size = static_cast<std::uint32_t>(out.size()) - directory;
    out += "PK\5\6"s + std::string(4, '\0');
    append_le(1, 2, out);
    append_le(1, 2, out);
    append_le(size, 4, out);
    append_le(directory, 4, out);
    return out + std::string(2, '\0');
}

constexpr std::string_view kSqlDump = R"(-- MySQL dump 10.13  Distrib 5.7.42, for Linux (x86_64)
--
-- Host: localhost    Database: portal
-- ------------------------------------------------------
-- Server version	5.7.42-log

DROP TABLE IF EXISTS `notice`;
CREATE TABLE `notice` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `title` varchar(200) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO `notice` VALUES (1,'abc'),(2,'def');
-- Dump completed
)";

std::string php_information(const Site& site) {
    const auto row = [](std::string_view name, std::string_view value) {
        return fmt::format("<tr><td class=\"e\">{} </td><td class=\"v\">{} </td></tr>\n", name, value);
    };
    return "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
           "\"DTD/xhtml1-transitional.dtd\">\n"
           "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>PHP 7.4.33 - "
           "phpinfo()</title></head>\n<body><div class=\"center\">\n"
           "<table>\n<tr class=\"h\"><td><h1 class=\"p\">PHP Version "
           "7.4.33</h1></td></tr>\n</table>\n<table>\n"
           + row("System", "Linux " + site.host + " 5.10.0-21-amd64")
           + row("Build Date", "Nov  8 2022 11:32:33") + row("Server API", "FPM/FastCGI")
           + row("Loaded Configuration File", "/etc/php/7.4/fpm/php.ini") + row("PHP API", "20190902")
           + row(
               "Registered PHP Streams", "https, ftps, compress.zlib, php, file, glob, data, http, ftp, phar"
           )
           + "</table>\n</div></body></html>\n";
}

std::string status_page(const Site& site) {
    return fmt::format(
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<html><head>\n<title>Apache "
        "Status</title>\n</head><body>\n"
        "<h1>Apache Server Status for {} (via 127.0.0.1)</h1>\n\n<dl><dt>Server Version: Apache/2.4.57 "
        "(Debian) OpenSSL/3.0.9</dt>\n"
        "<dt>Server MPM: event</dt>\n</dl><hr /><dl>\n<dt>Server uptime:  12 days 4 hours 31 minutes 8 "
        "seconds</dt>\n"
        "<dt>Total accesses: 48211 - Total Traffic: 611.8 MB</dt>\n<dt>2 requests currently being processed, "
        "73 idle workers</dt>\n"
        "</dl></body></html>\n",
        site.host
    );
}

std::string log_file() {
    std::string out;
    for (int i = 0; i < 6; ++i) {
        out += fmt::format(
            "2026/03/12 09:1{0}:22 [error] 812#812: *4{0} open() \"/var/www/html/apple-touch-icon.png\" "
            "failed (2: No such file or "
            "directory), client: 10.2.0.{0}, server: _, request: \"GET /apple-touch-icon.png HTTP/1.1\"\n",
            i
        );
    }
    return out;
}

std::string configuration(const Site& site) {
    return fmt::format(
        "<?php\n// database\n$db_host = 'localhost';\n$db_name = 'portal';\n$db_user = "
        "'portal';\n$db_password = '{}';\n"
        "define('DB_CHARSET', 'utf8mb4');\n",
        secret(site, "config")
    );
}

/// Shaped like one (RFC 7468), with nothing behind it.
std::string key_file(const Site& site) {
    std::string body;
    for (unsigned i = 0; i < 16; ++i) {
        body += base::base64(base::sha256(site.zone + std::to_string(i)).substr(0, 30)) + "\n";
    }
    return "-----BEGIN RSA PRIVATE KEY-----\n" + body + "-----END RSA PRIVATE KEY-----\n";
}

std::string directory_store() {
    std::string out = "\0\0\0\1Bud1\0\0\x10\0\0\0\x08\0\0\0\x10\0"s;
    out.resize(6148, '\0');
    return out;
}

std::string api_description(const Site& site) {
    return fmt::format(
        R"({{"swagger":"2.0","info":{{"title":"portal api","version":"1.0"}},"host":"{}","basePath":"/api","paths":{{"/notices":{{"get":{{"responses":{{"200":{{"description":"OK"}}}}}}}},"/users/{{id}}":{{"get":{{"responses":{{"200":{{"description":"OK"}}}}}}}}}}}})",
        site.host
    );
}

std::string administration(const Site& site) {
    const auto* title = site.is_english ? "Control panel" : "网站后台管理系统";
    return fmt::format(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta "
        "charset=\"{}\">\n<title>{}</title>\n</head>\n<body>\n<h1>{}</h1>\n"
        "<form method=\"post\" action=\"/admin/enter\"><input name=\"user\"><input type=\"password\" "
        "name=\"word\">"
        "<button>OK</button></form>\n</body>\n</html>\n",
        site.is_gbk ? "gbk" : "utf-8",
        title,
        title
    );
}

std::string content_of(const Site& site, const ExposedFile& file) {
    switch (file.fault) {
    case Fault::exposure_git_repository:
        return git_file(site, file.path);
    case Fault::exposure_svn_repository:
        return svn_file(file.path);
    case Fault::exposure_environment_file:
        return environment_file(site);
    case Fault::exposure_backup_file:
        return zip_file();
    case Fault::exposure_sql_dump:
        return std::string(kSqlDump);
    case Fault::exposure_phpinfo:
        return php_information(site);
    case Fault::exposure_server_status:
        return status_page(site);
    case Fault::exposure_password_file:
        return "admin:$apr1$" + secret(site, "salt").substr(0, 8) + "$"
               + base::hex(base::sha256(site.zone)).substr(0, 22) + "\n";
    case Fault::exposure_ds_store:
        return directory_store();
    case Fault::exposure_log_file:
        return log_file();
    case Fault::exposure_config_file:
        return configuration(site);
    case Fault::exposure_source_map:
        return std::string(kSourceMap);
    case Fault::exposure_private_key:
        return key_file(site);
    case Fault::exposure_api_documentation:
        return api_description(site);
    default:
        return administration(site);
    }
}

} // namespace

std::optional<Page> exposed_page(const Site& site, std::string_view path) {
    for (const auto& file : kFiles) {
        if (file.path == path && site.has(file.fault)) {
            Page page;
            page.type = std::string(file.type);
            page.body = content_of(site, file);
            return page;
        }
    }
    return std::nullopt;
}

} // namespace fengsui::range
