#include "base/text.h"
#include "template/load_reader.h"

#include <algorithm>
#include <charconv>

namespace fengsui::templates {

namespace {

/// A plain scalar's own type, as a consumer of the JSON line expects it.
base::Json scalar_json(const YamlNode& node) {
    if (node.is_null()) {
        return {};
    }
    if (node.is_plain) {
        if (node.text == "true" || node.text == "false") {
            return node.text == "true";
        }
        std::int64_t number = 0;
        if (parse_whole(node.text, number) && !node.text.starts_with("0x")) {
            return number;
        }
        double real = 0;
        const auto [end, failure] =
            std::from_chars(node.text.data(), node.text.data() + node.text.size(), real);
        if (failure == std::errc() && end == node.text.data() + node.text.size()
            && node.text.find('.') != std::string::npos) {
            return real;
        }
    }
    return node.text;
}

base::Json json_of(const YamlNode& node, int depth = 0) {
    if (node.kind == YamlNode::Kind::scalar || depth > 20) {
        return scalar_json(node);
    }
    if (node.kind == YamlNode::Kind::sequence) {
        base::Json list = base::Json::array();
        for (const auto* item : node.items) {
            list.push(json_of(*item, depth + 1));
        }
        return list;
    }
    base::JsonObject members;
    for (const auto& [name, value] : node.members) {
        members.emplace_back(name, json_of(*value, depth + 1));
    }
    return base::Json(std::move(members));
}

base::Json json_list(const std::vector<std::string>& texts) {
    base::Json list = base::Json::array();
    for (const auto& text : texts) {
        list.push(text);
    }
    return list;
}

void load_severity(Reader& reader, const YamlNode& info, const FieldPath& path, Template& out) {
    const std::string written = base::to_lower(base::trim(reader.text(info, path, "severity")));
    out.info.set("severity", written.empty() ? "info" : written);
    if (written.empty() || written == "unknown" || written == "undefined") {
        return;
    }
    const auto severity = model::parse_severity(written);
    if (!severity) {
        reader.fault(*info.find("severity"), FieldPath(path, "severity"), "unknown severity");
        return;
    }
    out.severity = *severity;
}

void add_product(std::string name, Template& out) {
    name = base::to_lower(base::trim(name));
    if (!name.empty() && name != "*"
        && std::find(out.products.begin(), out.products.end(), name) == out.products.end()) {
        out.products.push_back(std::move(name));
    }
}

/// How the product of a template is known: metadata.product (a text or list), metadata.vendor, and the CPE.
void load_product(const YamlNode& info, Template& out) {
    const YamlNode* metadata = info.find("metadata");
    if (metadata != nullptr) {
        if (const auto* product = metadata->find("product")) {
            add_product(product->text, out);
            for (const auto* item : product->items) {
                add_product(item->text, out);
            }
        }
        if (const auto* vendor = metadata->find("vendor")) {
            out.vendor = base::to_lower(vendor->text);
        }
    }
    const YamlNode* classification = info.find("classification");
    const YamlNode* cpe = classification != nullptr ? classification->find("cpe") : nullptr;
    const auto parts = cpe != nullptr ? base::split(cpe->text, ':') : std::vector<std::string_view>();
    if (parts.size() > 5 && parts[0] == "cpe" && parts[1] == "2.3") {
        std::string product(parts[4]);
        std::erase(product, '\\');
        add_product(product, out);
        if (out.vendor.empty() && parts[3] != "*") {
            out.vendor = base::to_lower(parts[3]);
        }
    }
}

/// nuclei's own test: letters and digits, parted by single `-` or `_`.
bool is_valid_id(std::string_view id) {
    bool after_separator = true;
    for (const char c : id) {
        const bool is_separator = c == '-' || c == '_';
        if ((!is_separator && !base::is_alpha(c) && !base::is_digit(c))
            || (is_separator && after_separator)) {
            return false;
        }
        after_separator = is_separator;
    }
    return !after_separator;
}

} // namespace

void load_info(Reader& reader, const YamlNode& root, Template& out) {
    const FieldPath top;
    out.id = base::trim(reader.text(root, top, "id"));
    if (!is_valid_id(out.id)) {
        const YamlNode* id = root.find("id");
        reader.fault(
            id != nullptr ? *id : root,
            FieldPath(top, "id"),
            "an id of letters, digits, - and _ is needed",
            out.id
        );
    }
    const FieldPath path(top, "info");
    const YamlNode* info = root.find("info");
    if (!reader.is_mapping(info, path)) {
        reader.fault(root, path, "it is missing", "");
        return;
    }
    reader.check_keys(
        *info,
        path,
        {"name",
         "author",
         "tags",
         "description",
         "impact",
         "reference",
         "severity",
         "metadata",
         "classification",
         "remediation"}
    );
    out.info = base::Json::object();
    for (const std::string_view name :
         {"name",
          "author",
          "tags",
          "description",
          "impact",
          "reference",
          "severity",
          "metadata",
          "classification",
          "remediation"}) {
        const YamlNode* value = info->find(name);
        if (value == nullptr || name == "severity") {
            if (name == "severity") {
                load_severity(reader, *info, path, out);
            }
            continue;
        }
        if (name == "author" || name == "tags" || name == "reference") {
            out.info.set(name, json_list(reader.text_or_list(*info, path, name)));
        } else {
            out.info.set(name, json_of(*value));
        }
    }
    out.name = reader.text(*info, path, "name");
    if (out.name.empty()) {
        reader.fault(*info, FieldPath(path, "name"), "it is missing", "");
    }
    if (out.info["author"].items().empty()) {
        reader.fault(*info, FieldPath(path, "author"), "it is missing", "");
    }
    for (const auto& tag : out.info["tags"].items()) {
        out.tags.push_back(base::to_lower(tag.as_string()));
    }
    load_product(*info, out);
}

} // namespace fengsui::templates
