#include "pipeline/task_group.h"

#include "base/error.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace fengsui::pipeline {

namespace asio = boost::asio;

struct TaskGroup::State {
    explicit State(asio::io_context& io) : all_ended(io, asio::steady_timer::time_point::max()) {}
    asio::steady_timer all_ended; ///< cancelled when the last task ends
    std::size_t running = 0;
    std::exception_ptr failure;

    static net::Task<> rest(std::shared_ptr<State> state) {
        boost::system::error_code ignored;
        co_await state->all_ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    static net::Task<> watch(std::shared_ptr<State> state, net::Task<> task) {
        try {
            co_await std::move(task);
        } catch (...) {
            state->failure = state->failure ? state->failure : std::current_exception();
        }
        if (--state->running == 0) {
            state->all_ended.cancel();
        }
    }
};

TaskGroup::TaskGroup(net::Runtime& runtime)
    : runtime_(runtime), state_(std::make_shared<State>(runtime.io())) {}

TaskGroup::~TaskGroup() = default;

void TaskGroup::start(std::string_view name, net::Task<> task) {
    ++state_->running;
    runtime_.spawn(name, State::watch(state_, std::move(task)));
}

net::Task<> TaskGroup::join() {
    while (state_->running > 0) {
        co_await State::rest(state_);
    }
    if (state_->failure) {
        std::rethrow_exception(state_->failure);
    }
}

} // namespace fengsui::pipeline
