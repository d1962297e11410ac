#include "template/selection.h"

#include "base/text.h"

#include <algorithm>
#include <set>

namespace fengsui::templates {

namespace {

using Names = std::set<std::string>;

bool has_any_tag(const Template& value, std::initializer_list<std::string_view> tags) {
    return std::any_of(tags.begin(), tags.end(), [&value](std::string_view tag) {
        return value.has_tag(tag);
    });
}

bool is_fingerprint(const Template& value) {
    return has_any_tag(value, {"tech", "detect", "detection", "favicon", "waf", "panel"});
}

/// `spring-boot`, `spring_boot` and `Spring Boot` are one product.
std::string plain(std::string_view name) {
    std::string out;
    for (const char c : base::to_lower(name)) {
        if (base::is_alpha(c) || base::is_digit(c)) {
            out += c;
        }
    }
    return out;
}

/// Tags and matcher names that are kinds, languages or services and no product that a front page shows.
bool is_generic(const std::string& name) {
    static constexpr std::string_view kWords[] = {
        "admin",   "api",       "auth",   "aws",       "azure",   "backup",     "cloud",      "cms",
        "config",  "dashboard", "db",     "debug",     "detect",  "detection",  "disclosure", "discovery",
        "dns",     "docker",    "edb",    "exposure",  "favicon", "files",      "firebase",   "ftp",
        "git",     "go",        "google", "http",      "install", "iot",        "java",       "js",
        "listing", "login",     "logs",   "misconfig", "mysql",   "network",    "node",       "npm",
        "oss",     "panel",     "php",    "python",    "router",  "salesforce", "server",     "service",
        "ssl",     "status",    "tech",   "tls",       "token",   "unauth",     "version",    "waf",
        "web",     "wp"};
    return name.size() < 2 || std::find(std::begin(kWords), std::end(kWords), name) != std::end(kWords);
}

void add_name(std::string_view name, Names& names) {
    auto made = plain(name);
    if (!is_generic(made)) {
        names.insert(std::move(made));
    }
}

/// Metadata and CPE; tags that stand in the id; the platform that a plug-in belongs to.
Names products_of(const Template& value) {
    Names names;
    for (const auto& product : value.products) {
        add_name(product, names);
    }
    for (const auto& tag : value.tags) {
        if (value.id.find(tag) != std::string::npos) {
            add_name(tag, names);
        }
    }
    if (has_any_tag(value, {"wordpress", "wp-plugin", "wp-theme"})) {
        names.insert("wordpress");
    }
    return names;
}

/// What its hits may show: also the names of its matchers and extractors.
Names shown_names(const Template& value) {
    Names names = products_of(value);
    for (const auto& block : value.blocks) {
        for (const auto& matcher : block.operators.matchers) {
            add_name(matcher.name, names);
        }
    }
    return names;
}

bool is_front_only(const Judgement& judgement) {
    return judgement.send_class == SendClass::passive;
}

} // namespace

Stage stage_of(const Template& value) {
    if (is_fingerprint(value)) {
        return Stage::fingerprint;
    }
    return value.products.empty() ? Stage::general : Stage::product;
}

Selection::Selection(
    const std::vector<std::shared_ptr<const Template>>& templates, const std::vector<Judgement>& judgements
)
    : waits_(templates.size()) {
    FENGSUI_CHECK(judgements.size() == templates.size(), "a judgement for each template");
    Names recognisable; // from pages that every site shows
    for (std::size_t i = 0; i < templates.size(); ++i) {
        if (is_fingerprint(*templates[i]) && is_front_only(judgements[i])) {
            recognisable.merge(shown_names(*templates[i]));
        }
    }
    for (std::size_t i = 0; i < templates.size(); ++i) {
        const Template& value = *templates[i];
        const bool is_bound = stage_of(value) == Stage::product;
        if (is_front_only(judgements[i]) && !is_bound) {
            continue;
        }
        auto names = products_of(value);
        const bool is_known = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            return recognisable.contains(name);
        });
        waits_[i] = is_known || (is_bound && !names.empty());
        if (!waits_[i]) {
            continue;
        }
        for (const auto& tag : value.tags) { // a platform is often only a tag
            add_name(tag, names);
        }
        for (const auto& name : names) {
            waiting_[name].push_back(i);
        }
    }
}

std::vector<std::string> Selection::shown_by(const Hit& hit) const {
    if (!is_fingerprint(*hit.source)) {
        return {};
    }
    Names names = products_of(*hit.source);
    add_name(hit.matcher_name, names);
    return {names.begin(), names.end()};
}

const std::vector<std::size_t>& Selection::waiting_for(const std::string& name) const {
    static const std::vector<std::size_t> kNone;
    const auto found = waiting_.find(name);
    return found == waiting_.end() ? kNone : found->second;
}

} // namespace fengsui::templates
