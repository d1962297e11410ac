#include "api/self_check.h"

#include "api/api.h"
#include "api/asset_matcher.h"
#include "api/batch_report.h"
#include "api/form.h"
#include "base/markup.h"
#include "base/messages.h"
#include "base/text.h"
#include "check/catalog.h"
#include "store/audit_store.h"
#include "store/grade_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace fengsui::api {

namespace {

using base::Json;
using base::Language;
using net::ServerRequest;
using net::ServerResponse;

constexpr std::size_t kLooksAnHour = 10;
constexpr auto kHour = std::chrono::hours(1);
constexpr std::size_t kMostVisitors = 10'000;

Language language_of(const ServerRequest& request) {
    const auto* wanted = request.parameter("lang");
    const auto* accepted = request.header("Accept-Language");
    const std::string_view text = wanted != nullptr     ? *wanted
                                  : accepted != nullptr ? *accepted
                                                        : std::string_view("zh");
    return base::istarts_with(text, "en") ? Language::en : Language::zh;
}

std::string text_of(Language language, std::string_view key) {
    return base::escape_markup(base::message(language, key));
}

struct Looked {
    std::string domain;
    std::string asset;
    bool is_mail = false;
};

/// What the visitor named, when it is registered: `example.cn`, a URL, or `mail:example.cn`.
std::optional<Looked> find_subject(Services& services, const std::string& typed) {
    const auto domain = base::to_lower(base::trim(typed));
    const bool is_mail = domain.starts_with("mail:");
    const AssetMatcher assets(services.database, {});
    const bool is_spelled_out = is_mail || domain.starts_with("http://") || domain.starts_with("https://");
    const std::vector<std::string> spellings =
        is_spelled_out ? std::vector{domain}
                       : std::vector{"https://" + domain + "/", "http://" + domain + "/"};
    for (const auto& spelling : spellings) {
        const auto found = assets.find(spelling);
        const auto asset = found ? store::QueryStore(services.database).get("assets", *found) : std::nullopt;
        const auto value = asset ? (*asset)["value"].as_string() : std::string();
        const auto wanted = spelling.ends_with('/') ? spelling.substr(0, spelling.size() - 1) : spelling;
        if (asset && (value == domain || value == wanted || value.starts_with(wanted + "/"))) {
            return Looked{domain, *found, is_mail};
        }
    }
    return std::nullopt;
}

/// The checks behind the subtests: all of them what a visitor's own tools can see.
std::set<std::string> visible_checks(bool is_mail) {
    std::set<std::string> checks;
    for (const auto& [name, test] : batch_kind(is_mail ? "mail" : "web")["tests"].members()) {
        for (const auto& check : test["checks"].items()) {
            checks.insert(check.as_string());
        }
    }
    return checks;
}

std::string line_of(Language language, const model::CheckStanding& standing) {
    const auto* check = check::find_check(standing.check.str());
    if (check == nullptr || !standing.worst) {
        return {};
    }
    const bool is_zh = language == Language::zh;
    const auto& title = is_zh ? check->info.title.zh : check->info.title.en;
    const auto& advice = is_zh ? check->info.advice.zh : check->info.advice.en;
    return fmt::format("<li><b>{}</b><br>{}</li>", base::escape_markup(title), base::escape_markup(advice));
}

std::string report_of(Services& services, Language language, const Looked& subject) {
    const auto visible = visible_checks(subject.is_mail);
    std::string lines;
    std::size_t passed = 0;
    std::size_t unknown = 0;
    auto standings = store::GradeStore(services.database).standings_of(model::AssetId(subject.asset));
    std::erase_if(standings, [&](const auto& one) { return !visible.contains(one.check.str()); });
    for (const auto& standing : standings) {
        lines += line_of(language, standing);
        passed += standing.is_judged && !standing.worst ? 1 : 0;
        unknown += !standing.is_judged && !standing.worst ? 1 : 0;
    }
    if (standings.empty()) {
        return fmt::format("<p>{}</p>", text_of(language, "self_check.not_yet"));
    }
    const auto report = batch_report(batch_kind(subject.is_mail ? "mail" : "web"), standings);
    const auto& percentage = report["scoring"]["percentage"];
    std::string html;
    if (!percentage.is_null()) {
        html += fmt::format("<p class=\"score\">{} %</p>", percentage.as_int());
    }
    html += fmt::format(
        "<p>{}</p>",
        fmt::format(
            fmt::runtime(text_of(language, "self_check.counts")),
            passed,
            standings.size() - passed - unknown,
            unknown
        )
    );
    return html + "<ul>" + lines + "</ul>";
}

std::string form_of(Language language, const std::string& domain) {
    return fmt::format(
        "<form method=\"get\" action=\"/self-check\"><label for=\"domain\">{}</label> <input id=\"domain\" "
        "name=\"domain\" value=\"{}\" required maxlength=\"253\" autocomplete=\"off\"> "
        "<button>{}</button></form>",
        text_of(language, "self_check.domain"),
        base::escape_markup(domain),
        text_of(language, "self_check.show")
    );
}

std::string button_of(Language language, const Looked& subject) {
    return fmt::format(
        "<form method=\"post\" action=\"/self-check?domain={}\"><button>{}</button></form>",
        percent_encoded(subject.domain),
        text_of(language, "self_check.measure")
    );
}

ServerResponse page_of(
    Language language, const std::string& domain, const std::string& content, int status = 200
) {
    ServerResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}};
    response.body = fmt::format(
        "<!DOCTYPE html><html lang=\"{0}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>{1}</title><style>body{{font:16px/1.6 "
        "sans-serif;max-width:44em;"
        "margin:2em auto;padding:0 "
        "1em;color:#1b2530;background:#fff}}input,button{{font:inherit;padding:.3em .7em}}"
        ".score{{font-size:2.4em;margin:.2em 0}}li{{margin:.6em "
        "0}}</style></head><body><main><h1>{1}</h1><p>{2}</p>{3}{4}"
        "</main></body></html>",
        language == Language::zh ? "zh-CN" : "en",
        text_of(language, "self_check.title"),
        text_of(language, "self_check.intro"),
        form_of(language, domain),
        content
    );
    return response;
}

ServerResponse notice_of(Language language, const std::string& domain, std::string_view key, int status) {
    return page_of(
        language, domain, fmt::format("<p role=\"alert\"><b>{}</b></p>", text_of(language, key)), status
    );
}

ServerResponse begin_look(
    Services& services, const ServerRequest& request, Language language, const Looked& subject
) {
    const auto now = services.clock.now();
    auto wait = services.check_requests.take(subject.asset, now);
    if (wait == 0) {
        wait = services.self_check_visitors.take(request.remote.str(), now);
    }
    if (wait > 0) {
        auto refused = notice_of(language, subject.domain, "self_check.too_soon", 429);
        refused.headers.push_back({"Retry-After", std::to_string(wait)});
        return refused;
    }
    store::AuditStore(services.database)
        .append({now, "visitor", "self_check", "assets", subject.asset, Json::object()});
    if (services.patrol.look_at) {
        services.patrol.look_at(subject.asset);
    }
    ServerResponse response = notice_of(language, subject.domain, "self_check.begun", 202);
    response.headers.push_back({"Refresh", "20; url=/self-check?domain=" + percent_encoded(subject.domain)});
    return response;
}

} // namespace

int VisitorLimit::take(const std::string& address, base::Instant now) {
    const std::lock_guard lock(mutex_);
    if (taken_.size() >= kMostVisitors) {
        std::erase_if(taken_, [&](const auto& entry) {
            return entry.second.empty() || entry.second.back() + kHour <= now;
        });
    }
    auto& times = taken_[address];
    while (!times.empty() && times.front() + kHour <= now) {
        times.pop_front();
    }
    if (times.size() >= kLooksAnHour) {
        return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(times.front() + kHour - now).count());
    }
    times.push_back(now);
    return 0;
}

ServerResponse self_check(Services& services, const ServerRequest& request) {
    const auto language = language_of(request);
    const auto* typed = request.parameter("domain");
    if (typed == nullptr || base::trim(*typed).empty()) {
        return page_of(language, "", "");
    }
    const auto subject = find_subject(services, *typed);
    if (!subject) {
        return notice_of(language, *typed, "self_check.unknown", 404);
    }
    if (request.method == "POST") {
        return begin_look(services, request, language, *subject);
    }
    return page_of(language, *typed, report_of(services, language, *subject) + button_of(language, *subject));
}

} // namespace fengsui::api
