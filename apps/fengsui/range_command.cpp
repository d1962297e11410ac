// `range`: the practice range in the foreground, until a signal.
#include "fengsui/command_line.h"
#include "fengsui/commands.h"
#include "fengsui/output.h"

#include "base/text.h"
#include "net/runtime.h"
#include "net/standard_input.h"
#include "range/range.h"

#include <fmt/format.h>

namespace fengsui::apps {

namespace {

using base::Json;

struct RangeWords {
    std::optional<std::uint64_t> sites;
    std::optional<std::uint64_t> seed;
    std::optional<std::string> registry;
    std::optional<std::string> truth;
    std::optional<std::string> trust;
    std::optional<std::string> resolver;
    std::optional<std::string> base;
    std::optional<std::string> format;
};

model::IpAddress parse_address(const std::string& option, const std::string& text) {
    auto address = model::IpAddress::parse(text);
    if (!address) {
        throw base::Error(
            base::ErrorCode::invalid_argument, fmt::format("{}: {}", option, address.error().message())
        );
    }
    return *address;
}

range::RangeOptions range_options(const RangeWords& words, const TypedOptions& typed) {
    range::RangeOptions options;
    if (words.sites && *words.sites > range::kMaxSites) {
        throw base::Error(
            base::ErrorCode::invalid_argument,
            fmt::format("--sites: at most {} in one process", range::kMaxSites)
        );
    }
    options.sites = static_cast<unsigned>(words.sites.value_or(options.sites));
    options.seed = words.seed.value_or(options.seed);
    options.registry_file = words.registry;
    options.truth_file = words.truth;
    options.trust_file = words.trust;
    // Not from the environment: the same seed is the same range everywhere.
    options.language = typed.language.value_or("zh");
    if (words.base) {
        options.base_address = parse_address("--base", *words.base);
    }
    if (words.resolver) {
        const auto url = model::Url::parse("http://" + *words.resolver);
        const auto address = url ? url->address() : std::nullopt;
        if (!address) {
            throw base::Error(
                base::ErrorCode::invalid_argument,
                fmt::format(
                    "--resolver: \"{}\" is not ADDRESS:PORT; write it like 127.0.0.1:15353", *words.resolver
                )
            );
        }
        options.resolver_address = *address;
        options.resolver_port = url->has_default_port() ? 53 : url->port;
    }
    return options;
}

/// `{"target":…,"check":…}` on standard input takes that fault away, as its owner would; the answer says
/// whether the site had it.
void mend(range::Range& range, const std::string& line) {
    if (base::trim(line).empty()) {
        return;
    }
    const auto order = base::parse_json(line);
    if (!order || (*order)["target"].as_string().empty() || (*order)["check"].as_string().empty()) {
        print_line(
            Json::object({{"type", "error"}, {"message", R"(mend a fault with {"target":…,"check":…})"}})
        );
        return;
    }
    const auto& target = (*order)["target"].as_string();
    const auto& check = (*order)["check"].as_string();
    const bool is_mended = range.mend(target, check);
    print_line(
        Json::object({{"type", is_mended ? "mended" : "not_mended"}, {"target", target}, {"check", check}})
    );
}

net::Task<> stay_up(net::Runtime& runtime, net::StandardInput& input) {
    runtime.spawn("standard input", input.run());
    auto interrupted = runtime.wait_for_interrupt();
    co_await std::move(interrupted);
    input.close();
}

int run_range(const RangeWords& words, TypedOptions& typed) {
    typed.format = words.format;
    const Settings settings = resolve_settings(typed);
    net::Runtime runtime;
    range::Range range(runtime, range_options(words, typed));
    range.start();
    const auto ready = range.ready_line();
    if (settings.format == OutputFormat::jsonl) {
        print_line(ready);
    } else {
        const auto sentence = base::message(settings.language, "range.ready");
        print_text(fmt::format(fmt::runtime(sentence), ready["sites"].as_int(), ready["resolver"].as_string())
        );
        std::fflush(stdout);
    }
    net::StandardInput input(runtime, [&range](const std::string& line) { mend(range, line); });
    runtime.run(stay_up(runtime, input));
    range.stop();
    return 0;
}

} // namespace

void add_range_command(Command& root, TypedOptions& typed) {
    const auto words = std::make_shared<RangeWords>();
    Command command = root.add("range", "help.range");
    command.count("--sites", words->sites, "help.option.sites");
    command.count("--seed", words->seed, "help.option.seed");
    command.text("--registry", words->registry, "help.option.range_registry");
    command.text("--truth", words->truth, "help.option.range_truth");
    command.text("--trust", words->trust, "help.option.range_trust");
    command.text("--resolver", words->resolver, "help.option.range_resolver");
    command.text("--base", words->base, "help.option.range_base");
    command.text("--format", words->format, "help.option.format");
    command.run([words, &typed] { return run_range(*words, typed); });
}

} // namespace fengsui::apps
