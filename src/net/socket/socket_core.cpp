#include "net/socket/socket_core.h"

#include "base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <sys/socket.h>

namespace fengsui::net {

namespace {

bool is_own_shortage(int number) {
    return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

} // namespace

model::Outcome outcome_of(const boost::system::error_code& error) {
    if (error.category() != boost::system::system_category()) {
        return model::not_reached(model::Reason::reset); // end of file where more was due
    }
    switch (error.value()) {
    case ECONNREFUSED:
        return model::not_reached(model::Reason::refused);
    case ECONNRESET:
    case EPIPE:
    case ENOTCONN:
    case ECONNABORTED:
    case EBADF:
        return model::not_reached(model::Reason::reset);
    default:
        break;
    }
    if (is_own_shortage(error.value())) {
        throw base::Error(
            base::ErrorCode::io,
            fmt::format(
                "no socket could be had: {}; raise the limit of open files (ulimit -n) or lower the "
                "number of connections",
                error.message()
            )
        );
    }
    // ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EAFNOSUPPORT, EADDRNOTAVAIL, EPERM (firewall): no way there.
    return model::not_reached(model::Reason::timeout);
}

SocketCore::SocketCore(Socket&& connected) : socket(std::move(connected)), timer_(socket.get_executor()) {}

void SocketCore::set_deadline(Deadline deadline) {
    deadline_ = deadline;
    // A later deadline leaves the timer alone: it looks again when it fires.
    if (deadline_.at() < armed_for_) {
        arm();
    }
}

void SocketCore::arm() {
    armed_for_ = deadline_.at();
    timer_.expires_at(armed_for_);
    timer_.async_wait([watched = weak_from_this()](const boost::system::error_code& error) {
        const auto core = watched.lock();
        if (core && !error) {
            core->check_deadline();
        }
    });
}

void SocketCore::check_deadline() {
    armed_for_ = Deadline::Clock::time_point::max();
    if (cause_ != EndCause::none) {
        return;
    }
    if (deadline_.has_passed()) {
        end(EndCause::deadline);
    } else if (deadline_.at() != armed_for_) {
        arm();
    }
}

void SocketCore::end(EndCause cause) {
    if (cause_ != EndCause::none) {
        return;
    }
    cause_ = cause;
    timer_.cancel();
    boost::system::error_code ignored; // nothing can be done about a failing close
    socket.close(ignored);
}

model::Outcome SocketCore::failure(const boost::system::error_code& error) const {
    switch (cause_) {
    case EndCause::none:
        return outcome_of(error);
    case EndCause::deadline:
        return model::not_reached(model::Reason::timeout);
    case EndCause::stopped:
        return model::skipped(model::Reason::stopped);
    case EndCause::closed:
        break;
    }
    return model::not_reached(model::Reason::reset);
}

ssize_t SocketCore::try_receive(char* buffer, std::size_t capacity) {
    const ssize_t count = ::recv(socket.native_handle(), buffer, capacity, MSG_DONTWAIT);
    bytes_read += count > 0 ? static_cast<std::uint64_t>(count) : 0;
    return count;
}

ssize_t SocketCore::try_send(const char* bytes, std::size_t count) {
    const ssize_t sent = ::send(socket.native_handle(), bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    bytes_written += sent > 0 ? static_cast<std::uint64_t>(sent) : 0;
    return sent;
}

} // namespace fengsui::net
