// What falls due while the server runs: fired at its time, caught up with after a stop.
#pragma once

#include "net/task.h"

#include <boost/asio/steady_timer.hpp>

namespace fengsui::net {
class Runtime;
}
namespace fengsui::store {
class Database;
}
namespace fengsui::workflow {
class Engine;
}

namespace fengsui::pipeline {

/// I/O thread. By the machine's clock: one that is set back only makes it wait, one that is set forward fires
/// what lies between, in order.
class Timekeeper {
public:
    Timekeeper(net::Runtime& runtime, workflow::Engine& engine, store::Database& database);

    /// Fires until `end`.
    net::Task<> run();
    /// Something was written: there may be something earlier to wait for.
    void ring();
    void end();

private:
    struct Turn;
    [[nodiscard]] Turn take_turn();

    net::Runtime& runtime_;
    workflow::Engine& engine_;
    store::Database& database_;
    boost::asio::steady_timer rest_;
    bool is_rung_ = false;
    bool is_ended_ = false;
    std::chrono::steady_clock::time_point swept_at_{};
};

} // namespace fengsui::pipeline
