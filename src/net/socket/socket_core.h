// A TCP socket with one deadline and one reason why it ended. Private to net.
#pragma once

#include "model/outcome.h"
#include "net/task.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace fengsui::net {

/// What an error of the operating system means for coverage. Throws base::Error when it is our own
/// shortage (no file descriptors, no memory), which says nothing about the peer.
model::Outcome outcome_of(const boost::system::error_code& error);

enum class EndCause : std::uint8_t { none, closed, deadline, stopped };

/// Owned by its connection; the timer's handler and a listener's list only watch it (weak).
class SocketCore : public std::enable_shared_from_this<SocketCore> {
public:
    using Socket = boost::asio::ip::tcp::socket;
    explicit SocketCore(Socket&& connected);

    Socket socket;

    /// Ends everything under way at `deadline`.
    void set_deadline(Deadline deadline);
    /// Closes the socket; the first cause is the one that operations report.
    void end(EndCause cause);
    [[nodiscard]] EndCause cause() const { return cause_; }
    /// What the failure of an operation comes to, given why the socket was closed.
    [[nodiscard]] model::Outcome failure(const boost::system::error_code& error) const;

    /// Without waiting: bytes moved, or -1 and errno as recv and send give them.
    ssize_t try_receive(char* buffer, std::size_t capacity);
    ssize_t try_send(const char* bytes, std::size_t count);

    std::uint64_t bytes_read = 0; ///< on the wire
    std::uint64_t bytes_written = 0;

private:
    void arm();
    void check_deadline();

    boost::asio::steady_timer timer_;
    Deadline deadline_;
    Deadline::Clock::time_point armed_for_ = Deadline::Clock::time_point::max();
    EndCause cause_ = EndCause::none;
};

} // namespace fengsui::net
