#include "check/common/software_match.h"

#include "base/text.h"

namespace fengsui::check {

namespace {

constexpr std::string_view kSlot = "{version}";
constexpr std::size_t kVersionBytes = 32; // keeps every attempt short, and so the whole linear

bool is_word(char c) {
    return base::is_alpha(c) || base::is_digit(c);
}

struct Signature {
    std::string_view before;
    std::string_view after;
    bool has_version = false;
    bool is_at_start = false;
    bool is_at_end = false;
};

Signature read_signature(std::string_view pattern) {
    Signature signature;
    if (!pattern.empty() && pattern.front() == '^') {
        signature.is_at_start = true;
        pattern.remove_prefix(1);
    }
    if (!pattern.empty() && pattern.back() == '$') {
        signature.is_at_end = true;
        pattern.remove_suffix(1);
    }
    const auto slot = pattern.find(kSlot);
    signature.before = pattern.substr(0, slot);
    signature.has_version = slot != std::string_view::npos;
    signature.after = signature.has_version ? pattern.substr(slot + kSlot.size()) : std::string_view();
    return signature;
}

/// The longest version at the beginning of `text`.
std::string_view version_at(std::string_view text) {
    if (text.empty() || !base::is_digit(text.front())) {
        return {};
    }
    std::size_t end = 1;
    while (end < text.size() && end < kVersionBytes
           && (is_word(text[end]) || text[end] == '.' || text[end] == '_' || text[end] == '-')) {
        ++end;
    }
    return text.substr(0, end);
}

std::string_view without_trailing_marks(std::string_view version) {
    const auto last = version.find_last_not_of("._-");
    return version.substr(0, last + 1);
}

bool ends_well(const Signature& signature, std::string_view rest) {
    return base::istarts_with(rest, signature.after)
           && (!signature.is_at_end || rest.size() == signature.after.size());
}

/// What follows `before`: the version and the literal after it, which may eat back into the version.
std::optional<std::string> match_rest(const Signature& signature, std::string_view text) {
    if (!signature.has_version) {
        return ends_well(signature, text) ? std::optional(std::string()) : std::nullopt;
    }
    for (auto version = version_at(text); !version.empty(); version.remove_suffix(1)) {
        if (ends_well(signature, text.substr(version.size()))) {
            return std::string(without_trailing_marks(version));
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> match_signature(std::string_view text, std::string_view pattern) {
    const Signature signature = read_signature(pattern);
    const bool needs_edge = !signature.before.empty() && is_word(signature.before.front());
    std::size_t from = 0;
    while (from <= text.size()) {
        const auto found = base::ifind(text.substr(from), signature.before);
        const auto at = from + found;
        if (found == std::string_view::npos || (signature.is_at_start && at > 0)) {
            return std::nullopt;
        }
        const bool is_edge = !needs_edge || at == 0 || !is_word(text[at - 1]);
        if (is_edge) {
            if (auto version = match_rest(signature, text.substr(at + signature.before.size()))) {
                return version;
            }
        }
        from = at + 1;
    }
    return std::nullopt;
}

std::string version_of_file(std::string_view captured) {
    for (std::size_t i = 0; i + 1 < captured.size(); ++i) {
        if (captured[i] == '.' && base::is_alpha(captured[i + 1])) {
            captured = captured.substr(0, i);
            break;
        }
    }
    constexpr std::string_view kMinified = "-min";
    const bool is_minified = captured.size() > kMinified.size()
                             && captured.substr(captured.size() - kMinified.size()) == kMinified;
    return std::string(captured.substr(0, captured.size() - (is_minified ? kMinified.size() : 0)));
}

} // namespace fengsui::check
