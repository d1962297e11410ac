// All templates against one target: identical requests once, fingerprints first, the most telling first.
#pragma once

#include "template/compiled_set.h"
#include "template/selection.h"

namespace fengsui::templates {

struct PlanOptions {
    ExecutionOptions execution;
    const Selection* selection = nullptr; ///< templates for a product only when it was seen; null: `--all`
    bool allows_careful = false;          ///< the unit's authorisation says so
    std::size_t cache_bytes = 16U << 20U; ///< of answers kept for requests that come again
};

/// What became of one template, for its coverage line.
struct TemplateOutcome {
    const Template* source = nullptr;
    model::Outcome outcome;
    Refusal refusal;
    std::vector<std::string> unknown{}; ///< where it hit, as the site does for what cannot be there
};

class Plan {
public:
    /// `judgements` in the order of the set's templates. The set outlives the plan.
    Plan(
        const CompiledSet& set,
        const std::vector<Judgement>& judgements,
        const Target& target,
        PlanOptions options
    );
    ~Plan();
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    /// The next request to send; nothing when done. Each must be answered (or failed) before it is asked
    /// again.
    [[nodiscard]] const PlannedRequest* next();
    /// Answer of the request that next() gave: all hops of the longest chain it allowed.
    void feed(const std::vector<std::shared_ptr<const ResponseFacts>>& hops);
    void fail(model::Reason reason);

    /// Those that are settled: a hit at a path that no page need link waits for its control.
    [[nodiscard]] std::vector<Hit> take_hits();
    /// Nothing more will be sent: hits whose control was not asked stand.
    void settle();
    /// One per template of the set, when next() gave nothing.
    [[nodiscard]] std::vector<TemplateOutcome> outcomes() const;
    [[nodiscard]] std::size_t sent() const;     ///< distinct requests given out
    [[nodiscard]] std::size_t controls() const; ///< of those, what was asked to judge hits
    [[nodiscard]] std::size_t wanted() const;   ///< requests that the templates alone would have sent

private:
    class State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::templates
