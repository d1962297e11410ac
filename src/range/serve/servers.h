// The three kinds of server. Each serves one connection to its end, which always comes.
#pragma once

#include "range/serve/premises.h"

namespace fengsui::range {

enum class Cover : std::uint8_t { plain, tls };

net::Task<> serve_web(
    std::shared_ptr<Premises> premises, Cover cover, std::unique_ptr<net::Connection> connection
);
net::Task<> serve_mail(std::shared_ptr<Premises> premises, std::unique_ptr<net::Connection> connection);
net::Task<> serve_dns(
    std::shared_ptr<Premises> premises, ServerKind kind, std::unique_ptr<net::Connection> connection
);

} // namespace fengsui::range
