#include "registry/import.h"

#include "base/text.h"
#include "registry/build/cross_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace fengsui::registry {

namespace {

using base::Error;
using base::ErrorCode;

std::string_view format_of(std::string_view bytes) {
    if (bytes.starts_with("PK\x03\x04")) {
        return "xlsx";
    }
    const auto start = base::trim(bytes.substr(0, 4096)).substr(0, 4);
    const auto text = start.starts_with("\xEF\xBB\xBF") ? start.substr(3) : start;
    return text.starts_with('[') || text.starts_with('{') ? "json" : "csv";
}

void refuse_size(ImportReading& reading, std::uintmax_t size) {
    reading.problems.push_back(
        {0,
         "",
         "file_too_large",
         {fmt::format("文件有 {} MB，上限为 256 MB；请按单位拆分后分别导入", size >> 20U),
          fmt::format(
              "the file has {} MB, the limit is 256 MB; split it by unit and import the parts", size >> 20U
          )}}
    );
}

void read_rows(
    std::string_view bytes, ImportReading& reading, build::RegistryBuilder& builder, table::Problems& problems
) {
    const table::RowSink sink = [&builder](unsigned row, table::Cells& cells) {
        builder.take_row(row, cells);
    };
    if (reading.format == "xlsx") {
        reading.encoding = "UTF-8";
        builder.set_serial_base({}); // rows may be short from the first on
        builder.set_serial_base(table::read_xlsx(bytes, sink, problems));
        return;
    }
    auto decoded = table::decode(bytes, problems);
    reading.encoding = decoded.encoding;
    if (decoded.encoding.empty()) {
        return;
    }
    const auto read = reading.format == "json" ? table::read_json_rows : table::read_csv;
    read(decoded.utf8, sink, problems);
}

std::string read_bytes(const std::filesystem::path& path, std::uintmax_t size) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes(size, '\0');
    if (!file || !file.read(bytes.data(), static_cast<std::streamsize>(size))) {
        throw Error(
            ErrorCode::io, fmt::format("{} cannot be read; see that this user may read it", path.string())
        );
    }
    return bytes;
}

} // namespace

base::Json Problem::to_json() const {
    return base::Json::object(
        {{"type", "problem"},
         {"row", row},
         {"column", column},
         {"code", code},
         {"message", message.to_json()}}
    );
}

ImportReading read_registry_bytes(std::string_view bytes, const model::RegistryData& existing) {
    ImportReading reading;
    if (bytes.size() > table::kLargestFile) {
        refuse_size(reading, bytes.size());
        return reading;
    }
    reading.format = format_of(bytes);
    table::Problems problems;
    build::RegistryBuilder builder(problems);
    read_rows(bytes, reading, builder, problems);
    auto draft = builder.finish(existing);
    build::check_across(draft, existing, problems);
    reading.data = std::move(draft.data);
    reading.custom_columns = std::move(draft.custom_columns);
    reading.rows = draft.rows;
    reading.problems = problems.take();
    std::stable_sort(
        reading.problems.begin(),
        reading.problems.end(),
        [](const Problem& a, const Problem& b) { return a.row < b.row; }
    );
    return reading;
}

ImportReading read_registry_file(const std::filesystem::path& path, const model::RegistryData& existing) {
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure)) {
        throw Error(ErrorCode::invalid_argument, fmt::format("there is no file {}", path.string()));
    }
    const auto size = std::filesystem::file_size(path, failure);
    if (failure) {
        throw Error(ErrorCode::io, fmt::format("{} cannot be read: {}", path.string(), failure.message()));
    }
    if (size > table::kLargestFile) {
        ImportReading reading;
        refuse_size(reading, size);
        return reading;
    }
    return read_registry_bytes(read_bytes(path, size), existing);
}

} // namespace fengsui::registry
