// Tag lists and SPF terms of mail policy records.
#pragma once

#include "base/json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::check {

/// `v=DMARC1; p=none` as names and values; spaces around `=` and `;` are dropped (RFC 9989, section 4.7).
class TagList {
public:
    explicit TagList(std::string_view record);

    /// The value of the first tag of that name, in any case; nothing when there is none.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    /// Whether the first tag is `v` with that value.
    [[nodiscard]] bool has_version(std::string_view version) const;

private:
    struct Tag {
        std::string_view name;
        std::string_view value;
    };
    std::vector<Tag> tags_;
};

/// The records among `records` that are DMARC policies.
std::vector<std::string> dmarc_records(const std::vector<std::string>& records);

/// The records among `records` that are SPF policies: `v=spf1` alone or followed by a space
/// (RFC 7208, section 4.5).
std::vector<std::string> spf_records(const std::vector<std::string>& records);

/// Records as evidence: at most ten, each at most 512 bytes.
base::Json shown_records(const std::vector<std::string>& records);

/// The terms after the version, empty ones left out.
std::vector<std::string_view> spf_terms(std::string_view record);

} // namespace fengsui::check
