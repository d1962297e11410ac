// All templates compiled together: one matching pass over an answer for all of them.
#pragma once

#include "template/execution.h"

namespace fengsui::templates {

/// What the single pass found in one answer: which literals stand in it and which blocks can still match.
class Scan {
public:
    Scan() = default;
    /// Is that literal (set's number) in the body or header block?
    [[nodiscard]] bool has(std::uint32_t literal) const;
    /// Block `block` of template `index` can match this answer.
    [[nodiscard]] bool may_match(std::size_t index, std::size_t block) const;
    [[nodiscard]] std::size_t candidates() const { return count_; }

private:
    friend class CompiledSet;
    std::vector<std::uint64_t> literals_;
    std::vector<std::uint64_t> blocks_;
    const CompiledSet* set_ = nullptr;
    std::size_t count_ = 0;
};

/// Immutable; built beside the running one and swapped.
class CompiledSet {
public:
    explicit CompiledSet(std::vector<std::shared_ptr<const Template>> templates);
    ~CompiledSet();
    CompiledSet(const CompiledSet&) = delete;
    CompiledSet& operator=(const CompiledSet&) = delete;

    [[nodiscard]] const std::vector<std::shared_ptr<const Template>>& templates() const;
    /// Status gates, then literals of body and headers in one pass each; thread-compatible.
    [[nodiscard]] Scan scan(const ResponseFacts& facts) const;
    [[nodiscard]] std::size_t literal_count() const;
    [[nodiscard]] std::size_t gated_blocks() const; ///< those that a literal or status must open

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
