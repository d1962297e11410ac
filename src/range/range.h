// The practice range: a made-up district on loopback, with its own name server, web and mail servers and
// known faults (contracts.md section 5).
#pragma once

#include "base/json.h"
#include "model/address.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace fengsui::net {
class Runtime;
}

namespace fengsui::range {

struct RangeOptions {
    unsigned sites = 50;
    std::uint64_t seed = 1;
    std::optional<std::filesystem::path> registry_file; ///< CSV
    std::optional<std::filesystem::path> truth_file;    ///< JSON lines
    std::optional<std::filesystem::path> trust_file;    ///< PEM
    model::IpAddress resolver_address = model::IpAddress::v4(0x7f000001);
    std::uint16_t resolver_port = 15353; ///< 0: a free one
    std::optional<model::IpAddress>
        base_address;            ///< of the sites; otherwise by the seed, within 127.64.0.0/9
    std::string language = "zh"; ///< of names and pages: zh or en
};

inline constexpr unsigned kMaxSites = 2500; ///< in one process

/// I/O thread. The same options give the same files, sites and answers; only certificates' dates follow
/// the day. Where ports below 1024 are not permitted sites stand at 8080 and 8443 and there is no mail;
/// where ::1 is missing no site has IPv6.
class Range {
public:
    /// Throws base::Error (invalid_argument) for options that cannot be.
    Range(net::Runtime& runtime, RangeOptions options);
    ~Range(); ///< stops
    Range(const Range&) = delete;
    Range& operator=(const Range&) = delete;

    /// Listens everywhere and writes the files, whole. Throws base::Error (io) that names the address and
    /// port, or the file, when it cannot; nothing listens then.
    void start();
    /// No more connections; those under way are closed.
    void stop();

    /// `{"type":"ready","sites":…,"resolver":…,…}`
    [[nodiscard]] base::Json ready_line() const;
    /// The truth as it is now: that of the file, less what has been mended.
    [[nodiscard]] std::string truth() const;
    /// Takes the fault away while everything runs; false when the target has no such fault, or it cannot be
    /// mended here (ipv6.aaaa_missing: all sites share ::1).
    bool mend(std::string_view target, std::string_view check);

    [[nodiscard]] std::uint64_t connection_count() const;
    [[nodiscard]] std::uint64_t request_count() const; ///< HTTP requests read
    [[nodiscard]] std::uint64_t query_count() const;   ///< DNS questions read

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::range
