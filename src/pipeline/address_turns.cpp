#include "pipeline/address_turns.h"

#include "net/runtime.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>
#include <unordered_map>

namespace fengsui::pipeline {

namespace asio = boost::asio;

/// Who waits for an address; the entry exists while somebody has the turn.
struct AddressTurns::State {
    explicit State(net::Runtime& with) : runtime(with) {}
    net::Runtime& runtime;
    std::unordered_map<model::IpAddress, std::deque<asio::steady_timer*>> waiting;
};

AddressTurns::Turn::Turn(Turn&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)), address_(other.address_) {}

AddressTurns::Turn& AddressTurns::Turn::operator=(Turn&& other) noexcept {
    std::swap(owner_, other.owner_);
    std::swap(address_, other.address_);
    return *this;
}

AddressTurns::Turn::~Turn() {
    if (owner_ != nullptr) {
        owner_->release(address_);
    }
}

AddressTurns::AddressTurns(net::Runtime& runtime) : state_(std::make_unique<State>(runtime)) {}

AddressTurns::~AddressTurns() = default;

net::Task<AddressTurns::Turn> AddressTurns::take(model::IpAddress address) {
    const auto [entry, is_free] = state_->waiting.try_emplace(address);
    if (!is_free) {
        asio::steady_timer turn(state_->runtime.io(), asio::steady_timer::time_point::max());
        entry->second.push_back(&turn);
        boost::system::error_code ignored;
        auto wait = turn.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_await std::move(wait);
    }
    co_return Turn(*this, address);
}

void AddressTurns::release(const model::IpAddress& address) {
    const auto entry = state_->waiting.find(address);
    if (entry->second.empty()) {
        state_->waiting.erase(entry);
        return;
    }
    asio::steady_timer* next = entry->second.front();
    entry->second.pop_front();
    next->cancel();
}

} // namespace fengsui::pipeline
