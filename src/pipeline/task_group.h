// Several coroutines at once, waited for together. I/O thread.
#pragma once

#include "net/runtime.h"

#include <memory>
#include <string_view>

namespace fengsui::pipeline {

class TaskGroup {
public:
    explicit TaskGroup(net::Runtime& runtime);
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts `task`; an exception that leaves it is rethrown by `join` (the first one).
    void start(std::string_view name, net::Task<> task);
    /// Ends when every started task has ended. Must be awaited before destruction.
    net::Task<> join();

private:
    struct State;
    net::Runtime& runtime_;
    std::shared_ptr<State> state_; ///< shared with the tasks under way
};

} // namespace fengsui::pipeline
