#include "api/events.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace fengsui::api {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kBacklog = 200;
/// Comment lines keep proxies from closing a silent stream.
constexpr auto kHeartbeat = std::chrono::seconds(15);
/// So long a revoked token or a disabled user may go on reading.
constexpr auto kRightsLast = std::chrono::seconds(5);

} // namespace

struct EventHub::Reader {
    using Time = std::chrono::steady_clock::time_point;
    Reader(asio::io_context& io, ReaderRights its) : rights(std::move(its)), bell(io) {}
    [[nodiscard]] bool may_see(const model::UnitId& unit) const { return rights.visible.contain(unit); }
    ReaderRights rights;
    bool is_welcome = true;
    std::deque<std::string> waiting;
    asio::steady_timer bell; ///< cancelled when something waits
    Time checked_at = std::chrono::steady_clock::now();
    Time written_at = std::chrono::steady_clock::now();
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
        return audience == Audience::everyone || reader.rights.audience == Audience::authority;
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

void EventHub::announce(workflow::Change change) {
    asio::post(runtime_.io(), [this, told = std::move(change)] {
        const auto data = base::Json::object(
            {{"collection", told.collection},
             {"id", told.id},
             {"unit", told.unit.str()},
             {"event", told.event},
             {"state", told.state},
             {"rev", told.rev}}
        );
        tell("change", data, [&told](const Reader& reader) {
            return reader.may_see(told.unit)
                   && (!told.is_internal || reader.rights.audience == Audience::authority);
        });
    });
}

/// Changes of roles, unit or subtree count for what waits from now on.
net::Task<> EventHub::check_rights(Reader& reader, const RightsCheck& check) {
    std::optional<ReaderRights> rights;
    const std::function<void()> work = [&] {
        rights = check();
    };
    co_await runtime_.offload(work);
    reader.checked_at = std::chrono::steady_clock::now();
    reader.is_welcome = rights.has_value();
    if (rights) {
        reader.rights = std::move(*rights);
    }
}

net::Task<> EventHub::serve(net::ResponseStream& stream, ReaderRights rights, RightsCheck check) {
    Reader reader(runtime_.io(), std::move(rights));
    const Seat seat(readers_, &reader);
    reader.waiting.emplace_back(": welcome\n\n");
    bool is_open = true;
    while (is_open && !is_closed_) {
        if (reader.waiting.empty()) {
            boost::system::error_code ignored;
            reader.bell.expires_at(reader.checked_at + kRightsLast);
            auto wait = reader.bell.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            co_await std::move(wait);
        }
        const auto now = std::chrono::steady_clock::now();
        if (now >= reader.checked_at + kRightsLast) {
            auto checked = check_rights(reader, check);
            co_await std::move(checked);
        }
        if (is_closed_ || !reader.is_welcome) {
            break;
        }
        if (reader.waiting.empty() && now >= reader.written_at + kHeartbeat) {
            reader.waiting.emplace_back(": still here\n\n");
        }
        if (!reader.waiting.empty()) {
            std::string piece = std::move(reader.waiting.front());
            reader.waiting.pop_front();
            reader.written_at = now;
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
