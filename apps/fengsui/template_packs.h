// The packs of templates that `serve` runs: loaded beside the running ones, then swapped.
#pragma once

#include "fengsui/settings.h"

#include "pipeline/repeater.h"
#include "pipeline/template_flow.h"

namespace fengsui::apps {

/// I/O thread; reading and compiling is done on the pool.
class TemplatePacks {
public:
    TemplatePacks(net::Runtime& runtime, const Settings& settings);

    /// Loads them, and again whenever their files have changed, until `end`. A pack that cannot be read is
    /// said in the log; the one before it stays.
    net::Task<> run();
    void end() { repeater_.end(); }

    [[nodiscard]] bool empty() const { return packs_.empty(); }
    /// Those enabled for the asset's unit that are loaded.
    [[nodiscard]] std::vector<std::shared_ptr<const pipeline::TemplateSet>> enabled_for(
        const model::Asset& asset
    ) const;

private:
    struct Pack {
        TemplatePackSetting setting;
        std::vector<std::string> units;                    ///< empty: all
        std::string stamp;                                 ///< of the files that `set` was made of
        std::shared_ptr<const pipeline::TemplateSet> set;  ///< shared with rounds under way
        std::shared_ptr<const pipeline::TemplateSet> next; ///< made on the pool, not in use yet
    };
    /// On the pool: reads what has changed.
    void prepare();

    const Settings& settings_;
    std::vector<Pack> packs_;
    pipeline::Repeater repeater_;
};

} // namespace fengsui::apps
