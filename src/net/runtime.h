// One io_context on one thread, one small pool for what blocks, and the switch that ends all traffic.
#pragma once

#include "net/task.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace fengsui::net {

class Runtime {
public:
    Runtime();
    ~Runtime(); ///< stops traffic, waits for every spawned task
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    [[nodiscard]] boost::asio::io_context& io();

    /// Starts a task that this runtime waits for. An exception that leaves it is logged under `name`.
    void spawn(std::string_view name, Task<> task);
    /// Runs `main_task` and everything spawned until all have ended. Rethrows what `main_task` threw.
    void run(Task<> main_task);
    /// Tasks under way.
    [[nodiscard]] std::size_t task_count() const;

    /// Runs blocking `work` on the pool and comes back to the I/O thread; exceptions come through.
    Task<> offload(std::function<void()> work);

    /// Sleeps; ends early (returning false) when traffic is stopped.
    Task<bool> sleep_until(Deadline::Clock::time_point at);

    /// Calls `on_signal` on the I/O thread for SIGINT or SIGTERM (first one only; a second ends the process).
    void on_interrupt(std::function<void()> on_signal);
    /// Ends at the first such signal: what a server that runs in the foreground waits for.
    Task<> wait_for_interrupt();

    /// Ends all traffic to targets at once: open client connections are closed, waiting ones give up with
    /// skipped/stopped, new ones are refused. Idempotent. I/O thread.
    void stop_traffic();
    /// Lets traffic go again after stop_traffic.
    void resume_traffic();
    [[nodiscard]] bool is_traffic_stopped() const;

    /// Bytes received from targets so far, for summaries; client connections report what they read.
    void count_received(std::size_t bytes);
    [[nodiscard]] std::uint64_t bytes_received() const;

private:
    friend class TrafficMember;
    struct State;
    std::unique_ptr<State> state_;
};

/// Something that `stop_traffic` ends: registered while it lives.
class TrafficMember {
public:
    explicit TrafficMember(Runtime& runtime);
    virtual ~TrafficMember();
    TrafficMember(const TrafficMember&) = delete;
    TrafficMember& operator=(const TrafficMember&) = delete;

private:
    friend class Runtime;
    virtual void do_stop() = 0; ///< must not destroy other members synchronously
    Runtime& runtime_;
    TrafficMember* previous_ = nullptr; ///< members form a list: joining and leaving cost nothing
    TrafficMember* next_ = nullptr;
};

} // namespace fengsui::net
