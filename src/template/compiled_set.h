// All templates compiled together: one matching pass over an answer for all of them.
#pragma once

#include "template/execution.h"

namespace fengsui::templates {

/// What the single pass found in one answer: which operators can still match it. Closed ones cannot.
class Scan {
public:
    /// Something of block `block` of template `index` must be looked at.
    [[nodiscard]] bool may_match(std::size_t index, std::size_t block) const;
    [[nodiscard]] bool is_open(std::size_t index, std::size_t block, std::size_t matcher) const;
    [[nodiscard]] bool is_extractor_open(std::size_t index, std::size_t block, std::size_t extractor) const;
    /// Which words of a matcher stand in their part; nothing: the pass cannot tell.
    [[nodiscard]] std::optional<std::vector<bool>> words_found(
        std::size_t index, std::size_t block, std::size_t matcher
    ) const;

private:
    friend class CompiledSet;
    explicit Scan(const CompiledSet& set) : set_(&set) {}
    enum class Seen : std::uint8_t { unknown, no, yes };
    /// Hashes of the body, and expressions without literals, are looked for when an operator that waits for
    /// one is asked about.
    [[nodiscard]] bool is_set(std::size_t number) const;

    const CompiledSet* set_;
    const ResponseFacts* facts_ = nullptr;
    mutable std::vector<std::uint64_t> open_; ///< a bit per operator of the set
    mutable unsigned hashed_ = 0;             ///< kinds of hashes that were made
    mutable std::vector<Seen> patterns_;      ///< expressions that hold no literal
    std::vector<std::uint64_t> in_body_;      ///< a bit per literal
    std::vector<std::uint64_t> in_header_;
    bool is_folded_ = false; ///< letters that fold to ASCII ones: words without case are not known
};

/// Immutable; built beside the running one and swapped.
class CompiledSet {
public:
    explicit CompiledSet(std::vector<std::shared_ptr<const Template>> templates);
    ~CompiledSet();
    CompiledSet(const CompiledSet&) = delete;
    CompiledSet& operator=(const CompiledSet&) = delete;

    [[nodiscard]] const std::vector<std::shared_ptr<const Template>>& templates() const;
    /// Status gates, then literals of body and headers in one pass each; thread-compatible. `facts` outlives
    /// the scan.
    [[nodiscard]] Scan scan(const ResponseFacts& facts) const;
    /// Template and block of everything that may match, in order.
    [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> candidates(
        const Scan& scan, Protocol protocol
    ) const;
    [[nodiscard]] std::size_t literal_count() const;
    [[nodiscard]] std::size_t operator_count() const;
    [[nodiscard]] std::size_t gated_count() const; ///< operators that a literal, status or hash must open

private:
    friend class Scan;
    class Body;
    std::unique_ptr<Body> body_;
};

/// Every hit of every template's first matching block on one answer, as if each had asked for it.
std::vector<Hit> match(
    const CompiledSet& set, const std::shared_ptr<const ResponseFacts>& facts, const Target& target
);

} // namespace fengsui::templates
