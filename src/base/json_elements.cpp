#include "base/json_elements.h"

#include <fmt/format.h>

namespace fengsui::base {

namespace {

/// Follows brackets and strings; knows nothing of numbers and words, which the parser of an element judges.
class ElementCutter {
public:
    ElementCutter(std::string_view member, std::size_t limit, const std::function<bool(const Json&)>& take)
        : member_(member), limit_(limit), take_(take) {}

    /// False when no more is wanted, or after a failure.
    bool feed(std::string_view piece) {
        for (const char c : piece) {
            step(c);
            ++place_.offset;
            place_.line += c == '\n' ? 1 : 0;
            if (failure_ || is_done_) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] Result<std::uint64_t> finish() {
        if (!failure_ && !is_done_ && (depth_ != 0 || !has_begun_)) {
            fail("the text ends in the middle; it is cut short");
        }
        if (!failure_ && !is_done_ && !has_array_) {
            fail(fmt::format("there is no list \"{}\"", member_));
        }
        return failure_ ? Result<std::uint64_t>(*failure_) : Result<std::uint64_t>(count_);
    }

private:
    void fail(const std::string& what) {
        failure_.emplace(ErrorCode::invalid_argument, fmt::format("{}: {}", place_.str(), what));
    }

    void step(char c) {
        if (in_element_) {
            if (element_.size() >= limit_) {
                fail(fmt::format("an element of \"{}\" is larger than {} bytes", member_, limit_));
                return;
            }
            element_ += c;
        }
        if (in_string_) {
            step_in_string(c);
            return;
        }
        switch (c) {
        case '"':
            in_string_ = true;
            string_.clear();
            break;
        case '{':
        case '[':
            enter(c);
            break;
        case '}':
        case ']':
            leave();
            break;
        case ':':
            key_ = depth_ == 1 ? string_ : key_;
            break;
        default:
            break;
        }
    }

    void step_in_string(char c) {
        constexpr std::size_t kLongestKey = 64;
        if (is_escaped_) {
            is_escaped_ = false;
        } else if (c == '\\') {
            is_escaped_ = true;
        } else if (c == '"') {
            in_string_ = false;
            return;
        }
        if (depth_ == 1 && string_.size() < kLongestKey) {
            string_ += c;
        }
    }

    void enter(char c) {
        has_begun_ = true;
        ++depth_;
        if (depth_ > kDeepest) {
            fail("nested too deeply");
        } else if (depth_ == 2 && c == '[' && key_ == member_) {
            in_array_ = true;
            has_array_ = true;
        } else if (depth_ == 3 && in_array_ && !in_element_) {
            in_element_ = true;
            element_.assign(1, c);
        }
    }

    void leave() {
        if (depth_ == 0) {
            fail("a closing bracket without an opening one");
            return;
        }
        --depth_;
        if (depth_ == 2 && in_element_) {
            hand_out();
        } else if (depth_ == 1) {
            in_array_ = false;
        }
    }

    void hand_out() {
        in_element_ = false;
        const auto json = parse_json(element_);
        if (!json) {
            fail(json.error().message());
            return;
        }
        ++count_;
        is_done_ = !take_(*json);
    }

    static constexpr unsigned kDeepest = 200;

    std::string member_;
    std::size_t limit_;
    const std::function<bool(const Json&)>& take_;
    TextPlace place_;
    std::string element_;
    std::string string_;
    std::string key_;
    std::optional<Error> failure_;
    std::uint64_t count_ = 0;
    unsigned depth_ = 0;
    bool in_string_ = false;
    bool is_escaped_ = false;
    bool in_array_ = false;
    bool in_element_ = false;
    bool has_array_ = false;
    bool has_begun_ = false;
    bool is_done_ = false;
};

} // namespace

std::string TextPlace::str() const {
    return fmt::format("line {}, byte {}", line, offset);
}

Result<std::uint64_t> each_json_element(
    const TextSource& source,
    std::string_view member,
    std::size_t limit,
    const std::function<bool(const Json&)>& take
) {
    ElementCutter cutter(member, limit, take);
    for (auto piece = source(); !piece.empty(); piece = source()) {
        if (!cutter.feed(piece)) {
            break;
        }
    }
    return cutter.finish();
}

} // namespace fengsui::base
