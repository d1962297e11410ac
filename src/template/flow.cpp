// `flow:` as a boolean chain of calls. Anything more is JavaScript, which this engine does not run.
#include "base/text.h"
#include "template/load_reader.h"

#include <charconv>

namespace fengsui::templates {

namespace {

constexpr int kMaxDepth = 30;

class FlowReader {
public:
    FlowReader(std::string_view text, const Template& value) : text_(text), template_(value) {}

    std::optional<FlowNode> all() {
        FlowNode sequence{FlowNode::Kind::sequence, Protocol::http, {}, {}, false};
        skip(true);
        while (at_ < text_.size()) {
            auto statement = any_of(0);
            if (!statement) {
                return std::nullopt;
            }
            sequence.children.push_back(std::move(*statement));
            skip(false);
            const bool is_parted = at_ >= text_.size() || text_[at_] == ';' || text_[at_] == '\n';
            if (!is_parted) {
                return std::nullopt;
            }
            skip(true);
        }
        return sequence.children.empty() ? std::nullopt : std::optional(std::move(sequence));
    }

private:
    void skip(bool over_lines) {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c != ' ' && c != '\t' && c != '\r' && !(over_lines && (c == '\n' || c == ';'))) {
                return;
            }
            ++at_;
        }
    }
    /// An operator may stand on the next line.
    bool take(std::string_view symbol) {
        const std::size_t before = at_;
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
            ++at_;
        }
        if (!text_.substr(at_).starts_with(symbol)) {
            at_ = before;
            return false;
        }
        at_ += symbol.size();
        return true;
    }

    using Part = std::optional<FlowNode> (FlowReader::*)(int);
    std::optional<FlowNode> chain(int depth, std::string_view symbol, FlowNode::Kind kind, Part part) {
        auto first = (this->*part)(depth);
        if (!first || !take(symbol)) {
            return first;
        }
        FlowNode node{kind, Protocol::http, {}, {}, false};
        node.children.push_back(std::move(*first));
        do {
            auto next = (this->*part)(depth);
            if (!next) {
                return std::nullopt;
            }
            node.children.push_back(std::move(*next));
        } while (take(symbol));
        return node;
    }
    std::optional<FlowNode> any_of(int depth) {
        return chain(depth, "||", FlowNode::Kind::any_of, &FlowReader::all_of);
    }
    std::optional<FlowNode> all_of(int depth) {
        return chain(depth, "&&", FlowNode::Kind::all_of, &FlowReader::unary);
    }

    std::optional<FlowNode> unary(int depth) {
        if (depth > kMaxDepth) {
            return std::nullopt;
        }
        if (take("!")) {
            auto inner = unary(depth + 1);
            if (!inner) {
                return std::nullopt;
            }
            FlowNode node{FlowNode::Kind::negation, Protocol::http, {}, {}, false};
            node.children.push_back(std::move(*inner));
            return node;
        }
        if (take("(")) {
            auto inner = any_of(depth + 1);
            return inner && take(")") ? inner : std::nullopt;
        }
        return call();
    }

    std::optional<FlowNode> call() {
        FlowNode node;
        if (take("http")) {
            node.protocol = Protocol::http;
        } else if (take("dns")) {
            node.protocol = Protocol::dns;
        } else if (take("ssl")) {
            node.protocol = Protocol::ssl;
        } else if (take("tcp") || take("network")) {
            node.protocol = Protocol::tcp;
        } else {
            return std::nullopt;
        }
        if (!take("(")) {
            return std::nullopt;
        }
        while (!take(")")) {
            if (!argument(node)) {
                return std::nullopt;
            }
            take(",");
        }
        return node;
    }
    /// A number counts the protocol's blocks from 1; a text is a block's id or such a number.
    bool argument(FlowNode& node) {
        take("");
        std::string word;
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        if (quote == '"' || quote == '\'') {
            const auto end = text_.find(quote, at_ + 1);
            if (end == std::string_view::npos) {
                return false;
            }
            word = text_.substr(at_ + 1, end - at_ - 1);
            at_ = end + 1;
        } else {
            while (at_ < text_.size() && base::is_digit(text_[at_])) {
                word += text_[at_++];
            }
        }
        std::int64_t number = 0;
        const bool is_number = parse_whole(word, number);
        std::int64_t count = 0;
        for (std::size_t i = 0; i < template_.blocks.size(); ++i) {
            if (template_.blocks[i].protocol != node.protocol) {
                continue;
            }
            ++count;
            if ((is_number && count == number) || (!word.empty() && template_.blocks[i].id == word)) {
                node.blocks.push_back(i);
                return true;
            }
        }
        node.names_nothing = !word.empty();
        return node.names_nothing;
    }

    std::string_view text_;
    const Template& template_;
    std::size_t at_ = 0;
};

} // namespace

std::optional<FlowNode> parse_flow(std::string_view text, const Template& value) {
    return FlowReader(text, value).all();
}

} // namespace fengsui::templates
