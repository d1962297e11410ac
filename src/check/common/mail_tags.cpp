#include "check/common/mail_tags.h"

#include "base/text.h"

#include <algorithm>

namespace fengsui::check {

namespace {

constexpr std::string_view kSpfVersion = "v=spf1";

} // namespace

TagList::TagList(std::string_view record) {
    for (const auto piece : base::split(record, ';')) {
        const auto equals = piece.find('=');
        if (equals != std::string_view::npos) {
            tags_.push_back({base::trim(piece.substr(0, equals)), base::trim(piece.substr(equals + 1))});
        }
    }
}

std::optional<std::string_view> TagList::find(std::string_view name) const {
    const auto found = std::find_if(tags_.begin(), tags_.end(), [&](const Tag& tag) {
        return base::iequals(tag.name, name);
    });
    return found == tags_.end() ? std::nullopt : std::optional(found->value);
}

bool TagList::has_version(std::string_view version) const {
    return !tags_.empty() && base::iequals(tags_.front().name, "v")
           && base::iequals(tags_.front().value, version);
}

std::vector<std::string> dmarc_records(const std::vector<std::string>& records) {
    std::vector<std::string> policies;
    std::copy_if(records.begin(), records.end(), std::back_inserter(policies), [](const std::string& record) {
        return TagList(record).has_version("DMARC1");
    });
    return policies;
}

std::vector<std::string> spf_records(const std::vector<std::string>& records) {
    std::vector<std::string> policies;
    for (const auto& record : records) {
        const bool is_spf = base::istarts_with(record, kSpfVersion)
                            && (record.size() == kSpfVersion.size() || record[kSpfVersion.size()] == ' ');
        if (is_spf) {
            policies.push_back(record);
        }
    }
    return policies;
}

base::Json shown_records(const std::vector<std::string>& records) {
    constexpr std::size_t kRecordsShown = 10;
    constexpr std::size_t kBytesShown = 512;
    base::Json shown = base::Json::array();
    for (const auto& record : records) {
        if (shown.items().size() < kRecordsShown) {
            shown.push(base::shorten(base::scrub_utf8(record), kBytesShown));
        }
    }
    return shown;
}

std::vector<std::string_view> spf_terms(std::string_view record) {
    auto terms = base::split(record.substr(std::min(kSpfVersion.size(), record.size())), ' ');
    std::erase_if(terms, [](std::string_view term) { return term.empty(); });
    return terms;
}

} // namespace fengsui::check
