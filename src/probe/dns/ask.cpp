#include "probe/dns/ask.h"

#include "probe/dns/decode.h"

namespace fengsui::probe::dns {

namespace {

constexpr std::size_t kMaxMissingClimb = 8;

} // namespace

net::Task<net::DnsAnswer> ask(Visit& visit, std::string name, net::DnsType type, net::DnsWish wish) {
    net::DnsAnswer answer;
    answer.outcome = visit.may_go_on();
    if (answer.outcome.is_completed()) {
        answer = co_await visit.services().resolver.ask(std::move(name), type, wish, visit.deadline());
        answer.outcome = visit.settle(answer.outcome);
    }
    co_return answer;
}

net::Task<std::string> highest_missing(Visit& visit, std::string name) {
    std::string missing;
    for (const auto& above : names_upward(name, kMaxMissingClimb)) {
        const auto answer = co_await ask(visit, above, net::DnsType::soa);
        if (!is_no_name(answer.outcome)) {
            break;
        }
        missing = above;
    }
    co_return missing;
}

} // namespace fengsui::probe::dns
