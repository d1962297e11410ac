// Which templates wait until their product was seen, and which hits show a product.
#pragma once

#include "template/execution.h"

#include <unordered_map>

namespace fengsui::templates {

/// Stages of a plan: what comes later may be left out.
enum class Stage : std::uint8_t { fingerprint, general, product };
Stage stage_of(const Template& value);

/// Made once for a set; a plan that is given one selects. Immutable.
class Selection {
public:
    Selection(
        const std::vector<std::shared_ptr<const Template>>& templates,
        const std::vector<Judgement>& judgements
    );

    /// It is of no use before its product was seen.
    [[nodiscard]] bool waits(std::size_t index) const { return waits_[index]; }
    /// The names of products that a hit shows; empty when the template is no detection.
    [[nodiscard]] std::vector<std::string> shown_by(const Hit& hit) const;
    /// The templates that wait for a name.
    [[nodiscard]] const std::vector<std::size_t>& waiting_for(const std::string& name) const;

private:
    std::vector<bool> waits_;
    std::unordered_map<std::string, std::vector<std::size_t>> waiting_;
};

} // namespace fengsui::templates
