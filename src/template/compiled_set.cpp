#include "template/compiled_set.h"

#include "base/text.h"
#include "template/builder.h"
#include "template/evaluate.h"
#include "template/functions.h"
#include "template/gates.h"
#include "template/literal_scanner.h"

#include <fmt/format.h>

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

/// Kinds of hashes that gates wait for, a bit each.
enum Hash : unsigned { kFavicon = 1, kMd5 = 2, kSha1 = 4, kSha256 = 8 };

/// Python's encodebytes, then the hash: what favicon matchers compare.
std::int32_t favicon_hash(std::string_view body) {
    const std::string encoded = base::base64(body);
    std::string lines;
    lines.reserve(encoded.size() + encoded.size() / 76 + 1);
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
                blocks_.back().index = static_cast<std::uint32_t>(blocks_begin_.size() - 1);
                blocks_.back().block = static_cast<std::uint32_t>(blocks_.size() - 1 - blocks_begin_.back());
            }
        }
        always_.resize((operators_ + 63) / 64 + 1);
        for (const auto number : always_open_) {
            set_bit(always_, number);
        }
        lazy_.resize(always_.size());
        for (std::size_t i = 0; i < operators_; ++i) {
            if (hashes_of_[i] != 0 || patterns_of_.contains(i)) {
                set_bit(lazy_, i);
            }
        }
        scanner_ = std::make_unique<LiteralScanner>(literals_);
        pattern_scanners_.resize(patterns_.size());
        numbers_.clear();
        pattern_numbers_.clear();
    }

    [[nodiscard]] const std::vector<std::shared_ptr<const Template>>& templates() const { return templates_; }
    [[nodiscard]] std::size_t literal_count() const { return literals_.size(); }
    [[nodiscard]] std::size_t operator_count() const { return operators_; }
    [[nodiscard]] std::size_t gated_count() const { return operators_ - always_open_.size(); }

    void scan(const ResponseFacts& facts, Scan& scan) const {
        scan.facts_ = &facts;
        scan.open_ = always_;
        if (facts.protocol() != Protocol::http) {
            std::fill(scan.open_.begin(), scan.open_.end(), ~std::uint64_t{0});
            return;
        }
        open_all(by_status_, facts.status(), scan.open_);
        scan_part(facts.body(), facts.is_clean(facts.body()), in_body_, scan.in_body_, scan);
        scan_part(
            facts.header_text(), facts.is_clean(facts.header_text()), in_header_, scan.in_header_, scan
        );
    }

    /// Opens the operator when an expression that it waits for is seen, roughly; each is looked for once.
    void open_patterns(std::size_t number, const ResponseFacts& facts, const Scan& scan) const {
        const auto waits = patterns_of_.find(number);
        if (waits == patterns_of_.end() || facts.protocol() != Protocol::http) {
            return;
        }
        scan.patterns_.resize(patterns_.size(), Scan::Seen::unknown);
        for (const auto pattern : waits->second) {
            auto& seen = scan.patterns_[pattern];
            if (seen == Scan::Seen::unknown) {
                seen = is_seen(pattern, facts) || scan.is_folded_ ? Scan::Seen::yes : Scan::Seen::no;
            }
            if (seen == Scan::Seen::yes) {
                set_bit(scan.open_, number);
                return;
            }
        }
    }

    /// Opens what waits for the kinds of hashes that `number` waits for.
    void open_hashes(std::size_t number, const ResponseFacts& facts, const Scan& scan) const {
        const unsigned wanted = hashes_of_[number] & ~scan.hashed_;
        scan.hashed_ |= wanted;
        if (wanted == 0 || facts.protocol() != Protocol::http) {
            return;
        }
        if ((wanted & kFavicon) != 0) {
            open_all(by_favicon_, favicon_hash(facts.body()), scan.open_);
        }
        for (const auto& [kind, name] : {std::pair(kMd5, "md5"), {kSha1, "sha1"}, {kSha256, "sha256"}}) {
            if ((wanted & kind) != 0) {
                open_all(by_digest_, fmt::format("{}:{}", name, body_digest(name, facts.body())), scan.open_);
            }
        }
    }

    [[nodiscard]] std::optional<std::vector<bool>> words_found(std::size_t number, const Scan& scan) const {
        const auto found = words_.find(number);
        if (found == words_.end() || scan.in_body_.empty()
            || (scan.is_folded_ && found->second.ignores_case)) {
            return std::nullopt;
        }
        const WordUse& use = found->second;
        std::vector<bool> out;
        for (const auto literal : use.literals) {
            out.push_back(
                (use.places.in_body && bit(scan.in_body_, literal))
                || (use.places.in_header && bit(scan.in_header_, literal))
            );
        }
        return out;
    }

    /// Its gate waits for something that is looked for only when asked about.
    [[nodiscard]] bool is_lazy(std::size_t number) const { return bit(lazy_, number); }

    /// A block in the set; what is asked of every block for every answer stands here, close together.
    struct BlockPlace {
        std::size_t matchers = 0;   ///< number of its first matcher
        std::size_t extractors = 0; ///< number of its first extractor
        std::uint32_t matcher_count = 0;
        std::uint32_t extractor_count = 0;
        std::uint32_t index = 0; ///< of its template
        std::uint32_t block = 0;
        Protocol protocol = Protocol::http;
        bool is_all = false;
        const Operators* operators = nullptr;
    };
    [[nodiscard]] const std::vector<BlockPlace>& places() const { return blocks_; }

    static bool may_match(const BlockPlace& place, const Scan& scan) {
        bool has_open_extractor = false;
        for (std::uint32_t i = 0; i < place.extractor_count; ++i) {
            const bool is_open = scan.is_set(place.extractors + i);
            has_open_extractor = has_open_extractor || is_open;
            if (is_open && place.operators->extractors[i].is_internal) {
                return true; // its value may serve a later request
            }
        }
        if (place.matcher_count == 0) {
            return has_open_extractor;
        }
        for (std::uint32_t i = 0; i < place.matcher_count; ++i) {
            if (scan.is_set(place.matchers + i) != place.is_all) {
                return !place.is_all;
            }
        }
        return place.is_all;
    }
    [[nodiscard]] const BlockPlace& place(std::size_t index, std::size_t block) const {
        return blocks_[blocks_begin_[index] + block];
    }

private:
    void add_block(const Block& block) {
        BlockPlace place;
        place.operators = &block.operators;
        place.protocol = block.protocol;
        place.is_all = block.operators.condition == Condition::all;
        place.matcher_count = static_cast<std::uint32_t>(block.operators.matchers.size());
        place.extractor_count = static_cast<std::uint32_t>(block.operators.extractors.size());
        place.matchers = operators_;
        const auto renamed = renamed_in(block);
        const bool is_http = block.protocol == Protocol::http;
        for (const auto& matcher : block.operators.matchers) {
            if (is_http) {
                add_words(matcher, renamed);
            }
            add_gate(is_http ? gate_of(matcher, renamed) : Gate());
        }
        place.extractors = operators_;
        for (const auto& extractor : block.operators.extractors) {
            add_gate(is_http ? gate_of(extractor, renamed) : Gate());
        }
        blocks_.push_back(place);
    }
    /// Words whose every place the pass reads are settled by it.
    void add_words(const Matcher& matcher, const std::vector<std::string>& renamed) {
        const auto places = word_places(matcher, renamed);
        if (!places) {
            return;
        }
        WordUse use{places, matcher.is_case_insensitive, {}};
        for (const auto& word : matcher.words) {
            GateKey key;
            key.literal = matcher.is_case_insensitive ? base::to_lower(word.source()) : word.source();
            key.ignores_case = matcher.is_case_insensitive;
            use.literals.push_back(literal_number(key));
        }
        words_.emplace(operators_, std::move(use));
    }
    static unsigned hash_kind(const GateKey& key) {
        if (key.kind == GateKey::Kind::favicon) {
            return kFavicon;
        }
        if (key.kind != GateKey::Kind::digest) {
            return 0;
        }
        return key.literal.starts_with("md5:") ? kMd5 : (key.literal.starts_with("sha1:") ? kSha1 : kSha256);
    }
    void add_gate(const Gate& gate) {
        const auto number = static_cast<std::uint32_t>(operators_++);
        hashes_of_.push_back(0);
        if (gate.is_always()) {
            always_open_.push_back(number);
            return;
        }
        for (const auto& key : gate.keys) {
            hashes_of_.back() |= static_cast<std::uint8_t>(hash_kind(key));
            if (key.is_pattern) {
                patterns_of_[number].push_back(pattern_number(key));
            } else if (key.kind == GateKey::Kind::status) {
                by_status_[key.number].push_back(number);
            } else if (key.kind == GateKey::Kind::favicon) {
                by_favicon_[key.number].push_back(number);
            } else if (key.kind == GateKey::Kind::digest) {
                by_digest_[key.literal].push_back(number);
            } else {
                auto& table = key.kind == GateKey::Kind::body ? in_body_ : in_header_;
                table[literal_number(key)].push_back(number);
            }
        }
    }
    std::size_t pattern_number(const GateKey& key) {
        const bool is_body = key.kind == GateKey::Kind::body;
        const auto [found, is_new] =
            pattern_numbers_.try_emplace((is_body ? "b" : "h") + key.literal, patterns_.size());
        if (is_new) {
            patterns_.push_back({{key.literal, false, true}, is_body});
        }
        return found->second;
    }
    [[nodiscard]] bool is_seen(std::size_t pattern, const ResponseFacts& facts) const {
        auto& scanner = pattern_scanners_[pattern];
        if (scanner == nullptr) { // most are never asked about
            scanner = std::make_unique<LiteralScanner>(std::vector{patterns_[pattern].source});
        }
        const auto text = patterns_[pattern].is_body ? facts.body() : facts.header_text();
        std::vector<std::uint64_t> found(1);
        scanner->scan(text, facts.is_clean(text), found);
        return found.front() != 0;
    }
    std::size_t literal_number(const GateKey& key) {
        const auto [found, is_new] = numbers_.try_emplace(
            (key.is_pattern ? "p" : (key.ignores_case ? "i" : "c")) + key.literal, literals_.size()
        );
        if (is_new) {
            literals_.push_back({key.literal, key.ignores_case, false});
            in_body_.emplace_back();
            in_header_.emplace_back();
            if (key.ignores_case) {
                case_blind_.push_back(found->second);
            }
        }
        return found->second;
    }

    template <class Key>
    static void open_all(
        const std::unordered_map<Key, OperatorIds>& table, const Key& key, std::vector<std::uint64_t>& open
    ) {
        const auto found = table.find(key);
        if (found != table.end()) {
            for (const auto number : found->second) {
                set_bit(open, number);
            }
        }
    }
    void scan_part(
        std::string_view text,
        bool is_clean,
        const std::vector<OperatorIds>& table,
        std::vector<std::uint64_t>& found,
        Scan& scan
    ) const {
        found.assign((literals_.size() + 63) / 64 + 1, 0);
        scanner_->scan(text, is_clean, found);
        // (?i) folds K (KELVIN SIGN) and long s, too (point 16): such a page opens every gate without case.
        if (text.find("\xE2\x84\xAA") != std::string_view::npos
            || text.find("\xC5\xBF") != std::string_view::npos) {
            scan.is_folded_ = true;
            for (const auto number : case_blind_) {
                set_bit(found, number);
            }
        }
        for (std::size_t word = 0; word < found.size(); ++word) {
            for (std::uint64_t bits = found[word]; bits != 0; bits &= bits - 1) {
                const auto literal = word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits));
                for (const auto number : table[literal]) {
                    set_bit(scan.open_, number);
                }
            }
        }
    }

    struct Pattern {
        Literal source;
        bool is_body = true;
    };
    struct WordUse {
        WordPlaces places;
        bool ignores_case = false;
        std::vector<std::size_t> literals;
    };

    std::vector<std::shared_ptr<const Template>> templates_;
    std::vector<std::size_t> blocks_begin_;
    std::vector<BlockPlace> blocks_;
    std::size_t operators_ = 0;
    std::vector<std::uint32_t> always_open_;
    std::vector<std::uint64_t> always_;
    std::vector<std::uint64_t> lazy_;
    std::vector<Literal> literals_;
    std::vector<std::size_t> case_blind_;
    std::unordered_map<std::string, std::size_t> numbers_;
    std::vector<OperatorIds> in_body_;
    std::vector<OperatorIds> in_header_;
    std::unordered_map<std::int32_t, OperatorIds> by_status_;
    std::unordered_map<std::int32_t, OperatorIds> by_favicon_;
    std::unordered_map<std::string, OperatorIds> by_digest_;
    std::vector<std::uint8_t> hashes_of_; ///< of each operator: kinds of hashes that it waits for
    std::unordered_map<std::size_t, WordUse> words_;
    std::unordered_map<std::string, std::size_t> pattern_numbers_;
    std::vector<Pattern> patterns_;                                         ///< that hold no literal
    std::unordered_map<std::size_t, std::vector<std::size_t>> patterns_of_; ///< by operator
    mutable std::vector<std::unique_ptr<LiteralScanner>> pattern_scanners_; ///< made when first asked
    std::unique_ptr<LiteralScanner> scanner_;
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
    body_->scan(facts, scan);
    return scan;
}

bool Scan::is_set(std::size_t number) const {
    if (bit(open_, number) || !set_->body_->is_lazy(number)) {
        return bit(open_, number);
    }
    set_->body_->open_hashes(number, *facts_, *this);
    if (!bit(open_, number)) {
        set_->body_->open_patterns(number, *facts_, *this);
    }
    return bit(open_, number);
}

std::optional<std::vector<bool>> Scan::words_found(std::size_t index, std::size_t block, std::size_t matcher)
    const {
    return set_->body_->words_found(set_->body_->place(index, block).matchers + matcher, *this);
}

bool Scan::is_open(std::size_t index, std::size_t block, std::size_t matcher) const {
    return is_set(set_->body_->place(index, block).matchers + matcher);
}

bool Scan::is_extractor_open(std::size_t index, std::size_t block, std::size_t extractor) const {
    return is_set(set_->body_->place(index, block).extractors + extractor);
}

bool Scan::may_match(std::size_t index, std::size_t block) const {
    return CompiledSet::Body::may_match(set_->body_->place(index, block), *this);
}

std::vector<std::pair<std::size_t, std::size_t>> CompiledSet::candidates(const Scan& scan, Protocol protocol)
    const {
    std::vector<std::pair<std::size_t, std::size_t>> out;
    for (const auto& place : body_->places()) {
        if (place.protocol == protocol && Body::may_match(place, scan)) {
            out.emplace_back(place.index, place.block);
        }
    }
    return out;
}

std::vector<Hit> match(
    const CompiledSet& set, const std::shared_ptr<const ResponseFacts>& facts, const Target& target
) {
    const Scan scan = set.scan(*facts);
    std::vector<Hit> hits;
    Environment environment;
    const Variables variables = target_variables(target, facts->protocol(), false);
    for (const auto& [index, block] : set.candidates(scan, facts->protocol())) {
        const Template* value = set.templates()[index].get();
        if (!hits.empty() && hits.back().source == value) {
            continue; // its first matching block is told
        }
        Scope scope(environment);
        scope.push(variables);
        scope.push(*facts);
        const auto result =
            evaluate_operators(value->blocks[block].operators, *facts, scope, {&scan, index, block});
        if (!result.is_reported) {
            continue;
        }
        Hit hit;
        hit.source = value;
        hit.index = index;
        hit.block = block;
        hit.host = target.input;
        hit.matched_at = facts->matched();
        hit.matcher_name = result.names.empty() ? "" : result.names.front();
        hit.extracted = result.output;
        hit.patterns = result.patterns;
        hit.facts = facts;
        hits.push_back(std::move(hit));
    }
    return hits;
}

} // namespace fengsui::templates
