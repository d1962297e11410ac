#include "probe/http/decode.h"

#include "base/text.h"
#include "model/html.h"

#include <algorithm>
#include <array>

namespace fengsui::probe::http {

namespace {

using model::Scheme;
using model::Url;

constexpr std::size_t kMaxRedirects = 8;
constexpr std::size_t kMaxPath = 512;

constexpr std::array<std::string_view, 12> kStoreNames = {
    "/upload",
    "/file",
    "/image",
    "/img",
    "/static",
    "/data",
    "/backup",
    "/download",
    "/attachment",
    "/media",
    "/assets",
    "/public"};

Scheme other(Scheme scheme) {
    return scheme == Scheme::https ? Scheme::http : Scheme::https;
}

std::optional<Url> counterpart(const Url& url, const model::ScopeGate& scope) {
    const auto scheme = other(url.scheme);
    if (!url.has_default_port()) {
        return scope.registered_url(scheme, url.host);
    }
    Url twin = url;
    twin.scheme = scheme;
    twin.port = model::default_port(scheme);
    return twin;
}

const model::HttpExchange* own_answer_of(const model::HttpChain& chain, std::string_view host) {
    for (auto hop = chain.hops.rbegin(); hop != chain.hops.rend(); ++hop) {
        if (hop->outcome.is_completed() && hop->url.host == host) {
            return &*hop;
        }
    }
    return nullptr;
}

bool is_store(const Url& url) {
    const auto path = base::to_lower(url.path);
    return std::any_of(kStoreNames.begin(), kStoreNames.end(), [&](std::string_view name) {
        return path.find(name) != std::string::npos;
    });
}

/// References of a page, resolved, of its own origin.
class PageLinks {
public:
    explicit PageLinks(const model::HttpExchange& page) : page_(page.url), base_(page.url) {
        if (!page.is_html()) {
            return;
        }
        facts_ = model::read_html(page.text());
        if (!facts_.base_href.empty()) {
            base_ = base_.resolve(facts_.base_href).value_or(page.url);
        }
    }

    template <class Keep>
    void each(Keep keep) const {
        for (const auto& reference : facts_.references) {
            const auto url = base_.resolve(reference.url);
            if (url.has_value() && url->origin() == page_.origin() && url->path.size() <= kMaxPath) {
                keep(reference, *url);
            }
        }
    }

private:
    Url page_;
    Url base_;
    model::HtmlFacts facts_;
};

std::string directory_of(const Url& url) {
    return url.path.substr(0, url.path.rfind('/') + 1);
}

class DirectoryList {
public:
    explicit DirectoryList(const Url& page) : own_(directory_of(page)) {}

    void add(Url url) {
        url.path = directory_of(url);
        url.query.clear();
        if (url.path == "/" || url.path == own_ || url.path.find("//") != std::string::npos) {
            return;
        }
        if (std::find(found_.begin(), found_.end(), url) == found_.end()) {
            found_.push_back(std::move(url));
        }
    }

    std::vector<Url> take(std::size_t limit) {
        std::stable_partition(found_.begin(), found_.end(), is_store);
        found_.resize(std::min(found_.size(), limit));
        return std::move(found_);
    }

private:
    std::string own_;
    std::vector<Url> found_;
};

} // namespace

Starts start_urls(const model::AssetTarget& target, std::string_view host, const model::ScopeGate& scope) {
    Starts starts;
    if (target.kind == model::AssetKind::url && target.url) {
        auto& own = target.url->scheme == Scheme::https ? starts.secure : starts.plain;
        auto& twin = target.url->scheme == Scheme::https ? starts.plain : starts.secure;
        own = *target.url;
        twin = counterpart(*target.url, scope);
        return starts;
    }
    Url url;
    url.host = host;
    starts.plain = url;
    url.scheme = Scheme::https;
    url.port = model::default_port(Scheme::https);
    starts.secure = url;
    return starts;
}

model::Outcome judge_hop(const std::vector<model::HttpExchange>& hops, const Url& next) {
    const bool is_loop = std::any_of(hops.begin(), hops.end(), [&](const model::HttpExchange& hop) {
        return hop.url == next;
    });
    return is_loop || hops.size() > kMaxRedirects ? model::not_reached(model::Reason::http_invalid)
                                                  : model::completed();
}

model::Outcome judge_location(const model::HttpExchange& hop) {
    const auto* location = hop.header("Location");
    if (hop.redirect || location == nullptr || !hop.is_redirect()) {
        return model::completed();
    }
    const std::string_view text = *location;
    const auto at = text.find("//");
    const auto begin = at == std::string_view::npos ? text.size() : at + 2;
    const auto authority = text.substr(begin, text.find_first_of("/?#\\", begin) - begin);
    return authority.find('@') != std::string_view::npos ? model::refused(model::Reason::policy)
                                                         : model::completed();
}

const model::HttpExchange* find_page(std::span<const model::HttpChain* const> chains, const Url& url) {
    for (const auto* chain : chains) {
        for (const auto& hop : chain->hops) {
            if (hop.method == "GET" && hop.url == url) {
                return &hop;
            }
        }
    }
    return nullptr;
}

const model::HttpExchange* own_answer(const model::WebObservation& web, std::string_view host) {
    if (const auto* document = web.document(); document != nullptr && document->url.host == host) {
        return document;
    }
    // The secure chain may have been led down to http, and the plain one up to https.
    const auto* secure = own_answer_of(web.secure, host);
    const auto* plain = own_answer_of(web.plain, host);
    const bool is_secure_better =
        secure != nullptr && (plain == nullptr || plain->url.scheme == Scheme::http);
    return is_secure_better ? secure : plain;
}

std::vector<Url> linked_directories(const model::HttpExchange& page, std::size_t limit) {
    DirectoryList list(page.url);
    PageLinks(page).each([&](const model::HtmlReference& reference, const Url& url) {
        if (reference.element == "a" && reference.attribute == "href" && url.path.back() == '/') {
            list.add(url);
        }
    });
    return list.take(limit);
}

std::vector<Url> resource_directories(const model::HttpExchange& page, std::size_t limit) {
    DirectoryList list(page.url);
    PageLinks(page).each([&](const model::HtmlReference& reference, const Url& url) {
        const auto& element = reference.element;
        if (element == "img" || element == "script" || element == "link") {
            list.add(url);
        }
    });
    return list.take(limit);
}

std::optional<Url> wanted_url(const Url& origin, std::string_view path, std::string_view host) {
    constexpr std::string_view kHost = "{host}";
    std::string filled(path);
    for (auto at = filled.find(kHost); at != std::string::npos; at = filled.find(kHost, at + host.size())) {
        filled.replace(at, kHost.size(), host);
    }
    const bool is_plain = !filled.empty() && filled[0] == '/' && filled.size() <= kMaxPath
                          && filled.find("//") != 0 && filled.find("..") == std::string::npos
                          && std::all_of(filled.begin(), filled.end(), [](char c) {
                                 return c > ' ' && c < '\x7F' && c != '?' && c != '#' && c != '\\';
                             });
    if (!is_plain) {
        return std::nullopt;
    }
    Url url = origin;
    url.path = filled;
    url.query.clear();
    return url;
}

} // namespace fengsui::probe::http
