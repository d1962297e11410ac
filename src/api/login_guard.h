// Against guessing: after ten wrong passwords for one name within a minute that name has to wait.
#pragma once

#include "base/time.h"

#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

namespace fengsui::api {

/// Known and unknown names are counted alike, so that the answer tells nothing. Any thread.
class LoginGuard {
public:
    /// Seconds to wait, or 0 when an attempt may be made now.
    int wait_seconds(const std::string& name, base::Instant now);
    void note_failure(const std::string& name, base::Instant now);
    void note_success(const std::string& name);

private:
    void forget_old(base::Instant now);

    std::mutex mutex_; ///< guards failures_: handlers run on several pool threads
    std::unordered_map<std::string, std::deque<base::Instant>> failures_;
};

} // namespace fengsui::api
