// The rules a jurisdiction works by, as data from content/ and an optional folder of its own: workflows,
// deadlines, grading, legal bases, document numbers. Pure: no store, no clock.
#pragma once

#include "base/messages.h"
#include "workflow/calendar.h"
#include "workflow/definition.h"
#include "workflow/expression.h"

#include <deque>
#include <filesystem>
#include <map>

namespace fengsui::workflow {

/// Whom a step of the ladder tells: `debtor:head`, `authority:leader`, `regulator:contact`, `upper:contact`.
struct Receiver {
    std::string who;  ///< debtor, creditor, authority, regulator, upper
    std::string role; ///< contact, head, leader, officer, duty
};

/// What happens when an obligation is overdue for that long.
struct LadderStep {
    Period after;     ///< zero: at once; working days count from the due date, at close of business
    std::string kind; ///< of the outbox entry: urge, escalation, alert, call
    std::vector<Receiver> to;
    std::string document; ///< kind of the document that goes with it, or empty
};

struct ObligationRule {
    std::string id;
    std::vector<std::string> groups; ///< further names it answers to (`report`, `summary`)
    std::string on;                  ///< event that opens it, e.g. `notice.issued`
    Expression when;
    std::string debtor;
    std::vector<std::string> creditors;
    std::vector<std::string> cc;
    std::string form;
    std::string from;          ///< the fact the clock starts at
    std::optional<Period> due; ///< none: only `due_fact` says
    std::string due_fact;      ///< a fact that, when there, overrides `due`: a time or a period
    bool is_workday = false;
    bool is_statutory = false; ///< by law, not local policy: never opened in a drill
    std::string basis;
    bool verified = false;
    std::vector<Period> reminders; ///< clock time before `due`
    std::vector<LadderStep> ladder;

    /// True when `name` is its id, a prefix of it at a dot, or one of its groups.
    [[nodiscard]] bool answers_to(std::string_view name) const;
    /// The due time for a clock that starts at `start`; an error when the facts hold none.
    [[nodiscard]] base::Result<base::Instant> due_of(
        base::Instant start, const base::Json& facts, const Calendar& calendar
    ) const;
};

/// `notice.fix` matches `notice.fix` and `notice.fix.high`, not `notice.fixed`.
bool matches_prefix(std::string_view prefix, std::string_view name);

struct GradeProposal {
    int grade = 4; ///< 1 特别重大 … 4 一般; 4 when no rule matches
    std::vector<std::string> basis;
    bool verified = true; ///< some rule that decided has its number from the official text
    std::vector<std::string> notes;
    [[nodiscard]] base::Json to_json() const;
};

struct Citation {
    std::string law;
    std::string version; ///< the year of the text
    std::string article; ///< 23, 第二十三条, Art. 23: kept in the way it is written
    [[nodiscard]] base::Json to_json() const;
};

struct BasisVerdict {
    bool known = false;                 ///< false: not in the list, taken as free text
    bool in_force = false;              ///< on that date
    std::optional<Citation> suggestion; ///< the text in force then; article empty when it has no counterpart
};

/// A calendar that ships as a draft for an authority's own; applied to nothing by itself.
struct CalendarTemplate {
    std::string name;
    bool verified = false;
    Calendar calendar;
};

struct LoadedRulebook;

class Rulebook {
public:
    /// The built-in files, each replaced by the file of the same name below `folder` when there is one, and
    /// what else lies there. Faults name file, line and field; what is faulty is left out.
    static LoadedRulebook load(const std::filesystem::path& folder = {});

    /// The newest version of that workflow, or that very version; null when there is none.
    [[nodiscard]] const Definition* workflow(std::string_view wf) const;
    [[nodiscard]] const Definition* workflow(std::string_view wf, int version) const;
    [[nodiscard]] std::vector<const Definition*> workflows() const;
    /// Adds a version that was activated, with its labels; the same wf and v is replaced.
    void add_workflow(Definition definition);

    [[nodiscard]] const std::vector<ObligationRule>& obligation_rules() const { return obligation_rules_; }
    [[nodiscard]] const ObligationRule* obligation_rule(std::string_view id) const;
    /// Those opened by that event (`notice.issued`) under these facts, in order of the files.
    [[nodiscard]] std::vector<const ObligationRule*> rules_for(std::string_view on, const base::Json& facts)
        const;
    /// Those that `open:NAME` means under these facts: by answers_to(), whatever their event.
    [[nodiscard]] std::vector<const ObligationRule*> rules_named(
        std::string_view name, const base::Json& facts
    ) const;

    [[nodiscard]] GradeProposal propose_grade(const base::Json& incident) const;
    [[nodiscard]] BasisVerdict judge_basis(const Citation& cited, base::Date on) const;

    [[nodiscard]] const std::vector<CalendarTemplate>& calendar_templates() const {
        return calendar_templates_;
    }

    [[nodiscard]] bool has_number_series(std::string_view type) const;
    /// 网安整改〔2026〕3号; an unknown type is numbered as `other`.
    [[nodiscard]] std::string format_number(
        std::string_view type, int year, std::int64_t n, base::Language language
    ) const;
    /// What is counted separately: type, year and authority.
    static std::string series_key(std::string_view type, int year, std::string_view authority);

    /// The product text of a thing named in data: label(zh, "state", "case.open"); groups: workflow, state,
    /// event, rule, calendar and those of labels.yaml (role, form, kind, office …). The name itself when
    /// there is none.
    [[nodiscard]] std::string_view label(
        base::Language language, std::string_view group, std::string_view name
    ) const;

private:
    friend class RulebookReader;

    struct Text {
        std::string zh;
        std::string en;
    };
    struct GradingRule {
        int grade = 4;
        std::string field; ///< empty: `when` alone decides
        double gte = 0;
        Expression when;
        std::string basis;
        bool verified = false;
    };
    struct ArticleShift {
        int from = 0; ///< articles of the text before, first and last
        int to = 0;
        int shift = 0;
    };
    struct LawVersion {
        std::string version;
        base::Date from;
        std::optional<base::Date> until;
        std::string replaces;
        std::vector<ArticleShift> shifts;
    };
    struct Law {
        std::vector<std::string> names;
        std::vector<LawVersion> versions; ///< oldest first
    };

    void add_labels(const Definition& definition);
    static int map_number(const Law& law, std::size_t from, std::size_t to, int article);
    [[nodiscard]] const Law* find_law(std::string_view name) const;
    static std::string map_article(
        const Law& law, std::size_t from, std::size_t to, std::string_view article
    );

    std::deque<Definition> workflows_; ///< pointers into it stay good when one is added
    std::vector<ObligationRule> obligation_rules_;
    std::vector<GradingRule> grading_rules_;
    std::vector<Law> laws_;
    std::vector<CalendarTemplate> calendar_templates_;
    std::map<std::string, Text, std::less<>> number_series_;
    std::map<std::string, Text, std::less<>> labels_;
};

struct LoadedRulebook {
    Rulebook rulebook;
    Faults faults;
};

} // namespace fengsui::workflow
