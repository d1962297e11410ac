#include "model/html.h"
#include "model/knowledge.h"
#include "model/public_suffix.h"
#include "model/script_references.h"
#include "net/resolver.h"
#include "probe/http/probe.h"

#include <algorithm>

namespace fengsui::probe::http {

namespace {

using model::LoadedReference;
using model::Outcome;
using model::Reason;
using net::DnsType;

constexpr std::size_t kMaxScriptHosts = 10;
constexpr std::size_t kMaxScriptFiles = 5;
constexpr std::size_t kScriptLimit = std::size_t{512} * 1024;

net::Task<Outcome> ask_dns(Visit& visit, std::string name, DnsType type) {
    const auto state = visit.may_go_on();
    if (!state.is_completed()) {
        co_return state;
    }
    const auto answer =
        co_await visit.services().resolver.ask(std::move(name), type, net::DnsWish::plain, visit.deadline());
    co_return visit.settle(answer.outcome);
}

/// The host, and when it does not exist the domain above it (twice, by two types, so that one odd answer does
/// not count) and the suffix above that. DNS only: a stranger's host is never contacted.
net::Task<model::ScriptHost> ask_host(Visit& visit, LoadedReference reference) {
    model::ScriptHost host;
    host.host = reference.url.host;
    host.url = reference.url.str();
    host.domain = model::registrable_domain_of_known_suffix(host.host);
    host.host_outcome = co_await ask_dns(visit, host.host, DnsType::a);
    const auto gone = model::not_reached(Reason::dns_nxdomain);
    if (host.host_outcome != gone || host.domain.empty()) {
        co_return host;
    }
    host.domain_outcome = co_await ask_dns(visit, host.domain, DnsType::soa);
    if (host.domain_outcome == gone) {
        host.domain_outcome = co_await ask_dns(visit, host.domain, DnsType::ns);
    }
    if (host.domain_outcome == gone) {
        host.suffix_outcome =
            co_await ask_dns(visit, host.domain.substr(host.domain.find('.') + 1), DnsType::soa);
    } else {
        host.suffix_outcome = model::completed();
    }
    co_return host;
}

/// One reference for each host that is a name and not the page's owner's.
std::vector<LoadedReference> foreign_hosts(
    const model::Url& page, const std::vector<LoadedReference>& loaded
) {
    std::vector<LoadedReference> chosen;
    for (const auto& reference : loaded) {
        const auto& host = reference.url.host;
        const bool is_known = std::any_of(chosen.begin(), chosen.end(), [&](const LoadedReference& other) {
            return other.url.host == host;
        });
        const bool is_foreign = reference.element == "script" && !reference.url.address().has_value()
                                && !model::is_same_registrable_domain(host, page.host);
        if (is_foreign && !is_known && chosen.size() < kMaxScriptHosts) {
            chosen.push_back(reference);
        }
    }
    return chosen;
}

/// Scripts of the page's own origin, as a browser would fetch them.
net::Task<std::vector<model::HttpExchange>> fetch_own_scripts(
    Visit& visit, model::Url page, std::vector<LoadedReference> loaded
) {
    std::vector<model::HttpExchange> files;
    for (const auto& reference : loaded) {
        const bool is_own = reference.element == "script" && reference.url.origin() == page.origin();
        if (!is_own || files.size() >= kMaxScriptFiles) {
            continue;
        }
        net::HttpRequest request;
        request.url = reference.url;
        request.limits.body = kScriptLimit;
        auto file = co_await visit.fetch(std::move(request), false);
        const bool is_over = !file.outcome.is_completed();
        files.push_back(std::move(file));
        if (is_over) {
            break;
        }
    }
    co_return files;
}

} // namespace

net::Task<model::ScriptsObservation> look_at_scripts(Visit& visit, const model::WebObservation& web) {
    model::ScriptsObservation scripts;
    const auto* page = web.document();
    if (page == nullptr || !page->is_html()) {
        scripts.outcome = web.outcome.is_completed() ? model::skipped(Reason::not_applicable) : web.outcome;
        co_return scripts;
    }
    scripts.outcome = visit.may_go_on();
    if (!scripts.outcome.is_completed()) {
        co_return scripts;
    }
    const auto loaded = model::loaded_references(page->url, model::read_html(page->text()));
    for (auto& reference : foreign_hosts(page->url, loaded)) {
        auto host = co_await ask_host(visit, std::move(reference));
        scripts.hosts.push_back(std::move(host));
    }
    const auto* knowledge = visit.services().knowledge;
    if (knowledge != nullptr && !knowledge->libraries.empty()) {
        scripts.files = co_await fetch_own_scripts(visit, page->url, loaded);
    }
    co_return scripts;
}

} // namespace fengsui::probe::http
