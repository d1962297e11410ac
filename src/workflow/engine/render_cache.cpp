#include "workflow/engine/render_cache.h"

#include <deque>
#include <mutex>

namespace fengsui::workflow {

namespace {

constexpr std::size_t kKept = 32;

/// What was rendered last; welded to its mutex.
class Cache {
public:
    std::shared_ptr<const RenderedDocument> find(const std::string& digest) {
        const std::lock_guard lock(mutex_);
        for (const auto& one : kept_) {
            if (one->body_sha256 == digest) {
                return one;
            }
        }
        return nullptr;
    }
    void add(std::shared_ptr<const RenderedDocument> one) {
        const std::lock_guard lock(mutex_);
        kept_.push_front(std::move(one));
        if (kept_.size() > kKept) {
            kept_.pop_back();
        }
    }

private:
    std::mutex mutex_;
    std::deque<std::shared_ptr<const RenderedDocument>> kept_;
};

Cache& cache() {
    static Cache the_cache;
    return the_cache;
}

} // namespace

std::shared_ptr<const RenderedDocument> render(const DocumentText& text) {
    auto digest = body_sha256(text);
    if (auto found = cache().find(digest)) {
        return found;
    }
    auto made = std::make_shared<RenderedDocument>();
    made->html = to_html(text);
    made->pdf = to_pdf(text);
    made->body_sha256 = std::move(digest);
    cache().add(made);
    return made;
}

} // namespace fengsui::workflow
