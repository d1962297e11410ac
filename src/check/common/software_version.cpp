#include "check/common/software_version.h"

#include "base/text.h"

#include <array>

namespace fengsui::check {

namespace {

struct VersionPart {
    bool is_end = true;
    bool is_number = false;
    std::string_view digits; ///< without leading zeros
    std::string_view word;
};

/// Takes the next run of digits or letters; `.`, `-`, `_`, `+` and `~` part them.
VersionPart take_part(std::string_view& rest) {
    while (!rest.empty() && !base::is_digit(rest.front()) && !base::is_alpha(rest.front())) {
        rest.remove_prefix(1);
    }
    VersionPart part;
    if (rest.empty()) {
        return part;
    }
    part.is_end = false;
    part.is_number = base::is_digit(rest.front());
    std::size_t end = 0;
    while (end < rest.size() && (part.is_number ? base::is_digit(rest[end]) : base::is_alpha(rest[end]))) {
        ++end;
    }
    auto text = rest.substr(0, end);
    rest.remove_prefix(end);
    if (part.is_number) {
        while (text.size() > 1 && text.front() == '0') {
            text.remove_prefix(1);
        }
        part.digits = text;
    } else {
        part.word = text;
    }
    return part;
}

/// Where a word stands beside the plain release: before it (-1) or after (1).
int word_rank(std::string_view word) {
    constexpr std::array<std::string_view, 10> kEarly = {
        "a", "alpha", "b", "beta", "c", "dev", "m", "pre", "rc", "snapshot"};
    for (const auto early : kEarly) {
        const bool is_letter = early.size() == 1;
        if (!is_letter && base::iequals(word, early)) {
            return -1;
        }
    }
    return 1;
}

int sign(int value) {
    return value < 0 ? -1 : (value > 0 ? 1 : 0);
}

int compare_numbers(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) {
        return a.size() < b.size() ? -1 : 1;
    }
    return sign(a.compare(b));
}

/// One side has ended: what the other still has decides.
int weight_of_rest(const VersionPart& part) {
    if (part.is_number) {
        return part.digits == "0" ? 0 : 1;
    }
    return word_rank(part.word);
}

int compare_words(std::string_view a, std::string_view b) {
    const int by_rank = word_rank(a) - word_rank(b);
    return by_rank != 0 ? sign(by_rank) : sign(base::to_lower(a).compare(base::to_lower(b)));
}

int compare_parts(const VersionPart& a, const VersionPart& b) {
    if (a.is_end || b.is_end) {
        return a.is_end ? -weight_of_rest(b) : weight_of_rest(a);
    }
    if (a.is_number != b.is_number) { // 1.0.0 against 1.0.rc1: a number is a later thing than an early word
        return a.is_number ? (word_rank(b.word) < 0 ? 1 : -1) : (word_rank(a.word) < 0 ? -1 : 1);
    }
    return a.is_number ? compare_numbers(a.digits, b.digits) : compare_words(a.word, b.word);
}

} // namespace

int compare_versions(std::string_view a, std::string_view b) {
    if (!a.empty() && base::to_lower(a.front()) == 'v') {
        a.remove_prefix(1);
    }
    if (!b.empty() && base::to_lower(b.front()) == 'v') {
        b.remove_prefix(1);
    }
    while (true) {
        const auto left = take_part(a);
        const auto right = take_part(b);
        if (left.is_end && right.is_end) {
            return 0;
        }
        if (const int order = compare_parts(left, right); order != 0) {
            return order;
        }
    }
}

bool is_within(const model::VersionSpan& span, std::string_view version) {
    if (!span.from.empty()) {
        const int order = compare_versions(version, span.from);
        if (order < 0 || (order == 0 && !span.includes_from)) {
            return false;
        }
    }
    if (span.until.empty()) {
        return true;
    }
    const int order = compare_versions(version, span.until);
    return order < 0 || (order == 0 && span.includes_until);
}

std::string_view distribution_of(std::string_view text) {
    struct Mark {
        std::string_view text;
        std::string_view name;
    };
    static constexpr Mark kMarks[] = {
        {"ubuntu", "Ubuntu"},
        {"debian", "Debian"},
        {"+deb", "Debian"},
        {"~deb", "Debian"},
        {"bpo", "Debian"},
        {"centos", "CentOS"},
        {"red hat", "Red Hat"},
        {"rhel", "Red Hat"},
        {"rocky", "Rocky Linux"},
        {"almalinux", "AlmaLinux"},
        {"oracle linux", "Oracle Linux"},
        {"fedora", "Fedora"},
        {"amazon", "Amazon Linux"},
        {"suse", "SUSE"},
        {"openeuler", "openEuler"},
        {"kylin", "Kylin"},
        {"anolis", "Anolis OS"},
        {"raspbian", "Raspbian"},
        {".el5", "Red Hat"},
        {".el6", "Red Hat"},
        {".el7", "Red Hat"},
        {".el8", "Red Hat"},
        {".el9", "Red Hat"},
        {".amzn", "Amazon Linux"},
        {".oe1", "openEuler"},
        {".ky10", "Kylin"}};
    for (const auto& mark : kMarks) {
        if (base::icontains(text, mark.text)) {
            return mark.name;
        }
    }
    return {};
}

std::string_view upstream_version(std::string_view version) {
    const auto colon = version.find(':'); // Debian's epoch
    if (colon != std::string_view::npos && colon <= 2) {
        version.remove_prefix(colon + 1);
    }
    const bool is_packaged = !distribution_of(version).empty();
    const auto end = is_packaged ? version.find_first_of("-+~") : std::string_view::npos;
    return version.substr(0, end);
}

bool is_exact_enough(std::string_view version) {
    return !version.empty() && base::is_digit(version.front()) && version.find('.') != std::string_view::npos;
}

} // namespace fengsui::check
