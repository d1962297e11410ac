// The packs of templates that `serve` runs: loaded beside the running ones, then swapped.
#pragma once

#include "fengsui/settings.h"

#include "net/task.h"
#include "pipeline/template_flow.h"

#include <boost/asio/steady_timer.hpp>

namespace fengsui::net {
class Runtime;
}

namespace fengsui::apps {

/// I/O thread; reading and compiling is done on the pool.
class TemplatePacks {
public:
    TemplatePacks(net::Runtime& runtime, const Settings& settings);

    /// Loads them, and again whenever their files have changed, until `end`. A pack that cannot be read is
    /// said in the log; the one before it stays.
    net::Task<> run();
    void end();

    [[nodiscard]] bool empty() const { return packs_.empty(); }
    /// Those enabled for the asset's unit that are loaded.
    [[nodiscard]] std::vector<std::shared_ptr<const pipeline::TemplateSet>> enabled_for(
        const model::Asset& asset
    ) const;

private:
    struct Pack {
        TemplatePackSetting setting;
        std::vector<std::string> units;                   ///< empty: all
        std::string stamp;                                ///< of the files that `set` was made of
        std::shared_ptr<const pipeline::TemplateSet> set; ///< shared with rounds under way
    };
    net::Task<> refresh(Pack& pack);

    net::Runtime& runtime_;
    const Settings& settings_;
    std::vector<Pack> packs_;
    boost::asio::steady_timer rest_;
    bool is_ended_ = false;
};

} // namespace fengsui::apps
