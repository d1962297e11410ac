#include "api/conditions.h"

#include "api/api.h"
#include "api/auth.h"
#include "api/problem.h"
#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace fengsui::api {

namespace {

constexpr std::int64_t kNoRevision = -1;

Problem malformed_tag() {
    return {400, "malformed", "If-Match: give the ETag of the record, e.g. \"3\", or *"};
}

std::int64_t revision_of(std::string_view tag) {
    const bool is_weak = tag.starts_with("W/");
    tag.remove_prefix(is_weak ? 2 : 0);
    const bool is_quoted = tag.size() >= 2 && tag.front() == '"' && tag.back() == '"';
    if (!is_quoted || tag.substr(1, tag.size() - 2).find('"') != std::string_view::npos) {
        throw malformed_tag();
    }
    tag = tag.substr(1, tag.size() - 2);
    std::int64_t revision = 0;
    const auto [end, failure] = std::from_chars(tag.data(), tag.data() + tag.size(), revision);
    const bool is_ours = failure == std::errc() && end == tag.data() + tag.size() && revision > 0;
    return is_ours && !is_weak ? revision : kNoRevision;
}

} // namespace

std::optional<std::vector<std::int64_t>> wanted_revisions(const net::ServerRequest& request) {
    const auto* header = request.header("If-Match");
    if (header == nullptr || base::trim(*header) == "*") {
        return std::nullopt;
    }
    std::vector<std::int64_t> revisions;
    for (const auto tag : base::split(*header, ',')) {
        revisions.push_back(revision_of(base::trim(tag)));
    }
    return revisions;
}

std::optional<std::string> idempotency_key(const net::ServerRequest& request) {
    constexpr std::size_t kLongest = 255;
    const auto* header = request.header("Idempotency-Key");
    if (header == nullptr) {
        return std::nullopt;
    }
    const bool is_visible =
        std::all_of(header->begin(), header->end(), [](char c) { return c > ' ' && c <= '~'; });
    if (header->empty() || header->size() > kLongest || !is_visible) {
        throw Problem(400, "malformed", "Idempotency-Key: 1 to 255 visible ASCII characters");
    }
    return *header;
}

workflow::Request Call::as_request() const {
    workflow::Request asked{actor_of(caller), now, std::nullopt};
    if (const auto revisions = wanted_revisions(request)) {
        // Of several the last: the others are older, and nobody sends them.
        asked.rev = *std::max_element(revisions->begin(), revisions->end());
    }
    return asked;
}

void require_revision(const Call& call, std::int64_t rev) {
    const auto revisions = wanted_revisions(call.request);
    if (revisions && std::find(revisions->begin(), revisions->end(), rev) == revisions->end()) {
        throw Problem(412, "stale", "the record has changed; read it again");
    }
}

} // namespace fengsui::api
