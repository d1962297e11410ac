#include "check/common/dangling.h"

#include "base/text.h"

#include <algorithm>

namespace fengsui::check {

bool is_own_name(std::string_view name, std::string_view zone) {
    if (zone.empty()) {
        return false;
    }
    return base::iequals(name, zone)
           || (name.size() > zone.size() && base::iequals(name.substr(name.size() - zone.size()), zone)
               && name[name.size() - zone.size() - 1] == '.');
}

std::optional<model::Severity> dangling_severity(std::string_view missing, std::string_view zone) {
    // What is missing right below a suffix of one or two labels (example.cn, example.com.cn) may be for sale;
    // nobody knows without asking a registry, which no probe does.
    const auto dots = std::count(missing.begin(), missing.end(), '.');
    const bool may_be_free = dots == 1 || dots == 2;
    return may_be_free && !is_own_name(missing, zone) ? std::optional(model::Severity::high) : std::nullopt;
}

} // namespace fengsui::check
