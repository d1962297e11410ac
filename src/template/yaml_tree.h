// A YAML document as go-yaml gives it to nuclei: raw scalar text kept, aliases and merge keys followed within
// bounds. base::parse_yaml, which refuses aliases and turns 1.10 into a number, is for our own content.
#pragma once

#include "base/result.h"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fengsui::templates {

struct YamlNode {
    enum class Kind : std::uint8_t { scalar, sequence, mapping };
    Kind kind = Kind::scalar;
    bool is_plain = false; ///< a scalar without quotes
    unsigned line = 0;
    std::size_t weight = 1; ///< nodes below it, aliases counted each time
    std::string text;       ///< of a scalar
    std::vector<std::pair<std::string, const YamlNode*>> members;
    std::vector<const YamlNode*> items;

    [[nodiscard]] const YamlNode* find(std::string_view name) const;
    [[nodiscard]] bool is_null() const;
};

/// Owns its nodes; the root is null for an empty document.
struct YamlDocument {
    std::deque<YamlNode> nodes;
    const YamlNode* root = nullptr;
};

/// Depth, alias expansion and duplicates are bounded; the message names the line.
base::Result<std::unique_ptr<YamlDocument>> read_yaml(std::string_view text);

} // namespace fengsui::templates
