// Few targets at a time on one destination address: names that share a host wait for one another before
// their own deadline begins to run.
#pragma once

#include "model/address.h"
#include "net/task.h"

#include <memory>

namespace fengsui::net {
class Runtime;
}

namespace fengsui::pipeline {

class AddressTurns {
public:
    /// Held while a target is looked at; the next in line goes on when it is destroyed.
    class Turn {
    public:
        Turn() = default;
        Turn(Turn&& other) noexcept;
        Turn& operator=(Turn&& other) noexcept;
        ~Turn();

    private:
        friend class AddressTurns;
        Turn(AddressTurns& owner, const model::IpAddress& address) : owner_(&owner), address_(address) {}
        AddressTurns* owner_ = nullptr;
        model::IpAddress address_;
    };

    /// At most `at_once` hold a turn of the same address.
    AddressTurns(net::Runtime& runtime, unsigned at_once);
    ~AddressTurns();
    AddressTurns(const AddressTurns&) = delete;
    AddressTurns& operator=(const AddressTurns&) = delete;

    /// In the order of asking.
    net::Task<Turn> take(model::IpAddress address);

private:
    struct State;
    void release(const model::IpAddress& address);
    std::unique_ptr<State> state_;
};

} // namespace fengsui::pipeline
