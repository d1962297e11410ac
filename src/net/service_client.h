// Connections to the operator's own services. A connection needs a ServicePass; patrols and their stop switch
// have no part in it.
#pragma once

#include "model/service.h"
#include "net/connection.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace fengsui::net {

class Runtime;

struct ServiceConnected {
    std::unique_ptr<Connection> connection; ///< null: `trouble` says why
    std::string trouble;
};

/// I/O thread. Outlives every task that uses it.
class ServiceClient {
public:
    /// `trust`: roots beside the system's. Throws base::Error when that file cannot be read.
    ServiceClient(Runtime& runtime, const std::optional<std::filesystem::path>& trust);
    ~ServiceClient();
    ServiceClient(const ServiceClient&) = delete;
    ServiceClient& operator=(const ServiceClient&) = delete;

    /// Resolves the pass's host by the machine's own resolver (its hosts file included) and tries the
    /// addresses in turn, each for ten seconds at most.
    Task<ServiceConnected> connect(model::ServicePass pass, Deadline deadline);
    /// TLS 1.2 or better on `connection`, its certificates verified for `host`. Empty when the other side is
    /// the right one, otherwise why nothing more may be said to it.
    Task<std::string> secure(Connection& connection, std::string host, std::string alpn, Deadline deadline);

    /// Ends the connections under way and opens no more. Idempotent.
    void stop();
    [[nodiscard]] Runtime& runtime() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// What became of an operation, in words for the log: "connection refused", "timed out" …
std::string trouble_text(const model::Outcome& outcome);

} // namespace fengsui::net
