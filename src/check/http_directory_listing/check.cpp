#include "model/check.h"

#include "base/text.h"
#include "check/common/web_text.h"
#include "model/html.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using model::HttpExchange;

constexpr std::size_t kMaxBody = std::size_t{256} * 1024;
constexpr std::size_t kMaxAnchors = 200;

/// What server software writes at the top of a listing.
bool has_listing_heading(std::string_view title, std::string_view body) {
    const bool by_title =
        base::istarts_with(title, "Index of /") || base::istarts_with(title, "Directory listing for ")
        || base::istarts_with(title, "Directory: /") || base::istarts_with(title, "listing directory ");
    const bool by_heading = base::icontains(body, "<h1>Index of /")
                            || base::icontains(body, "<h1>Directory listing for ")
                            || base::icontains(body, "<h1>Directory: /");
    const bool is_caddy =
        has_all(body, {"class=\"goup\"", "id=\"filter\""}) || has_all(body, {"Folder Path", "meta-item"});
    return by_title || by_heading || is_caddy || body.find("[To Parent Directory]") != std::string_view::npos;
}

/// What only a generator writes; the brackets are Tomcat's.
bool has_generator_mark(std::string_view body) {
    return has_any(
        body,
        {"Directory Listing For [/",
         "[To Parent Directory]</A>",
         "[To Parent Directory]</a>",
         "href=\"?C=N;O=",
         "href=\"?C=N&amp;O=",
         "href=\"?C=M;O=",
         "href=\"./?sort="}
    );
}

bool has_parent_link(std::string_view body) {
    return has_any(
               body, {"<a href=\"../\">", "<a href=\"..\">", "Parent Directory</a>", "Parent directory/</a>"}
           )
           || base::icontains(body, "..</a>");
}

std::string_view without_slash(std::string_view path) {
    return path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

/// `Index of /pub/` at /pub/: not the index of something else, which an author may head so, too.
bool names_its_path(std::string_view title, std::string_view path) {
    const auto slash = title.find('/');
    return slash != std::string_view::npos
           && without_slash(base::trim(title.substr(slash))) == without_slash(path);
}

/// An anchor whose text begins as its address does: what a generator writes, and hardly anyone else.
bool is_entry(std::string_view anchor) {
    const auto quote = anchor.find('"');
    if (quote == std::string_view::npos || quote != 0) {
        return false;
    }
    const auto end = anchor.find('"', 1);
    const auto text_at = end == std::string_view::npos ? end : anchor.find('>', end);
    if (text_at == std::string_view::npos || end < 2) {
        return false;
    }
    const auto href = anchor.substr(1, end - 1);
    const auto text = base::trim(anchor.substr(text_at + 1, 80));
    const auto name = href.substr(href.starts_with("./") ? 2 : 0);
    const auto start = name.substr(0, std::min({name.size(), name.find('%'), std::size_t{12}}));
    const bool is_relative = name.find(':') == std::string_view::npos && !name.starts_with('/')
                             && !name.starts_with('?') && !name.starts_with('#');
    return is_relative && !start.empty() && base::istarts_with(text, start);
}

/// Whether most links of the page are such entries.
bool is_list_of_entries(std::string_view body) {
    constexpr std::string_view kAnchor = "<a href=";
    std::size_t anchors = 0;
    std::size_t entries = 0;
    for (auto at = base::ifind(body, kAnchor); at != std::string_view::npos && anchors < kMaxAnchors;) {
        body.remove_prefix(at + kAnchor.size());
        ++anchors;
        entries += is_entry(body.substr(0, 2048)) ? 1 : 0;
        at = base::ifind(body, kAnchor);
    }
    return entries > 0 && entries * 2 >= anchors;
}

/// Go's file server writes neither title nor heading, only `<pre>` and anchors.
bool is_bare_list(std::string_view body) {
    constexpr std::string_view kDoctype =
        "<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n";
    if (body.starts_with(kDoctype)) {
        body.remove_prefix(kDoctype.size());
    }
    return body.starts_with("<pre>\n<a href=\"") && base::trim(body).ends_with("</pre>")
           && is_list_of_entries(body);
}

/// IIS heads a listing `HOST - PATH`. At the root, where there is no parent, only its entries tell more: each
/// leads to a path under the heading's and is called by that path's last name.
bool is_iis_list(std::string_view title, std::string_view body, const std::string& path) {
    constexpr std::string_view kAnchor = "<A HREF=\"";
    const bool is_headed = title.ends_with(" - " + path)
                           && body.find("<H1>" + std::string(title) + "</H1><hr>") != std::string_view::npos
                           && body.find("<pre>") != std::string_view::npos;
    const auto at = body.find(std::string(kAnchor) + path);
    if (!is_headed || at == std::string_view::npos) {
        return false;
    }
    const auto name = body.substr(at + kAnchor.size() + path.size());
    const auto entry = name.substr(0, std::min(name.find('"'), name.find('/')));
    const auto text = name.substr(std::min(name.size(), name.find('>'))).substr(0, entry.size() + 1);
    return !entry.empty() && text.size() > 1 && text.substr(1) == entry;
}

bool is_listing(const HttpExchange& answer) {
    if (!answer.outcome.is_completed() || answer.status != 200 || !answer.is_html()) {
        return false;
    }
    const auto text = answer.text();
    const auto body = std::string_view(text).substr(0, kMaxBody);
    const auto title = model::read_html(body).title;
    const bool has_structure = has_generator_mark(body) || is_list_of_entries(body)
                               || (has_parent_link(body) && names_its_path(title, answer.url.path));
    return (has_listing_heading(title, body) && has_structure) || is_bare_list(body)
           || is_iis_list(title, body, answer.url.path);
}

base::Json evidence_of(const HttpExchange& answer) {
    const auto html = model::read_html(answer.text());
    base::Json entries = base::Json::array();
    for (const auto& reference : html.references) {
        const bool is_navigation = reference.url.starts_with('?') || reference.url.starts_with("..");
        if (reference.element == "a" && !is_navigation && entries.items().size() < 10) {
            entries.push(base::shorten(reference.url, 100));
        }
    }
    return base::Json::object({
        {"url", answer.url.str()},
        {"title", base::shorten(html.title, 100)},
        {"entries", std::move(entries)},
    });
}

} // namespace

model::Verdict http_directory_listing(const model::Observation& seen, const base::Json&) {
    std::vector<const HttpExchange*> answers;
    if (const auto* document = seen.web.document()) {
        answers.push_back(document);
    }
    for (const auto& directory : seen.web.directories) {
        answers.push_back(&directory);
    }
    model::Verdict verdict;
    for (const auto* answer : answers) {
        const auto locator = answer->url.str();
        const bool is_known =
            std::any_of(verdict.claims.begin(), verdict.claims.end(), [&](const model::Claim& claim) {
                return claim.locator == locator;
            });
        if (!is_known && is_listing(*answer)) {
            verdict.claims.push_back({locator, evidence_of(*answer), {}});
        }
    }
    const bool saw_none = std::none_of(answers.begin(), answers.end(), [](const HttpExchange* answer) {
        return answer->outcome.is_completed();
    });
    return saw_none ? model::Verdict{seen.outcome_of(model::ObservationPart::document), {}} : verdict;
}

} // namespace fengsui::check
