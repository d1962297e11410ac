#include "template/plan.h"

#include "base/text.h"
#include "template/builder.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

namespace fengsui::templates {

namespace {

using Hops = std::vector<std::shared_ptr<const ResponseFacts>>;

bool is_fingerprint(const Template& value) {
    static constexpr std::string_view kTags[] = {"tech", "detect", "detection", "favicon", "waf", "panel"};
    return std::any_of(std::begin(kTags), std::end(kTags), [&value](std::string_view tag) {
        return value.has_tag(tag);
    });
}

/// A check of one product, as its metadata or CPE say, and a CVE or the like: of no use elsewhere.
bool is_product_bound(const Template& value) {
    return !value.products.empty() && !is_fingerprint(value);
}

/// Host and port of a URL, the scheme's own port left out.
std::string authority_of(const std::string& url) {
    const auto target = Target::parse(url);
    if (!target) {
        return url;
    }
    const bool is_default = target->port == (target->scheme == "https" ? 443 : 80);
    return is_default ? target->host : target->authority();
}

/// What an execution sees of a chain that was followed for somebody else, too.
Hops visible(const Hops& hops, const PlannedRequest& request) {
    if (request.protocol != Protocol::http || hops.size() < 2) {
        return hops;
    }
    std::size_t count = 1;
    const std::string first = authority_of(hops.front()->matched());
    while (count < hops.size() && request.http.redirects != Redirects::none
           && count <= static_cast<std::size_t>(request.http.max_redirects)) {
        if (request.http.redirects == Redirects::same_host && authority_of(hops[count]->matched()) != first) {
            break;
        }
        ++count;
    }
    return {hops.begin(), hops.begin() + static_cast<std::ptrdiff_t>(count)};
}

/// One request that serves all: the farthest redirects, the largest body, the longest wait.
void widen(PlannedRequest& shared, const PlannedRequest& other) {
    shared.http.redirects = std::max(shared.http.redirects, other.http.redirects);
    shared.http.max_redirects = std::max(shared.http.max_redirects, other.http.max_redirects);
    shared.http.max_body = std::max(shared.http.max_body, other.http.max_body);
    shared.http.timeout_seconds = std::max(shared.http.timeout_seconds, other.http.timeout_seconds);
    shared.extracted.insert(shared.extracted.end(), other.extracted.begin(), other.extracted.end());
}

} // namespace

Stage stage_of(const Template& value) {
    if (is_product_bound(value)) {
        return Stage::product;
    }
    return is_fingerprint(value) ? Stage::fingerprint : Stage::general;
}

class Plan::State {
public:
    State(
        const CompiledSet& set,
        const std::vector<Judgement>& judgements,
        const Target& target,
        PlanOptions options
    )
        : set_(set), options_(std::move(options)) {
        FENGSUI_CHECK(judgements.size() == set.templates().size(), "a judgement for each template");
        for (std::size_t i = 0; i < set.templates().size(); ++i) {
            ExecutionOptions execution = options_.execution;
            execution.index = i;
            slots_.push_back({i, stage_of(*set.templates()[i]), std::nullopt, SlotState::idle, {}, {}, {}});
            Slot& slot = slots_.back();
            const Judgement& judgement = judgements[i];
            const bool is_careful = judgement.send_class == SendClass::careful;
            if (judgement.send_class == SendClass::refused || (is_careful && !options_.allows_careful)) {
                slot.state = SlotState::done;
                slot.outcome = model::refused(model::Reason::policy);
                slot.refusal = judgement.refusal;
                continue;
            }
            slot.execution.emplace(set.templates()[i], target, std::move(execution));
        }
        for (auto& slot : slots_) {
            if (slot.state == SlotState::idle && (!options_.selects || slot.stage != Stage::product)) {
                move_on(slot);
            }
        }
    }

    const PlannedRequest* next() {
        if (current_) {
            return &*current_;
        }
        if (order_.empty()) {
            return nullptr;
        }
        const std::string key = std::get<3>(*order_.begin());
        order_.erase(order_.begin());
        waiting_ = std::move(queue_.at(key));
        queue_.erase(key);
        key_ = key;
        current_ = *slots_[waiting_.slots.front()].execution->next();
        for (const auto number : waiting_.slots) {
            widen(*current_, *slots_[number].execution->next());
        }
        ++sent_;
        return &*current_;
    }

    void feed(const Hops& hops) {
        FENGSUI_CHECK(current_.has_value() && !hops.empty(), "an answer that nobody asked for");
        keep(key_, hops);
        current_.reset();
        const Waiting served = std::exchange(waiting_, {});
        Scans scans;
        for (const auto number : served.slots) {
            give(slots_[number], hops, scans);
        }
        for (const auto number : served.slots) {
            move_on(slots_[number]);
        }
    }

    void fail(model::Reason reason) {
        FENGSUI_CHECK(current_.has_value(), "a failure that nobody asked for");
        current_.reset();
        const Waiting served = std::exchange(waiting_, {});
        for (const auto number : served.slots) {
            Slot& slot = slots_[number];
            slot.failure = slot.failure == model::Reason::none ? reason : slot.failure;
            slot.execution->fail();
            ++wanted_;
        }
        for (const auto number : served.slots) {
            move_on(slots_[number]);
        }
    }

    std::vector<Hit> take_hits() { return std::exchange(hits_, {}); }

    [[nodiscard]] std::vector<TemplateOutcome> outcomes() const {
        std::vector<TemplateOutcome> out;
        for (const auto& slot : slots_) {
            const Template* source = set_.templates()[slot.index].get();
            const bool is_idle = slot.state != SlotState::done;
            out.push_back(
                {source, is_idle ? model::skipped(model::Reason::not_applicable) : slot.outcome, slot.refusal}
            );
        }
        return out;
    }
    [[nodiscard]] std::size_t sent() const { return sent_; }
    [[nodiscard]] std::size_t wanted() const { return wanted_; }

private:
    enum class SlotState : std::uint8_t { idle, waiting, done };
    struct Slot {
        std::size_t index = 0;
        Stage stage = Stage::general;
        std::optional<Execution> execution;
        SlotState state = SlotState::idle;
        model::Outcome outcome;
        Refusal refusal;
        model::Reason failure = model::Reason::none;
        bool was_answered = false;
    };
    struct Waiting {
        std::vector<std::size_t> slots;
        Stage stage = Stage::general;
        std::size_t sequence = 0;
    };
    /// Fingerprints first, then what most templates wait for, then as they came.
    using Priority = std::tuple<Stage, std::int64_t, std::size_t, std::string>;
    using Scans = std::map<const ResponseFacts*, Scan>;

    static Priority priority(const std::string& key, const Waiting& waiting) {
        return {waiting.stage, -static_cast<std::int64_t>(waiting.slots.size()), waiting.sequence, key};
    }

    /// Until it waits for a request that is not known yet, or ends.
    void move_on(Slot& slot) {
        while (const PlannedRequest* request = slot.execution->next()) {
            const std::string key = request->key();
            const auto known = cache_.find(key);
            if (known == cache_.end()) {
                return enqueue(slot, key);
            }
            Scans scans;
            give(slot, known->second, scans);
        }
        finish(slot);
    }
    void enqueue(Slot& slot, const std::string& key) {
        slot.state = SlotState::waiting;
        auto [found, is_new] = queue_.try_emplace(key);
        Waiting& waiting = found->second;
        if (is_new) {
            waiting.stage = slot.stage;
            waiting.sequence = sequence_++;
        } else {
            order_.erase(priority(key, waiting));
            waiting.stage = std::min(waiting.stage, slot.stage);
        }
        waiting.slots.push_back(slot.index);
        order_.insert(priority(key, waiting));
    }
    void give(Slot& slot, const Hops& hops, Scans& scans) {
        ++wanted_;
        slot.was_answered = true;
        const Hops seen = visible(hops, *slot.execution->next());
        const ResponseFacts* last = seen.back().get();
        auto scan = scans.find(last);
        if (scan == scans.end()) {
            scan = scans.emplace(last, set_.scan(*last)).first;
        }
        slot.execution->feed(seen, &scan->second);
        auto hits = slot.execution->take_hits();
        if (!hits.empty()) {
            learn(*set_.templates()[slot.index], hits);
        }
        hits_.insert(hits_.end(), std::make_move_iterator(hits.begin()), std::make_move_iterator(hits.end()));
    }
    void finish(Slot& slot) {
        slot.state = SlotState::done;
        const auto& end = slot.execution->end();
        if (end.refusal) {
            slot.refusal = end.refusal;
            slot.outcome = model::refused(model::Reason::policy);
        } else if (!slot.was_answered && slot.failure != model::Reason::none) {
            slot.outcome = model::not_reached(slot.failure);
        } else {
            slot.outcome = model::completed();
        }
        slot.execution.reset();
    }

    /// A product is seen when a fingerprint hits: by its metadata, tags, and the name of the matcher.
    void learn(const Template& value, const std::vector<Hit>& hits) {
        if (!options_.selects || !is_fingerprint(value)) {
            return;
        }
        std::set<std::string> names(value.products.begin(), value.products.end());
        for (const auto& tag : value.tags) {
            if (value.id.find(tag) != std::string::npos) {
                names.insert(tag);
            }
        }
        for (const auto& hit : hits) {
            names.insert(base::to_lower(hit.matcher_name));
        }
        bool is_new = false;
        for (const auto& name : names) {
            is_new = (!name.empty() && seen_.insert(name).second) || is_new;
        }
        if (is_new) {
            wake();
        }
    }
    void wake() {
        for (auto& slot : slots_) {
            if (slot.state != SlotState::idle || !slot.execution) {
                continue;
            }
            const Template& value = *set_.templates()[slot.index];
            const auto is_seen = [this](const std::string& name) {
                return seen_.contains(name);
            };
            if (std::any_of(value.products.begin(), value.products.end(), is_seen)
                || std::any_of(value.tags.begin(), value.tags.end(), is_seen)) {
                slot.state = SlotState::waiting;
                move_on(slot);
            }
        }
    }

    void keep(const std::string& key, const Hops& hops) {
        std::size_t bytes = 0;
        for (const auto& hop : hops) {
            bytes += hop->body().size() + hop->header_text().size() + 512;
        }
        if (kept_bytes_ + bytes <= options_.cache_bytes) {
            kept_bytes_ += bytes;
            cache_.insert_or_assign(key, hops);
        }
    }

    const CompiledSet& set_;
    PlanOptions options_;
    std::deque<Slot> slots_;
    std::unordered_map<std::string, Waiting> queue_;
    std::set<Priority> order_;
    std::unordered_map<std::string, Hops> cache_;
    std::size_t kept_bytes_ = 0;
    std::size_t sequence_ = 0;
    std::optional<PlannedRequest> current_;
    std::string key_;
    Waiting waiting_;
    std::set<std::string> seen_;
    std::vector<Hit> hits_;
    std::size_t sent_ = 0;
    std::size_t wanted_ = 0;
};

Plan::Plan(
    const CompiledSet& set,
    const std::vector<Judgement>& judgements,
    const Target& target,
    PlanOptions options
)
    : state_(std::make_unique<State>(set, judgements, target, std::move(options))) {}
Plan::~Plan() = default;

const PlannedRequest* Plan::next() {
    return state_->next();
}
void Plan::feed(const std::vector<std::shared_ptr<const ResponseFacts>>& hops) {
    state_->feed(hops);
}
void Plan::fail(model::Reason reason) {
    state_->fail(reason);
}
std::vector<Hit> Plan::take_hits() {
    return state_->take_hits();
}
std::vector<TemplateOutcome> Plan::outcomes() const {
    return state_->outcomes();
}
std::size_t Plan::sent() const {
    return state_->sent();
}
std::size_t Plan::wanted() const {
    return state_->wanted();
}

} // namespace fengsui::templates
