// Whoever answers for an asset may have it looked at out of turn: each asset once in ten minutes.
#pragma once

#include "base/time.h"

#include <mutex>
#include <string>
#include <unordered_map>

namespace fengsui::api {

/// Any thread.
class CheckRequests {
public:
    /// 0 and taken, or the seconds to wait until this asset may be asked for again.
    int take(const std::string& asset, base::Instant now);

private:
    std::mutex mutex_; ///< guards taken_: handlers run on several pool threads
    std::unordered_map<std::string, base::Instant> taken_;
};

} // namespace fengsui::api
