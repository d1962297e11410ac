#include "template/control.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace fengsui::templates {

namespace {

constexpr int kMaxHops = 10;
constexpr std::size_t kMaxControls = 400; ///< of one target; later hits stand
constexpr std::size_t kLookedAt = 64U << 10U;

std::string made_up_word(const Target& target, std::uint64_t seed) {
    static constexpr std::string_view kLetters = "bcdfghjkmnpqrstvwxz0123456789";
    Random random(seed ^ std::hash<std::string>()(target.input));
    std::string word = "q";
    while (word.size() < 14) {
        word += kLetters[random.below(kLetters.size())];
    }
    return word;
}

/// `.zip` of `a.zip`; catch-alls are often made for one kind of file.
std::string_view extension_of(std::string_view name) {
    const auto dot = name.rfind('.');
    const bool is_one = dot != std::string_view::npos && dot > 0 && name.size() - dot <= 10;
    return is_one ? name.substr(dot) : std::string_view();
}

/// The name that was asked for replaced by a made-up one of the same kind.
std::string sibling(std::string_view path, std::string_view query, std::string_view word) {
    const auto slash = path.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    const std::string tail = query.empty() ? std::string() : "?" + std::string(query);
    if (!name.empty()) {
        const std::string_view dot = name.front() == '.' ? "." : "";
        return fmt::format("{}{}{}{}{}", path.substr(0, slash + 1), dot, word, extension_of(name), tail);
    }
    if (!query.empty()) { // a page asked with a query: the same page with another one
        return fmt::format("{}?{}=1", path, word);
    }
    const auto above = path.substr(0, slash).rfind('/');
    const auto parent = above == std::string_view::npos ? std::string_view("/") : path.substr(0, above + 1);
    return fmt::format("{}{}/", parent, word);
}

/// Pages that differ only in what they repeat of the request.
bool is_same_page(const ResponseFacts& left, const ResponseFacts& right) {
    const auto longer = std::max(left.body().size(), right.body().size());
    const auto shorter = std::min(left.body().size(), right.body().size());
    return left.status() == right.status() && longer - shorter <= std::max<std::size_t>(64, longer / 50);
}

/// An unknown name that leads by redirect to the very page that was asked for says nothing against it: the
/// sign-in page of a site that sends everybody there.
bool is_redirect_to_hit(const Hops& control, const Hit& hit) {
    return hit.witness->hops() == 1 && control.back()->matched() == hit.facts->matched();
}

std::string authority_of(const std::string& url) {
    const auto target = Target::parse(url);
    if (!target) {
        return url;
    }
    const bool is_default = target->port == (target->scheme == "https" ? 443 : 80);
    return is_default ? target->host : target->authority();
}

} // namespace

bool is_own_page(const HttpRequest& sent, const Target& target) {
    const std::string own = target.path + (target.query.empty() ? "" : "?" + target.query);
    return sent.target.empty() || sent.target == "/" || sent.target == own || sent.target == "/" + own;
}

std::optional<HttpRequest> control_request(
    const HttpRequest& sent, const Target& target, std::string_view word
) {
    if (is_own_page(sent, target)) {
        return std::nullopt;
    }
    const std::string_view all = sent.target;
    const auto question = all.find('?');
    const auto query = question == std::string_view::npos ? std::string_view() : all.substr(question + 1);
    HttpRequest control = sent;
    control.target = sibling(all.substr(0, question), query, word);
    return control;
}

Controls::Controls(const Target& target, std::uint64_t seed, bool may_ask)
    : target_(target), word_(made_up_word(target, seed)), may_ask_(may_ask) {}

void Controls::note(const HttpRequest& request, const Hops& hops) {
    if (!may_ask_ && is_own_page(request, target_) && hops.size() >= front_.size()) {
        front_ = hops;
    }
}

const Hops* Controls::find(HttpRequest request) {
    request.redirects = Redirects::any; // asked once for all: each hit sees what its own options allow
    request.max_redirects = kMaxHops;
    PlannedRequest planned;
    planned.http = std::move(request);
    const auto known = answers_.find(planned.key());
    if (known != answers_.end()) {
        return &known->second;
    }
    wanted_ = std::move(planned);
    return nullptr;
}

Standing Controls::judge(const Hit& hit) {
    wanted_.reset();
    if (hit.witness == nullptr) {
        return Standing::stands;
    }
    const HttpRequest& sent = hit.witness->request().http;
    auto own = control_request(sent, target_, word_);
    if (!own) {
        return Standing::stands;
    }
    const auto also_hits = [&](const Hops& hops) {
        const Hops seen = visible_hops(hops, sent);
        return !seen.empty() && hit.witness->also_hits(seen, hit, nullptr) && !is_redirect_to_hit(seen, hit);
    };
    if (!may_ask_) {
        return also_hits(front_) ? Standing::unknown : Standing::stands;
    }
    // One name in the root for all: most sites that answer everything do so everywhere.
    HttpRequest root = sent;
    root.target = target_.path + (target_.path.ends_with('/') ? "" : "/") + word_;
    root.method = "GET";
    root.headers.clear();
    root.cookies.clear();
    const Hops* answer = find(std::move(root));
    if (answer == nullptr) {
        return answers_.size() < kMaxControls ? Standing::open : Standing::stands;
    }
    if (!answer->empty() && is_same_page(*answer->back(), *hit.facts) && also_hits(*answer)) {
        return Standing::unknown;
    }
    answer = find(std::move(*own));
    if (answer == nullptr) {
        return answers_.size() < kMaxControls ? Standing::open : Standing::stands;
    }
    return also_hits(*answer) ? Standing::unknown : Standing::stands;
}

void Controls::answer(const Hops& hops) {
    FENGSUI_CHECK(wanted_.has_value(), "a control that nobody asked for");
    answers_.insert_or_assign(wanted_->key(), hops);
    wanted_.reset();
}

bool is_block_page(const ResponseFacts& facts) {
    static constexpr std::string_view kSigns[] = {
        "Attention Required! | Cloudflare",
        "cf-error-details",
        "The requested URL was rejected. Please consult with your administrator",
        "Request unsuccessful. Incapsula incident ID",
        "Sucuri WebSite Firewall - Access Denied",
        "This request was blocked by the security rules",
        "Web Application Firewall",
        "errors.edgesuite.net",
        "Generated by cloudfront (CloudFront)",
        "Not Acceptable! An appropriate representation of the requested resource could not be found",
        "wzws-waf-cgi",
        "/_guard/",
        "safeline",
        "SafeLine",
        "D\xE7\x9B\xBE", // a Chinese host's own firewall
        "\xE5\xAE\x89\xE5\x85\xA8\xE7\x8B\x97",
        "\xE4\xBA\x91\xE9\x94\x81",
        "\xE6\x82\xA8\xE7\x9A\x84\xE8\xAF\xB7\xE6\xB1\x82\xE5\xB8\xA6\xE6\x9C\x89\xE4\xB8\x8D\xE5\x90\x88"
        "\xE6\xB3\x95\xE5\x8F\x82\xE6\x95\xB0",
        "\xE7\xBD\x91\xE7\xAB\x99\xE9\x98\xB2\xE7\x81\xAB\xE5\xA2\x99",
        "\xE5\xB7\xB2\xE8\xA2\xAB\xE6\x8B\xA6\xE6\x88\xAA",
        "errors.aliyun.com",
        "waf.tencent-cloud.com"};
    const auto body = facts.body().substr(0, kLookedAt);
    return std::any_of(std::begin(kSigns), std::end(kSigns), [body](std::string_view sign) {
        return body.find(sign) != std::string_view::npos;
    });
}

Hops visible_hops(const Hops& hops, const HttpRequest& request) {
    if (hops.size() < 2) {
        return hops;
    }
    std::size_t count = 1;
    const std::string first = authority_of(hops.front()->matched());
    while (count < hops.size() && request.redirects != Redirects::none
           && count <= static_cast<std::size_t>(request.max_redirects)) {
        if (request.redirects == Redirects::same_host && authority_of(hops[count]->matched()) != first) {
            break;
        }
        ++count;
    }
    return {hops.begin(), hops.begin() + static_cast<std::ptrdiff_t>(count)};
}

} // namespace fengsui::templates
