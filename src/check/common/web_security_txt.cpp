#include "check/common/web_security_txt.h"

#include "base/text.h"
#include "check/common/web_chain.h"

#include <algorithm>

namespace fengsui::check {

namespace {

constexpr std::size_t kMaxFields = 100;

std::string_view media_type(const model::HttpExchange& answer) {
    const auto* type = answer.header("Content-Type");
    return type == nullptr ? std::string_view() : base::trim(base::split(*type, ';').front());
}

void read_field(std::string_view line, SecurityTxt& file) {
    const auto colon = line.find(':');
    if (line.starts_with('#') || colon == std::string_view::npos) {
        return;
    }
    const auto name = base::trim(line.substr(0, colon));
    auto& values = base::iequals(name, "Contact") ? file.contacts : file.expires;
    const bool is_wanted = &values == &file.contacts || base::iequals(name, "Expires");
    if (is_wanted && values.size() < kMaxFields) {
        values.emplace_back(base::trim(line.substr(colon + 1)));
    }
}

void read_fields(std::string_view text, SecurityTxt& file) {
    for (auto line : base::lines(text)) {
        line = base::trim(line);
        if (line.starts_with("-----BEGIN PGP SIGNATURE")) {
            return;
        }
        if (line.starts_with("- ")) { // dash-escaped (RFC 9580, section 7.2)
            line.remove_prefix(2);
        }
        read_field(line, file);
    }
}

bool has_scheme(std::string_view uri) {
    const auto colon = uri.find(':');
    return colon != std::string_view::npos && colon > 0 && base::is_alpha(uri.front())
           && std::all_of(uri.begin(), uri.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
                  return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '-' || c == '.';
              });
}

void check_media(const SecurityTxt& file, std::vector<std::string>& faults) {
    const auto* type = file.answer->header("Content-Type");
    if (type == nullptr) {
        faults.emplace_back("no_content_type");
        return;
    }
    if (!base::iequals(media_type(*file.answer), "text/plain")) {
        faults.emplace_back("invalid_media");
    }
    const auto at = base::ifind(*type, "charset=");
    if (at != std::string::npos && !base::istarts_with(type->substr(at + 8), "utf-8")
        && !base::istarts_with(type->substr(at + 8), "\"utf-8\"")) {
        faults.emplace_back("invalid_charset");
    }
}

} // namespace

SecurityTxt read_security_txt(const model::Observation& seen) {
    SecurityTxt file;
    file.answer = seen.web.security_txt.final();
    file.outcome = seen.web.security_txt.end;
    if (file.answer != nullptr && is_rate_limited(*file.answer)) {
        file.outcome = model::not_reached(model::Reason::rate_limited);
    } else if (file.answer == nullptr && file.outcome.is_completed()) {
        file.outcome = seen.web.security_txt.hops.empty() ? model::skipped(model::Reason::not_applicable)
                                                          : seen.web.security_txt.hops.front().outcome;
    }
    if (!file.outcome.is_completed() || file.answer->status != 200) {
        return file;
    }
    const bool is_text = base::iequals(media_type(*file.answer), "text/plain");
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    auto text = file.answer->text();
    if (text.starts_with(kByteOrderMark)) {
        text.erase(0, kByteOrderMark.size());
    }
    if (!file.answer->is_html() || base::icontains(text.substr(0, 4096), "contact:")) {
        read_fields(text, file);
    }
    // Servers tell types by the ending: a not-found page at a name that ends in .txt is called text, too.
    const auto trimmed = base::trim(text);
    const bool may_be_fields = !trimmed.empty() && !trimmed.starts_with('<') && !file.answer->is_html();
    file.is_there = !file.contacts.empty() || (is_text && may_be_fields);
    return file;
}

std::vector<std::string> security_txt_faults(const SecurityTxt& file) {
    std::vector<std::string> faults;
    if (file.answer->url.scheme != model::Scheme::https) { // section 3: MUST be served over https
        faults.emplace_back("no_https");
    }
    check_media(file, faults);
    if (file.contacts.empty()) { // section 2.5.3
        faults.emplace_back("no_contact");
    }
    if (!std::all_of(file.contacts.begin(), file.contacts.end(), has_scheme)) {
        faults.emplace_back("no_uri");
    }
    if (file.expires.empty()) { // section 2.5.5
        faults.emplace_back("no_expire");
    } else if (file.expires.size() > 1) {
        faults.emplace_back("multi_expire");
    } else if (!base::parse_rfc3339(file.expires.front())) {
        faults.emplace_back("invalid_expiry");
    }
    return faults;
}

} // namespace fengsui::check
