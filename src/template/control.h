// Whether a site answers a hit's request for something that cannot be there in the same way (soft 404,
// catch-all, redirect of everything): then the hit says nothing. Private to the module.
#pragma once

#include "template/execution.h"

#include <map>

namespace fengsui::templates {

/// What is known of a hit.
enum class Standing : std::uint8_t {
    stands,  ///< nothing there speaks against it
    unknown, ///< the site gives the same for what cannot be there
    open,    ///< a control has to be asked first
};

/// The asset as written, or the site's front page: pages that are there.
bool is_own_page(const HttpRequest& sent, const Target& target);

/// The request that a control of `sent` is: a name that nobody gave beside the one that was asked for.
/// Nothing: what was asked for is the asset's own page, which is there.
std::optional<HttpRequest> control_request(
    const HttpRequest& sent, const Target& target, std::string_view word
);

/// The controls of one target, each asked once.
class Controls {
public:
    /// `may_ask`: a page that should not exist may be asked for (class careful).
    Controls(const Target& target, std::uint64_t seed, bool may_ask);

    /// An answer to a template's request. Without leave to ask, that of the asset's own page serves as
    /// control of the other passive paths.
    void note(const HttpRequest& request, const Hops& hops);
    /// Of a hit; when open, `next` has the control to ask.
    [[nodiscard]] Standing judge(const Hit& hit);
    /// The control that judge() wants; nothing when it wants none.
    [[nodiscard]] const PlannedRequest* next() const { return wanted_ ? &*wanted_ : nullptr; }
    /// Its answer; empty: none came, and hits stand.
    void answer(const Hops& hops);
    [[nodiscard]] std::size_t asked() const { return answers_.size(); }

private:
    [[nodiscard]] const Hops* find(HttpRequest request);

    const Target target_;
    std::string word_;
    bool may_ask_;
    Hops front_;
    std::map<std::string, Hops> answers_; ///< by key
    std::optional<PlannedRequest> wanted_;
};

/// A firewall's or a front server's page of refusal, whatever its status.
bool is_block_page(const ResponseFacts& facts);

/// What a template sees of a chain that was followed for others, too.
Hops visible_hops(const Hops& hops, const HttpRequest& request);

} // namespace fengsui::templates
