#include "base/text.h"
#include "check/common/exposure_proof.h"

#include <algorithm>
#include <initializer_list>

namespace fengsui::check {

namespace {

bool has_all(std::string_view text, std::initializer_list<std::string_view> marks) {
    return std::all_of(marks.begin(), marks.end(), [&](auto mark) {
        return text.find(mark) != std::string_view::npos;
    });
}

std::string_view kind_of(std::string_view text) {
    // mod_status, for people and with ?auto; ngx_http_stub_status_module.
    if (has_all(text, {"Apache Server Status for", "Server uptime"})
        || has_all(text, {"Total Accesses:", "BusyWorkers:"})) {
        return "Apache Server Status";
    }
    return has_all(text, {"Active connections:", "server accepts handled requests"}) ? "nginx stub_status"
                                                                                     : "";
}

/// The line that begins with `label`, without tags and addresses of visitors.
std::string line_of(std::string_view text, std::string_view label) {
    const auto at = text.find(label);
    if (at == std::string_view::npos) {
        return {};
    }
    const auto rest = text.substr(at, 120);
    return base::scrub_utf8(base::trim(rest.substr(0, rest.find_first_of("<\r\n"))));
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    const auto kind = kind_of(exchange.body);
    if (kind.empty()) {
        return std::nullopt;
    }
    const auto label = kind == "nginx stub_status" ? "Active connections:" : "Server Version:";
    return FileProof{std::string(kind), line_of(exchange.body, label), {}, {}};
}

} // namespace

model::Verdict exposure_server_status(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.server_status", prove, false});
}

} // namespace fengsui::check
