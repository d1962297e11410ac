// Server-sent events: what happens now, to whoever may read it.
#pragma once

#include "net/http_server.h"
#include "net/runtime.h"
#include "store/query_store.h"
#include "workflow/engine.h"

#include <deque>
#include <list>

namespace fengsui::api {

/// Who may read an event that belongs to no unit.
enum class Audience : bool { everyone, authority };

struct ReaderRights {
    store::VisibleUnits visible;
    Audience audience = Audience::everyone;
};
/// What a reader may see now; nothing ends its stream. Blocking, called on the pool.
using RightsCheck = std::function<std::optional<ReaderRights>()>;

/// I/O thread. A reader that is too slow loses the oldest events, never memory of ours.
class EventHub {
public:
    explicit EventHub(net::Runtime& runtime);
    ~EventHub();
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;

    /// For the readers who see that unit.
    void publish(std::string_view event, const base::Json& data, const model::UnitId& unit);
    /// For readers of that audience; `authority` reads what is for everyone, too.
    void publish(std::string_view event, const base::Json& data, Audience audience);
    /// A change of a record, told once the I/O thread comes to it. Any thread.
    void announce(workflow::Change change);
    /// Writes events to `stream` until its client goes away, `check` (asked every few seconds) gives nothing
    /// or the hub is closed.
    net::Task<> serve(net::ResponseStream& stream, ReaderRights rights, RightsCheck check);
    /// Ends every stream.
    void close();
    [[nodiscard]] std::size_t reader_count() const { return readers_.size(); }

private:
    struct Reader;
    class Seat;
    net::Task<> check_rights(Reader& reader, const RightsCheck& check);
    void tell(
        std::string_view event, const base::Json& data, const std::function<bool(const Reader&)>& may_see
    );
    net::Runtime& runtime_;
    std::list<Reader*> readers_;
    bool is_closed_ = false;
};

} // namespace fengsui::api
