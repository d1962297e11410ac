// hashicorp/go-version's reading of versions and constraints, as compare_versions uses it.
#include "base/text.h"
#include "template/functions.h"

#include <algorithm>
#include <array>

namespace fengsui::templates {

namespace {

struct Version {
    std::vector<std::uint64_t> segments; ///< at least three
    std::size_t written = 0;
    std::string prerelease;
};

bool is_label_part(char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '~' || c == '.';
}

/// `v? 1(.2)* (-pre | pre)? (+meta)?`
class VersionReader {
public:
    explicit VersionReader(std::string_view text) : text_(text) {}

    bool read(Version& out) {
        if (at_ < text_.size() && text_[at_] == 'v') {
            ++at_;
        }
        do {
            std::uint64_t value = 0;
            if (!number(value)) {
                return false;
            }
            out.segments.push_back(value);
        } while (more_segments());
        out.written = out.segments.size();
        out.segments.resize(std::max<std::size_t>(3, out.segments.size()));
        return labels(out);
    }

private:
    bool number(std::uint64_t& value) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && base::is_digit(text_[at_])) {
            if (at_ - begin >= 18) {
                return false;
            }
            value = value * 10 + static_cast<std::uint64_t>(text_[at_++] - '0');
        }
        return at_ > begin;
    }
    bool more_segments() {
        if (at_ + 1 < text_.size() && text_[at_] == '.' && base::is_digit(text_[at_ + 1])) {
            ++at_;
            return true;
        }
        return false;
    }
    bool labels(Version& out) {
        if (at_ < text_.size() && text_[at_] != '+') {
            const bool has_dash = text_[at_] == '-';
            at_ += has_dash ? 1 : 0;
            const std::size_t begin = at_;
            if (!has_dash && (at_ >= text_.size() || (!base::is_alpha(text_[at_]) && text_[at_] != '~'))) {
                return false;
            }
            while (at_ < text_.size() && is_label_part(text_[at_])) {
                ++at_;
            }
            out.prerelease = text_.substr(begin, at_ - begin);
            if (out.prerelease.empty() || out.prerelease.front() == '.' || out.prerelease.back() == '.') {
                return false;
            }
        }
        if (at_ < text_.size() && text_[at_] == '+') {
            ++at_;
            while (at_ < text_.size() && is_label_part(text_[at_])) {
                ++at_;
            }
        }
        return at_ == text_.size();
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), base::is_digit);
}

int compare_part(std::string_view left, std::string_view right) {
    if (left == right) {
        return 0;
    }
    const bool left_number = all_digits(left);
    const bool right_number = all_digits(right);
    if (left.empty() || right.empty()) { // the shorter list is older, but a word before nothing is older
        const bool number = left.empty() ? right_number : left_number;
        return (left.empty() ? -1 : 1) * (number ? 1 : -1);
    }
    if (left_number != right_number) {
        return left_number ? -1 : 1;
    }
    if (left_number && left.size() != right.size()) {
        return left.size() < right.size() ? -1 : 1;
    }
    return left < right ? -1 : 1;
}

int compare_prerelease(const std::string& left, const std::string& right) {
    if (left == right) {
        return 0;
    }
    if (left.empty() || right.empty()) { // a release is newer than its pre-releases
        return left.empty() ? 1 : -1;
    }
    const auto lefts = base::split(left, '.');
    const auto rights = base::split(right, '.');
    for (std::size_t i = 0; i < std::max(lefts.size(), rights.size()); ++i) {
        const int order = compare_part(
            i < lefts.size() ? lefts[i] : std::string_view(),
            i < rights.size() ? rights[i] : std::string_view()
        );
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

int compare(const Version& left, const Version& right) {
    for (std::size_t i = 0; i < std::max(left.segments.size(), right.segments.size()); ++i) {
        const std::uint64_t a = i < left.segments.size() ? left.segments[i] : 0;
        const std::uint64_t b = i < right.segments.size() ? right.segments[i] : 0;
        if (a != b) {
            return a < b ? -1 : 1;
        }
    }
    return compare_prerelease(left.prerelease, right.prerelease);
}

/// `>= 1.2` does not take 2.0-beta for newer: a pre-release only compares with one of the same release.
bool prerelease_fits(const Version& version, const Version& limit) {
    if (version.prerelease.empty()) {
        return true;
    }
    return !limit.prerelease.empty() && version.segments == limit.segments;
}

/// `~> 1.2.3`: the last segment written may grow, those before it may not.
bool pessimistic(const Version& version, const Version& limit) {
    if (!prerelease_fits(version, limit) || (!limit.prerelease.empty() && version.prerelease.empty())) {
        return false;
    }
    if (compare(version, limit) < 0 || limit.segments.size() > version.segments.size()) {
        return false;
    }
    for (std::size_t i = 0; i + 1 < limit.written; ++i) {
        if (version.segments[i] != limit.segments[i]) {
            return false;
        }
    }
    return limit.segments.back() <= version.segments[limit.segments.size() - 1];
}

bool satisfies(const Version& version, std::string_view symbol, const Version& limit) {
    const int order = compare(version, limit);
    if (symbol.empty() || symbol == "=") {
        return order == 0;
    }
    if (symbol == "!=") {
        return order != 0;
    }
    if (symbol == ">") {
        return prerelease_fits(version, limit) && order > 0;
    }
    if (symbol == "<") {
        return prerelease_fits(version, limit) && order < 0;
    }
    if (symbol == ">=") {
        return prerelease_fits(version, limit) && order >= 0;
    }
    return symbol == "<=" ? prerelease_fits(version, limit) && order <= 0 : pessimistic(version, limit);
}

constexpr std::array<std::string_view, 7> kSymbols = {">=", "<=", "!=", "~>", ">", "<", "="};

} // namespace

base::Result<bool> version_satisfies(std::string_view text, std::string_view constraints) {
    Version version;
    if (!VersionReader(text).read(version)) {
        return function_error("error parsing argument value: malformed version");
    }
    bool holds = true;
    for (auto part : base::split(constraints, ',')) {
        part = base::trim(part);
        std::string_view symbol;
        for (const auto candidate : kSymbols) {
            if (symbol.empty() && part.starts_with(candidate)) {
                symbol = candidate;
            }
        }
        Version limit;
        if (!VersionReader(base::trim(part.substr(symbol.size()))).read(limit)) {
            return function_error("malformed constraint");
        }
        holds = holds && satisfies(version, symbol, limit);
    }
    return holds;
}

} // namespace fengsui::templates
