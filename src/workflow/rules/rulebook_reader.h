// Reads the rule files of content/ and of the operator's folder into a Rulebook.
#pragma once

#include "workflow/rulebook.h"

namespace fengsui::workflow {

class RulebookReader {
public:
    /// One file by its path below content/; a path that is none of the rule files is passed over.
    void read_file(std::string_view path, std::string_view text);
    /// What only the whole can show: actions that name no rule, rules of the same id.
    void judge();
    LoadedRulebook take() { return std::move(out_); }

private:
    using Json = base::Json;

    void read_workflow(const Json& json);
    void read_obligations(const Json& json);
    void read_obligation(const Json& json);
    void read_deadline(const Json& json, ObligationRule& rule);
    void read_ladder(const Json& json, ObligationRule& rule);
    bool read_receiver(std::string_view text, LadderStep& step);
    void read_grading(const Json& json);
    void read_grading_rule(const Json& json);
    void read_laws(const Json& json);
    void read_law_version(const Json& json, Rulebook::Law& law);
    void read_number_series(const Json& json);
    void read_labels(const Json& json);
    void read_calendar(const Json& json);
    void judge_actions(const Definition& definition);

    /// `file:line field`, the line of `at` or else of the nearest value known to have one.
    void fault(const Json& at, std::string_view field, std::string message);
    bool require_object(const Json& json, std::string_view field);
    void require_known(const Json& json, std::initializer_list<std::string_view> known);
    /// The member as text; a fault when it is missing.
    std::string text_of(const Json& json, std::string_view field);
    std::vector<std::string> list_of(const Json& json, std::string_view field, bool required);
    Expression condition_of(const Json& json, std::string_view field);
    Rulebook::Text both_languages(const Json& json, std::string_view field);

    LoadedRulebook out_;
    std::string path_;
    unsigned line_ = 0;
};

} // namespace fengsui::workflow
