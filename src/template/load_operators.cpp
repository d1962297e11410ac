#include "base/text.h"
#include "template/bytes.h"
#include "template/json_query.h"
#include "template/load_reader.h"
#include "template/xpath.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::templates {

namespace {

struct MatcherName {
    std::string_view name;
    MatcherType type;
    std::string_view values; ///< the field that holds what it looks for
};
constexpr MatcherName kMatchers[] = {
    {"word", MatcherType::word, "words"},
    {"words", MatcherType::word, "words"},
    {"regex", MatcherType::regex, "regex"},
    {"binary", MatcherType::binary, "binary"},
    {"status", MatcherType::status, "status"},
    {"size", MatcherType::size, "size"},
    {"dsl", MatcherType::dsl, "dsl"},
    {"xpath", MatcherType::xpath, "xpath"},
};

struct ExtractorName {
    std::string_view name;
    ExtractorType type;
    std::string_view values;
};
constexpr ExtractorName kExtractors[] = {
    {"regex", ExtractorType::regex, "regex"},
    {"kval", ExtractorType::kval, "kval"},
    {"json", ExtractorType::json, "json"},
    {"xpath", ExtractorType::xpath, "xpath"},
    {"dsl", ExtractorType::dsl, "dsl"},
};

class OperatorReader {
public:
    explicit OperatorReader(Reader& reader) : reader_(reader) {}

    Condition condition(const YamlNode& node, const FieldPath& path, std::string_view name) {
        const std::string word = reader_.text(node, path, name);
        if (!word.empty() && word != "and" && word != "or") {
            reader_.fault(*node.find(name), FieldPath(path, name), "and or or is expected");
        }
        return word == "and" ? Condition::all : Condition::any;
    }

    Matcher matcher(const YamlNode& node, const FieldPath& path) {
        Matcher out;
        out.line = node.line;
        reader_.check_keys(
            node,
            path,
            {"type",
             "condition",
             "part",
             "negative",
             "name",
             "status",
             "size",
             "words",
             "regex",
             "binary",
             "dsl",
             "xpath",
             "encoding",
             "case-insensitive",
             "match-all",
             "internal"}
        );
        out.condition = condition(node, path, "condition");
        out.part = reader_.text(node, path, "part");
        out.name = reader_.text(node, path, "name");
        out.is_negative = reader_.flag(node, path, "negative");
        out.is_case_insensitive = reader_.flag(node, path, "case-insensitive");
        out.is_match_all = reader_.flag(node, path, "match-all");
        out.is_internal = reader_.flag(node, path, "internal");
        const std::string type = base::to_lower(base::trim(reader_.text(node, path, "type")));
        for (const auto& known : kMatchers) {
            if (known.name == type) {
                out.type = known.type;
                foreign_values(node, path, known.values);
                values(node, path, known, out);
                return out;
            }
        }
        reader_.fault(node, FieldPath(path, "type"), "unknown matcher type", type);
        return out;
    }

    Extractor extractor(const YamlNode& node, const FieldPath& path) {
        Extractor out;
        out.line = node.line;
        reader_.check_keys(
            node,
            path,
            {"name",
             "type",
             "regex",
             "group",
             "kval",
             "json",
             "xpath",
             "attribute",
             "dsl",
             "part",
             "internal",
             "case-insensitive"}
        );
        out.part = reader_.text(node, path, "part");
        out.name = reader_.text(node, path, "name");
        out.is_internal = reader_.flag(node, path, "internal");
        out.is_case_insensitive = reader_.flag(node, path, "case-insensitive");
        out.group = static_cast<std::size_t>(reader_.whole(node, path, "group"));
        out.attribute = reader_.text(node, path, "attribute");
        const std::string type = base::to_lower(base::trim(reader_.text(node, path, "type")));
        for (const auto& known : kExtractors) {
            if (known.name == type) {
                out.type = known.type;
                values(node, path, known, out);
                return out;
            }
        }
        reader_.fault(node, FieldPath(path, "type"), "unknown extractor type", type);
        return out;
    }

private:
    /// nuclei refuses a matcher of one type that carries another type's values.
    void foreign_values(const YamlNode& node, const FieldPath& path, std::string_view own) {
        for (const auto& known : kMatchers) {
            const YamlNode* value = node.find(known.values);
            if (known.values != own && value != nullptr && !value->items.empty()) {
                reader_.fault(
                    *value,
                    FieldPath(path, known.values),
                    "it does not belong to a matcher of this type",
                    known.values
                );
                return;
            }
        }
    }

    void values(const YamlNode& node, const FieldPath& path, const MatcherName& known, Matcher& out) {
        const auto texts = reader_.texts(node, path, known.values);
        const FieldPath here(path, known.values);
        if (out.is_case_insensitive && out.type != MatcherType::word) {
            reader_.fault(
                node, FieldPath(path, "case-insensitive"), "only word matchers have it", known.name
            );
        }
        for (std::size_t i = 0; i < texts.size(); ++i) {
            value(texts[i], node, FieldPath(here, i), out);
        }
        if (out.type == MatcherType::word) {
            words(node, path, texts, out);
        }
    }
    void value(const std::string& text, const YamlNode& node, const FieldPath& path, Matcher& out) {
        const YamlNode& at = line_of(node, out.type, path);
        switch (out.type) {
        case MatcherType::status:
        case MatcherType::size: {
            std::int64_t number = 0;
            if (!parse_whole(text, number)) {
                return reader_.fault(at, path, "a whole number is expected", text);
            }
            out.type == MatcherType::size ? out.sizes.push_back(number)
                                          : out.status.push_back(static_cast<int>(number));
            return;
        }
        case MatcherType::regex:
            return pattern(text, at, path, out.patterns);
        case MatcherType::binary: {
            std::string bytes;
            if (!decode_hex(text, bytes)) {
                reader_.fault(at, path, "not hexadecimal", text);
            }
            return out.binaries.push_back(std::move(bytes));
        }
        case MatcherType::dsl:
            return expression(text, at, path, out.expressions);
        case MatcherType::xpath:
            check_xpath(text, at, path);
            return out.xpaths.push_back(text);
        default:
            return;
        }
    }
    static const YamlNode& line_of(const YamlNode& node, MatcherType type, const FieldPath& /*path*/) {
        for (const auto& known : kMatchers) {
            const YamlNode* values = known.type == type ? node.find(known.values) : nullptr;
            if (values != nullptr) {
                return *values;
            }
        }
        return node;
    }

    void words(
        const YamlNode& node, const FieldPath& path, const std::vector<std::string>& texts, Matcher& out
    ) {
        const bool is_hex = reader_.text(node, path, "encoding") == "hex";
        for (const auto& word : texts) {
            std::string bytes;
            const bool is_decoded = is_hex && decode_hex(word, bytes) && !bytes.empty();
            const std::string& text = is_decoded ? bytes : word;
            out.words.emplace_back(out.is_case_insensitive ? unicode_lower(text) : text);
        }
    }
    void pattern(
        const std::string& text, const YamlNode& node, const FieldPath& path, std::vector<Pattern>& out
    ) {
        auto compiled = Pattern::compile(text);
        if (!compiled) {
            return reader_.fault(node, path, compiled.error().message(), text);
        }
        out.push_back(std::move(compiled).value());
    }
    void expression(
        const std::string& text, const YamlNode& node, const FieldPath& path, std::vector<Expression>& out
    ) {
        auto compiled = Expression::compile(text);
        if (!compiled) {
            return reader_.fault(
                node, path, fmt::format("not an expression: {}", compiled.error().message()), text
            );
        }
        out.push_back(std::move(compiled).value());
    }
    void check_xpath(const std::string& text, const YamlNode& node, const FieldPath& path) {
        const auto compiled = XPath::compile(text);
        if (!compiled) {
            reader_.fault(node, path, compiled.error().message(), text);
        }
    }

    void values(const YamlNode& node, const FieldPath& path, const ExtractorName& known, Extractor& out) {
        const auto texts = reader_.texts(node, path, known.values);
        const FieldPath here(path, known.values);
        const YamlNode* values_node = node.find(known.values);
        const YamlNode& at = values_node != nullptr ? *values_node : node;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const FieldPath item(here, i);
            if (out.type == ExtractorType::regex) {
                pattern(texts[i], at, item, out.patterns);
            } else if (out.type == ExtractorType::dsl) {
                expression(texts[i], at, item, out.expressions);
            } else if (out.type == ExtractorType::kval) {
                out.keys.push_back(base::to_lower(texts[i])); // only lower-cased (point 13)
            } else {
                query(texts[i], at, item, out);
            }
        }
    }
    void query(const std::string& text, const YamlNode& node, const FieldPath& path, Extractor& out) {
        if (out.type == ExtractorType::xpath) {
            check_xpath(text, node, path);
        } else if (const auto compiled = JsonQuery::compile(text); !compiled) {
            reader_.fault(node, path, compiled.error().message(), text);
        }
        out.queries.push_back(text);
    }

    Reader& reader_;
};

} // namespace

namespace {

bool read_extractors(const Operators& operators) {
    const auto is_extracted = [&operators](std::string_view name) {
        return std::any_of(
            operators.extractors.begin(),
            operators.extractors.end(),
            [name](const Extractor& extractor) { // `name`, `name0`, `name1`
                return !extractor.name.empty() && name.starts_with(extractor.name);
            }
        );
    };
    const auto reads = [&is_extracted](const Expression& expression) {
        return expression.has_markers()
               || std::any_of(expression.names().begin(), expression.names().end(), is_extracted);
    };
    const auto is_rendered = [](const Text& word) {
        return !word.is_plain();
    };
    return std::any_of(operators.matchers.begin(), operators.matchers.end(), [&](const Matcher& matcher) {
        return (!matcher.part.empty() && is_extracted(matcher.part))
               || std::any_of(matcher.expressions.begin(), matcher.expressions.end(), reads)
               || std::any_of(matcher.words.begin(), matcher.words.end(), is_rendered);
    });
}

} // namespace

Operators load_operators(Reader& reader, const YamlNode& node, const FieldPath& path) {
    Operators out;
    OperatorReader operators(reader);
    out.condition = operators.condition(node, path, "matchers-condition");
    for (const std::string_view kind : {"matchers", "extractors"}) {
        const YamlNode* list = node.find(kind);
        if (list == nullptr || list->is_null()) {
            continue;
        }
        const FieldPath here(path, kind);
        if (list->kind != YamlNode::Kind::sequence) {
            reader.fault(*list, here, "a list is expected");
            continue;
        }
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            const FieldPath item(here, i);
            if (!reader.is_mapping(list->items[i], item)) {
                continue;
            }
            if (kind == "matchers") {
                out.matchers.push_back(operators.matcher(*list->items[i], item));
            } else {
                out.extractors.push_back(operators.extractor(*list->items[i], item));
            }
        }
    }
    out.matchers_read_extractors = read_extractors(out);
    return out;
}

} // namespace fengsui::templates
