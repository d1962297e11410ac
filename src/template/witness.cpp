#include "template/witness.h"

#include "template/evaluate.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::templates {

namespace {

/// A line of the same name would have been written.
bool is_same_line(const OperatorResult& result, const Hit& hit) {
    if (!result.is_reported) {
        return false;
    }
    if (!hit.matcher_name.empty()) {
        return std::find(result.names.begin(), result.names.end(), hit.matcher_name) != result.names.end();
    }
    if (!hit.extractor_name.empty() && result.names.empty()) {
        return std::any_of(result.extracts.begin(), result.extracts.end(), [&hit](const auto& extract) {
            return extract.first == hit.extractor_name;
        });
    }
    return true;
}

class OneWitness : public Witness {
public:
    explicit OneWitness(WitnessedState state) : state_(std::move(state)) {}

    [[nodiscard]] const PlannedRequest& request() const override { return state_.built.request; }
    [[nodiscard]] std::size_t hops() const override { return state_.hops; }

    [[nodiscard]] bool also_hits(const Hops& hops, const Hit& hit, const Scan* scan) const override {
        for (std::size_t i = hops.size(); i > 0; --i) {
            const bool is_last = i == hops.size();
            const auto facts = is_last ? hops[i - 1] : hops[i - 1]->without_body();
            if (is_same_line(evaluate(facts, is_last ? scan : nullptr), hit)) {
                return true;
            }
        }
        return false;
    }

private:
    [[nodiscard]] OperatorResult evaluate(const std::shared_ptr<const ResponseFacts>& facts, const Scan* scan)
        const {
        const auto& request = state_.built.request;
        History history = state_.history;
        history.set(fmt::format("_{}", request.number), facts);
        Environment environment = state_.environment;
        Scope scope(environment);
        scope.push(state_.context);
        scope.push(state_.built.variables);
        scope.push(history);
        scope.push(*facts);
        const OperatorGates gates{scan, state_.index, request.block};
        return evaluate_operators(state_.source->blocks[request.block].operators, *facts, scope, gates);
    }

    WitnessedState state_;
};

} // namespace

std::shared_ptr<const Witness> make_witness(WitnessedState state) {
    return std::make_shared<const OneWitness>(std::move(state));
}

} // namespace fengsui::templates
