// Promised: 2,500 notices with HTML and PDF in under 3 minutes on 2 cores, that is 144 ms of a core for each.
// Aim: a two-page PDF in 40 ms, warm. The thread counts show whether threads hinder each other.
#include "document_fields.h"

#include <benchmark/benchmark.h>

namespace {

using namespace fengsui;

const workflow::DocumentTemplates& templates() {
    static const auto loaded = workflow::DocumentTemplates::load_builtin();
    return loaded;
}

workflow::DocumentText notice(const std::string& language, int items) {
    return templates().compose("rectify", language, bench::document_fields(language, items));
}

void compose_notice(benchmark::State& state) {
    const auto fields = bench::document_fields("zh-CN", 3);
    for (auto step : state) {
        benchmark::DoNotOptimize(templates().compose("rectify", "zh-CN", fields));
    }
}
BENCHMARK(compose_notice)->Unit(benchmark::kMillisecond);

void notice_html(benchmark::State& state) {
    const auto text = notice("zh-CN", static_cast<int>(state.range(0)));
    for (auto step : state) {
        benchmark::DoNotOptimize(workflow::to_html(text));
    }
}
BENCHMARK(notice_html)->Arg(3)->Arg(200)->Unit(benchmark::kMillisecond);

void notice_pdf(benchmark::State& state) {
    const auto text = notice("zh-CN", static_cast<int>(state.range(0)));
    for (auto step : state) {
        benchmark::DoNotOptimize(workflow::to_pdf(text));
    }
}
BENCHMARK(notice_pdf)->Arg(3)->Arg(200)->Unit(benchmark::kMillisecond);
BENCHMARK(notice_pdf)->Arg(3)->Threads(2)->UseRealTime()->Unit(benchmark::kMillisecond);

void letter_pdf(benchmark::State& state) {
    const auto text = notice("en", 3);
    for (auto step : state) {
        benchmark::DoNotOptimize(workflow::to_pdf(text));
    }
}
BENCHMARK(letter_pdf)->Unit(benchmark::kMillisecond);

/// A short notice: two pages with the 版记 on the second.
void short_notice_pdf(benchmark::State& state) {
    auto fields = bench::document_fields("zh-CN", 1);
    fields.set("attachments", nullptr);
    const auto text = templates().compose("withdrawal", "zh-CN", fields);
    for (auto step : state) {
        benchmark::DoNotOptimize(workflow::to_pdf(text));
    }
}
BENCHMARK(short_notice_pdf)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
