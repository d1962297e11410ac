// Whether a service of the operator's is the one it is taken for. Private to net; OpenSSL inside.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fengsui::net {

class ServiceTrust {
public:
    /// The system's roots and those of `additional` (PEM). Throws base::Error when that file cannot be read.
    explicit ServiceTrust(const std::optional<std::filesystem::path>& additional);
    ~ServiceTrust();
    ServiceTrust(const ServiceTrust&) = delete;
    ServiceTrust& operator=(const ServiceTrust&) = delete;

    /// Judges DER certificates as sent, leaf first, by today's date, for a name or an address (RFC 6125,
    /// RFC 5280). Empty when they are good, otherwise what is wrong.
    [[nodiscard]] std::string objection(const std::vector<std::string>& certificates, const std::string& host)
        const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::net
