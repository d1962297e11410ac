#include "template/evaluate.h"

#include "template/compiled_set.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::templates {

bool OperatorGates::matcher(std::size_t number) const {
    return scan == nullptr || scan->is_open(index, block, number);
}
bool OperatorGates::extractor(std::size_t number) const {
    return scan == nullptr || scan->is_extractor_open(index, block, number);
}
std::optional<std::vector<bool>> OperatorGates::words_found(std::size_t number) const {
    return scan == nullptr ? std::nullopt : scan->words_found(index, block, number);
}

namespace {

class Evaluation {
public:
    Evaluation(
        const Operators& operators, const ResponseFacts& facts, const Scope& scope, const OperatorGates& gates
    )
        : operators_(operators), facts_(facts), scope_(scope), gates_(gates) {}

    OperatorResult run() {
        // Extractors come first where a matcher may read them (point 2). Elsewhere the order cannot be seen,
        // and the costly ones are left out when nothing matched.
        const bool is_read = !operators_.extractors.empty() && operators_.matchers_read_extractors;
        if (is_read) {
            run_extractors(false);
        }
        scope_.push(extracted_);
        const bool is_decided = !run_matchers();
        if (!is_read) {
            const bool is_missed = is_decided || (!operators_.matchers.empty() && !is_any_);
            run_extractors(is_missed);
        }
        if (is_decided) {
            result_.has_result = !result_.dynamic.empty();
            return std::move(result_);
        }
        conclude();
        return std::move(result_);
    }

private:
    void run_extractors(bool internal_only) {
        for (std::size_t i = 0; i < operators_.extractors.size(); ++i) {
            const Extractor& extractor = operators_.extractors[i];
            if (!gates_.extractor(i) || (internal_only && !extractor.is_internal)) {
                continue;
            }
            auto values = extract(extractor, facts_, scope_);
            if (values.empty()) {
                continue;
            }
            expose(extractor, values);
            if (extractor.is_internal) {
                add_dynamic(extractor.name, values);
                continue;
            }
            for (const auto& value : values) {
                if (std::find(result_.output.begin(), result_.output.end(), value) == result_.output.end()) {
                    result_.output.push_back(value);
                }
            }
            if (!extractor.name.empty()) {
                std::erase_if(result_.extracts, [&extractor](const auto& known) {
                    return known.first == extractor.name;
                });
                result_.extracts.emplace_back(extractor.name, std::move(values));
            }
        }
    }
    void expose(const Extractor& extractor, const std::vector<std::string>& values) {
        ValueList list;
        for (std::size_t i = 0; i < values.size(); ++i) {
            list.push_back(Value::text(values[i]));
            if (extractor.is_internal && values.size() > 1) {
                extracted_.insert_or_assign(fmt::format("{}{}", extractor.name, i), list.back());
            }
        }
        extracted_.insert_or_assign(extractor.name, list.size() == 1 ? list.front() : Value::list(list));
    }
    void add_dynamic(const std::string& name, const std::vector<std::string>& values) {
        for (auto& [known, list] : result_.dynamic) {
            if (known == name) {
                list.insert(list.end(), values.begin(), values.end());
                return;
            }
        }
        result_.dynamic.emplace_back(name, values);
    }

    /// One of an AND list fails by what the single pass told: the costly ones need not be run.
    [[nodiscard]] bool is_known_to_fail() const {
        std::vector<std::string> ignored;
        for (std::size_t i = 0; i < operators_.matchers.size(); ++i) {
            const Matcher& matcher = operators_.matchers[i];
            const auto words = gates_.words_found(i);
            const bool is_quick = words.has_value() || matcher.type == MatcherType::status;
            if (is_quick && !matches(matcher, facts_, scope_, ignored, words)) {
                return true;
            }
        }
        return false;
    }

    /// False: an AND list failed and all is decided.
    bool run_matchers() {
        const bool is_all = operators_.condition == Condition::all;
        if (is_all && is_known_to_fail()) {
            return false;
        }
        for (std::size_t i = 0; i < operators_.matchers.size(); ++i) {
            const Matcher& matcher = operators_.matchers[i];
            if (gates_.matcher(i)
                && matches(matcher, facts_, scope_, result_.patterns, gates_.words_found(i))) {
                is_any_ = true;
                if (!is_all && !matcher.name.empty()
                    && std::find(result_.names.begin(), result_.names.end(), matcher.name)
                           == result_.names.end()) {
                    result_.names.push_back(matcher.name);
                }
                continue;
            }
            if (is_all) {
                return false;
            }
        }
        return true;
    }

    void conclude() {
        result_.is_matched = is_any_;
        const bool has_matchers = !operators_.matchers.empty();
        const bool has_dynamic = !result_.dynamic.empty();
        if (has_matchers && !is_any_) {
            result_.has_result = has_dynamic;
            return;
        }
        result_.has_result = is_any_ || has_dynamic || !result_.output.empty();
        const bool is_hidden = is_any_
                               && std::all_of(
                                   operators_.matchers.begin(),
                                   operators_.matchers.end(),
                                   [](const Matcher& matcher) { return matcher.is_internal; }
                               );
        const bool is_extraction_only = !is_any_ && has_dynamic; // values for later requests are no finding
        result_.is_reported = result_.has_result && !is_hidden && !is_extraction_only;
    }

    const Operators& operators_;
    const ResponseFacts& facts_;
    Scope scope_;
    const OperatorGates& gates_;
    Variables extracted_;
    OperatorResult result_;
    bool is_any_ = false;
};

} // namespace

OperatorResult evaluate_operators(
    const Operators& operators, const ResponseFacts& facts, const Scope& scope, const OperatorGates& gates
) {
    return Evaluation(operators, facts, scope, gates).run();
}

} // namespace fengsui::templates
