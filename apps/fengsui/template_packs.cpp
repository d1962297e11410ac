#include "fengsui/template_packs.h"

#include "fengsui/templates.h"

#include "base/log.h"
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::apps {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kBetweenLooks{30};

/// Changes when a file below the path does: number, sizes and times.
std::string stamp_of(const fs::path& path) {
    std::error_code failure;
    std::uintmax_t bytes = 0;
    std::size_t count = 0;
    fs::file_time_type::rep newest = 0;
    const auto add = [&](const fs::path& file) {
        ++count;
        bytes += fs::file_size(file, failure);
        newest = std::max(newest, fs::last_write_time(file, failure).time_since_epoch().count());
    };
    if (fs::is_regular_file(path, failure)) {
        add(path);
    } else if (fs::is_directory(path, failure)) {
        for (const auto& file : templates::template_files(path)) {
            add(file);
        }
    }
    return fmt::format("{} {} {}", count, bytes, newest);
}

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> out;
    for (const auto part : base::split(text, ',')) {
        if (const auto word = base::trim(part); !word.empty()) {
            out.emplace_back(word);
        }
    }
    return out;
}

/// The whole pack compiled; null with a line in the log: it is not to be used.
std::shared_ptr<const pipeline::TemplateSet> load_pack(
    const TemplatePackSetting& setting, const Settings& settings
) {
    std::vector<std::shared_ptr<const templates::Template>> all;
    std::vector<templates::Judgement> judgements;
    std::vector<std::string> unloaded;
    const auto archives = read_templates({setting.path}, settings, 1, [&](ReadTemplate read) {
        if (!read.is_valid()) {
            const auto& faults = read.loaded.faults;
            base::log_warning(fmt::format("{}: {}", read.path, faults.empty() ? "" : faults.front().str()));
            unloaded.push_back(read.loaded.id.empty() ? fs::path(read.path).stem().string() : read.loaded.id);
            return;
        }
        all.push_back(read.loaded.value);
        judgements.push_back(std::move(*read.judgement));
    });
    const std::string seen = archives.empty() ? std::string() : archives.front().sha256;
    if (!setting.sha256.empty() && base::to_lower(setting.sha256) != seen) {
        base::log_warning(fmt::format("{}: SHA-256 is {}, not the one configured", setting.path, seen));
        return nullptr;
    }
    if (all.empty()) {
        base::log_warning(fmt::format("{}: no template loads", setting.path));
        return nullptr;
    }
    auto set = std::make_shared<pipeline::TemplateSet>(std::move(all), std::move(judgements));
    set->unloaded = std::move(unloaded);
    set->selection.emplace(set->compiled.templates(), set->judgements);
    set->allows_careful = setting.probe_class != "passive";
    base::log_info(fmt::format(
        "{}: {} templates, SHA-256 {}", setting.path, set->judgements.size(), seen.empty() ? "-" : seen
    ));
    return set;
}

} // namespace

TemplatePacks::TemplatePacks(net::Runtime& runtime, const Settings& settings)
    : settings_(settings), repeater_(runtime, kBetweenLooks) {
    for (const auto& setting : settings.template_packs) {
        if (setting.probe_class != "passive" && setting.probe_class != "careful") {
            throw base::Error(
                base::ErrorCode::invalid_argument,
                fmt::format("templates: probe_class \"{}\" is not passive or careful", setting.probe_class)
            );
        }
        packs_.push_back({setting, words_of(setting.units), {}, nullptr, nullptr});
    }
}

void TemplatePacks::prepare() {
    for (auto& pack : packs_) {
        const auto stamp = stamp_of(pack.setting.path);
        pack.next = stamp == pack.stamp ? nullptr : load_pack(pack.setting, settings_);
        pack.stamp = stamp;
    }
}

net::Task<> TemplatePacks::run() {
    const std::function<void()> work = [this] {
        prepare();
    };
    const std::function<void()> take = [this] {
        for (auto& pack : packs_) {
            if (pack.next != nullptr) {
                pack.set = std::move(pack.next);
            }
        }
    };
    return repeater_.run(work, take);
}

std::vector<std::shared_ptr<const pipeline::TemplateSet>> TemplatePacks::enabled_for(const model::Asset& asset
) const {
    std::vector<std::shared_ptr<const pipeline::TemplateSet>> sets;
    for (const auto& pack : packs_) {
        const bool is_meant =
            pack.units.empty()
            || std::find(pack.units.begin(), pack.units.end(), asset.unit.str()) != pack.units.end();
        if (pack.set != nullptr && is_meant) {
            sets.push_back(pack.set);
        }
    }
    return sets;
}

} // namespace fengsui::apps
