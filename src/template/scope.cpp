#include "template/scope.h"

#include "template/facts.h"

namespace fengsui::templates {

std::uint64_t Random::next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31U);
}

std::uint64_t Random::below(std::uint64_t limit) {
    return limit == 0 ? 0 : next() % limit;
}

void History::set(std::string key, std::shared_ptr<const ResponseFacts> facts) {
    facts_.insert_or_assign(std::move(key), std::move(facts));
}

std::optional<Value> History::find(std::string_view name) const {
    const auto last = name.rfind('_');
    if (last == std::string_view::npos) {
        return std::nullopt;
    }
    const auto numbered = facts_.find(name.substr(last)); // "_2"
    if (numbered != facts_.end()) {
        return numbered->second->find(name.substr(0, last));
    }
    for (auto at = name.find('_'); at != std::string_view::npos; at = name.find('_', at + 1)) {
        const auto named = facts_.find(name.substr(0, at + 1)); // "first_"
        if (named != facts_.end()) {
            if (auto value = named->second->find(name.substr(at + 1))) {
                return value;
            }
        }
    }
    return std::nullopt;
}

std::optional<Value> Scope::find(std::string_view name) const {
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
        if (layer->history != nullptr) {
            if (auto value = layer->history->find(name)) {
                return value;
            }
            continue;
        }
        if (layer->facts != nullptr) {
            if (auto value = layer->facts->find(name)) {
                return value;
            }
            continue;
        }
        const auto found = layer->variables->find(name);
        if (found != layer->variables->end()) {
            const Value& value = found->second;
            return value.is_text() ? Value::borrowed(value.as_text()) : value;
        }
    }
    return std::nullopt;
}

const ResponseFacts* Scope::response() const {
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
        if (layer->facts != nullptr) {
            return layer->facts;
        }
    }
    return nullptr;
}

} // namespace fengsui::templates
