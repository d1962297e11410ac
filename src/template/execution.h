// One template against one target, as a state machine driven from outside: no network, no clock.
#pragma once

#include "template/facts.h"
#include "template/policy.h"

#include <deque>

namespace fengsui::templates {

class CompiledSet;
class Scan;
class Witness;

using Hops = std::vector<std::shared_ptr<const ResponseFacts>>;

/// One reported match.
struct Hit {
    const Template* source = nullptr; ///< owned by the set
    std::size_t index = 0;            ///< of the template in its set
    std::size_t block = 0;
    std::string matcher_name;
    std::string extractor_name;
    std::vector<std::string> extracted; ///< once each, in document order
    std::string host;                   ///< the target as written
    std::string matched_at;
    std::string ip;
    std::vector<std::pair<std::string, std::string>> payloads; ///< in order of name
    std::string request;                                       ///< as sent
    std::string response;                                      ///< excerpt
    std::vector<std::string> patterns;                         ///< what matched, for evidence
    std::shared_ptr<const ResponseFacts> facts;                ///< shared with executions that saw the answer
    std::shared_ptr<const Witness> witness; ///< shared by the hits of one answer; null for other protocols
    bool is_doubtful = false;               ///< the answer is a firewall's page: a line, but no finding
};

struct ExecutionOptions {
    base::Instant now{};
    std::uint64_t seed = 1;
    Variables given;       ///< from outside: beats the template's variables of the same name
    std::size_t index = 0; ///< of the template in its set, for scans
};

/// How one execution ended, for its coverage line.
struct ExecutionEnd {
    std::size_t requests = 0;
    Refusal refusal;        ///< a request was refused when it was about to be sent
    std::string unresolved; ///< `{{x}}` left over: the rest of the block was dropped
};

/// What the hits of one answer rest on, so that the same operators can be asked of another answer.
class Witness {
public:
    virtual ~Witness() = default;
    [[nodiscard]] virtual const PlannedRequest& request() const = 0; ///< as it was sent
    [[nodiscard]] virtual std::size_t hops() const = 0;              ///< of the answer that hit
    /// The answer to another request in this one's place gives a hit of the same name.
    [[nodiscard]] virtual bool also_hits(const Hops& hops, const Hit& hit, const Scan* scan) const = 0;
};

class Execution {
public:
    Execution(std::shared_ptr<const Template> source, const Target& target, ExecutionOptions options);
    ~Execution();
    Execution(Execution&&) noexcept;
    Execution& operator=(Execution&&) noexcept;
    Execution(const Execution&) = delete;
    Execution& operator=(const Execution&) = delete;

    /// The request to send now, guarded; the same until it is fed. Nothing: finished.
    [[nodiscard]] const PlannedRequest* next();
    /// Its answer: every hop, the first one first. `scan` of the last hop saves work.
    void feed(const Hops& hops, const Scan* scan = nullptr);
    /// It could not be asked: no answer. The block goes on with its next request, as nuclei does.
    void fail();
    [[nodiscard]] std::vector<Hit> take_hits();
    [[nodiscard]] const ExecutionEnd& end() const;
    [[nodiscard]] const Template& source() const;

private:
    class State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::templates
