#include "net/standard_input.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/stat.h>
#include <unistd.h>

namespace fengsui::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kLongestLine = 64 * 1024;

bool is_pipe() {
    struct stat status {};
    return ::fstat(STDIN_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

} // namespace

struct StandardInput::Source {
    explicit Source(asio::io_context& io) : descriptor(io, ::dup(STDIN_FILENO)) {}
    asio::posix::stream_descriptor descriptor;
};

StandardInput::StandardInput(Runtime& runtime, std::function<void(std::string)> on_line)
    : on_line_(std::move(on_line)), source_(is_pipe() ? std::make_unique<Source>(runtime.io()) : nullptr) {}

StandardInput::~StandardInput() = default;

Task<> StandardInput::run() {
    if (!source_) {
        co_return;
    }
    std::string buffer;
    boost::system::error_code failure;
    while (true) {
        auto read = asio::async_read_until(
            source_->descriptor,
            asio::dynamic_buffer(buffer, kLongestLine),
            '\n',
            asio::redirect_error(asio::use_awaitable, failure)
        );
        const std::size_t length = co_await std::move(read);
        if (failure) {
            co_return;
        }
        on_line_(buffer.substr(0, length - 1));
        buffer.erase(0, length);
    }
}

void StandardInput::close() {
    if (source_) {
        source_->descriptor.close();
    }
}

} // namespace fengsui::net
