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

private:
    friend class CompiledSet;
    explicit Scan(const CompiledSet& set) : set_(&set) {}
    const CompiledSet* set_;
    std::vector<std::uint64_t> open_; ///< a bit per operator of the set
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
