#include "api/login_guard.h"

namespace fengsui::api {

namespace {

constexpr std::size_t kAttempts = 10;
constexpr auto kWindow = std::chrono::seconds(60);
constexpr std::size_t kNamesKept = 10'000;

} // namespace

int LoginGuard::wait_seconds(const std::string& name, base::Instant now) {
    const std::lock_guard lock(mutex_);
    const auto entry = failures_.find(name);
    if (entry == failures_.end() || entry->second.size() < kAttempts) {
        return 0;
    }
    const auto free_at = entry->second[entry->second.size() - kAttempts] + kWindow;
    const auto left = std::chrono::ceil<std::chrono::seconds>(free_at - now).count();
    return left > 0 ? static_cast<int>(left) : 0;
}

void LoginGuard::note_failure(const std::string& name, base::Instant now) {
    const std::lock_guard lock(mutex_);
    if (failures_.size() >= kNamesKept) {
        forget_old(now);
    }
    auto& times = failures_[name];
    times.push_back(now);
    while (times.size() > kAttempts) {
        times.pop_front();
    }
}

void LoginGuard::note_success(const std::string& name) {
    const std::lock_guard lock(mutex_);
    failures_.erase(name);
}

void LoginGuard::forget_old(base::Instant now) {
    std::erase_if(failures_, [&](const auto& entry) { return entry.second.back() + kWindow <= now; });
}

} // namespace fengsui::api
