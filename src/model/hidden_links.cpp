#include "model/hidden_links.h"

#include "base/text.h"
#include "model/html/style.h"
#include "model/html/tokenizer.h"
#include "model/integrity.h"
#include "model/public_suffix.h"

#include <algorithm>
#include <set>

namespace fengsui::model {

namespace {

constexpr std::size_t kMaxRead = std::size_t{1024} * 1024;
constexpr std::size_t kMaxOpen = 200;
constexpr std::size_t kMaxDomains = 200;
constexpr std::size_t kMaxBlocksKept = 200;
constexpr std::size_t kMaxUrls = 10;

bool is_void(std::string_view name) {
    constexpr std::string_view kVoid[] = {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "script",
        "source",
        "track",
        "wbr"}; // what a script writes must outlive its end tag
    return std::find(std::begin(kVoid), std::end(kVoid), name) != std::end(kVoid);
}

struct OpenElement {
    std::string name;
    std::size_t block = 0; ///< index of the block that its links belong to
};

class LinkScanner {
public:
    explicit LinkScanner(const HttpExchange& page) : page_(page.url), from_(page.url), text_(page.text()) {
        text_.resize(std::min(text_.size(), kMaxRead));
        blocks_.emplace_back();
    }

    std::vector<LinkBlock> scan() {
        collect_rules();
        HtmlTokenizer tokens(text_);
        while (const auto tag = tokens.next()) {
            take_tag(*tag);
            const bool writes = tag->name == "script" && !tag->is_end && !tag->attribute("src");
            if (writes && tag->raw_text.find("document.write") != std::string_view::npos) {
                take_written(written_markup(tag->raw_text));
            }
        }
        std::erase_if(blocks_, [this](const LinkBlock& block) {
            return &block != blocks_.data() && block.links == 0;
        });
        return std::move(blocks_);
    }

private:
    void collect_rules() {
        HtmlTokenizer tokens(text_);
        has_begun_ = true; // a page without <html> is inside from its beginning (HTML standard 4.1.1)
        while (const auto tag = tokens.next()) {
            if (tag->name == "html" && !tag->is_end) {
                has_begun_ = false;
            }
            if (tag->name == "style" && !tag->is_end) {
                rules_.add(tag->raw_text);
            } else if (tag->name == "script" && !tag->is_end) {
                for (auto& id : ids_switched_off(tag->raw_text)) {
                    switched_off_.insert(std::move(id));
                }
            } else if (tag->name == "base" && !tag->is_end) {
                const auto href = tag->attribute("href");
                from_ = href ? page_.resolve(*href).value_or(page_) : from_;
            }
        }
    }

    /// A script may open a hiding element and another close it: both go by one stack.
    void take_written(const std::string& markup) {
        is_written_ = true;
        HtmlTokenizer tokens(markup);
        while (const auto tag = tokens.next()) {
            take_tag(*tag);
        }
        is_written_ = false;
    }

    void take_tag(const HtmlTag& tag) {
        if (tag.name == "html") {
            has_begun_ = true;
            has_ended_ = tag.is_end;
            return;
        }
        if (tag.is_end) {
            leave(tag.name);
            return;
        }
        const auto block = enter(tag);
        if (tag.name == "a" || tag.name == "area") {
            if (const auto href = tag.attribute("href")) {
                add_link(*href, block);
            }
        }
    }

    std::size_t enter(const HtmlTag& tag) {
        std::size_t block = open_.empty() ? 0 : open_.back().block;
        std::string how;
        const auto hiding = hiding_of(tag, how);
        if (hiding != Hiding::none && (block == 0 || hiding > blocks_[block].hiding)
            && blocks_.size() < kMaxBlocksKept) {
            block = blocks_.size();
            LinkBlock made;
            made.hiding = hiding;
            made.how = std::move(how);
            made.is_written_by_script = is_written_;
            blocks_.push_back(std::move(made));
        }
        if (!is_void(tag.name) && open_.size() < kMaxOpen) {
            open_.push_back({tag.name, block});
        }
        return block;
    }

    void leave(std::string_view name) {
        const auto found = std::find_if(open_.rbegin(), open_.rend(), [name](const OpenElement& element) {
            return element.name == name;
        });
        if (found != open_.rend()) {
            open_.erase(std::next(found).base(), open_.end());
        }
    }

    [[nodiscard]] Hiding hiding_of(const HtmlTag& tag, std::string& how) const {
        const auto id = std::string(base::trim(tag.attribute("id").value_or("")));
        const auto classes = tag.attribute("class").value_or("");
        StyleHiding found = read_style(tag.attribute("style").value_or(""));
        take_rule(id.empty() ? std::string() : "#" + id, found);
        for (const auto name : base::split(classes, ' ')) {
            take_rule(name.empty() ? std::string() : "." + std::string(name), found);
        }
        const bool is_flat_marquee = tag.name == "marquee" && is_flat(tag);
        if (is_flat_marquee) {
            found = {Hiding::tricked, "marquee"};
        }
        if (found.hiding == Hiding::none && tag.attribute("hidden")) {
            found = {Hiding::switched_off, "hidden"};
        }
        const bool is_off_by_script = !id.empty() && switched_off_.contains(id);
        if (found.hiding == Hiding::none && is_off_by_script) {
            found = {Hiding::switched_off, "script"};
        }
        how = found.how;
        const bool is_addressed = (!id.empty() || !base::trim(classes).empty()) && !is_off_by_script;
        return found.hiding == Hiding::switched_off && !is_addressed ? Hiding::hard_to_show : found.hiding;
    }

    void take_rule(const std::string& selector, StyleHiding& found) const {
        const auto* rule = selector.empty() ? nullptr : rules_.find(selector);
        if (rule != nullptr && rule->hiding > found.hiding) {
            found = *rule;
        }
    }

    static bool is_flat(const HtmlTag& tag) {
        for (const auto* name : {"height", "width"}) {
            const auto size = tag.attribute(name);
            if (size && (*size == "0" || *size == "1" || *size == "2")) {
                return true;
            }
        }
        return false;
    }

    void add_link(const std::string& href, std::size_t index) {
        const auto url = from_.resolve(href);
        if (!url || is_same_registrable_domain(url->host, page_.host)) {
            return;
        }
        auto domain = registrable_domain(url->host);
        domain = domain.empty() ? url->host : domain;
        auto& block = blocks_[index];
        ++block.links;
        block.is_outside_document = block.is_outside_document || has_ended_ || !has_begun_;
        block.is_written_by_script = block.is_written_by_script || is_written_;
        if (block.urls.size() < kMaxUrls) {
            block.urls.push_back(base::shorten(url->str(), 200));
        }
        const bool is_known =
            std::find(block.domains.begin(), block.domains.end(), domain) != block.domains.end();
        if (!is_known && block.domains.size() < kMaxDomains) {
            block.domains.push_back(std::move(domain));
        }
    }

    Url page_;
    Url from_;
    std::string text_;
    HidingRules rules_;
    std::set<std::string> switched_off_;
    std::vector<LinkBlock> blocks_;
    std::vector<OpenElement> open_;
    bool is_written_ = false;
    bool has_begun_ = false;
    bool has_ended_ = false;
};

/// How many places, none of them linked openly, a block must lead to before it looks planted. 0: never.
std::size_t places_needed(const LinkBlock& block, bool has_baseline) {
    constexpr std::size_t kHidden = 5;
    constexpr std::size_t kTricked = 3;
    constexpr std::size_t kOdd = 2; // one hidden link after </html> is a visit counter's
    if (block.hiding == Hiding::none || block.hiding == Hiding::switched_off) {
        return 0;
    }
    if (block.is_outside_document || block.is_written_by_script) {
        return kOdd;
    }
    if (has_baseline) {
        return block.hiding == Hiding::tricked ? kOdd : kTricked;
    }
    return block.hiding == Hiding::tricked ? kTricked : kHidden;
}

} // namespace

std::string_view to_string(Hiding hiding) {
    constexpr std::string_view kNames[] = {"none", "switched_off", "hard_to_show", "tricked"};
    return kNames[static_cast<std::size_t>(hiding)];
}

std::vector<LinkBlock> link_blocks(const HttpExchange& page) {
    return page.is_html() ? LinkScanner(page).scan() : std::vector<LinkBlock>(1);
}

std::vector<LinkBlock> planted_blocks(
    const std::vector<LinkBlock>& blocks,
    bool (*is_known)(const void* context, const std::string& domain),
    const void* context
) {
    std::vector<LinkBlock> planted;
    const auto& open = blocks.front().domains;
    for (auto block : blocks) {
        std::erase_if(block.domains, [&](const std::string& domain) {
            return std::find(open.begin(), open.end(), domain) != open.end()
                   || (is_known != nullptr && is_known(context, domain));
        });
        const auto needed = places_needed(block, is_known != nullptr);
        if (needed > 0 && block.domains.size() >= needed) {
            planted.push_back(std::move(block));
        }
    }
    return planted;
}

std::vector<LinkBlock> planted_by(const PageBaseline& baseline, const std::vector<LinkBlock>& blocks) {
    auto planted = planted_blocks(blocks, nullptr, nullptr);
    if (!planted.empty() || !baseline.is_enough()) {
        return planted;
    }
    const auto is_known = [](const void* context, const std::string& domain) {
        return static_cast<const PageBaseline*>(context)->knows("d:" + domain);
    };
    return planted_blocks(blocks, is_known, &baseline);
}

} // namespace fengsui::model
