// Options from the command line over those of the configuration file over the defaults.
#pragma once

#include "base/json.h"
#include "base/messages.h"
#include "base/time.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fengsui::apps {

class Command;

/// What was typed of the options that commands share. Empty: not given.
struct TypedOptions {
    std::optional<std::string> data;
    std::optional<std::string> config;
    std::optional<std::string> format;
    std::optional<std::string> language;
    bool verbose = false;
    std::optional<std::string> resolver;
    std::optional<std::string> trust;
    std::optional<std::string> trust_anchor;
    std::optional<std::string> crl;
    std::optional<std::string> software_data;
    std::optional<double> rate;
    std::optional<std::uint64_t> connections;
    std::optional<double> deadline;
    std::optional<std::string> now;
    std::optional<std::string> contact;
    std::optional<std::uint64_t> concurrency;

    void add_common(Command& root);
    void add_network(Command& command);
};

/// One entry of the option webhooks.
struct WebhookSetting {
    std::string name;
    std::string url;
    std::string secret_file;
};

/// One entry of the option templates.
struct TemplatePackSetting {
    std::string path;        ///< folder, .tar.gz or .zip
    std::string sha256;      ///< of the archive; empty: not checked here
    std::string units;       ///< ids with commas; empty: all units
    std::string probe_class; ///< passive or careful: the most that it may send
};

/// The operator's own services, as typed; service_settings.h makes sense of them.
struct ServiceOptions {
    std::string public_url;
    std::string mail_relay;
    std::string mail_security;
    std::string mail_from;
    std::string mail_user;
    std::string mail_password_file;
    std::string mail_sign_certificate;
    std::string mail_sign_key;
    std::vector<WebhookSetting> webhooks;
    std::string oidc_issuer;
    std::string oidc_client_id;
    std::string oidc_client_secret_file;
    std::string oidc_claim;
};

enum class OutputFormat { text, jsonl, nuclei /** patrols only: hits of templates */ };

/// Everything decided. Throws invalid_argument naming file, line, option and mend.
struct Settings {
    std::filesystem::path data_dir = "fengsui-data";
    OutputFormat format = OutputFormat::jsonl;
    base::Language language = base::Language::en;
    std::string contact;
    std::string listen;
    std::string resolver;
    std::string trust;
    std::string trust_anchor;
    std::string crl;
    std::string software_data;
    double rate = 1;
    unsigned connections = 2;
    double deadline = 180;
    unsigned concurrency = 512;
    std::string quiet_hours;
    double interval_availability = 300;
    double interval_standard = 86400;
    double interval_careful = 604800;
    double interval_templates = 604800;
    std::vector<TemplatePackSetting> template_packs;
    std::string web_root;
    ServiceOptions services;
    std::optional<base::Instant> now;
};

Settings resolve_settings(const TypedOptions& typed);

/// Reads a configuration file; by its ending TOML, else YAML. Line numbers are kept.
base::Json read_config_file(const std::filesystem::path& file);
base::Json parse_toml(const std::string& text, const std::string& name);

} // namespace fengsui::apps
