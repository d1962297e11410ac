// The public self-check (`serve --self-check`): anybody may have a registered site or mail domain measured
// and sees what any visitor could measure himself, subtest by subtest; no finding, no evidence, nothing of
// class careful.
#pragma once

#include "base/time.h"

#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

namespace fengsui::net {
struct ServerRequest;
struct ServerResponse;
} // namespace fengsui::net

namespace fengsui::api {

struct Services;

/// Each visitor's address so many looks an hour. Any thread.
class VisitorLimit {
public:
    /// 0 and counted, or the seconds to wait.
    int take(const std::string& address, base::Instant now);

private:
    std::mutex mutex_; ///< guards taken_: handlers run on several pool threads
    std::unordered_map<std::string, std::deque<base::Instant>> taken_;
};

/// Answers GET and POST /self-check: a page without script in the visitor's language. Blocking.
net::ServerResponse self_check(Services& services, const net::ServerRequest& request);

} // namespace fengsui::api
