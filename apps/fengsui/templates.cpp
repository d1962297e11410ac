#include "fengsui/templates.h"

#include "base/messages.h"
#include "base/text.h"
#include "template/pack.h"

#include <fmt/format.h>

#include <atomic>
#include <thread>
#include <unordered_set>

namespace fengsui::apps {

namespace {

namespace fs = std::filesystem;

templates::LoadResult unreadable(std::string message) {
    templates::LoadResult result;
    result.faults.push_back({0, "", "", std::move(message)});
    return result;
}

constexpr std::size_t kMaxArchive = 128U << 20U;
constexpr unsigned kMaxThreads = 8;

/// One template that is to be read.
struct Job {
    std::string path; ///< shown
    fs::path root;
    fs::path file;
    std::shared_ptr<const templates::Pack> pack; ///< shared by the jobs of one archive; null: a file
    std::string name;                            ///< in the pack
    std::string obstacle;                        ///< it is known not to load
};

/// A link must not show what lies outside of the folder that was given.
bool leads_outside(const Job& job) {
    std::error_code failure;
    if (!fs::is_symlink(job.file, failure)) {
        return false;
    }
    const auto inside = fs::weakly_canonical(job.root, failure);
    const auto relative = fs::weakly_canonical(job.file, failure).lexically_relative(inside);
    return relative.empty() || *relative.begin() == "..";
}

base::Result<std::string> bytes_of(const Job& job, std::size_t limit) {
    if (job.pack != nullptr) {
        return job.pack->files.find(job.name)->second;
    }
    if (leads_outside(job)) {
        return base::Error(base::ErrorCode::forbidden, "the link leads out of the templates' folder");
    }
    return templates::read_template_file(job.file, limit);
}

ReadTemplate read_template(const Job& job, const Settings& settings, std::size_t listed) {
    ReadTemplate read;
    read.path = job.path;
    if (!job.obstacle.empty()) {
        read.loaded = unreadable(job.obstacle);
        return read;
    }
    templates::LoadOptions options;
    options.path = read.path;
    options.read_helper = job.pack != nullptr ? templates::helper_reader(*job.pack, job.name)
                                              : templates::helper_reader(job.root, job.file);
    options.now = settings.now.value_or(base::now());
    const auto yaml = bytes_of(job, options.max_bytes);
    if (!yaml) {
        read.loaded = unreadable(std::string(yaml.error().message()));
        return read;
    }
    read.loaded = templates::load_template(*yaml, options);
    if (read.is_valid()) {
        read.judgement = templates::judge(*read.loaded.value, listed);
    }
    return read;
}

/// What `ARCHIVE.sha256` says (`HEX  NAME`, as sha256sum writes it); empty: there is no such file.
std::string promised_hash(const fs::path& archive) {
    const auto text = templates::read_template_file(archive.string() + ".sha256", 4096);
    return text ? base::to_lower(base::trim(*text).substr(0, 64)) : std::string();
}

void add_pack(const std::string& path, std::vector<Job>& jobs, std::vector<ReadPack>& packs) {
    const auto refuse = [&](std::string why) {
        jobs.push_back({path, {}, {}, nullptr, {}, std::move(why)});
    };
    const auto bytes = templates::read_template_file(path, kMaxArchive);
    if (!bytes) {
        return refuse(std::string(bytes.error().message()));
    }
    auto read = templates::read_pack(*bytes);
    if (!read) {
        return refuse(std::string(read.error().message()));
    }
    const auto promised = promised_hash(path);
    if (!promised.empty() && promised != read->sha256) {
        return refuse(fmt::format("SHA-256 is {}, but {}.sha256 says {}", read->sha256, path, promised));
    }
    const auto pack = std::make_shared<const templates::Pack>(std::move(read).value());
    packs.push_back({path, pack->sha256, pack->files.size(), pack->left_out});
    for (auto& name : templates::template_names(*pack)) {
        jobs.push_back({path + "/" + name, {}, {}, pack, name, {}});
    }
}

void add_folder(const fs::path& given, std::unordered_set<std::string>& seen, std::vector<Job>& jobs) {
    std::error_code failure;
    const fs::path root = fs::is_directory(given, failure) ? given : given.parent_path();
    for (const auto& file : templates::template_files(given)) {
        if (seen.insert(fs::weakly_canonical(file, failure).string()).second) {
            jobs.push_back({file.string(), root.empty() ? fs::path(".") : root, file, nullptr, {}, {}});
        }
    }
}

} // namespace

bool ReadTemplate::is_runnable() const {
    return judgement && judgement->send_class != templates::SendClass::refused;
}

std::vector<ReadPack> read_templates(
    const std::vector<std::string>& paths,
    const Settings& settings,
    std::size_t listed,
    const std::function<void(ReadTemplate)>& use
) {
    std::unordered_set<std::string> seen;
    std::vector<Job> jobs;
    std::vector<ReadPack> packs;
    for (const auto& path : paths) {
        std::error_code failure;
        if (!fs::exists(path, failure)) {
            jobs.push_back({path, {}, {}, nullptr, {}, "no such file or directory"});
        } else if (templates::is_pack(path) && fs::is_regular_file(path, failure)) {
            add_pack(path, jobs, packs);
        } else {
            add_folder(path, seen, jobs);
        }
    }
    std::vector<ReadTemplate> results(jobs.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < jobs.size(); i = next++) {
            results[i] = read_template(jobs[i], settings, listed);
        }
    };
    {
        std::vector<std::jthread> threads;
        const auto cores = std::min(std::thread::hardware_concurrency(), kMaxThreads);
        for (unsigned i = 1; i < cores && jobs.size() > 32; ++i) {
            threads.emplace_back(work);
        }
        work();
    }
    for (auto& result : results) {
        use(std::move(result));
    }
    return packs;
}

std::string_view rule_words(base::Language language, templates::Rule rule) {
    return base::message(language, fmt::format("template.rule.{}", to_string(rule)));
}

} // namespace fengsui::apps
