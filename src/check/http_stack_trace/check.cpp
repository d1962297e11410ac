#include "model/check.h"

#include "base/text.h"
#include "check/common/web_text.h"

#include <algorithm>
#include <optional>

namespace fengsui::check {

namespace {

using model::HttpExchange;

struct Trace {
    std::string_view kind;
    std::size_t at = 0; ///< where the excerpt begins
};

std::optional<Trace> found_at(std::string_view text, std::string_view kind, std::string_view mark) {
    const auto at = text.find(mark);
    return Trace{kind, at == std::string_view::npos ? 0 : at};
}

std::optional<Trace> java(std::string_view text) {
    const bool has_error = has_any(text, {"Exception", "Error:", "Caused by:"});
    const auto frames = count_before_digit(text, ".java:", 2);
    const bool has_calls = has_any(text, {"\tat ", "  at ", "\nat ", "> at "});
    return has_error && frames >= 2 && has_calls ? found_at(text, "java", ".java:") : std::nullopt;
}

std::optional<Trace> python(std::string_view text) {
    const bool is_trace = has_all(text, {"Traceback (most recent call last)", "File \"", ", line "})
                          || has_all(text, {"Traceback", "Exception Value:", "Django Version:"});
    return is_trace ? found_at(text, "python", "Traceback") : std::nullopt;
}

/// PHP begins a line with the word, Xdebug writes `( ! )` before it; prose quotes it within a sentence.
bool begins_line(std::string_view before) {
    const auto last = before.find_last_not_of(" \t\r");
    return last == std::string_view::npos || before[last] == '\n' || base::trim(before).ends_with("( ! )");
}

bool has_php_error(std::string_view text, std::size_t start, std::size_t end) {
    constexpr std::string_view kErrors[] = {
        "Fatal error:", "Warning:", "Parse error:", "Notice:", "Deprecated:", "Fatal error :", "Warning :"};
    const auto part = text.substr(0, end);
    return std::any_of(std::begin(kErrors), std::end(kErrors), [&](std::string_view error) {
        auto at = part.find(error, start);
        while (at != std::string_view::npos && !begins_line(part.substr(0, at))) {
            at = part.find(error, at + 1);
        }
        return at != std::string_view::npos;
    });
}

/// `Warning: … in /var/www/a.php on line 3`, as PHP prints it.
std::optional<Trace> php(std::string_view text) {
    for (auto at = text.find(" on line "); at != std::string_view::npos;
         at = text.find(" on line ", at + 1)) {
        const auto number = text.find_first_not_of(' ', at + 9);
        const bool has_number = number != std::string_view::npos && base::is_digit(text[number]);
        const auto start = at > 600 ? at - 600 : 0;
        const auto before = text.substr(start, at - start);
        const auto in = before.rfind(" in ");
        const auto path = in == std::string_view::npos ? std::string_view() : before.substr(in + 4);
        const bool has_path = path.find(".php") != std::string_view::npos
                              && path.find_first_of("/\\") != std::string_view::npos;
        if (has_number && has_path && has_php_error(text, start, start + in)) {
            return Trace{"php", start + in + 4};
        }
    }
    return std::nullopt;
}

std::optional<Trace> dotnet(std::string_view text) {
    const bool is_page = has_all(text, {"Server Error in '", "Application"})
                         && has_any(text, {"Exception Details:", "Stack Trace:"});
    const bool is_frames =
        has_all(text, {"Exception", " at System."}) && has_any(text, {".cs:line ", ".vb:line "});
    return is_page     ? found_at(text, "dotnet", "Server Error in '")
           : is_frames ? found_at(text, "dotnet", " at System.")
                       : std::nullopt;
}

std::optional<Trace> node(std::string_view text) {
    const bool has_frames = count_before_digit(text, ".js:", 2) >= 2 && has_all(text, {"Error", " at "});
    const bool has_origin =
        has_any(text, {"node_modules/", "node_modules\\", "node:internal/", "(internal/"});
    return has_frames && has_origin ? found_at(text, "node", ".js:") : std::nullopt;
}

std::optional<Trace> ruby(std::string_view text) {
    const bool has_frames = count_before_digit(text, ".rb:", 2) >= 2 && has_any(text, {":in `", ":in '"});
    return has_frames && has_any(text, {"Error", "Exception"}) ? found_at(text, "ruby", ".rb:")
                                                               : std::nullopt;
}

std::optional<Trace> go(std::string_view text) {
    const bool is_trace =
        has_all(text, {"goroutine ", " [running]:"}) && count_before_digit(text, ".go:", 1) >= 1;
    return is_trace ? found_at(text, "go", "goroutine ") : std::nullopt;
}

/// An error text together with the name of what produced it or the statement that caused it.
std::optional<Trace> sql(std::string_view text) {
    struct Pair {
        std::string_view error;
        std::string_view other;
    };
    static constexpr Pair kPairs[] = {
        {"You have an error in your SQL syntax", "for the right syntax to use near"},
        {"Unclosed quotation mark after the character string", "SqlException"},
        {"Unclosed quotation mark after the character string", "SQL Server"},
        {"Microsoft OLE DB Provider for", "error '8"},
        {"syntax error at or near", "PG::"},
        {"syntax error at or near", "pg_query()"},
        {"syntax error at or near", "PSQLException"},
        {"SQLSTATE[", "PDOException"},
        {"SQLSTATE[", "]: Syntax error or access violation"},
        {"quoted string not properly terminated", "ORA-01756"},
        {"SQL command not properly ended", "ORA-00933"},
        {"table or view does not exist", "ORA-00942"},
        {"sqlite3.OperationalError", "syntax error"},
    };
    for (const auto& pair : kPairs) {
        if (has_all(text, {pair.error, pair.other})) {
            return found_at(text, "sql", pair.error);
        }
    }
    return std::nullopt;
}

std::optional<Trace> trace_in(std::string_view text) {
    for (const auto judge : {&java, &python, &php, &dotnet, &node, &ruby, &go, &sql}) {
        if (const auto trace = judge(text)) {
            return trace;
        }
    }
    return std::nullopt;
}

/// The page without listings of code and quotations. A course, a manual or a forum shows traces in these,
/// in a good page; what breaks down prints its own trace, and its page is not one of status 200.
std::string without_quotations(std::string html) {
    struct Pair {
        std::string_view open;
        std::string_view close;
    };
    static constexpr Pair kQuotations[] = {{"<pre><code", "</pre>"}, {"<blockquote", "</blockquote>"}};
    for (const auto& [open, close] : kQuotations) {
        std::string kept;
        std::string_view rest = html;
        for (auto at = base::ifind(rest, open); at != std::string_view::npos; at = base::ifind(rest, open)) {
            kept += rest.substr(0, at);
            const auto end = base::ifind(rest.substr(at), close);
            rest = end == std::string_view::npos ? std::string_view() : rest.substr(at + end);
        }
        kept += rest;
        html = std::move(kept);
    }
    return html;
}

/// Some words before the mark, on one line.
std::string excerpt(std::string_view text, std::size_t at) {
    const auto start = at > 120 ? at - 120 : 0;
    auto part = base::scrub_utf8(text.substr(start, 300));
    std::replace(part.begin(), part.end(), '\n', ' ');
    return base::shorten(base::trim(part), 240);
}

std::vector<const HttpExchange*> answers_of(const model::Observation& seen) {
    std::vector<const HttpExchange*> answers;
    if (const auto* document = seen.web.document()) {
        answers.push_back(document);
    }
    for (const auto* list : {&seen.web.directories, &seen.exposure.controls}) {
        for (const auto& answer : *list) {
            if (answer.outcome.is_completed()) {
                answers.push_back(&answer);
            }
        }
    }
    return answers;
}

} // namespace

model::Verdict http_stack_trace(const model::Observation& seen, const base::Json&) {
    const auto answers = answers_of(seen);
    if (answers.empty()) {
        return {seen.outcome_of(model::ObservationPart::document), {}};
    }
    for (const auto* answer : answers) {
        const bool is_good = answer->status == 200;
        const auto text = visible_text(is_good ? without_quotations(answer->text()) : answer->text());
        const auto trace = trace_in(text);
        if (trace) { // one claim, without the address: made-up paths differ from run to run
            const auto evidence = base::Json::object({
                {"url", answer->url.str()},
                {"status", answer->status},
                {"kind", trace->kind},
                {"excerpt", excerpt(text, trace->at)},
            });
            return {model::completed(), {{"", evidence, {}}}};
        }
    }
    return {};
}

} // namespace fengsui::check
