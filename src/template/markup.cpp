#include "template/markup.h"

#include "base/text.h"

#include <algorithm>

namespace fengsui::templates {

namespace {

constexpr std::size_t kMaxNodes = 200000;
constexpr std::size_t kMaxDepth = 256;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool is_void(std::string_view name) {
    static constexpr std::string_view kVoid[] = {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr"};
    return std::find(std::begin(kVoid), std::end(kVoid), name) != std::end(kVoid);
}

/// An element that its own kind closes: `<li>` ends a `<li>` that is open right before it.
bool closes_own(std::string_view name) {
    static constexpr std::string_view kOwn[] = {"li", "p", "option", "tr", "td", "th", "dt", "dd"};
    return std::find(std::begin(kOwn), std::end(kOwn), name) != std::end(kOwn);
}

std::string decoded(std::string_view text) {
    static constexpr std::pair<std::string_view, char> kEntities[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&apos;", '\''}};
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto* found =
            text[i] != '&'
                ? std::end(kEntities)
                : std::find_if(std::begin(kEntities), std::end(kEntities), [&](const auto& entity) {
                      return text.substr(i).starts_with(entity.first);
                  });
        out += found == std::end(kEntities) ? text[i] : found->second;
        i += found == std::end(kEntities) ? 0 : found->first.size() - 1;
    }
    return out;
}

class Builder {
public:
    Builder(std::string_view text, bool is_xml) : text_(text), is_xml_(is_xml) {
        markup_.nodes.emplace_back();
        markup_.nodes.front().name = "#document";
        open_.push_back(&markup_.nodes.front());
    }

    Markup run() {
        while (at_ < text_.size() && markup_.nodes.size() < kMaxNodes) {
            if (text_[at_] == '<' && tag()) {
                continue;
            }
            const auto next = std::min(text_.find('<', at_ + 1), text_.size());
            add_text(text_.substr(at_, next - at_));
            at_ = next;
        }
        return std::move(markup_);
    }

private:
    MarkupNode& add() {
        markup_.nodes.emplace_back();
        MarkupNode& made = markup_.nodes.back();
        made.parent = open_.back();
        open_.back()->children.push_back(&made);
        return made;
    }
    void add_text(std::string_view text) { add().text = decoded(text); }

    /// False: the `<` is text.
    bool tag() {
        const auto rest = text_.substr(at_);
        if (rest.starts_with("<!--")) {
            return jump("-->");
        }
        if (rest.starts_with("<![CDATA[") && is_xml_) {
            const auto end = std::min(text_.find("]]>", at_), text_.size());
            add().text = text_.substr(at_ + 9, end - at_ - 9);
            at_ = std::min(end + 3, text_.size());
            return true;
        }
        if (rest.starts_with("<!") || rest.starts_with("<?")) {
            return jump(">");
        }
        const bool is_end = rest.starts_with("</");
        std::size_t begin = at_ + (is_end ? 2 : 1);
        if (begin >= text_.size() || !base::is_alpha(text_[begin])) {
            return false;
        }
        std::size_t end = begin;
        while (end < text_.size() && !is_space(text_[end]) && text_[end] != '>' && text_[end] != '/') {
            ++end;
        }
        std::string name(text_.substr(begin, end - begin));
        name = is_xml_ ? name : base::to_lower(name);
        at_ = end;
        return is_end ? close(name) : open(std::move(name));
    }
    bool jump(std::string_view mark) {
        const auto end = text_.find(mark, at_);
        at_ = end == std::string_view::npos ? text_.size() : end + mark.size();
        return true;
    }
    bool close(const std::string& name) {
        jump(">");
        const auto found = std::find_if(open_.rbegin(), open_.rend(), [&name](const MarkupNode* node) {
            return node->name == name;
        });
        if (found != open_.rend()) {
            open_.erase(found.base() - 1, open_.end());
        }
        return true;
    }
    bool open(std::string name) {
        if (!is_xml_ && closes_own(name) && open_.back()->name == name) {
            open_.pop_back();
        }
        MarkupNode& made = add();
        made.name = std::move(name);
        const bool is_empty = attributes(made);
        if (!is_xml_
            && (made.name == "script" || made.name == "style" || made.name == "textarea"
                || made.name == "title")) {
            raw_text(made);
        } else if (!is_empty && (is_xml_ || !is_void(made.name)) && open_.size() < kMaxDepth) {
            open_.push_back(&made);
        }
        return true;
    }
    void raw_text(MarkupNode& made) {
        const std::string mark = "</" + made.name;
        std::size_t end = at_;
        while (end < text_.size() && !(text_[end] == '<' && base::istarts_with(text_.substr(end), mark))) {
            ++end;
        }
        open_.push_back(&made);
        add().text = text_.substr(at_, end - at_);
        open_.pop_back();
        at_ = end;
        jump(">");
    }
    /// True when the tag closes itself.
    bool attributes(MarkupNode& made) {
        bool is_empty = false;
        while (at_ < text_.size() && text_[at_] != '>') {
            if (is_space(text_[at_]) || text_[at_] == '/') {
                is_empty = text_[at_] == '/';
                ++at_;
                continue;
            }
            is_empty = false;
            attribute(made);
        }
        at_ = std::min(at_ + 1, text_.size());
        return is_empty && is_xml_;
    }
    void attribute(MarkupNode& made) {
        const std::size_t begin = at_++;
        while (at_ < text_.size() && !is_space(text_[at_])
               && std::string_view("=>/").find(text_[at_]) == std::string_view::npos) {
            ++at_;
        }
        std::string name(text_.substr(begin, at_ - begin));
        while (at_ < text_.size() && is_space(text_[at_])) {
            ++at_;
        }
        std::string value;
        if (at_ < text_.size() && text_[at_] == '=') {
            ++at_;
            value = attribute_value();
        }
        made.attributes.emplace_back(is_xml_ ? std::move(name) : base::to_lower(name), std::move(value));
    }
    std::string attribute_value() {
        while (at_ < text_.size() && is_space(text_[at_])) {
            ++at_;
        }
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        const std::size_t begin = quote == '"' || quote == '\'' ? at_ + 1 : at_;
        std::size_t end = begin;
        if (begin != at_) {
            end = std::min(text_.find(quote, begin), text_.size());
            at_ = std::min(end + 1, text_.size());
        } else {
            while (end < text_.size() && !is_space(text_[end]) && text_[end] != '>') {
                ++end;
            }
            at_ = end;
        }
        return decoded(text_.substr(begin, end - begin));
    }

    std::string_view text_;
    bool is_xml_;
    std::size_t at_ = 0;
    Markup markup_;
    std::vector<MarkupNode*> open_;
};

} // namespace

const std::string* MarkupNode::attribute(std::string_view wanted) const {
    for (const auto& [key, value] : attributes) {
        if (key == wanted) {
            return &value;
        }
    }
    return nullptr;
}

std::string MarkupNode::inner_text() const {
    std::string out = text;
    std::vector<const MarkupNode*> pending(children.rbegin(), children.rend());
    while (!pending.empty()) {
        const MarkupNode* node = pending.back();
        pending.pop_back();
        out += node->text;
        pending.insert(pending.end(), node->children.rbegin(), node->children.rend());
    }
    return out;
}

Markup read_markup(std::string_view text, bool is_xml) {
    return Builder(text, is_xml).run();
}

} // namespace fengsui::templates
