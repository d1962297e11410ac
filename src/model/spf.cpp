#include "model/spf.h"

#include "base/text.h"
#include "model/address.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace fengsui::model {

namespace {

using Kind = SpfTerm::Kind;

constexpr std::string_view kVersion = "v=spf1";
constexpr std::size_t kMaxTerms = 500; // a record of 64 KiB holds more; nobody's evaluation gets there
constexpr std::array<std::string_view, 3> kQuestionKinds = {"txt", "address", "mx"};
constexpr std::array<std::string_view, 7> kFaults = {
    "syntax", "no_record", "several_records", "loop", "too_many_lookups", "too_many_voids", "too_many_mx"};

struct Word {
    std::string_view name;
    Kind kind;
};
constexpr std::array<Word, 8> kMechanisms = {
    {{"all", Kind::all},
     {"include", Kind::include},
     {"a", Kind::a},
     {"mx", Kind::mx},
     {"ptr", Kind::ptr},
     {"ip4", Kind::ip4},
     {"ip6", Kind::ip6},
     {"exists", Kind::exists}}};

bool is_name_char(char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_' || c == '.';
}

/// `0`, or digits without a leading zero, at most `limit`.
std::optional<int> prefix_number(std::string_view text, int limit) {
    int number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_plain = !text.empty() && base::is_digit(text.front()) && failure == std::errc()
                          && end == text.data() + text.size() && (text.size() == 1 || text.front() != '0');
    return is_plain && number <= limit ? std::optional(number) : std::nullopt;
}

/// One `%…` at the head of `text`: how long it is; 0 when it is none (RFC 7208 section 7.1).
std::size_t macro_length(std::string_view text) {
    if (text.size() >= 2 && (text[1] == '%' || text[1] == '_' || text[1] == '-')) {
        return 2;
    }
    const auto close = text.find('}');
    if (text.size() < 4 || text[1] != '{' || close == std::string_view::npos) {
        return 0;
    }
    auto inside = text.substr(2, close - 2);
    constexpr std::string_view kLetters = "slodiphcrtv";
    if (inside.empty() || kLetters.find(base::to_lower(inside.front())) == std::string_view::npos) {
        return 0;
    }
    inside.remove_prefix(1);
    const auto digits = std::min(inside.find_first_not_of("0123456789"), inside.size());
    if (digits > 3 || (digits > 0 && inside.substr(0, digits).find_first_not_of('0') == inside.npos)) {
        return 0; // a count of zero means nothing (7.1)
    }
    inside.remove_prefix(digits);
    if (!inside.empty() && base::to_lower(inside.front()) == 'r') {
        inside.remove_prefix(1);
    }
    return inside.find_first_not_of(".-+,/_=") == std::string_view::npos ? close + 1 : 0;
}

/// Visible ASCII and whole macros (7.1: macro-literal leaves out the percent sign).
bool is_macro_string(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '%') {
            const auto length = macro_length(text.substr(at));
            if (length == 0) {
                return false;
            }
            at += length;
        } else if (text[at] <= 0x20 || text[at] >= 0x7F) {
            return false;
        } else {
            ++at;
        }
    }
    return true;
}

/// RFC 7208 7.1 toplabel: letters, digits and inner hyphens, and not digits alone.
bool is_toplabel(std::string_view label) {
    const bool is_shaped = !label.empty() && label.front() != '-' && label.back() != '-';
    return is_shaped
           && std::all_of(
               label.begin(),
               label.end(),
               [](char c) { return base::is_alpha(c) || base::is_digit(c) || c == '-'; }
           )
           && !std::all_of(label.begin(), label.end(), base::is_digit);
}

bool is_domain_spec(std::string_view spec) {
    if (spec.empty() || !is_macro_string(spec)) {
        return false;
    }
    if (spec.back() == '}') {
        return true;
    }
    if (spec.back() == '.') {
        spec.remove_suffix(1);
    }
    const auto dot = spec.rfind('.');
    return dot != std::string_view::npos && is_toplabel(spec.substr(dot + 1));
}

/// Takes `/24`, `//64` or `/24//64` off the end of `text`; false when they are out of range.
bool take_dual_cidr(std::string_view& text) {
    // A slash inside a macro's braces is a delimiter.
    const auto brace = text.rfind('}');
    const auto slash = text.find('/', brace == std::string_view::npos ? 0 : brace);
    if (slash == std::string_view::npos) {
        return true;
    }
    auto lengths = text.substr(slash);
    text = text.substr(0, slash);
    const auto both = lengths.find("//");
    if (both != std::string_view::npos) {
        if (!prefix_number(lengths.substr(both + 2), 128)) {
            return false;
        }
        lengths = lengths.substr(0, both);
    }
    return lengths.empty() || prefix_number(lengths.substr(1), 32).has_value();
}

bool parse_network(std::string_view text, SpfTerm& term) {
    const bool is_v4 = term.kind == Kind::ip4;
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) {
        return false;
    }
    // Our addresses fold ::ffff:192.0.2.1 into IPv4; written with colons it is an ip6 network all the same.
    const bool is_written_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
    term.prefix_length = is_v4 ? 32 : 128;
    if (slash != std::string_view::npos) {
        const auto length = prefix_number(text.substr(slash + 1), term.prefix_length);
        term.prefix_length = length.value_or(-1);
    }
    return is_written_v4 == is_v4 && term.prefix_length >= 0;
}

/// What follows the mechanism's name, from `:` or `/` on.
bool parse_arguments(std::string_view rest, SpfTerm& term) {
    switch (term.kind) {
    case Kind::all:
        return rest.empty();
    case Kind::ip4:
    case Kind::ip6:
        return rest.starts_with(':') && parse_network(rest.substr(1), term);
    case Kind::include:
    case Kind::exists:
        term.domain = rest.empty() ? rest : rest.substr(1);
        return rest.starts_with(':') && is_domain_spec(term.domain);
    default:
        break;
    }
    if (term.kind != Kind::ptr && !take_dual_cidr(rest)) {
        return false;
    }
    if (rest.empty()) {
        return true;
    }
    term.domain = rest.substr(1);
    return rest.starts_with(':') && is_domain_spec(term.domain);
}

bool parse_mechanism(std::string_view text, SpfTerm& term) {
    if (std::string_view("+-~?").find(text.front()) != std::string_view::npos) {
        term.qualifier = text.front();
        text.remove_prefix(1);
    }
    const auto name = text.substr(0, text.find_first_of(":/"));
    const auto* const word = std::find_if(kMechanisms.begin(), kMechanisms.end(), [&](const Word& known) {
        return base::iequals(known.name, name);
    });
    if (word == kMechanisms.end()) {
        return false;
    }
    term.kind = word->kind;
    return parse_arguments(text.substr(name.size()), term);
}

bool parse_modifier(std::string_view name, std::string_view value, SpfTerm& term) {
    if (!base::is_alpha(name.front()) || !std::all_of(name.begin(), name.end(), is_name_char)) {
        return false;
    }
    const bool is_redirect = base::iequals(name, "redirect");
    if (!is_redirect && !base::iequals(name, "exp")) {
        return is_macro_string(value); // section 6: unknown ones are ignored
    }
    term.kind = is_redirect ? Kind::redirect : Kind::exp;
    term.domain = value;
    return is_domain_spec(value);
}

bool parse_term(std::string_view text, SpfTerm& term) {
    term.text = base::shorten(base::scrub_utf8(text), 200);
    const auto equals = text.find('=');
    const auto before = text.substr(0, equals);
    const bool is_modifier =
        equals != std::string_view::npos && equals > 0 && before.find_first_of(":/") == before.npos;
    return is_modifier ? parse_modifier(before, text.substr(equals + 1), term) : parse_mechanism(text, term);
}

std::vector<std::string_view> split_at(std::string_view text, std::string_view delimiters) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find_first_of(delimiters);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(at + 1);
    }
}

/// `%{d}` with its digits, r and delimiters (7.1); nothing for the other letters.
std::optional<std::string> expand_macro(std::string_view macro, std::string_view domain) {
    if (macro[1] != '{') {
        return macro[1] == '%' ? "%" : macro[1] == '_' ? " " : "%20";
    }
    auto inside = macro.substr(2, macro.size() - 3);
    if (base::to_lower(inside.front()) != 'd') {
        return std::nullopt;
    }
    inside.remove_prefix(1);
    std::size_t count = 0;
    while (!inside.empty() && base::is_digit(inside.front())) {
        count = count * 10 + static_cast<std::size_t>(inside.front() - '0');
        inside.remove_prefix(1);
    }
    const bool is_turned = !inside.empty() && base::to_lower(inside.front()) == 'r';
    inside.remove_prefix(is_turned ? 1 : 0);
    auto parts = split_at(domain, inside.empty() ? "." : inside);
    if (is_turned) {
        std::reverse(parts.begin(), parts.end());
    }
    if (count > 0 && count < parts.size()) {
        parts.erase(parts.begin(), parts.end() - static_cast<std::ptrdiff_t>(count));
    }
    std::string text;
    for (const auto part : parts) {
        text.append(text.empty() ? 0 : 1, '.').append(part);
    }
    return text;
}

std::string_view result_of(char qualifier) {
    switch (qualifier) {
    case '-':
        return "fail";
    case '~':
        return "softfail";
    case '?':
        return "neutral";
    default:
        return "pass";
    }
}

/// One evaluation. Recursion is bounded by the limit of look-ups.
class Walk {
public:
    explicit Walk(const std::vector<SpfAnswer>& answers) : answers_(answers) {}

    SpfReport run(std::string_view domain) {
        report_.result = check_host(std::string(domain), "");
        return std::move(report_);
    }

private:
    /// The result for an unlisted sender; empty when the walk has to stop.
    std::string check_host(const std::string& domain, const std::string& asked_by);
    std::string check_terms(const std::string& domain, const SpfRecord& record);
    /// The term's result when it matches everybody; "-" when it does not; empty when the walk stops.
    std::string check_term(const std::string& domain, const SpfTerm& term);
    std::string check_include(const std::string& target, const std::string& domain, const SpfTerm& term);
    std::string check_names(const std::string& target, const std::string& domain, const SpfTerm& term);
    bool count_look_up(const std::string& domain, const SpfTerm& term);
    bool count_void(const std::string& domain, const SpfTerm& term);
    /// Null when it is missing or was not seen: the report says which.
    const SpfAnswer* ask(SpfQuestionKind kind, const std::string& name);
    std::string fail(SpfFault fault, const std::string& domain, const std::string& term);

    const std::vector<SpfAnswer>& answers_;
    std::vector<std::string> path_;
    SpfReport report_;
};

std::string Walk::fail(SpfFault fault, const std::string& domain, const std::string& term) {
    report_.problems.push_back({fault, domain, term});
    return "permerror";
}

const SpfAnswer* Walk::ask(SpfQuestionKind kind, const std::string& name) {
    const SpfQuestion question{kind, name};
    const auto found = std::find_if(answers_.begin(), answers_.end(), [&](const SpfAnswer& answer) {
        return answer.question == question;
    });
    if (found == answers_.end()) {
        report_.needed = question;
        return nullptr;
    }
    if (!found->outcome.is_completed()) {
        report_.unseen = found->outcome;
        return nullptr;
    }
    return &*found;
}

std::string Walk::check_host(const std::string& domain, const std::string& asked_by) {
    if (std::find(path_.begin(), path_.end(), domain) != path_.end()) {
        return fail(SpfFault::loop, path_.back(), asked_by);
    }
    const auto* answer = ask(SpfQuestionKind::txt, domain);
    if (answer == nullptr) {
        return "temperror";
    }
    if (answer->records.size() != 1) {
        if (path_.empty()) {
            return answer->records.empty() ? "none" : fail(SpfFault::several_records, domain, "");
        }
        return fail(
            answer->records.empty() ? SpfFault::no_record : SpfFault::several_records, path_.back(), asked_by
        );
    }
    const auto record = parse_spf(answer->records.front());
    for (const auto& error : record.errors) {
        report_.problems.push_back({SpfFault::syntax, domain, error});
    }
    if (!record.errors.empty()) {
        return "permerror"; // 4.6: at once, wherever in the record it stands
    }
    path_.push_back(domain);
    auto result = check_terms(domain, record);
    path_.pop_back();
    return result;
}

std::string Walk::check_terms(const std::string& domain, const SpfRecord& record) {
    const SpfTerm* redirect = nullptr;
    for (const auto& term : record.terms) {
        if (term.kind == Kind::redirect) {
            redirect = &term;
        } else if (term.kind != Kind::exp && term.kind != Kind::other) {
            auto result = check_term(domain, term);
            if (result != "-") {
                return result;
            }
        }
    }
    if (redirect == nullptr) {
        return "neutral"; // 4.7
    }
    const auto target = expand_spf_domain(redirect->domain, domain);
    if (!count_look_up(domain, *redirect)) {
        return "permerror";
    }
    if (!target) {
        report_.depends_on_sender = true;
        return "unknown";
    }
    return check_host(*target, redirect->text);
}

std::string Walk::check_term(const std::string& domain, const SpfTerm& term) {
    switch (term.kind) {
    case Kind::all:
        report_.decided_by = term.text + " of " + domain;
        return std::string(result_of(term.qualifier));
    case Kind::ip4:
    case Kind::ip6:
        if (term.prefix_length != 0) {
            return "-";
        }
        report_.decided_by = term.text + " of " + domain;
        return std::string(result_of(term.qualifier));
    default:
        break;
    }
    if (!count_look_up(domain, term)) {
        return "permerror";
    }
    const auto target = expand_spf_domain(term.domain.empty() ? domain : term.domain, domain);
    if (!target || term.kind == Kind::ptr) {
        report_.depends_on_sender = report_.depends_on_sender || !target;
        return "-"; // who sends decides it: not everybody
    }
    return term.kind == Kind::include ? check_include(*target, domain, term)
                                      : check_names(*target, domain, term);
}

std::string Walk::check_include(const std::string& target, const std::string& domain, const SpfTerm& term) {
    auto result = check_host(target, term.text);
    if (result == "pass") { // 5.2: an include matches only then
        report_.decided_by += " through " + term.text + " of " + domain;
        return std::string(result_of(term.qualifier));
    }
    const bool goes_on =
        result == "fail" || result == "softfail" || result == "neutral" || result == "unknown";
    return goes_on ? "-" : result;
}

std::string Walk::check_names(const std::string& target, const std::string& domain, const SpfTerm& term) {
    const bool is_mx = term.kind == Kind::mx;
    const auto* answer = ask(is_mx ? SpfQuestionKind::mx : SpfQuestionKind::address, target);
    if (answer == nullptr) {
        return "temperror";
    }
    if (answer->records.empty()) {
        return count_void(domain, term) ? "-" : "permerror";
    }
    if (is_mx && answer->records.size() > kSpfMxLimit) {
        return fail(SpfFault::too_many_mx, domain, term.text);
    }
    if (term.kind == Kind::exists) { // without a macro it is there for everybody (5.7)
        report_.decided_by = term.text + " of " + domain;
        return std::string(result_of(term.qualifier));
    }
    return "-";
}

bool Walk::count_look_up(const std::string& domain, const SpfTerm& term) {
    if (++report_.look_ups <= kSpfLookUpLimit) {
        return true;
    }
    fail(SpfFault::too_many_lookups, domain, term.text);
    return false;
}

bool Walk::count_void(const std::string& domain, const SpfTerm& term) {
    if (++report_.void_look_ups <= kSpfVoidLimit) {
        return true;
    }
    fail(SpfFault::too_many_voids, domain, term.text);
    return false;
}

} // namespace

std::string_view to_string(SpfQuestionKind kind) {
    return kQuestionKinds[static_cast<std::size_t>(kind)];
}

std::optional<SpfQuestionKind> parse_spf_question_kind(std::string_view text) {
    for (std::size_t i = 0; i < kQuestionKinds.size(); ++i) {
        if (kQuestionKinds[i] == text) {
            return static_cast<SpfQuestionKind>(i);
        }
    }
    return std::nullopt;
}

std::string_view to_string(SpfFault fault) {
    return kFaults[static_cast<std::size_t>(fault)];
}

SpfRecord parse_spf(std::string_view record) {
    SpfRecord parsed;
    unsigned redirects = 0;
    unsigned explanations = 0;
    for (const auto text : base::split(record.substr(std::min(kVersion.size(), record.size())), ' ')) {
        if (text.empty() || parsed.terms.size() + parsed.errors.size() >= kMaxTerms) {
            continue;
        }
        SpfTerm term;
        const bool is_valid = parse_term(text, term);
        redirects += term.kind == Kind::redirect ? 1 : 0;
        explanations += term.kind == Kind::exp ? 1 : 0;
        const bool is_repeated = (term.kind == Kind::redirect && redirects > 1)
                                 || (term.kind == Kind::exp && explanations > 1); // section 6
        if (is_valid && !is_repeated) {
            parsed.terms.push_back(std::move(term));
        } else {
            parsed.errors.push_back(std::move(term.text));
        }
    }
    return parsed;
}

std::optional<std::string> expand_spf_domain(std::string_view spec, std::string_view domain) {
    std::string text;
    for (std::size_t at = 0; at < spec.size();) {
        if (spec[at] != '%') {
            text += base::to_lower(spec[at++]);
            continue;
        }
        const auto length = macro_length(spec.substr(at));
        const auto expanded = length == 0 ? std::nullopt : expand_macro(spec.substr(at, length), domain);
        if (!expanded) {
            return std::nullopt;
        }
        text += *expanded;
        at += length;
    }
    if (text.ends_with('.')) {
        text.pop_back();
    }
    return text;
}

SpfReport evaluate_spf(std::string_view domain, const std::vector<SpfAnswer>& answers) {
    return Walk(answers).run(domain);
}

} // namespace fengsui::model
