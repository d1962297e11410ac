#include "model/json/web.h"

#include "model/json/fields.h"

namespace fengsui::model {

HttpExchange read_exchange(const base::Json& json) {
    HttpExchange exchange;
    Fields in(json);
    in.text("method", exchange.method);
    if (const base::Json* url = in.take("url")) {
        exchange.url = parsed(Url::parse(url->as_string()), *url, "url");
    }
    if (const base::Json* address = in.take("address")) {
        exchange.address = parsed(IpAddress::parse(address->as_string()), *address, "address");
    }
    in.outcome("outcome", exchange.outcome, completed());
    exchange.status = exchange.outcome.is_completed() ? 200 : 0;
    in.number("status", exchange.status);
    std::vector<std::string> headers;
    in.texts("headers", headers);
    for (const auto& line : headers) {
        const auto colon = line.find(':');
        exchange.headers.push_back(
            {line.substr(0, colon), std::string(base::trim(std::string_view(line).substr(colon + 1)))}
        );
    }
    in.text("body", exchange.body);
    in.flag("body_complete", exchange.body_complete);
    in.text("charset", exchange.charset);
    const auto* location = exchange.header("Location");
    if (location != nullptr && exchange.is_redirect()) {
        if (auto target = exchange.url.resolve(*location)) {
            exchange.redirect = *target;
        }
    }
    in.finish();
    return exchange;
}

HttpChain read_chain(const base::Json& json) {
    HttpChain chain;
    Fields in(json);
    if (const base::Json* hops = in.take("hops")) {
        for (const auto& hop : hops->items()) {
            chain.hops.push_back(read_exchange(hop));
        }
    }
    in.outcome(
        "end",
        chain.end,
        chain.reached()      ? completed()
        : chain.hops.empty() ? Outcome()
                             : chain.hops.front().outcome
    );
    in.finish();
    return chain;
}

} // namespace fengsui::model
