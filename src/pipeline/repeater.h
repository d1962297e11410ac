// A piece of blocking work done again and again while the server runs.
#pragma once

#include "net/task.h"

#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace fengsui::net {
class Runtime;
}

namespace fengsui::pipeline {

/// I/O thread, but for the work.
class Repeater {
public:
    Repeater(net::Runtime& runtime, std::chrono::seconds rest);

    /// `work` on the pool, then `take` here; again after the rest, until `end`.
    net::Task<> run(std::function<void()> work, std::function<void()> take);
    void end();

private:
    net::Runtime& runtime_;
    std::chrono::seconds rest_;
    boost::asio::steady_timer timer_;
    bool is_ended_ = false;
};

} // namespace fengsui::pipeline
