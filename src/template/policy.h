// What may be sent (contracts.md section 4): judged at load from the compiled requests, and again when sent.
#pragma once

#include "template/request.h"

namespace fengsui::templates {

enum class SendClass : std::uint8_t { passive, careful, refused };
std::string_view to_string(SendClass send_class);

/// The clauses of the table, one each.
enum class Rule : std::uint8_t {
    none,
    method,
    body,
    credentials,
    payload_text,
    claiming_header,
    annotation_host,
    other_host,
    unsafe_request,
    race,
    fuzzing,
    callback,
    self_contained,
    protocol,
    tcp_data,
    tag,
    script_flow,
    header_lines,
    path_escape,
    function,
    too_many_requests,
    unsupported,
};
std::string_view to_string(Rule rule);

struct Refusal {
    Rule rule = Rule::none;
    std::string text;    ///< the offending text, shortened
    std::string message; ///< in English, quoting it
    explicit operator bool() const { return rule != Rule::none; }
};

struct Judgement {
    SendClass send_class = SendClass::refused;
    Refusal refusal;                   ///< of a refused one
    std::vector<std::string> requests; ///< what it would send, for a target called `{{BaseURL}}`
    std::size_t request_count = 0;     ///< all of them; `requests` may be cut
};

/// Pure function of the template: expands its requests against a made-up target.
Judgement judge(const Template& value, std::size_t listed = 50);

/// Before each request is sent: the same rules on the evaluated request, and the connect host. Nothing: go.
Refusal guard_request(const PlannedRequest& request, const Target& target);

/// A path that pages link or that every visitor's software asks for; the others need class careful.
bool is_passive_path(std::string_view request_target, const Target& target);

} // namespace fengsui::templates
