#include "template/plan.h"

#include "base/text.h"
#include "template/control.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <unordered_map>

namespace fengsui::templates {

namespace {

/// One request that serves all: the farthest redirects, the largest body, the longest wait.
void widen(PlannedRequest& shared, const PlannedRequest& other) {
    shared.http.redirects = std::max(shared.http.redirects, other.http.redirects);
    shared.http.max_redirects = std::max(shared.http.max_redirects, other.http.max_redirects);
    shared.http.max_body = std::max(shared.http.max_body, other.http.max_body);
    shared.http.timeout_seconds = std::max(shared.http.timeout_seconds, other.http.timeout_seconds);
    shared.extracted.insert(shared.extracted.end(), other.extracted.begin(), other.extracted.end());
}

} // namespace

class Plan::State {
public:
    State(
        const CompiledSet& set,
        const std::vector<Judgement>& judgements,
        const Target& target,
        PlanOptions options
    )
        : set_(set),
          target_(target),
          options_(std::move(options)),
          controls_(target, options_.execution.seed, options_.allows_careful) {
        FENGSUI_CHECK(judgements.size() == set.templates().size(), "a judgement for each template");
        for (std::size_t i = 0; i < set.templates().size(); ++i) {
            ExecutionOptions execution = options_.execution;
            execution.index = i;
            slots_.push_back(
                {i, stage_of(*set.templates()[i]), std::nullopt, SlotState::idle, {}, {}, {}, false, {}}
            );
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
            if (slot.state == SlotState::idle
                && (options_.selection == nullptr || !options_.selection->waits(slot.index))) {
                move_on(slot);
            }
        }
    }

    const PlannedRequest* next() {
        if (current_) {
            return &*current_;
        }
        if (const auto* control = controls_.next()) {
            current_ = *control;
            is_control_ = true;
            ++sent_;
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
        if (is_control_) {
            return end_control(hops);
        }
        keep(key_, hops);
        if (current_->protocol == Protocol::http) {
            controls_.note(current_->http, hops);
        }
        current_.reset();
        const Waiting served = std::exchange(waiting_, {});
        Scans scans;
        for (const auto number : served.slots) {
            give(slots_[number], hops, scans);
        }
        for (const auto number : served.slots) {
            move_on(slots_[number]);
        }
        weigh();
    }

    void fail(model::Reason reason) {
        FENGSUI_CHECK(current_.has_value(), "a failure that nobody asked for");
        if (is_control_) {
            return end_control({});
        }
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
        weigh();
    }

    void settle() {
        for (auto& hit : held_) {
            accept(std::move(hit));
        }
        held_.clear();
    }

    std::vector<Hit> take_hits() { return std::exchange(hits_, {}); }

    [[nodiscard]] std::vector<TemplateOutcome> outcomes() const {
        std::vector<TemplateOutcome> out;
        for (const auto& slot : slots_) {
            const Template* source = set_.templates()[slot.index].get();
            const bool is_idle = slot.state != SlotState::done;
            out.push_back(
                {source,
                 is_idle ? model::skipped(model::Reason::not_applicable) : slot.outcome,
                 slot.refusal,
                 slot.unknown}
            );
        }
        return out;
    }
    [[nodiscard]] std::size_t sent() const { return sent_; }
    [[nodiscard]] std::size_t controls() const { return controls_.asked(); }
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
        std::vector<std::string> unknown;
    };
    struct Waiting {
        std::vector<std::size_t> slots;
        Stage stage = Stage::general;
        std::size_t sequence = 0;
        bool is_front = false; ///< the asset's own page: what it says tells of other pages
    };
    static constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
    /// Fingerprints first, then what most templates wait for, then as they came.
    using Priority = std::tuple<Stage, std::int64_t, std::size_t, std::string>;
    using Scans = std::map<const ResponseFacts*, Scan>;

    static Priority priority(const std::string& key, const Waiting& waiting) {
        const auto served = static_cast<std::int64_t>(waiting.slots.size());
        return {waiting.stage, waiting.is_front ? kFirst : -served, waiting.sequence, key};
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
            waiting.sequence = sequence_++;
            const PlannedRequest& request = *slot.execution->next();
            waiting.is_front = request.protocol == Protocol::http && is_own_page(request.http, target_);
            waiting.stage = waiting.is_front ? Stage::fingerprint : slot.stage;
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
        const PlannedRequest& request = *slot.execution->next();
        const Hops seen = request.protocol == Protocol::http ? visible_hops(hops, request.http) : hops;
        const ResponseFacts* last = seen.back().get();
        auto scan = scans.find(last);
        if (scan == scans.end()) {
            scan = scans.emplace(last, set_.scan(*last)).first;
        }
        slot.execution->feed(seen, &scan->second);
        auto hits = slot.execution->take_hits();
        held_.insert(held_.end(), std::make_move_iterator(hits.begin()), std::make_move_iterator(hits.end()));
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

    void end_control(const Hops& hops) {
        controls_.answer(hops);
        current_.reset();
        is_control_ = false;
        weigh();
    }
    /// Settles what can be settled of the hits at hand. The first that needs a control asks for it.
    void weigh() {
        do {
            weigh_held();
            wake(); // may add to what is held, from answers that are known already
        } while (!held_.empty() && controls_.next() == nullptr);
    }
    void weigh_held() {
        std::size_t done = 0;
        for (; done < held_.size(); ++done) {
            Hit& hit = held_[done];
            const Standing standing = controls_.judge(hit);
            if (standing == Standing::open) {
                break;
            }
            if (standing == Standing::unknown) {
                note_unknown(hit);
                continue;
            }
            accept(std::move(hit));
        }
        held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(done));
    }
    void note_unknown(const Hit& hit) {
        auto& unknown = slots_[hit.index].unknown;
        if (std::find(unknown.begin(), unknown.end(), hit.matched_at) == unknown.end()) {
            unknown.push_back(hit.matched_at);
        }
    }
    void accept(Hit hit) {
        if (options_.selection != nullptr) {
            for (auto& name : options_.selection->shown_by(hit)) {
                if (seen_.insert(name).second) {
                    fresh_.push_back(std::move(name));
                }
            }
        }
        hit.is_doubtful = hit.facts != nullptr && hit.witness != nullptr
                          && stage_of(*hit.source) != Stage::fingerprint && is_block_page(*hit.facts);
        if (hit.is_doubtful) {
            note_unknown(hit);
        }
        hits_.push_back(std::move(hit));
    }
    /// Templates whose product was just seen.
    void wake() {
        for (const auto& name : std::exchange(fresh_, {})) {
            for (const auto number : options_.selection->waiting_for(name)) {
                Slot& slot = slots_[number];
                if (slot.state == SlotState::idle && slot.execution) {
                    slot.state = SlotState::waiting;
                    move_on(slot);
                }
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
    Target target_;
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
    Controls controls_;
    bool is_control_ = false; ///< what is under way is a control
    std::set<std::string> seen_;
    std::vector<std::string> fresh_; ///< of those, what nobody was woken for yet
    std::deque<Hit> held_;           ///< not settled
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
void Plan::feed(const Hops& hops) {
    state_->feed(hops);
}
void Plan::fail(model::Reason reason) {
    state_->fail(reason);
}
std::vector<Hit> Plan::take_hits() {
    return state_->take_hits();
}
void Plan::settle() {
    state_->settle();
}
std::vector<TemplateOutcome> Plan::outcomes() const {
    return state_->outcomes();
}
std::size_t Plan::sent() const {
    return state_->sent();
}
std::size_t Plan::controls() const {
    return state_->controls();
}
std::size_t Plan::wanted() const {
    return state_->wanted();
}

} // namespace fengsui::templates
