// Time zones: the offset of a named zone at an instant, and local time back to UTC.
#pragma once

#include "base/time.h"

#include <filesystem>
#include <memory>

namespace fengsui::base {

/// What a clock on the wall shows.
using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

/// The rules of one zone. Cheap to copy; UTC unless loaded.
class Zone {
public:
    struct Rules;

    Zone();
    /// UTC+08:00, named Asia/Shanghai: the rule since 1991, without any file.
    static Zone shanghai();
    static Zone fixed(std::string name, std::chrono::seconds offset);
    /// A zone by name: `UTC`, `Z`, `+08:00`, else the TZif file of that name below `folder`; without the
    /// file, Asia/Shanghai is built in. A name that could leave the folder is refused.
    static Result<Zone> load(
        std::string_view name, const std::filesystem::path& folder = "/usr/share/zoneinfo"
    );
    /// The bytes of a TZif file (RFC 9636, versions 1 to 4).
    static Result<Zone> parse(std::string name, std::string_view bytes);

    [[nodiscard]] const std::string& name() const;
    /// What is added to UTC at that instant.
    [[nodiscard]] std::chrono::seconds offset_at(Instant at) const;
    [[nodiscard]] LocalTime to_local(Instant at) const;
    /// The first instant that shows `local`; in a gap, as long after the jump as `local` is after it.
    [[nodiscard]] Instant to_utc(LocalTime local) const;

    bool operator==(const Zone& other) const { return name() == other.name(); }

private:
    explicit Zone(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}

    std::shared_ptr<const Rules> rules_;
};

/// RFC 3339 with the zone's offset at that instant, e.g. `2026-11-24T16:00:00+08:00`.
std::string format_rfc3339(Instant at, const Zone& zone);

} // namespace fengsui::base
