#include "pipeline/repeater.h"

#include "net/runtime.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fengsui::pipeline {

Repeater::Repeater(net::Runtime& runtime, std::chrono::seconds rest)
    : runtime_(runtime), rest_(rest), timer_(runtime.io()) {}

net::Task<> Repeater::run(std::function<void()> work, std::function<void()> take) {
    while (!is_ended_) {
        co_await runtime_.offload(work);
        if (is_ended_) {
            co_return;
        }
        take();
        boost::system::error_code ignored;
        timer_.expires_after(rest_);
        auto wait = timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        co_await std::move(wait);
    }
}

void Repeater::end() {
    is_ended_ = true;
    timer_.cancel();
}

} // namespace fengsui::pipeline
