#include "base/text.h"
#include "check/common/exposure_proof.h"

#include <algorithm>
#include <iterator>

namespace fengsui::check {

namespace {

constexpr std::string_view kMarks[] = {
    "phpinfo()",
    "Build Date",
    "Server API",
    "Loaded Configuration File",
    "PHP API",
    "Zend Extension",
    "Registered PHP Streams"};
constexpr std::size_t kMarksNeeded = 3;

/// The digits after "PHP Version", past the tags between them.
std::string version_of(std::string_view text) {
    const auto at = text.find("PHP Version");
    const auto near = at == std::string_view::npos ? std::string_view() : text.substr(at + 11, 80);
    const auto first = near.find_first_of("0123456789");
    if (first == std::string_view::npos) {
        return {};
    }
    const auto end = near.find_first_of("< \r\n", first);
    return base::scrub_utf8(near.substr(first, end == std::string_view::npos ? 16 : end - first));
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    const std::string_view text = exchange.body;
    const auto count = std::count_if(std::begin(kMarks), std::end(kMarks), [&](auto mark) {
        return text.find(mark) != std::string_view::npos;
    });
    const auto version = version_of(text);
    if (version.empty() || static_cast<std::size_t>(count) < kMarksNeeded) {
        return std::nullopt;
    }
    return FileProof{
        "phpinfo() page", "PHP Version " + version, base::Json::object({{"php_version", version}}), {}};
}

} // namespace

model::Verdict exposure_phpinfo(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.phpinfo", prove, false});
}

} // namespace fengsui::check
