#include "template/execution.h"

#include "template/builder.h"
#include "template/compiled_set.h"
#include "template/evaluate.h"
#include "template/witness.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace fengsui::templates {

namespace {

constexpr std::size_t kMaxHits = 5000;
constexpr std::size_t kMaxIterated = 100; ///< values of iterate-all
constexpr std::size_t kExcerpt = 4096;

void merge_lists(
    const std::vector<std::pair<std::string, std::vector<std::string>>>& from,
    std::vector<std::pair<std::string, std::vector<std::string>>>& into
) {
    for (const auto& [name, values] : from) {
        const auto found = std::find_if(into.begin(), into.end(), [&key = name](const auto& known) {
            return known.first == key;
        });
        if (found == into.end()) {
            into.emplace_back(name, values);
            continue;
        }
        for (const auto& value : values) {
            if (std::find(found->second.begin(), found->second.end(), value) == found->second.end()) {
                found->second.push_back(value);
            }
        }
    }
}

Value value_of(const std::vector<std::string>& values) {
    if (values.size() == 1) {
        return Value::text(values.front());
    }
    ValueList list;
    for (const auto& value : values) {
        list.push_back(Value::text(value));
    }
    return Value::list(std::move(list));
}

std::size_t request_count(const Block& block) {
    if (block.protocol == Protocol::http) {
        return block.http.raws.empty() ? block.http.paths.size() : block.http.raws.size();
    }
    return block.protocol == Protocol::tcp ? block.tcp.hosts.size() : 1;
}

bool is_once(const Block& block, std::size_t number) {
    if (block.http.raws.empty() || block.http.raws[number].source().find("@once") == std::string::npos) {
        return false;
    }
    const auto raw = parse_raw_request(block.http.raws[number].source());
    return raw && raw->is_once;
}

} // namespace

class Execution::State {
public:
    State(std::shared_ptr<const Template> source, const Target& target, ExecutionOptions options)
        : source_(std::move(source)),
          target_(target),
          options_(std::move(options)),
          environment_{
              options_.now, Random(options_.seed ^ std::hash<std::string>()(source_->id + target.input))} {
        for (std::size_t i = 0; i < source_->blocks.size(); ++i) {
            calls_.push_back(i);
        }
        if (source_->flow) {
            calls_.clear();
            next_call();
        }
        keeps_cookies_ =
            source_->flow || source_->blocks.size() > 1
            || std::any_of(source_->blocks.begin(), source_->blocks.end(), [](const Block& block) {
                   return !block.http.raws.empty() || block.http.has_numbered_parts;
               });
    }

    const PlannedRequest* next() {
        while (!pending_ && !is_done_) {
            if (!in_block_ && !start_block()) {
                is_done_ = true;
                break;
            }
            prepare();
        }
        return pending_ ? &pending_->request : nullptr;
    }

    void feed(const Hops& hops, const Scan* scan) {
        FENGSUI_CHECK(pending_.has_value(), "an answer that nobody asked for");
        const Built built = std::move(*pending_);
        pending_.reset();
        ++end_.requests;
        keep_cookies(hops);
        bool stops = false;
        const auto count = hops.size();
        for (std::size_t i = count; i > 0 && !stops; --i) { // last to first (point 30)
            const bool is_last = i == count;
            const auto max_size = block().http.max_size;
            const bool is_cut = is_last && max_size > 0 && hops[i - 1]->body().size() > max_size;
            const auto whole = is_last ? hops[i - 1] : hops[i - 1]->without_body();
            const auto facts = is_cut ? whole->cut_to(max_size) : whole;
            if (is_last) {
                history_.set(fmt::format("_{}", built.request.number), facts);
                name_block(facts);
            }
            stops = look(built, facts, count, is_last && !is_cut ? scan : nullptr);
        }
        const bool is_matched = last_matched_;
        last_matched_ = false;
        if (is_matched && (block().stops_at_first_match || source_->stops_at_first_match)) {
            end_block();
        }
    }

    void fail() {
        FENGSUI_CHECK(pending_.has_value(), "a failure that nobody asked for");
        pending_.reset();
        ++end_.requests;
    }

    std::vector<Hit> take_hits() { return std::exchange(hits_, {}); }
    [[nodiscard]] const ExecutionEnd& end() const { return end_; }
    [[nodiscard]] const Template& source() const { return *source_; }

private:
    [[nodiscard]] const Block& block() const { return source_->blocks[block_]; }

    // ---- blocks and flow

    bool start_block() {
        while (calls_.empty() && call_open_) { // a call of a protocol that the template has no block of
            finish_call();
        }
        if (calls_.empty() || (stopped_ && source_->stops_at_first_match)) {
            return false;
        }
        block_ = calls_.front();
        calls_.erase(calls_.begin());
        in_block_ = true;
        combination_ = 0;
        number_ = 0;
        gotten_.clear();
        iterated_.clear();
        block_result_ = false;
        return true;
    }
    void end_block() {
        if (!in_block_) {
            return;
        }
        in_block_ = false;
        call_result_ = call_result_ || block_result_;
        if (call_open_ && calls_.empty()) {
            finish_call();
        }
    }
    void finish_call() {
        if (!call_open_) {
            return;
        }
        call_open_ = false;
        results_.push_back(call_result_);
        next_call();
    }
    /// Plays the flow again with the results so far: the first call without one is next.
    void next_call() {
        std::size_t used = 0;
        const FlowNode* call = nullptr;
        play(*source_->flow, used, call);
        if (call == nullptr) {
            return;
        }
        call_open_ = true;
        call_result_ = false;
        calls_ = call->blocks;
        const bool wants_all = call->blocks.empty() && !call->names_nothing;
        for (std::size_t i = 0; wants_all && i < source_->blocks.size(); ++i) {
            if (source_->blocks[i].protocol == call->protocol) {
                calls_.push_back(i);
            }
        }
    }
    bool play(const FlowNode& node, std::size_t& used, const FlowNode*& call) const {
        switch (node.kind) {
        case FlowNode::Kind::call:
            if (used < results_.size()) {
                return results_[used++];
            }
            call = &node;
            return false;
        case FlowNode::Kind::negation:
            return !play(node.children.front(), used, call) && call == nullptr;
        default:
            break;
        }
        bool value = node.kind == FlowNode::Kind::all_of;
        for (const auto& child : node.children) {
            value = play(child, used, call);
            const bool is_decided = (node.kind == FlowNode::Kind::all_of && !value)
                                    || (node.kind == FlowNode::Kind::any_of && value);
            if (call != nullptr || is_decided) {
                return value;
            }
        }
        return value;
    }

    // ---- requests

    /// Makes the next request of the block, or ends the block.
    void prepare() {
        const Block& now = block();
        const PayloadIterator payloads(now);
        if (!advance(now, payloads)) {
            return end_block();
        }
        const Variables set = payloads.is_empty() ? Variables() : payloads.at(combination_);
        Variables dynamic = context_;
        if (iterated_.empty()) {
            for (const auto& [name, values] : gotten_) {
                dynamic.insert_or_assign(name, Value::text(values.front()));
            }
        } else {
            for (const auto& [name, value] : iterated_.front()) {
                dynamic.insert_or_assign(name, value);
            }
        }
        BuildInput input;
        input.source = source_.get();
        input.block = &now;
        input.target = &target_;
        input.number = number_;
        input.dynamic = &dynamic;
        input.given = &options_.given;
        input.payloads = &set;
        input.environment = &environment_;
        auto built = build_request(input);
        step();
        if (!built || !built->unresolved.empty()) { // the rest of the block is dropped (point 27)
            end_.unresolved = built ? built->unresolved : built.error().message();
            return end_block();
        }
        send(std::move(built).value());
    }
    void send(Built built) {
        if (keeps_cookies_ && !block().http.disables_cookies && built.request.protocol == Protocol::http) {
            for (const auto& [name, value] : cookies_) {
                built.request.http.cookies +=
                    (built.request.http.cookies.empty() ? "" : "; ") + name + "=" + value;
            }
        }
        built.request.block = block_;
        if (auto refusal = guard_request(built.request, target_)) {
            end_.refusal = std::move(refusal);
            in_block_ = false;
            is_done_ = true; // what would break the rules once is not tried again
            return;
        }
        pending_ = std::move(built);
    }
    /// Moves to a request that exists; false: the block has no more.
    bool advance(const Block& now, const PayloadIterator& payloads) {
        const std::size_t count = request_count(now);
        const std::size_t combinations = payloads.is_empty() ? 1 : payloads.count();
        while (combination_ < combinations) {
            if (number_ >= count) {
                number_ = 0;
                ++combination_;
                continue;
            }
            if (combination_ > 0 && is_once(now, number_)) {
                ++number_;
                continue;
            }
            if (now.http.iterates_all && iterated_.empty() && !gotten_.empty()) {
                spread();
            }
            return true;
        }
        return false;
    }
    void step() {
        if (!iterated_.empty()) {
            iterated_.pop_front();
        }
        if (iterated_.empty()) {
            ++number_;
        }
    }
    /// iterate-all: the coming request once for each value.
    void spread() {
        std::size_t longest = 0;
        for (const auto& [name, values] : gotten_) {
            longest = std::max(longest, values.size());
        }
        for (std::size_t i = 0; i < std::min(longest, kMaxIterated); ++i) {
            Variables set;
            for (const auto& [name, values] : gotten_) {
                set.insert_or_assign(name, Value::text(values[std::min(i, values.size() - 1)]));
            }
            iterated_.push_back(std::move(set));
        }
    }

    // ---- answers

    /// True when the hops before need no look.
    bool look(
        const Built& built,
        const std::shared_ptr<const ResponseFacts>& facts,
        std::size_t hops,
        const Scan* scan
    ) {
        const Operators& operators = block().operators;
        if (operators.empty()) {
            block_result_ = true; // a block that asks nothing is passed
            return false;
        }
        if (scan != nullptr && !scan->may_match(options_.index, block_)) {
            return false;
        }
        Scope scope(environment_);
        scope.push(context_);
        scope.push(built.variables);
        scope.push(history_);
        scope.push(*facts);
        const OperatorGates gates{scan, options_.index, block_};
        const OperatorResult result = evaluate_operators(operators, *facts, scope, gates);
        if (!result.has_result) {
            return false;
        }
        keep_dynamic(result);
        block_result_ = block_result_ || result.is_matched || operators.matchers.empty();
        last_matched_ = last_matched_ || result.is_matched;
        stopped_ = stopped_ || result.is_matched;
        if (result.is_reported) {
            report(result, built, facts, hops);
        }
        return result.is_reported && (block().stops_at_first_match || source_->stops_at_first_match);
    }
    void keep_dynamic(const OperatorResult& result) {
        merge_lists(result.dynamic, gotten_);
        if (!source_->flow && source_->blocks.size() == 1) {
            return;
        }
        for (const auto& [name, values] : result.dynamic) {
            context_.insert_or_assign(name, value_of(values));
            for (std::size_t i = 1; i < values.size(); ++i) {
                context_.insert_or_assign(fmt::format("{}{}", name, i), Value::text(values[i]));
            }
        }
    }
    void name_block(const std::shared_ptr<const ResponseFacts>& facts) {
        if (source_->blocks.size() < 2 && !source_->flow) {
            return;
        }
        std::size_t number = 0;
        for (std::size_t i = 0; i <= block_; ++i) {
            number += source_->blocks[i].protocol == block().protocol ? 1 : 0;
        }
        const auto protocol = to_string(block().protocol);
        history_.set(block().id.empty() ? fmt::format("{}_{}_", protocol, number) : block().id + "_", facts);
        history_.set(fmt::format("{}_", protocol), facts);
    }
    void keep_cookies(const Hops& hops) {
        for (const auto& hop : hops) {
            for (const auto line : model::all_headers(hop->raw_headers(), "Set-Cookie")) {
                const auto pair = line.substr(0, line.find(';'));
                const auto equals = pair.find('=');
                if (equals != std::string_view::npos && equals > 0 && cookies_.size() < 50
                    && pair.size() < 4096) {
                    cookies_.insert_or_assign(
                        std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1))
                    );
                }
            }
        }
    }

    void report(
        const OperatorResult& result,
        const Built& built,
        const std::shared_ptr<const ResponseFacts>& facts,
        std::size_t hops
    ) {
        Hit hit;
        hit.source = source_.get();
        hit.index = options_.index;
        hit.block = block_;
        hit.host = target_.input;
        const bool is_own_url = hops == 1 && built.request.protocol == Protocol::http;
        hit.matched_at = is_own_url ? built.request.http.url() : facts->matched();
        hit.ip = facts->ip();
        for (const auto& [name, value] : built.payloads) {
            hit.payloads.emplace_back(name, value.to_text());
        }
        hit.request = facts->request();
        hit.response = facts->excerpt(kExcerpt);
        hit.patterns = result.patterns;
        hit.facts = facts;
        hit.extracted = result.output;
        if (built.request.protocol == Protocol::http) {
            hit.witness =
                make_witness({source_, options_.index, hops, built, context_, history_, environment_});
        }
        if (!result.names.empty()) { // one line for each name (point 7)
            for (const auto& name : result.names) {
                hit.matcher_name = name;
                add(hit);
            }
        } else if (!result.extracts.empty()) {
            for (const auto& [name, values] : result.extracts) {
                hit.extractor_name = name;
                hit.extracted = values;
                add(hit);
            }
        } else {
            add(hit);
        }
    }
    void add(const Hit& hit) {
        if (hits_.size() < kMaxHits) {
            hits_.push_back(hit);
        }
    }

    std::shared_ptr<const Template> source_; ///< shared with the set
    Target target_;
    ExecutionOptions options_;
    Environment environment_;
    Variables context_; ///< values of earlier blocks
    History history_;
    std::map<std::string, std::string> cookies_;
    bool keeps_cookies_ = false;
    std::vector<std::pair<std::string, std::vector<std::string>>> gotten_; ///< internal values of this block
    std::deque<Variables> iterated_;
    std::vector<std::size_t> calls_; ///< blocks of the present call that are still to come
    std::vector<bool> results_;      ///< of calls that are over
    bool call_open_ = false;
    bool call_result_ = false;
    std::size_t block_ = 0;
    bool in_block_ = false;
    bool block_result_ = false;
    std::size_t combination_ = 0;
    std::size_t number_ = 0;
    bool last_matched_ = false;
    bool stopped_ = false;
    bool is_done_ = false;
    std::optional<Built> pending_;
    std::vector<Hit> hits_;
    ExecutionEnd end_;
};

Execution::Execution(std::shared_ptr<const Template> source, const Target& target, ExecutionOptions options)
    : state_(std::make_unique<State>(std::move(source), target, std::move(options))) {}
Execution::~Execution() = default;
Execution::Execution(Execution&&) noexcept = default;
Execution& Execution::operator=(Execution&&) noexcept = default;

const PlannedRequest* Execution::next() {
    return state_->next();
}
void Execution::feed(const Hops& hops, const Scan* scan) {
    state_->feed(hops, scan);
}
void Execution::fail() {
    state_->fail();
}
std::vector<Hit> Execution::take_hits() {
    return state_->take_hits();
}
const ExecutionEnd& Execution::end() const {
    return state_->end();
}
const Template& Execution::source() const {
    return state_->source();
}

} // namespace fengsui::templates
