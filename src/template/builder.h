// From template text and variables to one request. Private to the module.
#pragma once

#include "template/request.h"

#include <set>

namespace fengsui::templates {

/// Variables of the target; `drops_slash`: the path text begins with `{{BaseURL}}/` or the like.
Variables target_variables(const Target& target, Protocol protocol, bool drops_slash);

/// `{{BaseURL}}:8080/x`: the port that the text names, else the target's.
std::uint16_t port_of_text(std::string_view text, const Target& target);

struct BuildInput {
    const Template* source = nullptr;
    const Block* block = nullptr;
    const Target* target = nullptr;
    std::size_t number = 0;             ///< position in path or raw, from 0
    const Variables* dynamic = nullptr; ///< extracted from answers
    const Variables* context = nullptr; ///< of earlier blocks
    const Variables* given = nullptr;   ///< from outside
    const Variables* payloads = nullptr;
    Environment* environment = nullptr;
};

struct Built {
    PlannedRequest request;
    Variables variables; ///< everything that operators see beside the answer
    Variables payloads;  ///< rendered
    std::string unresolved;
};

/// The request, or why it cannot be made (an expression failed, a raw text is malformed).
base::Result<Built> build_request(const BuildInput& input);

/// A raw request's text taken apart (points 28, 29).
struct RawRequest {
    std::string method;
    std::string path;
    model::HttpHeaders headers;
    std::string body;
    std::string host_annotation;
    std::string sni_annotation;
    int timeout_seconds = 0;
    bool is_once = false;
};
base::Result<RawRequest> parse_raw_request(std::string_view text);

/// utils' path merge: `/blog` and `/blog/admin` give `/blog/admin`.
std::string merge_paths(std::string_view base_path, std::string_view path);

/// The payload combinations of a block, in order.
class PayloadIterator {
public:
    explicit PayloadIterator(const Block& block);
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] bool is_empty() const { return sets_ == nullptr || sets_->empty(); }
    /// Combination `index`, not rendered.
    [[nodiscard]] Variables at(std::size_t index) const;

private:
    const std::vector<PayloadSet>* sets_ = nullptr;
    Attack attack_ = Attack::batteringram;
    std::size_t count_ = 1;
};

} // namespace fengsui::templates
