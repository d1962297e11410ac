#include "template/compiled_set.h"

#include "base/text.h"
#include "template/builder.h"
#include "template/evaluate.h"
#include "template/functions.h"
#include "template/gates.h"
#include "template/literal_scanner.h"

#include <algorithm>
#include <unordered_map>

namespace fengsui::templates {

namespace {

bool bit(const std::vector<std::uint64_t>& bits, std::size_t at) {
    return (bits[at / 64] >> (at % 64) & 1U) != 0;
}
void set_bit(std::vector<std::uint64_t>& bits, std::size_t at) {
    bits[at / 64] |= std::uint64_t{1} << (at % 64);
}

/// Python's encodebytes, then the hash: what favicon matchers compare.
std::int32_t favicon_hash(std::string_view body) {
    const std::string encoded = base::base64(body);
    std::string lines;
    for (std::size_t at = 0; at < encoded.size(); at += 76) {
        lines.append(encoded, at, 76).append("\n");
    }
    return murmur3(lines.empty() ? "\n" : lines);
}

using OperatorIds = std::vector<std::uint32_t>;

/// Names that a template's own variables or extractors take away from the answer.
std::vector<std::string> renamed_in(const Block& block) {
    std::vector<std::string> names;
    for (const auto& extractor : block.operators.extractors) {
        if (!extractor.name.empty()) {
            names.push_back(extractor.name);
        }
    }
    return names;
}

} // namespace

class CompiledSet::Body {
public:
    explicit Body(std::vector<std::shared_ptr<const Template>> templates) : templates_(std::move(templates)) {
        for (const auto& value : templates_) {
            blocks_begin_.push_back(blocks_.size());
            for (const auto& block : value->blocks) {
                add_block(block);
            }
        }
        always_.resize((operators_ + 63) / 64 + 1);
        for (const auto number : always_open_) {
            set_bit(always_, number);
        }
        scanner_ = std::make_unique<LiteralScanner>(literals_);
        hashes_favicons_ = !by_favicon_.empty();
        numbers_.clear();
    }

    [[nodiscard]] const std::vector<std::shared_ptr<const Template>>& templates() const { return templates_; }
    [[nodiscard]] std::size_t literal_count() const { return literals_.size(); }
    [[nodiscard]] std::size_t operator_count() const { return operators_; }
    [[nodiscard]] std::size_t gated_count() const { return operators_ - always_open_.size(); }

    void scan(const ResponseFacts& facts, std::vector<std::uint64_t>& open) const {
        open = always_;
        if (facts.protocol() != Protocol::http) {
            std::fill(open.begin(), open.end(), ~std::uint64_t{0});
            return;
        }
        open_all(by_status_, facts.status(), open);
        if (hashes_favicons_ && !facts.body().empty()) {
            open_all(by_favicon_, favicon_hash(facts.body()), open);
        }
        scan_part(facts.body(), in_body_, open);
        scan_part(facts.header_text(), in_header_, open);
    }

    struct BlockPlace {
        std::size_t matchers = 0;   ///< number of its first matcher
        std::size_t extractors = 0; ///< number of its first extractor
        const Operators* operators = nullptr;
    };
    [[nodiscard]] const BlockPlace& place(std::size_t index, std::size_t block) const {
        return blocks_[blocks_begin_[index] + block];
    }

private:
    void add_block(const Block& block) {
        BlockPlace place;
        place.operators = &block.operators;
        place.matchers = operators_;
        const auto renamed = renamed_in(block);
        const bool is_http = block.protocol == Protocol::http;
        for (const auto& matcher : block.operators.matchers) {
            add_gate(is_http ? gate_of(matcher, renamed) : Gate());
        }
        place.extractors = operators_;
        for (const auto& extractor : block.operators.extractors) {
            add_gate(is_http ? gate_of(extractor, renamed) : Gate());
        }
        blocks_.push_back(place);
    }
    void add_gate(const Gate& gate) {
        const auto number = static_cast<std::uint32_t>(operators_++);
        if (gate.is_always()) {
            always_open_.push_back(number);
            return;
        }
        for (const auto& key : gate.keys) {
            if (key.kind == GateKey::Kind::status) {
                by_status_[key.number].push_back(number);
            } else if (key.kind == GateKey::Kind::favicon) {
                by_favicon_[key.number].push_back(number);
            } else {
                auto& table = key.kind == GateKey::Kind::body ? in_body_ : in_header_;
                table[literal_number(key)].push_back(number);
            }
        }
    }
    std::size_t literal_number(const GateKey& key) {
        const auto [found, is_new] =
            numbers_.try_emplace((key.ignores_case ? "i" : "c") + key.literal, literals_.size());
        if (is_new) {
            literals_.push_back({key.literal, key.ignores_case});
            in_body_.emplace_back();
            in_header_.emplace_back();
            if (key.ignores_case) {
                case_blind_.push_back(found->second);
            }
        }
        return found->second;
    }

    static void open_all(
        const std::unordered_map<std::int32_t, OperatorIds>& table,
        std::int32_t key,
        std::vector<std::uint64_t>& open
    ) {
        const auto found = table.find(key);
        if (found != table.end()) {
            for (const auto number : found->second) {
                set_bit(open, number);
            }
        }
    }
    void scan_part(
        std::string_view text, const std::vector<OperatorIds>& table, std::vector<std::uint64_t>& open
    ) const {
        std::vector<std::uint64_t> found((literals_.size() + 63) / 64 + 1);
        scanner_->scan(text, found);
        // (?i) folds K (KELVIN SIGN) and long s, too (point 16): such a page opens every gate without case.
        if (text.find("\xE2\x84\xAA") != std::string_view::npos
            || text.find("\xC5\xBF") != std::string_view::npos) {
            for (const auto number : case_blind_) {
                set_bit(found, number);
            }
        }
        for (std::size_t word = 0; word < found.size(); ++word) {
            for (std::uint64_t bits = found[word]; bits != 0; bits &= bits - 1) {
                const auto literal = word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits));
                for (const auto number : table[literal]) {
                    set_bit(open, number);
                }
            }
        }
    }

    std::vector<std::shared_ptr<const Template>> templates_;
    std::vector<std::size_t> blocks_begin_;
    std::vector<BlockPlace> blocks_;
    std::size_t operators_ = 0;
    std::vector<std::uint32_t> always_open_;
    std::vector<std::uint64_t> always_;
    std::vector<Literal> literals_;
    std::vector<std::size_t> case_blind_;
    std::unordered_map<std::string, std::size_t> numbers_;
    std::vector<OperatorIds> in_body_;
    std::vector<OperatorIds> in_header_;
    std::unordered_map<std::int32_t, OperatorIds> by_status_;
    std::unordered_map<std::int32_t, OperatorIds> by_favicon_;
    std::unique_ptr<LiteralScanner> scanner_;
    bool hashes_favicons_ = false;
};

CompiledSet::CompiledSet(std::vector<std::shared_ptr<const Template>> templates)
    : body_(std::make_unique<Body>(std::move(templates))) {}
CompiledSet::~CompiledSet() = default;

const std::vector<std::shared_ptr<const Template>>& CompiledSet::templates() const {
    return body_->templates();
}
std::size_t CompiledSet::literal_count() const {
    return body_->literal_count();
}
std::size_t CompiledSet::operator_count() const {
    return body_->operator_count();
}
std::size_t CompiledSet::gated_count() const {
    return body_->gated_count();
}

Scan CompiledSet::scan(const ResponseFacts& facts) const {
    Scan scan(*this);
    body_->scan(facts, scan.open_);
    return scan;
}

bool Scan::is_open(std::size_t index, std::size_t block, std::size_t matcher) const {
    return bit(open_, set_->body_->place(index, block).matchers + matcher);
}

bool Scan::is_extractor_open(std::size_t index, std::size_t block, std::size_t extractor) const {
    return bit(open_, set_->body_->place(index, block).extractors + extractor);
}

bool Scan::may_match(std::size_t index, std::size_t block) const {
    const auto& place = set_->body_->place(index, block);
    const Operators& operators = *place.operators;
    bool has_open_extractor = false;
    for (std::size_t i = 0; i < operators.extractors.size(); ++i) {
        const bool is_open_one = bit(open_, place.extractors + i);
        has_open_extractor = has_open_extractor || is_open_one;
        if (is_open_one && operators.extractors[i].is_internal) {
            return true; // its value may serve a later request
        }
    }
    if (operators.matchers.empty()) {
        return has_open_extractor;
    }
    const bool is_all = operators.condition == Condition::all;
    for (std::size_t i = 0; i < operators.matchers.size(); ++i) {
        if (bit(open_, place.matchers + i) != is_all) {
            return !is_all;
        }
    }
    return is_all;
}

std::vector<Hit> match(
    const CompiledSet& set, const std::shared_ptr<const ResponseFacts>& facts, const Target& target
) {
    const Scan scan = set.scan(*facts);
    std::vector<Hit> hits;
    Environment environment;
    for (std::size_t index = 0; index < set.templates().size(); ++index) {
        const auto& value = set.templates()[index];
        for (std::size_t block = 0; block < value->blocks.size(); ++block) {
            if (value->blocks[block].protocol != facts->protocol() || !scan.may_match(index, block)) {
                continue;
            }
            const Variables variables = target_variables(target, facts->protocol(), false);
            Scope scope(environment);
            scope.push(variables);
            scope.push(*facts);
            const auto result =
                evaluate_operators(value->blocks[block].operators, *facts, scope, {&scan, index, block});
            if (!result.is_reported) {
                continue;
            }
            Hit hit;
            hit.source = value.get();
            hit.block = block;
            hit.host = target.input;
            hit.matched_at = facts->matched();
            hit.matcher_name = result.names.empty() ? "" : result.names.front();
            hit.extracted = result.output;
            hit.patterns = result.patterns;
            hit.facts = facts;
            hits.push_back(std::move(hit));
            break;
        }
    }
    return hits;
}

} // namespace fengsui::templates
