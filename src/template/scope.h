// The names that an expression can see: layers of variables, the uppermost wins.
#pragma once

#include "base/time.h"
#include "template/value.h"

#include <map>
#include <memory>
#include <optional>

namespace fengsui::templates {

using Variables = std::map<std::string, Value, std::less<>>;

class ResponseFacts;

/// Answers of earlier requests: `body_2` is the body of the second one, `first_body` that of the block
/// called `first`.
class History {
public:
    void set(std::string suffix_or_prefix, std::shared_ptr<const ResponseFacts> facts);
    [[nodiscard]] std::optional<Value> find(std::string_view name) const;
    [[nodiscard]] bool empty() const { return facts_.empty(); }

private:
    std::map<std::string, std::shared_ptr<const ResponseFacts>, std::less<>> facts_; ///< shared with hits
};

/// Deterministic random numbers (SplitMix64): the same seed gives the same scan.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    /// In [0, limit); 0 when limit is 0.
    std::uint64_t below(std::uint64_t limit);

private:
    std::uint64_t state_;
};

/// What expressions may ask of the outside: the instant and random numbers, both handed in.
struct Environment {
    base::Instant now{};
    Random random{0};
};

/// A view over layers owned elsewhere. Cheap to copy; valid while its layers live.
class Scope {
public:
    explicit Scope(Environment& environment) : environment_(&environment) {}

    /// Puts a layer on top of those already there.
    void push(const Variables& layer) { layers_.push_back({&layer, nullptr, nullptr}); }
    void push(const ResponseFacts& facts) { layers_.push_back({nullptr, &facts, nullptr}); }
    void push(const History& history) { layers_.push_back({nullptr, nullptr, &history}); }

    /// The uppermost value of that name; text is borrowed from its layer.
    [[nodiscard]] std::optional<Value> find(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }
    [[nodiscard]] Environment& environment() const { return *environment_; }
    /// The response on top, for operators that read parts; null when there is none.
    [[nodiscard]] const ResponseFacts* response() const;

private:
    struct Layer {
        const Variables* variables = nullptr;
        const ResponseFacts* facts = nullptr;
        const History* history = nullptr;
    };
    std::vector<Layer> layers_;
    Environment* environment_;
};

} // namespace fengsui::templates
