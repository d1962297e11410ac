// Matchers and extractors of one block on one answer (points 1 to 8). Private to the module.
#pragma once

#include "template/execution.h"

namespace fengsui::templates {

/// What nuclei calls an operator result; lists stand in document order, once each.
struct OperatorResult {
    bool has_result = false;
    bool is_matched = false;
    bool is_reported = false;                                               ///< a line is written
    std::vector<std::string> names;                                         ///< of matchers that hit under OR
    std::vector<std::pair<std::string, std::vector<std::string>>> extracts; ///< named, not internal
    std::vector<std::string> output;                                        ///< all that is not internal
    std::vector<std::pair<std::string, std::vector<std::string>>> dynamic;  ///< internal
    std::vector<std::string> patterns;                                      ///< evidence
};

/// Which operators an answer can still satisfy; without a scan all.
struct OperatorGates {
    const Scan* scan = nullptr;
    std::size_t index = 0;
    std::size_t block = 0;
    [[nodiscard]] bool matcher(std::size_t number) const;
    [[nodiscard]] bool extractor(std::size_t number) const;
    /// Which words of a matcher the single pass saw; nothing: it cannot tell.
    [[nodiscard]] std::optional<std::vector<bool>> words_found(std::size_t number) const;
};

/// `scope` holds the request's variables, the history and on top the answer.
OperatorResult evaluate_operators(
    const Operators& operators, const ResponseFacts& facts, const Scope& scope, const OperatorGates& gates
);

/// `words_found`: what is known of its words already.
bool matches(
    const Matcher& matcher,
    const ResponseFacts& facts,
    const Scope& scope,
    std::vector<std::string>& patterns,
    const std::optional<std::vector<bool>>& words_found = std::nullopt
);
std::vector<std::string> extract(const Extractor& extractor, const ResponseFacts& facts, const Scope& scope);

} // namespace fengsui::templates
