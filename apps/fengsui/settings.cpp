#include "fengsui/settings.h"

#include "fengsui/command_line.h"

#include "base/embedded.h"
#include "base/log.h"
#include "base/text.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <unistd.h>

namespace fengsui::apps {

namespace {

using base::Error;
using base::ErrorCode;
using base::Json;
using base::message;

/// The option table of content/options.yaml.
const Json& option_table() {
    static const Json table = base::parse_yaml(base::embedded_file("options.yaml")).or_throw();
    return table;
}

const Json* find_option(std::string_view name) {
    for (const auto& option : option_table().items()) {
        if (option["name"].as_string() == name) {
            return &option;
        }
    }
    return nullptr;
}

std::string known_options() {
    std::string names;
    for (const auto& option : option_table().items()) {
        names += (names.empty() ? "" : ", ") + option["name"].as_string();
    }
    return names;
}

Error bad_option(const std::filesystem::path& file, const Json& at, std::string_view what) {
    return {ErrorCode::invalid_argument, fmt::format("{}:{}: {}", file.string(), at.line(), what)};
}

/// A list of entries, each with exactly the option's fields, all of them texts.
void check_list(const std::filesystem::path& file, const Json& option, const Json& value) {
    const auto& name = option["name"].as_string();
    std::string fields;
    for (const auto& field : option["fields"].items()) {
        fields += (fields.empty() ? "" : ", ") + field.as_string();
    }
    if (!value.is_array()) {
        throw bad_option(file, value, fmt::format("{} takes a list of entries with {}", name, fields));
    }
    for (const auto& entry : value.items()) {
        bool is_whole = entry.members().size() == option["fields"].items().size();
        for (const auto& field : option["fields"].items()) {
            is_whole = is_whole && entry[field.as_string()].is_string();
        }
        if (!is_whole) {
            throw bad_option(
                file, entry, fmt::format("an entry of {} has {}, each a text, and nothing else", name, fields)
            );
        }
    }
}

void check_value(const std::filesystem::path& file, const Json& option, const Json& value) {
    const auto& name = option["name"].as_string();
    const auto& type = option["type"].as_string();
    if (type == "text") {
        if (!value.is_string()) {
            throw bad_option(file, value, fmt::format("{} takes a text; put it in quotes", name));
        }
        return;
    }
    if (type == "list") {
        check_list(file, option, value);
        return;
    }
    const bool fits = type == "count" ? value.is_int() : value.is_number();
    const bool in_range = fits && value.as_double() >= option["minimum"].as_double()
                          && value.as_double() <= option["maximum"].as_double();
    if (!in_range) {
        throw bad_option(
            file,
            value,
            fmt::format(
                "{} takes a {} from {} to {}",
                name,
                type == "count" ? "whole number" : "number",
                option["minimum"].as_double(),
                option["maximum"].as_double()
            )
        );
    }
}

/// The configuration with every option in it: the file's value, or the default.
Json effective_config(const std::optional<std::filesystem::path>& file) {
    Json config = Json::object();
    for (const auto& option : option_table().items()) {
        config.set(option["name"].as_string(), option["default"]);
    }
    if (!file) {
        return config;
    }
    const Json given = read_config_file(*file);
    if (!given.is_object() && !given.is_null()) {
        throw bad_option(*file, given, "a configuration is a list of `option: value` lines");
    }
    for (const auto& [name, value] : given.members()) {
        const Json* option = find_option(name);
        if (option == nullptr) {
            throw bad_option(
                *file, value, fmt::format("\"{}\" is not an option; known are {}", name, known_options())
            );
        }
        check_value(*file, *option, value);
        config.set(name, value);
    }
    return config;
}

std::optional<std::filesystem::path> config_file(
    const TypedOptions& typed, const std::filesystem::path& data_dir
) {
    if (typed.config) {
        return *typed.config;
    }
    for (const char* name : {"fengsui.yaml", "fengsui.toml"}) {
        std::error_code ignored;
        if (std::filesystem::exists(data_dir / name, ignored)) {
            return data_dir / name;
        }
    }
    return std::nullopt;
}

base::Language parse_language(const std::string& text) {
    if (text.empty()) {
        return base::language_of_environment();
    }
    if (text != "zh" && text != "en") {
        throw Error(ErrorCode::invalid_argument, fmt::format("language {} is not zh or en", text));
    }
    return text == "zh" ? base::Language::zh : base::Language::en;
}

OutputFormat parse_format(const std::optional<std::string>& text, base::Language language) {
    if (!text) {
        return isatty(STDOUT_FILENO) != 0 ? OutputFormat::text : OutputFormat::jsonl;
    }
    if (*text == "text") {
        return OutputFormat::text;
    }
    if (*text == "jsonl") {
        return OutputFormat::jsonl;
    }
    throw Error(
        ErrorCode::invalid_argument, fmt::format(fmt::runtime(message(language, "error.bad_format")), *text)
    );
}

void apply_services(ServiceOptions& services, const Json& config) {
    services.public_url = config["public_url"].as_string();
    services.mail_relay = config["mail_relay"].as_string();
    services.mail_security = config["mail_security"].as_string();
    services.mail_from = config["mail_from"].as_string();
    services.mail_user = config["mail_user"].as_string();
    services.mail_password_file = config["mail_password_file"].as_string();
    services.mail_sign_certificate = config["mail_sign_certificate"].as_string();
    services.mail_sign_key = config["mail_sign_key"].as_string();
    for (const auto& entry : config["webhooks"].items()) {
        services.webhooks.push_back(
            {entry["name"].as_string(), entry["url"].as_string(), entry["secret_file"].as_string()}
        );
    }
    services.oidc_issuer = config["oidc_issuer"].as_string();
    services.oidc_client_id = config["oidc_client_id"].as_string();
    services.oidc_client_secret_file = config["oidc_client_secret_file"].as_string();
    services.oidc_claim = config["oidc_claim"].as_string();
}

void apply_config(Settings& settings, const Json& config) {
    settings.contact = config["contact"].as_string();
    settings.listen = config["listen"].as_string();
    settings.resolver = config["resolver"].as_string();
    settings.trust = config["trust"].as_string();
    settings.trust_anchor = config["trust_anchor"].as_string();
    settings.crl = config["crl"].as_string();
    settings.software_data = config["software_data"].as_string();
    settings.rate = config["rate"].as_double();
    settings.connections = static_cast<unsigned>(config["connections"].as_int());
    settings.deadline = config["deadline"].as_double();
    settings.concurrency = static_cast<unsigned>(config["concurrency"].as_int());
    settings.quiet_hours = config["quiet_hours"].as_string();
    settings.interval_availability = config["interval_availability"].as_double();
    settings.interval_standard = config["interval_standard"].as_double();
    settings.interval_careful = config["interval_careful"].as_double();
    settings.interval_templates = config["interval_templates"].as_double();
    for (const auto& entry : config["templates"].items()) {
        settings.template_packs.push_back(
            {entry["path"].as_string(),
             entry["sha256"].as_string(),
             entry["units"].as_string(),
             entry["probe_class"].as_string()}
        );
    }
    settings.web_root = config["web_root"].as_string();
    apply_services(settings.services, config);
}

void apply_typed(Settings& settings, const TypedOptions& typed) {
    settings.contact = typed.contact.value_or(settings.contact);
    settings.resolver = typed.resolver.value_or(settings.resolver);
    settings.trust = typed.trust.value_or(settings.trust);
    settings.trust_anchor = typed.trust_anchor.value_or(settings.trust_anchor);
    settings.crl = typed.crl.value_or(settings.crl);
    settings.software_data = typed.software_data.value_or(settings.software_data);
    settings.rate = typed.rate.value_or(settings.rate);
    settings.deadline = typed.deadline.value_or(settings.deadline);
    settings.connections = static_cast<unsigned>(
        std::clamp<std::uint64_t>(typed.connections.value_or(settings.connections), 1, 1000)
    );
    settings.concurrency = static_cast<unsigned>(
        std::clamp<std::uint64_t>(typed.concurrency.value_or(settings.concurrency), 1, 10000)
    );
    if (typed.now) {
        auto now = base::parse_rfc3339(*typed.now);
        if (!now) {
            throw Error(
                ErrorCode::invalid_argument,
                fmt::format(fmt::runtime(message(settings.language, "error.bad_now")), now.error().message())
            );
        }
        settings.now = *now;
    }
}

} // namespace

void TypedOptions::add_common(Command& root) {
    root.text("--data", data, "help.option.data");
    root.text("--config", config, "help.option.config");
    root.text("--language", language, "help.option.language");
    root.flag("-v,--verbose", verbose, "help.option.verbose");
}

void TypedOptions::add_network(Command& command) {
    command.text("--resolver", resolver, "help.option.resolver");
    command.text("--trust", trust, "help.option.trust");
    command.text("--trust-anchor", trust_anchor, "help.option.trust_anchor");
    command.text("--crl", crl, "help.option.crl");
    command.text("--software-data", software_data, "help.option.software_data");
    command.number("--rate", rate, "help.option.rate");
    command.count("--connections", connections, "help.option.connections");
    command.number("--deadline", deadline, "help.option.deadline");
    command.text("--now", now, "help.option.now");
    command.text("--contact", contact, "help.option.contact");
    command.count("--concurrency", concurrency, "help.option.concurrency");
}

Settings resolve_settings(const TypedOptions& typed) {
    Settings settings;
    settings.data_dir = typed.data.value_or("fengsui-data");
    const Json config = effective_config(config_file(typed, settings.data_dir));
    settings.language = parse_language(typed.language.value_or(config["language"].as_string()));
    settings.format = parse_format(typed.format, settings.language);
    apply_config(settings, config);
    apply_typed(settings, typed);
    if (typed.verbose) {
        base::set_log_level(base::LogLevel::info);
    }
    return settings;
}

Json read_config_file(const std::filesystem::path& file) {
    std::error_code failure;
    if (std::filesystem::is_directory(file, failure)) {
        throw Error(
            ErrorCode::invalid_argument,
            fmt::format("{}: is a directory; name a configuration file", file.string())
        );
    }
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw Error(
            ErrorCode::invalid_argument,
            fmt::format(
                "{}: cannot be read; check the name given by --config and its permissions", file.string()
            )
        );
    }
    std::stringstream text;
    text << in.rdbuf();
    if (text.str().size() > std::size_t{1024} * 1024) {
        throw Error(
            ErrorCode::invalid_argument,
            fmt::format("{}: larger than 1 MiB; this is no configuration", file.string())
        );
    }
    if (file.extension() == ".toml") {
        return parse_toml(text.str(), file.string());
    }
    return base::parse_yaml(text.str()).context(file.string()).or_throw();
}

} // namespace fengsui::apps
