// `template validate|list|explain`: what loads, what is refused and why, which requests it would send.
#include "fengsui/command_line.h"
#include "fengsui/commands.h"
#include "fengsui/output.h"
#include "fengsui/templates.h"

#include "template/compiled_set.h"
#include "template/result_line.h"

#include <fmt/format.h>

#include <map>

namespace fengsui::apps {

namespace {

using base::Json;
using base::message;

enum class Detail : std::uint8_t { validate, list, explain };

constexpr std::size_t kShortList = 50;
constexpr std::size_t kWholeList = 1000;

struct TemplateWords {
    std::vector<std::string> paths;
    std::optional<std::string> format;
};

/// How many came to what, by reason.
struct Counts {
    std::size_t files = 0;
    std::size_t invalid = 0;
    std::map<std::string, std::size_t> by_result;
};

std::string status_of(const ReadTemplate& read) {
    return read.is_valid() ? (read.is_runnable() ? "runnable" : "refused") : "invalid";
}

/// The class of a runnable one, the rule of a refused one.
std::string kind_of(const ReadTemplate& read, base::Language language) {
    if (!read.is_valid()) {
        return {};
    }
    const auto& judgement = *read.judgement;
    const auto words =
        read.is_runnable()
            ? message(language, fmt::format("template.class.{}", to_string(judgement.send_class)))
            : rule_words(language, judgement.refusal.rule);
    return std::string(words);
}

std::size_t gated_operators(const ReadTemplate& read, std::size_t& operators) {
    const templates::CompiledSet set({read.loaded.value});
    operators = set.operator_count();
    return set.gated_count();
}

void print_detail(const ReadTemplate& read, base::Language language) {
    const auto text = [language](std::string_view key) {
        return fmt::runtime(message(language, key));
    };
    std::size_t operators = 0;
    const auto gated = gated_operators(read, operators);
    print_text("    " + fmt::format(text("template.gates"), gated, operators));
    print_text("    " + fmt::format(text("template.requests"), read.judgement->request_count));
    for (const auto& request : read.judgement->requests) {
        print_text("      " + request);
    }
    if (read.judgement->request_count > read.judgement->requests.size()) {
        const auto more = read.judgement->request_count - read.judgement->requests.size();
        print_text("      " + fmt::format(text("summary.more"), more));
    }
}

/// One line: path, id, status, class or rule, signature; below it what is wrong, and for `explain` the rest.
void print_read(const ReadTemplate& read, Detail detail, base::Language language) {
    const std::string status(message(language, "template.status." + status_of(read)));
    std::string line = fmt::format("{}  [{}]  {}", read.path, read.loaded.id, status);
    if (read.is_valid()) {
        const auto signature = fmt::format("template.signature.{}", to_string(read.loaded.value->signature));
        line += fmt::format("  {}  {}", kind_of(read, language), message(language, signature));
    }
    print_text(line);
    for (const auto& fault : read.loaded.faults) {
        print_text("    " + fault.str());
    }
    if (read.judgement && read.judgement->refusal) {
        print_text("    " + read.judgement->refusal.message);
    }
    if (detail == Detail::explain && read.is_valid()) {
        print_detail(read, language);
    }
}

Json line_of(const ReadTemplate& read, Detail detail) {
    const auto* judgement = read.judgement ? &*read.judgement : nullptr;
    Json line = templates::template_status_line(read.loaded, read.path, judgement);
    if (detail == Detail::explain && read.is_valid()) {
        std::size_t operators = 0;
        const auto gated = gated_operators(read, operators);
        line.set("operators", std::uint64_t{operators}).set("gated_operators", std::uint64_t{gated});
    }
    return line;
}

/// On standard error in a pipe: it is not a result line.
void print_counts(const Counts& counts, const Settings& settings) {
    std::string text = fmt::format(fmt::runtime(message(settings.language, "template.files")), counts.files);
    for (const auto& [result, count] : counts.by_result) {
        text += fmt::format("\n  {:>6}  {}", count, result);
    }
    if (settings.format == OutputFormat::jsonl) {
        print_error(settings.language, text);
    } else {
        print_text("\n" + text);
    }
}

/// Beside the result lines, as the counts are.
void print_pack(const ReadPack& pack, const Settings& settings) {
    const auto text = fmt::format(
        fmt::runtime(message(settings.language, "template.pack")),
        pack.path,
        pack.sha256,
        pack.files,
        pack.left_out
    );
    if (settings.format == OutputFormat::jsonl) {
        print_error(settings.language, text);
    } else {
        print_text("\n" + text);
    }
}

int run_templates(const TemplateWords& words, Detail detail, TypedOptions& typed) {
    typed.format = words.format;
    const Settings settings = resolve_settings(typed);
    Counts counts;
    const auto listed = detail == Detail::explain ? kWholeList : kShortList;
    const auto packs = read_templates(words.paths, settings, listed, [&](const ReadTemplate& read) {
        ++counts.files;
        counts.invalid += read.is_valid() ? 0 : 1;
        std::string result(message(settings.language, "template.status." + status_of(read)));
        result += read.is_valid() ? ", " + kind_of(read, settings.language) : "";
        ++counts.by_result[result];
        if (settings.format == OutputFormat::jsonl) {
            print_line(line_of(read, detail));
        } else if (detail != Detail::validate || !read.is_runnable()) {
            print_read(read, detail, settings.language);
        }
    });
    for (const auto& pack : packs) {
        print_pack(pack, settings);
    }
    print_counts(counts, settings);
    return counts.invalid == 0 ? 0 : 2;
}

void add_one(Command& command, const std::string& name, Detail detail, TypedOptions& typed) {
    const auto words = std::make_shared<TemplateWords>();
    Command one = command.add(name, "help.template." + name);
    one.arguments("DIR|FILE", words->paths, "help.argument.templates");
    one.text("--format", words->format, "help.option.format");
    one.run([words, detail, &typed] { return run_templates(*words, detail, typed); });
}

} // namespace

void add_template_command(Command& root, TypedOptions& typed) {
    Command command = root.add("template", "help.template");
    add_one(command, "validate", Detail::validate, typed);
    add_one(command, "list", Detail::list, typed);
    add_one(command, "explain", Detail::explain, typed);
}

} // namespace fengsui::apps
