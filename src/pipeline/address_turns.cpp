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

namespace {

struct Line {
    unsigned holding = 0;
    std::deque<asio::steady_timer*> waiting;
};

} // namespace

/// Who holds and who waits for an address; the entry exists while somebody holds a turn.
struct AddressTurns::State {
    State(net::Runtime& with, unsigned limit) : runtime(with), at_once(limit) {}
    net::Runtime& runtime;
    unsigned at_once;
    std::unordered_map<model::IpAddress, Line> lines;
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

AddressTurns::AddressTurns(net::Runtime& runtime, unsigned at_once)
    : state_(std::make_unique<State>(runtime, at_once)) {}

AddressTurns::~AddressTurns() = default;

net::Task<AddressTurns::Turn> AddressTurns::take(model::IpAddress address) {
    Line& line = state_->lines[address];
    if (line.holding < state_->at_once) {
        ++line.holding;
        co_return Turn(*this, address);
    }
    asio::steady_timer turn(state_->runtime.io(), asio::steady_timer::time_point::max());
    line.waiting.push_back(&turn);
    boost::system::error_code ignored;
    auto wait = turn.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_await std::move(wait);
    co_return Turn(*this, address);
}

/// Hands the turn to the next in line, or gives it back.
void AddressTurns::release(const model::IpAddress& address) {
    const auto entry = state_->lines.find(address);
    Line& line = entry->second;
    if (!line.waiting.empty()) {
        asio::steady_timer* next = line.waiting.front();
        line.waiting.pop_front();
        next->cancel();
    } else if (--line.holding == 0) {
        state_->lines.erase(entry);
    }
}

} // namespace fengsui::pipeline
