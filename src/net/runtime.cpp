#include "net/runtime.h"

#include "base/error.h"
#include "base/log.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <csignal>
#include <optional>
#include <string>
#include <unistd.h>

namespace fengsui::net {

namespace asio = boost::asio;

namespace {

constexpr int kInterruptedTwiceStatus = 3; // contracts.md section 1: could not finish
constexpr std::size_t kPoolThreads = 6;    // more than cores: those who wait for the disk wait together

void log_failure(const std::string& name, const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        base::log_error(fmt::format("{}: {}", name, error.what()));
    } catch (...) {
        base::log_error(fmt::format("{}: unknown exception", name));
    }
}

/// Runs the work on the pool, then completes on the handler's own executor.
struct OffloadStart {
    asio::thread_pool* pool;
    std::function<void()> work;

    template <class Handler>
    void operator()(Handler&& handler) {
        auto job = [done = std::forward<Handler>(handler), run = std::move(work)]() mutable {
            std::exception_ptr failure;
            try {
                run();
            } catch (...) {
                failure = std::current_exception();
            }
            run = nullptr; // what it captured is released here, before anybody goes on
            const auto executor = asio::get_associated_executor(done);
            asio::post(executor, [back = std::move(done), failure = std::move(failure)]() mutable {
                back(std::move(failure));
            });
        };
        asio::post(*pool, std::move(job));
    }
};

class Sleeper final : public TrafficMember {
public:
    Sleeper(Runtime& runtime, Deadline::Clock::time_point at)
        : TrafficMember(runtime), timer(runtime.io(), at) {}
    asio::steady_timer timer;

private:
    void do_stop() override { timer.cancel(); }
};

} // namespace

struct Runtime::State {
    asio::io_context io{1}; // one thread runs it; others only post
    asio::thread_pool pool{kPoolThreads};
    std::optional<asio::signal_set> signals;
    std::function<void()> on_signal;
    std::size_t tasks = 0;
    bool is_stopped = false;
    std::uint64_t bytes_received = 0;
    TrafficMember* first_member = nullptr;

    void end_task() {
        if (--tasks == 0) {
            io.stop();
        }
    }

    /// Listeners and signal handlers wait for ever, so the count of tasks and not the lack of work ends it.
    void run_until_idle() {
        const auto guard = asio::make_work_guard(io);
        while (tasks > 0) {
            io.restart();
            io.run();
        }
    }

    void wait_for_signal() {
        signals->async_wait([this](const boost::system::error_code& error, int /*number*/) {
            if (error) {
                return;
            }
            if (!on_signal) {
                _exit(kInterruptedTwiceStatus);
            }
            wait_for_signal();
            std::exchange(on_signal, nullptr)();
        });
    }
};

Runtime::Runtime() : state_(std::make_unique<State>()) {}

Runtime::~Runtime() {
    stop_traffic();
    state_->run_until_idle();
    state_->pool.join();
}

asio::io_context& Runtime::io() {
    return state_->io;
}

void Runtime::spawn(std::string_view name, Task<> task) {
    ++state_->tasks;
    asio::co_spawn(
        state_->io,
        std::move(task),
        [this, name = std::string(name)](const std::exception_ptr& failure) {
            if (failure) {
                log_failure(name, failure);
            }
            state_->end_task();
        }
    );
}

void Runtime::run(Task<> main_task) {
    std::exception_ptr failure;
    ++state_->tasks;
    asio::co_spawn(state_->io, std::move(main_task), [this, &failure](std::exception_ptr thrown) {
        failure = std::move(thrown);
        state_->end_task();
    });
    state_->run_until_idle();
    if (failure) {
        std::rethrow_exception(failure);
    }
}

std::size_t Runtime::task_count() const {
    return state_->tasks;
}

Task<> Runtime::offload(std::function<void()> work) {
    OffloadStart start{&state_->pool, std::move(work)};
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(std::exception_ptr)>(
        std::move(start), asio::use_awaitable
    );
}

Task<bool> Runtime::sleep_until(Deadline::Clock::time_point at) {
    if (is_traffic_stopped()) {
        co_return false;
    }
    Sleeper sleeper(*this, at);
    boost::system::error_code ignored; // cancelled means stopped, which the flag says
    co_await sleeper.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_return !is_traffic_stopped();
}

void Runtime::on_interrupt(std::function<void()> on_signal) {
    state_->on_signal = std::move(on_signal);
    state_->signals.emplace(state_->io, SIGINT, SIGTERM);
    state_->wait_for_signal();
}

Task<> Runtime::wait_for_interrupt() {
    asio::steady_timer interrupted(state_->io, asio::steady_timer::time_point::max());
    on_interrupt([&interrupted] { interrupted.cancel(); });
    boost::system::error_code ignored;
    co_await interrupted.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void Runtime::stop_traffic() {
    if (state_->is_stopped) {
        return;
    }
    state_->is_stopped = true;
    TrafficMember* member = state_->first_member;
    while (member != nullptr) {
        TrafficMember* next = member->next_;
        member->do_stop();
        member = next;
    }
}

void Runtime::count_received(std::size_t bytes) {
    state_->bytes_received += bytes;
}

std::uint64_t Runtime::bytes_received() const {
    return state_->bytes_received;
}

void Runtime::resume_traffic() {
    state_->is_stopped = false;
}

bool Runtime::is_traffic_stopped() const {
    return state_->is_stopped;
}

TrafficMember::TrafficMember(Runtime& runtime) : runtime_(runtime), next_(runtime.state_->first_member) {
    if (next_ != nullptr) {
        next_->previous_ = this;
    }
    runtime.state_->first_member = this;
}

TrafficMember::~TrafficMember() {
    if (previous_ != nullptr) {
        previous_->next_ = next_;
    } else {
        runtime_.state_->first_member = next_;
    }
    if (next_ != nullptr) {
        next_->previous_ = previous_;
    }
}

} // namespace fengsui::net
