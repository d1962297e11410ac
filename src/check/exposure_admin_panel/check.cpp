#include "base/text.h"
#include "check/common/exposure_proof.h"
#include "model/html.h"

#include <algorithm>
#include <iterator>

namespace fengsui::check {

namespace {

struct Product {
    std::string_view name;
    std::string_view mark;
};

constexpr Product kProducts[] = {
    {"WordPress", "wp-submit"},
    {"phpMyAdmin", "pma_username"},
    {"Django", "csrfmiddlewaretoken"},
    {"Joomla", "com_login"},
    {"Drupal", "user_login_form"},
    {"DedeCMS", "dopost"},
};

constexpr std::string_view kTitleWords[] = {
    "admin", "administration", "dashboard", "control panel", "后台", "管理", "控制台"};

std::string_view product_of(std::string_view body) {
    for (const auto& product : kProducts) {
        if (body.find(product.mark) != std::string_view::npos) {
            return product.name;
        }
    }
    return {};
}

/// Tomcat asks for the password by RFC 7617 and not in a form; the realm names it.
std::optional<FileProof> prove_realm(const model::HttpExchange& exchange) {
    const auto* challenge = exchange.header("WWW-Authenticate");
    if (challenge == nullptr || !base::icontains(*challenge, "Tomcat Manager")) {
        return std::nullopt;
    }
    return FileProof{
        "realm Tomcat Manager", *challenge, base::Json::object({{"product", "Tomcat Manager"}}), {}};
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    if (exchange.status == 401) {
        return prove_realm(exchange);
    }
    const std::string text = exchange.text();
    const auto facts = model::read_html(text);
    const auto product = product_of(text);
    const bool has_title = std::any_of(std::begin(kTitleWords), std::end(kTitleWords), [&](auto word) {
        return base::icontains(facts.title, word);
    });
    if (!facts.has_password_field || (product.empty() && !has_title)) {
        return std::nullopt;
    }
    FileProof proof{"login form of an administration page", facts.title, {}, {}};
    if (!product.empty()) {
        proof.details.set("product", product);
    }
    return proof;
}

} // namespace

model::Verdict exposure_admin_panel(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.admin_panel", prove, true});
}

} // namespace fengsui::check
