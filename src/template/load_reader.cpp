#include "template/load_reader.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fengsui::templates {

namespace {
constexpr std::size_t kMaxFaults = 20;
constexpr std::size_t kMaxQuote = 120;
} // namespace

std::string FieldPath::str() const {
    if (parent_ == nullptr) {
        return {};
    }
    const std::string before = parent_->str();
    if (is_index_) {
        return fmt::format("{}[{}]", before, index_);
    }
    return before.empty() ? std::string(name_) : fmt::format("{}.{}", before, name_);
}

std::string Fault::str() const {
    std::string out = fmt::format("line {}", line);
    if (!field.empty()) {
        out += ": " + field;
    }
    out += ": " + message;
    return text.empty() ? out : out + fmt::format(": \"{}\"", text);
}

void Reader::fault(const YamlNode& node, const FieldPath& path, std::string_view message) {
    fault(
        node,
        path,
        message,
        node.kind == YamlNode::Kind::scalar ? std::string_view(node.text) : std::string_view()
    );
}

void Reader::fault(
    const YamlNode& node, const FieldPath& path, std::string_view message, std::string_view text
) {
    if (faults_.size() < kMaxFaults) {
        faults_.push_back(
            {node.line, path.str(), base::shorten(base::scrub_utf8(text), kMaxQuote), std::string(message)}
        );
    }
}

void Reader::check_keys(
    const YamlNode& node, const FieldPath& path, std::initializer_list<std::string_view> known
) {
    for (const auto& [name, value] : node.members) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            fault(*value, FieldPath(path, name), "unknown field", name);
        }
    }
}

bool Reader::is_mapping(const YamlNode* node, const FieldPath& path) {
    if (node == nullptr || node->is_null()) {
        return false;
    }
    if (node->kind != YamlNode::Kind::mapping) {
        fault(*node, path, "a mapping is expected");
        return false;
    }
    return true;
}

std::string Reader::text(const YamlNode& node, const FieldPath& path, std::string_view name) {
    const YamlNode* value = node.find(name);
    if (value == nullptr || value->is_null()) {
        return {};
    }
    if (value->kind != YamlNode::Kind::scalar) {
        fault(*value, FieldPath(path, name), "one text is expected");
        return {};
    }
    return value->text;
}

bool Reader::flag(const YamlNode& node, const FieldPath& path, std::string_view name) {
    const YamlNode* value = node.find(name);
    if (value == nullptr || value->is_null()) {
        return false;
    }
    // YAML 1.1, which go-yaml v2 reads, has more spellings.
    static constexpr std::string_view kTrue[] = {"true", "yes", "on", "y"};
    static constexpr std::string_view kFalse[] = {"false", "no", "off", "n"};
    const std::string word = base::to_lower(value->text);
    const bool is_true = std::find(std::begin(kTrue), std::end(kTrue), word) != std::end(kTrue);
    const bool is_false = std::find(std::begin(kFalse), std::end(kFalse), word) != std::end(kFalse);
    if (value->kind != YamlNode::Kind::scalar || !value->is_plain || (!is_true && !is_false)) {
        fault(*value, FieldPath(path, name), "true or false is expected");
    }
    return is_true;
}

bool parse_whole(std::string_view text, std::int64_t& value) {
    const bool is_hex = text.starts_with("0x");
    text.remove_prefix(is_hex ? 2 : 0);
    const auto [end, failure] =
        std::from_chars(text.data(), text.data() + text.size(), value, is_hex ? 16 : 10);
    return failure == std::errc() && end == text.data() + text.size();
}

std::int64_t Reader::whole(const YamlNode& node, const FieldPath& path, std::string_view name) {
    const YamlNode* value = node.find(name);
    std::int64_t number = 0;
    if (value == nullptr || value->is_null()) {
        return 0;
    }
    if (value->kind != YamlNode::Kind::scalar || !parse_whole(value->text, number) || number < 0) {
        fault(*value, FieldPath(path, name), "a whole number is expected");
        return 0;
    }
    return number;
}

std::vector<std::string> Reader::texts(const YamlNode& node, const FieldPath& path, std::string_view name) {
    std::vector<std::string> out;
    const YamlNode* value = node.find(name);
    if (value == nullptr || value->is_null()) {
        return out;
    }
    const FieldPath here(path, name);
    if (value->kind != YamlNode::Kind::sequence) {
        fault(*value, here, "a list is expected");
        return out;
    }
    out.reserve(value->items.size());
    for (std::size_t i = 0; i < value->items.size(); ++i) {
        if (value->items[i]->kind != YamlNode::Kind::scalar) {
            fault(*value->items[i], FieldPath(here, i), "one text is expected");
        }
        out.push_back(value->items[i]->is_null() ? std::string() : value->items[i]->text);
    }
    return out;
}

std::vector<std::string> Reader::text_or_list(
    const YamlNode& node, const FieldPath& path, std::string_view name
) {
    const YamlNode* value = node.find(name);
    if (value != nullptr && value->kind == YamlNode::Kind::sequence) {
        auto list = texts(node, path, name);
        for (auto& item : list) {
            item = base::trim(item);
        }
        return list;
    }
    std::vector<std::string> out;
    const std::string whole = text(node, path, name);
    for (const auto piece : base::split(whole, ',')) {
        if (!base::trim(piece).empty()) {
            out.emplace_back(base::trim(piece));
        }
    }
    return out;
}

} // namespace fengsui::templates
