// SPF (RFC 7208) without a message: what a record comes to for a sender that it does not list, with the
// limits that receivers hold. Pure; the probe answers the questions, the checks read the report.
#pragma once

#include "model/outcome.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::model {

inline constexpr unsigned kSpfLookUpLimit = 10; ///< RFC 7208 4.6.4, redirect and include counted through
inline constexpr unsigned kSpfVoidLimit = 2;    ///< of answers with nothing in them
inline constexpr std::size_t kSpfMxLimit = 10;  ///< names of one `mx`

enum class SpfQuestionKind : std::uint8_t { txt, address, mx };
std::string_view to_string(SpfQuestionKind kind);
std::optional<SpfQuestionKind> parse_spf_question_kind(std::string_view text);

struct SpfQuestion {
    SpfQuestionKind kind = SpfQuestionKind::txt;
    std::string name;
    bool operator==(const SpfQuestion&) const = default;
};

/// A question of the evaluation and what came back. Completed also for NXDOMAIN: there is nothing.
struct SpfAnswer {
    SpfQuestion question;
    Outcome outcome;
    std::vector<std::string> records; ///< v=spf1 texts, addresses, or exchangers
};

/// One mechanism or modifier as written.
struct SpfTerm {
    enum class Kind : std::uint8_t { all, include, a, mx, ptr, ip4, ip6, exists, redirect, exp, other };
    Kind kind = Kind::other;
    char qualifier = '+';   ///< + - ~ ?
    std::string text;       ///< as written
    std::string domain;     ///< domain-spec, macros as they are; empty: the current domain
    int prefix_length = -1; ///< of ip4 and ip6
};

struct SpfRecord {
    std::vector<SpfTerm> terms;
    std::vector<std::string> errors; ///< terms that RFC 7208 section 12 does not allow
};
SpfRecord parse_spf(std::string_view record);

/// The domain-spec with `%{d}` in all its forms put in (RFC 7208 section 7); nothing when it depends on the
/// sender.
std::optional<std::string> expand_spf_domain(std::string_view spec, std::string_view domain);

enum class SpfFault : std::uint8_t {
    syntax,
    no_record,        ///< include or redirect to a domain without one (5.2, 6.1)
    several_records,  ///< or with several (4.5)
    loop,             ///< include or redirect that comes round again
    too_many_lookups, ///< 4.6.4
    too_many_voids,
    too_many_mx,
};
std::string_view to_string(SpfFault fault);

struct SpfProblem {
    SpfFault fault = SpfFault::syntax;
    std::string domain; ///< whose record it is
    std::string term;   ///< as written
};

struct SpfReport {
    /// pass, neutral, softfail, fail for an unlisted sender; permerror; none without a record; temperror
    /// when something was not seen.
    std::string result = "none";
    std::string decided_by; ///< the term that matched everybody, and where
    unsigned look_ups = 0;
    unsigned void_look_ups = 0;
    bool depends_on_sender = false; ///< a macro in a reached term: its target was not asked
    std::vector<SpfProblem> problems;
    std::optional<SpfQuestion> needed; ///< the answer that is missing to go on
    Outcome unseen = completed();      ///< why the rest could not be seen
};

/// Walks the domain's record as far as `answers` lead; `needed` is set when one more would lead on.
SpfReport evaluate_spf(std::string_view domain, const std::vector<SpfAnswer>& answers);

} // namespace fengsui::model
