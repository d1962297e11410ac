#include "fengsui/software_data.h"

#include "base/log.h"
#include "check/knowledge.h"

#include <fmt/format.h>

#include <algorithm>
#include <zlib.h>

namespace fengsui::apps {

namespace {

using base::Error;
using base::ErrorCode;
using check::DataKind;

constexpr std::size_t kPiece = std::size_t{256} * 1024;
constexpr std::size_t kBeginning = std::size_t{64} * 1024;

Error bad_file(const std::filesystem::path& file, std::string_view what) {
    return {ErrorCode::invalid_argument, fmt::format("{}: {}", file.string(), what)};
}

/// zlib reads plain files as they are, and compressed ones opened.
class DataFile {
public:
    explicit DataFile(const std::filesystem::path& path)
        : path_(path), file_(gzopen(path.c_str(), "rb")), buffer_(kPiece, '\0') {
        if (file_ == nullptr) {
            throw bad_file(path, "cannot be read; check its permissions");
        }
    }
    DataFile(const DataFile&) = delete;
    DataFile& operator=(const DataFile&) = delete;
    ~DataFile() { gzclose(file_); }

    std::string_view next() {
        const int got = gzread(file_, buffer_.data(), static_cast<unsigned>(buffer_.size()));
        int failure = Z_OK;
        const char* message = gzerror(file_, &failure);
        if (got < 0 || (failure != Z_OK && failure != Z_STREAM_END)) {
            throw bad_file(path_, fmt::format("after byte {}: {}; is it whole?", read_, message));
        }
        read_ += static_cast<std::uint64_t>(got);
        return std::string_view(buffer_).substr(0, static_cast<std::size_t>(got));
    }

private:
    std::filesystem::path path_;
    gzFile file_;
    std::string buffer_;
    std::uint64_t read_ = 0;
};

struct Candidate {
    std::filesystem::path path;
    DataKind kind = DataKind::unknown;
};

/// `nvdcve-2.0-2024.json.gz` → `nvdcve-2.0-2024`.
std::string plain_name(const std::filesystem::path& path) {
    auto name = path.filename();
    if (name.extension() == ".gz") {
        name = name.stem();
    }
    return name.stem().string();
}

std::vector<Candidate> candidates_in(const std::filesystem::path& directory) {
    std::error_code failure;
    std::vector<Candidate> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
        const auto name = entry.path().filename().string();
        if (!entry.is_regular_file() || name.starts_with('.') || name.ends_with(".md")
            || name.ends_with(".txt")) {
            continue;
        }
        DataFile file(entry.path());
        const auto kind = check::detect_data_kind(file.next().substr(0, kBeginning));
        if (kind == DataKind::unknown) {
            throw bad_file(
                entry.path(),
                "is no data file that is known: NVD JSON 2.0, CISA KEV JSON, EPSS CSV, CNNVD XML, "
                "endoflife.date "
                "JSON or retire.js JSON; take it out of the directory"
            );
        }
        found.push_back({entry.path(), kind});
    }
    if (failure) {
        throw bad_file(
            directory, "is no directory that can be read; check the name given by --software-data"
        );
    }
    std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
        const int by_rank = check::reading_rank(a.kind) - check::reading_rank(b.kind);
        return by_rank != 0 ? by_rank < 0 : a.path < b.path;
    });
    return found;
}

void read_file(const Candidate& candidate, model::Knowledge& into) {
    DataFile file(candidate.path);
    const base::TextSource source = [&file] {
        return file.next();
    };
    const auto report = check::read_data(candidate.kind, plain_name(candidate.path), source, into);
    if (!report) {
        throw bad_file(candidate.path, report.error().message());
    }
    base::log_info(fmt::format(
        "{}: {}, {} entries, {} kept, {} unusable",
        candidate.path.string(),
        check::to_string(candidate.kind),
        report->entries,
        report->kept,
        report->unusable
    ));
}

} // namespace

std::unique_ptr<const model::Knowledge> load_software_data(const std::filesystem::path& directory) {
    if (directory.empty()) {
        return nullptr;
    }
    auto knowledge = std::make_unique<model::Knowledge>();
    for (const auto& candidate : candidates_in(directory)) {
        read_file(candidate, *knowledge);
    }
    return knowledge;
}

} // namespace fengsui::apps
