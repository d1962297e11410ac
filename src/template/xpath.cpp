#include "template/xpath.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

namespace fengsui::templates {

namespace {

constexpr int kMaxDepth = 20;
constexpr std::size_t kMaxNodes = 100000;

/// What stands in a predicate.
struct Test {
    enum class Kind {
        position,
        last,
        exists,
        equals,
        differs,
        contains,
        starts_with,
        both,
        either,
        negation
    };
    enum class Subject { attribute, text, self, child };
    Kind kind = Kind::exists;
    Subject subject = Subject::attribute;
    std::string name;
    std::string value;
    std::size_t position = 0;
    std::vector<Test> parts;
};

struct Step {
    bool is_deep = false; ///< after //
    enum class Kind { element, any, text, attribute, self, parent } kind = Kind::element;
    std::string name;
    std::vector<Test> tests;
};

[[noreturn]] void fail(std::string_view what) {
    throw base::Error(base::ErrorCode::invalid_argument, std::string(what));
}

} // namespace

struct XPath::Path {
    std::vector<Step> steps;
};

namespace {

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    std::vector<Step> path() {
        std::vector<Step> steps;
        skip();
        bool is_deep = false;
        if (take("//")) {
            is_deep = true;
        } else {
            take("/");
        }
        do {
            Step made = step();
            made.is_deep = is_deep;
            steps.push_back(std::move(made));
            is_deep = false;
            if (take("//")) {
                is_deep = true;
            } else if (!take("/")) {
                break;
            }
        } while (true);
        skip();
        if (at_ != text_.size()) {
            fail(fmt::format("not provided in xpath: \"{:.30}\"", text_.substr(at_)));
        }
        return steps;
    }

private:
    void skip() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) {
            ++at_;
        }
    }
    bool take(std::string_view symbol) {
        skip();
        if (!text_.substr(at_).starts_with(symbol)) {
            return false;
        }
        at_ += symbol.size();
        return true;
    }
    void need(std::string_view symbol) {
        if (!take(symbol)) {
            fail(fmt::format("\"{}\" is missing in the xpath", symbol));
        }
    }
    std::string name() {
        skip();
        const std::size_t begin = at_;
        while (at_ < text_.size()
               && (base::is_alpha(text_[at_]) || base::is_digit(text_[at_])
                   || std::string_view("-_:").find(text_[at_]) != std::string_view::npos)) {
            ++at_;
        }
        if (at_ == begin) {
            fail("a name is missing in the xpath");
        }
        return std::string(text_.substr(begin, at_ - begin));
    }

    Step step() {
        Step made;
        if (take("@")) {
            made.kind = Step::Kind::attribute;
            made.name = take("*") ? "*" : name();
        } else if (take("*")) {
            made.kind = Step::Kind::any;
        } else if (take("..")) {
            made.kind = Step::Kind::parent;
        } else if (take(".")) {
            made.kind = Step::Kind::self;
        } else if (take("text()")) {
            made.kind = Step::Kind::text;
        } else {
            made.name = name();
        }
        while (take("[")) {
            made.tests.push_back(either(0));
            need("]");
        }
        return made;
    }

    Test either(int depth) { return chain(depth, "or", Test::Kind::either, &Parser::both); }
    Test both(int depth) { return chain(depth, "and", Test::Kind::both, &Parser::one); }
    Test chain(int depth, std::string_view word, Test::Kind kind, Test (Parser::*part)(int)) {
        Test first = (this->*part)(depth);
        skip();
        if (!take_word(word)) {
            return first;
        }
        Test made;
        made.kind = kind;
        made.parts.push_back(std::move(first));
        do {
            made.parts.push_back((this->*part)(depth));
        } while (take_word(word));
        return made;
    }
    bool take_word(std::string_view word) {
        skip();
        const std::size_t end = at_ + word.size();
        return end < text_.size() && !base::is_alpha(text_[end]) && take(word);
    }
    Test one(int depth) {
        if (depth > kMaxDepth) {
            fail("the xpath is nested too deeply");
        }
        Test made;
        skip();
        if (at_ < text_.size() && base::is_digit(text_[at_])) {
            made.kind = Test::Kind::position;
            while (at_ < text_.size() && base::is_digit(text_[at_]) && made.position < kMaxNodes) {
                made.position = made.position * 10 + static_cast<std::size_t>(text_[at_++] - '0');
            }
            return made;
        }
        if (take("last()")) {
            made.kind = Test::Kind::last;
            return made;
        }
        if (take("not(")) {
            made.kind = Test::Kind::negation;
            made.parts.push_back(either(depth + 1));
            need(")");
            return made;
        }
        if (take("(")) {
            made = either(depth + 1);
            need(")");
            return made;
        }
        for (const bool is_contains : {true, false}) {
            if (take(is_contains ? "contains(" : "starts-with(")) {
                made.kind = is_contains ? Test::Kind::contains : Test::Kind::starts_with;
                subject(made);
                need(",");
                made.value = literal();
                need(")");
                return made;
            }
        }
        return comparison();
    }
    Test comparison() {
        Test made;
        subject(made);
        if (take("!=")) {
            made.kind = Test::Kind::differs;
            made.value = literal();
        } else if (take("=")) {
            made.kind = Test::Kind::equals;
            made.value = literal();
        }
        return made;
    }
    void subject(Test& made) {
        if (take("normalize-space(")) {
            subject(made);
            need(")");
        } else if (take("@")) {
            made.subject = Test::Subject::attribute;
            made.name = name();
        } else if (take("text()")) {
            made.subject = Test::Subject::text;
        } else if (take(".")) {
            made.subject = Test::Subject::self;
        } else {
            made.subject = Test::Subject::child;
            made.name = name();
        }
    }
    std::string literal() {
        skip();
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        const auto end = quote == '"' || quote == '\'' ? text_.find(quote, at_ + 1) : std::string_view::npos;
        if (end == std::string_view::npos) {
            fail("a text is missing in the xpath");
        }
        std::string value(text_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

using Nodes = std::vector<const MarkupNode*>;

std::optional<std::string> subject_text(const Test& test, const MarkupNode& node) {
    if (test.subject == Test::Subject::attribute) {
        const auto* value = node.attribute(test.name);
        return value != nullptr ? std::optional(*value) : std::nullopt;
    }
    if (test.subject == Test::Subject::self) {
        return node.inner_text();
    }
    for (const auto* child : node.children) {
        if (test.subject == Test::Subject::text ? child->is_text() : child->name == test.name) {
            return child->inner_text();
        }
    }
    return std::nullopt;
}

bool holds(const Test& test, const MarkupNode& node, std::size_t position, std::size_t count) {
    const auto each = [&](const Test& part) {
        return holds(part, node, position, count);
    };
    switch (test.kind) {
    case Test::Kind::position:
        return position == test.position;
    case Test::Kind::last:
        return position == count;
    case Test::Kind::both:
        return std::all_of(test.parts.begin(), test.parts.end(), each);
    case Test::Kind::either:
        return std::any_of(test.parts.begin(), test.parts.end(), each);
    case Test::Kind::negation:
        return !each(test.parts.front());
    default:
        break;
    }
    const auto text = subject_text(test, node);
    if (!text) {
        return false;
    }
    switch (test.kind) {
    case Test::Kind::equals:
        return *text == test.value;
    case Test::Kind::differs:
        return *text != test.value;
    case Test::Kind::contains:
        return text->find(test.value) != std::string::npos;
    case Test::Kind::starts_with:
        return text->starts_with(test.value);
    default:
        return true;
    }
}

bool fits(const Step& step, const MarkupNode& node) {
    switch (step.kind) {
    case Step::Kind::element:
        return node.name == step.name;
    case Step::Kind::any:
        return !node.is_text();
    case Step::Kind::text:
        return node.is_text();
    default:
        return false;
    }
}

/// Children of one parent that fit, with the predicates' positions counted among them.
void from_parent(const Step& step, const MarkupNode& parent, Nodes& out) {
    Nodes found;
    for (const auto* child : parent.children) {
        if (fits(step, *child)) {
            found.push_back(child);
        }
    }
    for (const auto& test : step.tests) {
        Nodes kept;
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (holds(test, *found[i], i + 1, found.size())) {
                kept.push_back(found[i]);
            }
        }
        found = std::move(kept);
    }
    out.insert(out.end(), found.begin(), found.end());
}

Nodes with_descendants(const Nodes& roots) {
    Nodes all;
    std::set<const MarkupNode*> seen;
    for (const auto* root : roots) {
        Nodes pending = {root};
        while (!pending.empty() && all.size() < kMaxNodes) {
            const auto* node = pending.back();
            pending.pop_back();
            if (!seen.insert(node).second) {
                continue;
            }
            all.push_back(node);
            pending.insert(pending.end(), node->children.rbegin(), node->children.rend());
        }
    }
    return all;
}

Nodes nodes_after(const Step& step, const Nodes& from) {
    const Nodes parents = step.is_deep ? with_descendants(from) : from;
    if (step.kind == Step::Kind::self || step.kind == Step::Kind::attribute) {
        return parents;
    }
    Nodes out;
    for (const auto* parent : parents) {
        if (step.kind != Step::Kind::parent) {
            from_parent(step, *parent, out);
        } else if (parent->parent != nullptr) {
            out.push_back(parent->parent);
        }
    }
    return out;
}

void read_attributes(const Step& step, const Nodes& nodes, std::vector<std::string>& out) {
    for (const auto* node : nodes) {
        for (const auto& [name, value] : node->attributes) {
            if (step.name == "*" || name == step.name) {
                out.push_back(value);
            }
        }
    }
}

} // namespace

base::Result<XPath> XPath::compile(std::string_view text) {
    try {
        auto path = std::make_shared<Path>();
        path->steps = Parser(text).path();
        for (std::size_t i = 0; i + 1 < path->steps.size(); ++i) {
            if (path->steps[i].kind == Step::Kind::attribute) {
                fail("an attribute has nothing below it");
            }
        }
        XPath made;
        made.path_ = std::move(path);
        return made;
    } catch (const base::Error& error) {
        return error;
    }
}

std::vector<std::string> XPath::select(const Markup& markup, std::string_view attribute) const {
    Nodes nodes = {&markup.root()};
    std::vector<std::string> out;
    for (const auto& step : path_->steps) {
        nodes = nodes_after(step, nodes);
        if (step.kind == Step::Kind::attribute) {
            read_attributes(step, nodes, out);
            return out;
        }
    }
    for (const auto* node : nodes) {
        const auto* value = node->attribute(attribute);
        out.push_back(attribute.empty() ? node->inner_text() : (value != nullptr ? *value : std::string()));
    }
    return out;
}

} // namespace fengsui::templates
