#include "fuzz/template_decoders.h"

#include "template/builder.h"
#include "template/compiled_set.h"
#include "template/json_query.h"
#include "template/literals.h"
#include "template/loader.h"
#include "template/pack.h"
#include "template/xpath.h"

namespace fengsui::fuzz {

namespace {

using namespace templates;

std::shared_ptr<const ResponseFacts> mirror(const PlannedRequest& request, std::string_view body) {
    HttpAnswer answer;
    answer.url = request.http.url();
    answer.status = 200;
    answer.headers = {{"Server", "fuzz"}, {"Set-Cookie", "a=b"}, {"Content-Type", "text/html; charset=gbk"}};
    answer.body = std::string(body) + request.http.dump();
    return ResponseFacts::of_http(std::move(answer), request.http.dump(), "http://h");
}

/// Nothing that the guard lets through leaves the target or writes.
void check_sent(const PlannedRequest& request, const Target& target) {
    if (request.protocol == Protocol::http) {
        FENGSUI_CHECK(
            request.http.host == target.host && request.http.port == target.port, "it leaves the target"
        );
        FENGSUI_CHECK(request.http.body.empty(), "it has a body");
        FENGSUI_CHECK(request.http.target.find_first_of("\r\n ") == std::string::npos, "its path has lines");
    }
}

void run(const std::shared_ptr<const Template>& value, const CompiledSet& set, std::string_view body) {
    const auto target = Target::parse("http://h").or_throw();
    Execution execution(value, target, {});
    for (int i = 0; i < 20; ++i) {
        const auto* request = execution.next();
        if (request == nullptr) {
            return;
        }
        check_sent(*request, target);
        if (request->protocol != Protocol::http) {
            execution.fail();
            continue;
        }
        const auto facts = mirror(*request, body);
        const Scan scan = set.scan(*facts);
        execution.feed({facts}, &scan);
    }
}

} // namespace

void template_file(std::string_view bytes) {
    const auto loaded = load_template(bytes, {});
    if (loaded.value == nullptr) {
        FENGSUI_CHECK(!loaded.faults.empty(), "it does not load and nobody says why");
        return;
    }
    static_cast<void>(judge(*loaded.value));
    const CompiledSet set({loaded.value});
    run(loaded.value, set, "body");
}

void template_dsl(std::string_view bytes) {
    Environment environment;
    const Variables variables = {{"body", Value::text("x")}, {"a", Value::number(1)}};
    Scope scope(environment);
    scope.push(variables);
    const auto expression = Expression::compile(bytes);
    if (expression) {
        static_cast<void>(expression->evaluate(scope));
    }
    static_cast<void>(Text("{{" + std::string(bytes) + "}}").render(scope));
    static_cast<void>(unresolved_marker(bytes));
    bool ignore_case = false;
    static_cast<void>(required_regex_literals(bytes, ignore_case));
}

void template_raw(std::string_view bytes) {
    static_cast<void>(parse_raw_request(bytes));
    static_cast<void>(Target::parse(bytes));
    static_cast<void>(merge_paths("/blog", bytes));
}

void template_answer(std::string_view bytes) {
    static const auto kLoaded = load_template(
        R"yaml(id: a
info: {name: a, author: a}
http:
  - method: GET
    path: ['{{BaseURL}}', '{{BaseURL}}/2']
    extractors:
      - {type: regex, name: r, internal: true, group: 1, regex: ['<a href="([^"]*)"']}
      - {type: json, json: ['.. | .a']}
      - {type: xpath, xpath: ['//a[contains(@href,"x")]'], attribute: href}
      - {type: dsl, dsl: ['md5(body)', 'body_1 + r']}
    matchers:
      - {type: word, words: [x, y], case-insensitive: true}
      - {type: regex, regex: ['(?i)(a|b)+c.{2,40}d']}
      - {type: dsl, dsl: ['mmh3(base64_py(body)) == "1"', 'contains(to_lower(response), "q")']}
      - {type: xpath, xpath: ['//title']}
)yaml",
        {}
    );
    static const CompiledSet kSet({kLoaded.value});
    run(kLoaded.value, kSet, bytes);
}

void template_query(std::string_view bytes) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    const auto rest = bytes.substr(std::min(end + 1, bytes.size()));
    const auto query = JsonQuery::compile(bytes.substr(0, end));
    const auto json = base::parse_json(rest);
    if (query && json) {
        static_cast<void>(query->run(*json, 100));
    }
    const auto path = XPath::compile(bytes.substr(0, end));
    const Markup markup = read_markup(rest, rest.starts_with("<?xml"));
    if (path) {
        static_cast<void>(path->select(markup, "href"));
    }
}

void template_pack(std::string_view bytes) {
    PackLimits limits;
    limits.bytes = 1U << 20U;
    limits.count = 100;
    const auto pack = read_pack(bytes, limits);
    if (!pack) {
        return;
    }
    for (const auto& [name, content] : pack->files) {
        FENGSUI_CHECK(!name.empty() && name.front() != '/', "a place outside of the pack");
        FENGSUI_CHECK(("/" + name + "/").find("/../") == std::string::npos, "a place that climbs");
        FENGSUI_CHECK(content.size() <= limits.file, "a file beyond the limit");
    }
    static_cast<void>(template_names(*pack));
}

} // namespace fengsui::fuzz
