// Templates compiled together: loading against parsing the YAML alone; one page against all literals; the
// judging of one answer by the set against judging it template by template; growth from a tenth to all.
// Usage: template_speed DIR [PAGE [COUNT]]: with COUNT the set is multiplied to so many templates.
#include "base/json.h"
#include "template/compiled_set.h"
#include "template/loader.h"
#include "template/plan.h"

#include <fmt/format.h>

#include <ctime>
#include <fstream>
#include <yaml.h>

namespace {

namespace base = fengsui::base;
namespace templates = fengsui::templates;

/// CPU seconds of this process: other work on the machine does not count.
double seconds_since(std::clock_t start) {
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// libyaml's events of one text, and nothing else: the limit of what loading can cost.
std::size_t count_events(const std::string& text) {
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    std::size_t count = 0;
    for (bool goes_on = true; goes_on; ++count) {
        yaml_event_t event;
        goes_on = yaml_parser_parse(&parser, &event) == 1 && event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return count;
}

std::size_t resident_kib() {
    std::ifstream status("/proc/self/status");
    std::string line;
    while (std::getline(status, line)) {
        if (line.starts_with("VmRSS:")) {
            return std::stoul(line.substr(6));
        }
    }
    return 0;
}

std::string made_up_page(std::size_t size) {
    std::string page = "<!doctype html><html><head><title>Home</title></head><body>";
    for (std::size_t i = 0; page.size() < size; ++i) {
        page += fmt::format(
            "<div class=\"item-{}\"><a href=\"/news/{}.html\">Entry {} of the list</a></div>\n", i, i * 7, i
        );
    }
    return page;
}

using Set = std::vector<std::shared_ptr<const templates::Template>>;

struct Judged {
    double shared = 0;
    double naive = 0;
    std::size_t hits = 0;
};

Judged judge_page(
    const Set& values,
    const templates::CompiledSet& set,
    const std::shared_ptr<const templates::ResponseFacts>& facts,
    const templates::Target& target
) {
    Judged out;
    constexpr int kRounds = 50;
    out.hits =
        templates::match(set, facts, target).size(); // makes the expressions that are made when first needed
    auto start = std::clock();
    for (int i = 0; i < kRounds; ++i) {
        out.hits = templates::match(set, facts, target).size();
    }
    out.shared = seconds_since(start) / kRounds;
    start = std::clock();
    std::size_t alone = 0;
    for (const auto& value : values) { // each by itself, as if nothing were compiled together
        templates::Execution execution(value, target, {});
        if (execution.next() != nullptr) {
            execution.feed({facts});
            alone += execution.take_hits().size();
        }
    }
    out.naive = seconds_since(start);
    fmt::print("  hits: {} templates together, {} lines one by one\n", out.hits, alone);
    return out;
}

/// Everything that the figures are about.
struct Loaded {
    Set values;
    std::vector<templates::Judgement> judgements;
    std::unique_ptr<templates::CompiledSet> set;
};

/// A larger set than there are files: copies whose words and ids are others, so that nothing is saved by
/// equality but the expressions.
void multiply(Loaded& loaded, std::size_t wanted) {
    const std::size_t files = loaded.values.size();
    for (std::size_t i = 0; i < wanted && loaded.values.size() < wanted; ++i) {
        templates::Template copy = *loaded.values[i % files];
        const auto mark = fmt::format("-{}", i / files + 2);
        copy.id += mark;
        for (auto& block : copy.blocks) {
            for (auto& path : block.http.paths) {
                const bool is_root = path.source().size() < 14; // the front page is shared by all sets
                path = is_root ? path : templates::Text(path.source() + mark);
            }
            for (auto& matcher : block.operators.matchers) {
                for (auto& word : matcher.words) {
                    word = word.is_plain() && word.source().size() > 2 ? templates::Text(word.source() + mark)
                                                                       : word;
                }
            }
        }
        loaded.values.push_back(std::make_shared<const templates::Template>(std::move(copy)));
        loaded.judgements.push_back(loaded.judgements[i % files]);
    }
    loaded.set = std::make_unique<templates::CompiledSet>(loaded.values);
}

Loaded load_all(const std::filesystem::path& root) {
    const auto files = templates::template_files(root);
    std::vector<std::string> texts;
    auto start = std::clock();
    std::size_t events = 0;
    for (const auto& file : files) {
        texts.push_back(templates::read_template_file(file, 8U << 20U).value_or(""));
        events += count_events(texts.back());
    }
    const double parsing = seconds_since(start);
    const std::size_t before = resident_kib();
    Loaded out;
    start = std::clock();
    for (std::size_t i = 0; i < files.size(); ++i) {
        templates::LoadOptions options;
        options.path = files[i].string();
        options.read_helper = templates::helper_reader(root, files[i]);
        options.verifies_signature = false;
        auto loaded = templates::load_template(texts[i], options);
        if (loaded.value != nullptr) {
            out.values.push_back(std::move(loaded.value));
        }
    }
    const double loading = seconds_since(start);
    start = std::clock();
    for (const auto& value : out.values) {
        out.judgements.push_back(templates::judge(*value));
    }
    const double judging = seconds_since(start);
    start = std::clock();
    out.set = std::make_unique<templates::CompiledSet>(out.values);
    fmt::print("{} files, {} templates, {} YAML events\n", files.size(), out.values.size(), events);
    fmt::print(
        "read and parse alone {:.3f} s; load {:.3f} s ({:.2f} x); judge {:.3f} s; compile together {:.3f} "
        "s\n",
        parsing,
        loading,
        loading / parsing,
        judging,
        seconds_since(start)
    );
    fmt::print("resident: {} MiB more than before loading\n", (resident_kib() - before) / 1024);
    fmt::print(
        "{} literals, {} operators, {} of them gated\n",
        out.set->literal_count(),
        out.set->operator_count(),
        out.set->gated_count()
    );
    return out;
}

void measure_matching(const Loaded& loaded, std::string page) {
    templates::HttpAnswer answer;
    answer.url = "http://site.example/";
    answer.status = 200;
    answer.headers = {{"Server", "nginx"}, {"Content-Type", "text/html; charset=utf-8"}};
    answer.body = std::move(page);
    const auto facts = templates::ResponseFacts::of_http(answer, "", "http://site.example");
    const auto target = templates::Target::parse("http://site.example").or_throw();
    constexpr int kScans = 200;
    const auto start = std::clock();
    for (int i = 0; i < kScans; ++i) {
        static_cast<void>(loaded.set->scan(*facts));
    }
    const double scanning = seconds_since(start) / kScans;
    fmt::print(
        "one page of {} KiB against all literals: {:.3f} ms, {:.0f} MB/s\n",
        facts->body().size() >> 10U,
        scanning * 1e3,
        static_cast<double>(facts->body().size()) / scanning / 1e6
    );
    const Judged all = judge_page(loaded.values, *loaded.set, facts, target);
    Set tenth;
    for (std::size_t i = 0; i < loaded.values.size(); i += 10) {
        tenth.push_back(loaded.values[i]);
    }
    const templates::CompiledSet small(tenth);
    const Judged few = judge_page(tenth, small, facts, target);
    fmt::print(
        "judge one answer, {} templates: {:.3f} ms together, {:.3f} ms one by one ({:.1f} x)\n",
        loaded.values.size(),
        all.shared * 1e3,
        all.naive * 1e3,
        all.naive / all.shared
    );
    fmt::print(
        "judge one answer, {} templates: {:.3f} ms together; ten times the templates cost {:.2f} x\n",
        tenth.size(),
        few.shared * 1e3,
        all.shared / few.shared
    );
}

/// CPU for one answer of a whole run against a host that gives the page to every request.
double run_cost(
    const Set& values, const std::vector<templates::Judgement>& judgements, const std::string& page
) {
    const templates::CompiledSet set(values);
    templates::PlanOptions options;
    options.allows_careful = true;
    const auto target = templates::Target::parse("http://site.example").or_throw();
    templates::Plan plan(set, judgements, target, options);
    std::size_t answers = 0;
    const auto start = std::clock();
    while (const auto* request = plan.next()) {
        if (request->protocol != templates::Protocol::http) {
            plan.fail(fengsui::model::Reason::timeout);
            continue;
        }
        ++answers;
        templates::HttpAnswer answer;
        answer.status = 200;
        answer.url = request->http.url();
        answer.headers = {{"Server", "nginx"}, {"Content-Type", "text/html; charset=utf-8"}};
        answer.body = page;
        plan.feed({templates::ResponseFacts::of_http(answer, request->http.dump(), "http://site.example")});
    }
    const double cost = seconds_since(start) / static_cast<double>(answers);
    fmt::print(
        "run of {} templates: {} answers, {:.3f} ms of CPU each\n", values.size(), answers, cost * 1e3
    );
    return cost;
}

void measure_runs(const Loaded& loaded, const std::string& page) {
    Set tenth;
    std::vector<templates::Judgement> judgements;
    for (std::size_t i = 0; i < loaded.values.size(); i += 10) {
        tenth.push_back(loaded.values[i]);
        judgements.push_back(loaded.judgements[i]);
    }
    const double few = run_cost(tenth, judgements, page);
    const double all = run_cost(loaded.values, loaded.judgements, page);
    fmt::print("ten times the templates cost {:.2f} x for an answer\n", all / few);
}

void measure_plan(const Loaded& loaded, bool selects) {
    templates::PlanOptions options;
    const templates::Selection selection(loaded.set->templates(), loaded.judgements);
    options.selection = selects ? &selection : nullptr;
    options.allows_careful = true;
    const auto start = std::clock();
    templates::Plan plan(
        *loaded.set, loaded.judgements, templates::Target::parse("http://site.example").or_throw(), options
    );
    while (const auto* request = plan.next()) {
        if (request->protocol != templates::Protocol::http) {
            plan.fail(fengsui::model::Reason::timeout);
            continue;
        }
        templates::HttpAnswer missing;
        missing.status = 404;
        missing.url = request->http.url();
        plan.feed({templates::ResponseFacts::of_http(missing, request->http.dump(), "http://site.example")});
    }
    fmt::print(
        "plan of one empty host, selection {}: {} requests sent for {} wanted, {:.0f} ms of CPU\n",
        selects ? "on" : "off",
        plan.sent(),
        plan.wanted(),
        seconds_since(start) * 1e3
    );
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: template_speed DIR [PAGE [COUNT]]\n");
        return 2;
    }
    Loaded loaded = load_all(argv[1]);
    const std::string page = argc > 2 && argv[2][0] != '\0'
                                 ? templates::read_template_file(argv[2], 64U << 20U).value_or("")
                                 : made_up_page(170U << 10U);
    measure_matching(loaded, page);
    if (argc > 3) {
        multiply(loaded, std::stoul(argv[3]));
        fmt::print(
            "--- multiplied to {} templates, {} literals\n", loaded.values.size(), loaded.set->literal_count()
        );
        measure_matching(loaded, page);
        measure_runs(loaded, page);
    }
    measure_plan(loaded, false);
    measure_plan(loaded, true);
    return 0;
}
