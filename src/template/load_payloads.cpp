#include "base/text.h"
#include "template/load_reader.h"

#include <algorithm>

namespace fengsui::templates {

namespace {

constexpr std::size_t kMaxValues = 200000;

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    for (const auto line : base::lines(text)) {
        if (!line.empty()) {
            out.emplace_back(line);
        }
    }
    return out;
}

/// The block's whole request text: payload sets that it does not name are dropped (point 32).
bool is_used(const Block& block, std::string_view name) {
    const auto holds = [name](const Text& text) {
        return text.source().find(name) != std::string::npos;
    };
    const auto& http = block.http;
    return std::any_of(http.paths.begin(), http.paths.end(), holds)
           || std::any_of(http.raws.begin(), http.raws.end(), holds) || holds(http.body)
           || holds(block.dns.name)
           || std::any_of(
               http.headers.begin(),
               http.headers.end(),
               [&holds](const HeaderText& header) { return holds(header.value); }
           )
           || std::any_of(block.tcp.inputs.begin(), block.tcp.inputs.end(), [&holds](const TcpInput& input) {
                  return holds(input.data);
              });
}

void read_file(Reader& reader, const YamlNode& node, const FieldPath& path, PayloadSet& set) {
    set.file = node.text;
    if (!reader.options().read_helper) {
        return reader.fault(node, path, "the helper file is not there");
    }
    const auto content = reader.options().read_helper(node.text);
    if (!content) {
        return reader.fault(node, path, content.error().message());
    }
    set.values = lines_of(*content);
}

/// A text with line ends is the list itself, one without names a file.
PayloadSet payload_set(Reader& reader, std::string_view name, const YamlNode& node, const FieldPath& path) {
    PayloadSet set;
    set.name = name;
    set.line = node.line;
    if (node.kind == YamlNode::Kind::scalar) {
        if (node.text.find('\n') != std::string::npos) {
            set.values = lines_of(node.text);
        } else {
            read_file(reader, node, path, set);
        }
        return set;
    }
    for (const auto* item : node.items) {
        if (item->kind != YamlNode::Kind::scalar) {
            reader.fault(*item, path, "one text is expected");
        }
        set.values.push_back(item->text);
    }
    for (const auto& member : node.members) {
        set.values.push_back(member.second->text);
    }
    return set;
}

} // namespace

void load_payloads(Reader& reader, const YamlNode& node, const FieldPath& path, Block& block) {
    const std::string attack = reader.text(node, path, "attack");
    if (!attack.empty()) {
        if (attack == "pitchfork") {
            block.attack = Attack::pitchfork;
        } else if (attack == "clusterbomb") {
            block.attack = Attack::clusterbomb;
        } else if (attack == "batteringram") {
            block.attack = Attack::batteringram;
        } else {
            reader.fault(*node.find("attack"), FieldPath(path, "attack"), "unknown attack");
        }
    }
    const YamlNode* payloads = node.find("payloads");
    const FieldPath here(path, "payloads");
    if (!reader.is_mapping(payloads, here)) {
        return;
    }
    for (const auto& [name, value] : payloads->members) {
        if (!is_used(block, name)) {
            continue;
        }
        auto set = payload_set(reader, name, *value, FieldPath(here, name));
        if (set.values.size() > kMaxValues) {
            reader.fault(*value, FieldPath(here, name), "too many payload values", name);
            set.values.clear();
        }
        block.payloads.push_back(std::move(set));
    }
    if (block.payloads.size() > 1 && block.attack.value_or(Attack::batteringram) == Attack::batteringram) {
        reader.fault(
            *payloads,
            here,
            "batteringram, which is the default, takes exactly one payload set",
            block.payloads[1].name
        );
    }
}

} // namespace fengsui::templates
