#include "api/events.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace fengsui::api {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kBacklog = 200;
/// Comment lines keep proxies from closing a silent stream.
constexpr auto kHeartbeat = std::chrono::seconds(15);

} // namespace

struct EventHub::Reader {
    Reader(asio::io_context& io, store::VisibleUnits may, Audience who)
        : visible(std::move(may)), audience(who), bell(io) {}
    [[nodiscard]] bool may_see(const model::UnitId& unit) const {
        return !visible || std::find(visible->begin(), visible->end(), unit) != visible->end();
    }
    store::VisibleUnits visible;
    Audience audience;
    std::deque<std::string> waiting;
    asio::steady_timer bell; ///< cancelled when something waits
};

/// A place among the readers, given up however the stream ends.
class EventHub::Seat {
public:
    Seat(std::list<Reader*>& readers, Reader* reader)
        : readers_(readers), place_(readers.insert(readers.end(), reader)) {}
    ~Seat() { readers_.erase(place_); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

private:
    std::list<Reader*>& readers_;
    std::list<Reader*>::iterator place_;
};

EventHub::EventHub(net::Runtime& runtime) : runtime_(runtime) {}

EventHub::~EventHub() = default;

void EventHub::publish(std::string_view event, const base::Json& data, const model::UnitId& unit) {
    tell(event, data, [&](const Reader& reader) { return reader.may_see(unit); });
}

void EventHub::publish(std::string_view event, const base::Json& data, Audience audience) {
    tell(event, data, [&](const Reader& reader) {
        return audience == Audience::everyone || reader.audience == Audience::authority;
    });
}

void EventHub::tell(
    std::string_view event, const base::Json& data, const std::function<bool(const Reader&)>& may_see
) {
    if (readers_.empty()) {
        return;
    }
    const std::string text = fmt::format("event: {}\ndata: {}\n\n", event, base::to_text(data));
    for (Reader* reader : readers_) {
        if (!may_see(*reader)) {
            continue;
        }
        if (reader->waiting.size() >= kBacklog) {
            reader->waiting.pop_front();
        }
        reader->waiting.push_back(text);
        reader->bell.cancel();
    }
}

net::Task<> EventHub::serve(net::ResponseStream& stream, store::VisibleUnits visible, Audience audience) {
    Reader reader(runtime_.io(), std::move(visible), audience);
    const Seat seat(readers_, &reader);
    reader.waiting.emplace_back(": welcome\n\n");
    bool is_open = true;
    while (is_open && !is_closed_) {
        if (reader.waiting.empty()) {
            boost::system::error_code ignored;
            reader.bell.expires_after(kHeartbeat);
            auto wait = reader.bell.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            co_await std::move(wait);
        }
        std::string piece =
            reader.waiting.empty() ? std::string(": still here\n\n") : std::move(reader.waiting.front());
        if (!reader.waiting.empty()) {
            reader.waiting.pop_front();
        }
        if (!is_closed_) {
            is_open = co_await stream.write(std::move(piece));
        }
    }
}

void EventHub::close() {
    is_closed_ = true;
    for (Reader* reader : readers_) {
        reader->bell.cancel();
    }
}

} // namespace fengsui::api
