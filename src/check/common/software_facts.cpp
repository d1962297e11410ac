#include "check/common/software_facts.h"

#include "base/text.h"
#include "model/html.h"

#include <algorithm>

namespace fengsui::check {

namespace {

constexpr std::size_t kHtmlBytes = 256UL * 1024;

std::string cookie_name(std::string_view header) {
    return std::string(base::trim(header.substr(0, header.find_first_of("=;"))));
}

void add_page(const model::HttpExchange& exchange, std::vector<SoftwareFact>& facts) {
    const std::string url = exchange.url.str();
    std::string text = exchange.text();
    const auto page = model::read_html(text);
    for (const auto& meta : page.metas) {
        if (!meta.name.empty()) {
            facts.push_back({"meta", meta.name, meta.content, url});
        }
    }
    for (const auto& reference : page.references) {
        if (reference.element == "script" && reference.attribute == "src") {
            facts.push_back({"script", "", reference.url, url});
        }
    }
    text.resize(std::min(text.size(), kHtmlBytes));
    facts.push_back({"html", "", std::move(text), url});
}

} // namespace

std::vector<SoftwareFact> software_facts(const model::HttpExchange& exchange) {
    std::vector<SoftwareFact> facts;
    for (const auto& header : exchange.headers) {
        if (base::iequals(header.name, "Set-Cookie")) {
            facts.push_back({"cookie", "", cookie_name(header.value), exchange.url.str()});
        } else {
            facts.push_back({"header", header.name, header.value, exchange.url.str()});
        }
    }
    if (exchange.is_html()) {
        add_page(exchange, facts);
    }
    return facts;
}

} // namespace fengsui::check
