#include "model/page_shape.h"

#include "base/hash.h"
#include "base/text.h"
#include "model/html.h"
#include "model/html/tokenizer.h"
#include "model/public_suffix.h"

#include <algorithm>
#include <array>
#include <bit>

namespace fengsui::model {

namespace {

constexpr std::size_t kMaxShapeInput = std::size_t{1024} * 1024;
constexpr std::size_t kMaxFeatures = 800;
constexpr std::size_t kMaxBlocks = 500;
constexpr std::size_t kMinBlock = 6; // bytes: two Chinese characters; less is punctuation and counters

/// FNV-1a, 64 bits: short, and equal on every machine that shares a store.
std::uint64_t fnv(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return hash;
}

/// White space and digits left out: dates and counters change every day.
std::string settled(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c > ' ' && !base::is_digit(c)) {
            out += c;
        }
    }
    return out;
}

PageFeature hashed(char kind, std::string_view text) {
    std::string bytes;
    for (auto rest = fnv(text); bytes.size() < 6; rest >>= 8U) {
        bytes += static_cast<char>(rest & 0xFFU);
    }
    return std::string(1, kind) + ":" + base::hex(bytes);
}

class StructureHash {
public:
    void add(std::string_view tag) {
        recent_ = {recent_[1], recent_[2], std::string(tag)};
        const auto hash = fnv(recent_[0] + ">" + recent_[1] + ">" + recent_[2]);
        for (unsigned bit = 0; bit < 64; ++bit) {
            weights_[bit] += (hash >> bit & 1U) != 0 ? 1 : -1;
        }
    }
    [[nodiscard]] std::uint64_t value() const {
        std::uint64_t out = 0;
        for (unsigned bit = 0; bit < 64; ++bit) {
            out |= weights_[bit] > 0 ? std::uint64_t{1} << bit : 0;
        }
        return out;
    }

private:
    std::array<std::string, 3> recent_;
    std::array<int, 64> weights_{};
};

char reference_kind(const HtmlReference& reference) {
    const std::string_view element = reference.element;
    if (element == "a" || element == "area") {
        return 'd';
    }
    if (element == "form" || reference.attribute == "formaction") {
        return 'f';
    }
    const bool is_loaded = element == "script" || element == "iframe" || element == "frame"
                           || element == "object" || element == "embed"
                           || (element == "link" && base::icontains(reference.rel, "stylesheet"));
    return is_loaded ? 'r' : '\0';
}

/// Domains outside the page's own.
void add_domains(const HtmlFacts& facts, const Url& page, std::vector<PageFeature>& features) {
    Url from = page;
    if (!facts.base_href.empty()) {
        from = page.resolve(facts.base_href).value_or(page);
    }
    for (const auto& reference : facts.references) {
        const char kind = reference_kind(reference);
        const auto url = from.resolve(reference.url);
        if (kind == '\0' || !url || is_same_registrable_domain(url->host, page.host)) {
            continue;
        }
        const auto domain = registrable_domain(url->host);
        features.push_back(std::string(1, kind) + ":" + (domain.empty() ? url->host : domain));
    }
}

void add_texts(std::string_view text, PageShape& shape) {
    HtmlTokenizer tokens(text);
    StructureHash structure;
    std::size_t blocks = 0;
    while (const auto tag = tokens.next()) {
        if (!tag->is_end) {
            structure.add(tag->name);
        }
        const auto words = settled(tag->text_before);
        if (words.size() >= kMinBlock && blocks < kMaxBlocks) {
            shape.features.push_back(hashed('b', words));
            ++blocks;
        }
    }
    shape.structure = structure.value();
}

} // namespace

bool PageShape::has(const PageFeature& feature) const {
    return std::binary_search(features.begin(), features.end(), feature);
}

std::size_t PageShape::count(char kind) const {
    return static_cast<std::size_t>(std::count_if(
        features.begin(),
        features.end(),
        [kind](const PageFeature& feature) { return feature.front() == kind; }
    ));
}

PageShape shape_of(const HttpExchange& page) {
    PageShape shape;
    shape.is_page = page.outcome.is_completed() && page.status >= 200 && page.status < 300 && page.is_html()
                    && !page.body.empty();
    if (!shape.is_page) {
        return shape;
    }
    const auto text = page.text();
    const auto facts = read_html(text);
    shape.title = facts.title;
    if (const auto title = settled(facts.title); !title.empty()) {
        shape.features.push_back(hashed('t', title));
    }
    add_domains(facts, page.url, shape.features);
    add_texts(std::string_view(text).substr(0, kMaxShapeInput), shape);
    auto& features = shape.features;
    std::sort(features.begin(), features.end());
    features.erase(std::unique(features.begin(), features.end()), features.end());
    features.resize(std::min(features.size(), kMaxFeatures));
    return shape;
}

unsigned structure_distance(std::uint64_t a, std::uint64_t b) {
    return static_cast<unsigned>(std::popcount(a ^ b));
}

double difference(const PageShape& a, const PageShape& b, char kind) {
    std::size_t common = 0;
    for (const auto& feature : a.features) {
        common += feature.front() == kind && b.has(feature) ? 1 : 0;
    }
    const auto all = a.count(kind) + b.count(kind) - common;
    return all == 0 ? 0 : 1 - static_cast<double>(common) / static_cast<double>(all);
}

ViewDifference view_difference(const PageShape& a, const PageShape& b) {
    constexpr double kNearlyAll = 0.9;
    constexpr unsigned kOtherStructure = 16;
    ViewDifference found;
    if (!a.is_page || !b.is_page) {
        return found;
    }
    for (const auto& feature : b.features) {
        if ((feature.front() == 'd' || feature.front() == 'r' || feature.front() == 'f') && !a.has(feature)) {
            found.domains.push_back(feature.substr(2));
        }
    }
    std::sort(found.domains.begin(), found.domains.end());
    found.domains.erase(std::unique(found.domains.begin(), found.domains.end()), found.domains.end());
    found.is_other_page = difference(a, b, 't') > 0 && difference(a, b, 'b') >= kNearlyAll
                          && structure_distance(a.structure, b.structure) >= kOtherStructure;
    return found;
}

} // namespace fengsui::model
