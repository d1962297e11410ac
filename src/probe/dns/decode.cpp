#include "probe/dns/decode.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace fengsui::probe::dns {

namespace {

constexpr std::size_t kMaxExchangers = 10;
constexpr std::size_t kMaxTexts = 50;

bool is_within(std::string_view name, std::string_view zone) {
    if (zone.empty() || base::iequals(name, zone)) {
        return true;
    }
    return name.size() > zone.size() && name[name.size() - zone.size() - 1] == '.'
           && base::iequals(name.substr(name.size() - zone.size()), zone);
}

const net::DnsRecord* find_soa(const std::vector<net::DnsRecord>& records, std::string_view name) {
    for (const auto& record : records) {
        if (record.type == net::DnsType::soa && is_within(name, record.name)) {
            return &record;
        }
    }
    return nullptr;
}

/// RFC 4034 3.1: the type covered is the first field.
bool covers_soa(const net::DnsRecord& record) {
    return record.type == net::DnsType::rrsig && record.data.size() > 18 && record.data[0] == 0
           && record.data[1] == static_cast<char>(net::DnsType::soa);
}

bool has_signature(const std::vector<net::DnsRecord>& records, std::string_view owner) {
    return std::any_of(records.begin(), records.end(), [&](const net::DnsRecord& record) {
        return covers_soa(record) && base::iequals(record.name, owner);
    });
}

std::optional<MxRecord> parse_mx(std::string_view text) {
    MxRecord record;
    const auto space = text.find(' ');
    const auto number = text.substr(0, space);
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), record.preference);
    if (error != std::errc() || end != number.data() + number.size()) {
        return std::nullopt;
    }
    auto name = space == std::string_view::npos ? std::string_view() : base::trim(text.substr(space));
    while (!name.empty() && name.back() == '.') {
        name.remove_suffix(1);
    }
    record.exchanger = base::to_lower(name);
    return record;
}

std::string_view parent_of(std::string_view name) {
    const auto dot = name.find('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

} // namespace

std::vector<std::string> names_upward(std::string_view name, std::size_t limit) {
    std::vector<std::string> names;
    for (; !name.empty() && names.size() < limit; name = parent_of(name)) {
        names.emplace_back(name);
    }
    return names;
}

std::optional<Apex> find_apex(const net::DnsMessage& message, std::string_view name) {
    for (const auto* section : {&message.answers, &message.authorities}) {
        if (const auto* soa = find_soa(*section, name)) {
            return Apex{soa->name, has_signature(*section, soa->name), section == &message.answers};
        }
    }
    return std::nullopt;
}

std::vector<std::string> answers_of(const net::DnsMessage& message, net::DnsType type) {
    std::vector<std::string> texts;
    for (const auto& record : message.answers) {
        if (record.type == type && texts.size() < kMaxTexts) {
            texts.push_back(base::scrub_utf8(record.text()));
        }
    }
    return texts;
}

std::vector<std::string> texts_of(const net::DnsMessage& message) {
    std::vector<std::string> texts;
    for (const auto& record : message.answers) {
        if (record.type == net::DnsType::txt) { // as many as fit into one message
            texts.push_back(base::scrub_utf8(record.text()));
        }
    }
    return texts;
}

std::vector<MxRecord> read_mx(const net::DnsMessage& message) {
    std::vector<MxRecord> records;
    for (const auto& text : answers_of(message, net::DnsType::mx)) {
        if (auto record = parse_mx(text)) {
            records.push_back(std::move(*record));
        }
    }
    std::sort(records.begin(), records.end(), [](const MxRecord& a, const MxRecord& b) {
        return std::tie(a.preference, a.exchanger) < std::tie(b.preference, b.exchanger);
    });
    records.erase(std::unique(records.begin(), records.end()), records.end());
    records.resize(std::min(records.size(), kMaxExchangers));
    return records;
}

std::vector<std::string> spf_of(const std::vector<std::string>& texts) {
    constexpr std::string_view kVersion = "v=spf1";
    std::vector<std::string> found;
    for (const auto& text : texts) {
        if (base::istarts_with(text, kVersion)
            && (text.size() == kVersion.size() || text[kVersion.size()] == ' ')) {
            found.push_back(text);
        }
    }
    return found;
}

std::optional<std::string> spf_redirect_of(std::string_view record) {
    constexpr std::string_view kRedirect = "redirect=";
    std::optional<std::string> target;
    for (auto term : base::split(record, ' ')) {
        if (base::istarts_with(term, kRedirect)) {
            auto name = model::normalise_host(term.substr(kRedirect.size()));
            target = name ? std::optional(*name) : std::nullopt;
        }
        term.remove_prefix(std::min(term.size(), term.find_first_not_of("+-~?")));
        if (base::iequals(term, "all")) {
            return std::nullopt;
        }
    }
    return target;
}

std::vector<std::string> dmarc_of(const std::vector<std::string>& texts) {
    std::vector<std::string> found;
    for (const auto& text : texts) {
        const auto tag = base::trim(std::string_view(text).substr(0, text.find(';')));
        const auto equals = tag.find('=');
        // RFC 9989 4.7: the tag's name is case-insensitive, the value is not.
        if (equals != std::string_view::npos && base::iequals(base::trim(tag.substr(0, equals)), "v")
            && base::trim(tag.substr(equals + 1)) == "DMARC1") {
            found.push_back(text);
        }
    }
    return found;
}

std::vector<std::string> dmarc_misspelt(const std::vector<std::string>& texts) {
    std::vector<std::string> found;
    for (const auto& text : texts) {
        const bool is_meant =
            base::istarts_with(base::trim(text), "v=dmarc") || base::istarts_with(text, "dmarc1");
        if (is_meant && dmarc_of({text}).empty() && found.size() < kMaxTexts) {
            found.push_back(text);
        }
    }
    return found;
}

std::vector<std::string> dmarc_walk(std::string_view domain) {
    constexpr std::ptrdiff_t kLabels = 8; // RFC 9989 4.10 step 4
    std::vector<std::string> names;
    while (!domain.empty()) {
        names.emplace_back(domain);
        domain = parent_of(domain);
        while (std::count(domain.begin(), domain.end(), '.') + 1 >= kLabels) {
            domain = parent_of(domain);
        }
    }
    return names;
}

char dmarc_psd(std::string_view record) {
    for (const auto tag : base::split(record, ';')) {
        const auto equals = tag.find('=');
        if (equals == std::string_view::npos || !base::iequals(base::trim(tag.substr(0, equals)), "psd")) {
            continue;
        }
        const auto value = base::trim(tag.substr(equals + 1));
        return value.size() == 1 ? base::to_lower(value[0]) : '\0';
    }
    return '\0';
}

bool ends_walk(const DmarcStep& step) {
    const char psd = step.records.size() == 1 ? dmarc_psd(step.records.front()) : '\0';
    return psd == 'y' || psd == 'n';
}

const DmarcStep* choose_policy(const std::vector<DmarcStep>& steps) {
    const DmarcStep* chosen = nullptr;
    const DmarcStep* several = nullptr;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& step = steps[i];
        if (i == 0 && !step.records.empty()) {
            return &step;
        }
        if (step.records.size() != 1) {
            several = step.records.empty() ? several : &step;
            continue; // RFC 9989 4.10: several at one name are none
        }
        if (dmarc_psd(step.records.front()) == 'y') {
            // The organizational domain is one label below; the suffix's own policy is the last resort.
            return steps[i - 1].records.size() == 1 ? &steps[i - 1] : &step;
        }
        chosen = &step; // fewest labels so far
    }
    return chosen == nullptr ? several : chosen;
}

std::string organization_in(const std::vector<DmarcStep>& steps) {
    std::string chosen = steps.empty() ? std::string() : steps.front().domain;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const char psd = steps[i].records.size() == 1 ? dmarc_psd(steps[i].records.front()) : '\0';
        if (psd == 'y') {
            return i == 0 ? chosen : steps[i - 1].domain;
        }
        if (psd == 'n') {
            return steps[i].domain;
        }
        chosen = steps[i].records.size() == 1 ? steps[i].domain : chosen;
    }
    return chosen;
}

} // namespace fengsui::probe::dns
