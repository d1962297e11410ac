#include "template/yaml_tree.h"

#include <fmt/format.h>

#include <map>
#include <yaml.h>

namespace fengsui::templates {

namespace {

constexpr int kMaxDepth = 50;
constexpr std::size_t kMaxWeight = 400000; ///< the largest real template has 30,000 nodes

[[noreturn]] void fail(std::size_t line, std::string_view what) {
    throw base::Error(base::ErrorCode::invalid_argument, fmt::format("line {}: {}", line, what));
}

std::string_view bytes_of(const yaml_char_t* text) {
    return reinterpret_cast<const char*>(text);
}

/// libyaml's parser and its present event, deleted by themselves.
class Events {
public:
    explicit Events(std::string_view text) {
        FENGSUI_CHECK(yaml_parser_initialize(&parser_) == 1, "no memory for a YAML parser");
        yaml_parser_set_input_string(
            &parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size()
        );
    }
    ~Events() {
        yaml_event_delete(&event_);
        yaml_parser_delete(&parser_);
    }
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;

    const yaml_event_t& next() {
        yaml_event_delete(&event_);
        if (yaml_parser_parse(&parser_, &event_) == 0) {
            const char* problem = parser_.problem != nullptr ? parser_.problem : "unreadable";
            fail(parser_.problem_mark.line + 1, fmt::format("not valid YAML: {}", problem));
        }
        return event_;
    }
    [[nodiscard]] const yaml_event_t& now() const { return event_; }
    [[nodiscard]] std::size_t line() const { return event_.start_mark.line + 1; }

private:
    yaml_parser_t parser_{};
    yaml_event_t event_{};
};

class Reader {
public:
    explicit Reader(std::string_view text) : events_(text), document_(std::make_unique<YamlDocument>()) {}

    std::unique_ptr<YamlDocument> run() {
        while (events_.next().type != YAML_STREAM_END_EVENT) {
            if (events_.now().type == YAML_STREAM_START_EVENT
                || events_.now().type == YAML_DOCUMENT_START_EVENT) {
                continue;
            }
            if (events_.now().type == YAML_DOCUMENT_END_EVENT) {
                break; // as go-yaml's Unmarshal: the first document
            }
            document_->root = node(0);
        }
        return std::move(document_);
    }

private:
    /// The node of the present event.
    const YamlNode* node(int depth) {
        const auto& event = events_.now();
        if (depth > kMaxDepth) {
            fail(events_.line(), "nested too deeply");
        }
        if (event.type == YAML_ALIAS_EVENT) {
            return alias(std::string(bytes_of(event.data.alias.anchor)));
        }
        document_->nodes.emplace_back();
        YamlNode& made = document_->nodes.back();
        made.line = static_cast<unsigned>(events_.line());
        std::string anchor;
        if (event.type == YAML_SCALAR_EVENT) {
            const auto& scalar = event.data.scalar;
            made.text.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
            made.is_plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
            anchor = scalar.anchor != nullptr ? bytes_of(scalar.anchor) : "";
        } else if (event.type == YAML_SEQUENCE_START_EVENT) {
            const auto* name = event.data.sequence_start.anchor;
            anchor = name != nullptr ? bytes_of(name) : "";
            sequence(made, depth);
        } else if (event.type == YAML_MAPPING_START_EVENT) {
            const auto* name = event.data.mapping_start.anchor;
            anchor = name != nullptr ? bytes_of(name) : "";
            mapping(made, depth);
        }
        if (!anchor.empty()) { // known only now: a value cannot hold itself
            anchors_[anchor] = &made;
        }
        return &made;
    }
    const YamlNode* alias(const std::string& name) {
        const auto found = anchors_.find(name);
        if (found == anchors_.end()) {
            fail(events_.line(), fmt::format("\"*{}\" names no value that is complete", name));
        }
        return found->second;
    }
    void weigh(YamlNode& parent, const YamlNode& child) const {
        parent.weight += child.weight;
        if (parent.weight > kMaxWeight) {
            fail(events_.line(), "too many values once its aliases are written out");
        }
    }

    void sequence(YamlNode& made, int depth) {
        made.kind = YamlNode::Kind::sequence;
        while (events_.next().type != YAML_SEQUENCE_END_EVENT) {
            const YamlNode* item = node(depth + 1);
            made.items.push_back(item);
            weigh(made, *item);
        }
    }
    void mapping(YamlNode& made, int depth) {
        made.kind = YamlNode::Kind::mapping;
        std::vector<const YamlNode*> merged;
        while (events_.next().type != YAML_MAPPING_END_EVENT) {
            if (events_.now().type != YAML_SCALAR_EVENT) {
                fail(events_.line(), "a key must be plain text");
            }
            const auto& scalar = events_.now().data.scalar;
            std::string key(reinterpret_cast<const char*>(scalar.value), scalar.length);
            const std::size_t line = events_.line();
            events_.next();
            const YamlNode* value = node(depth + 1);
            weigh(made, *value);
            if (key == "<<") {
                merged.push_back(value);
                continue;
            }
            if (made.members.size() < 64 ? made.find(key) != nullptr : !seen_large(made, key)) {
                fail(line, fmt::format("\"{:.60}\" is given twice", key));
            }
            made.members.emplace_back(std::move(key), value);
        }
        for (const auto* value : merged) {
            merge(made, *value);
        }
    }
    /// Mappings of many keys (payload dictionaries) are looked up in a set.
    bool seen_large(const YamlNode& made, const std::string& key) {
        auto& seen = large_[&made];
        if (seen.empty()) {
            for (const auto& member : made.members) {
                seen.emplace(member.first, true);
            }
        }
        return seen.emplace(key, true).second;
    }
    /// `<<`: members of another mapping (or of several) that are not written here.
    void merge(YamlNode& made, const YamlNode& from) const {
        for (const auto* item : from.items) {
            merge(made, *item);
        }
        for (const auto& member : from.members) {
            if (made.find(member.first) == nullptr) {
                made.members.push_back(member);
                weigh(made, *member.second);
            }
        }
    }

    Events events_;
    std::unique_ptr<YamlDocument> document_;
    std::map<std::string, const YamlNode*> anchors_;
    std::map<const YamlNode*, std::map<std::string, bool>> large_;
};

} // namespace

const YamlNode* YamlNode::find(std::string_view name) const {
    for (const auto& member : members) {
        if (member.first == name) {
            return member.second;
        }
    }
    return nullptr;
}

bool YamlNode::is_null() const {
    return kind == Kind::scalar && is_plain && (text.empty() || text == "~" || text == "null");
}

base::Result<std::unique_ptr<YamlDocument>> read_yaml(std::string_view text) {
    try {
        return Reader(text).run();
    } catch (const base::Error& error) {
        return error;
    }
}

} // namespace fengsui::templates
