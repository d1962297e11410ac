#include "template/literal_scanner.h"

#include "base/error.h"

#include <fmt/format.h>
#include <hs/hs.h>

#include <limits>

namespace fengsui::templates {

namespace {

/// More are not believed: the set is too strange to be looked at together.
constexpr std::size_t kMaxDropped = 64;

/// What is compiled together, in vectorscan's form.
struct Sources {
    std::vector<std::string> texts;
    std::vector<unsigned> flags;
    std::vector<unsigned> numbers;

    void add(const Literal& literal, std::size_t number, unsigned more) {
        texts.push_back(literal.bytes);
        flags.push_back(HS_FLAG_SINGLEMATCH | more | (literal.ignores_case ? HS_FLAG_CASELESS : 0U));
        numbers.push_back(static_cast<unsigned>(number));
    }
    void remove(std::size_t at) {
        const auto place = static_cast<std::ptrdiff_t>(at);
        texts.erase(texts.begin() + place);
        flags.erase(flags.begin() + place);
        numbers.erase(numbers.begin() + place);
    }
    [[nodiscard]] std::vector<const char*> pointers() const {
        std::vector<const char*> out;
        for (const auto& text : texts) {
            out.push_back(text.data());
        }
        return out;
    }
};

/// One database and its scratch.
class Database {
public:
    Database() = default;
    ~Database() {
        hs_free_scratch(scratch_);
        hs_free_database(database_);
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void compile_literals(const Sources& sources) {
        if (sources.texts.empty()) {
            return;
        }
        std::vector<std::size_t> sizes;
        for (const auto& text : sources.texts) {
            sizes.push_back(text.size());
        }
        hs_compile_error_t* failure = nullptr;
        const auto status = hs_compile_lit_multi(
            sources.pointers().data(),
            sources.flags.data(),
            sources.numbers.data(),
            sizes.data(),
            static_cast<unsigned>(sizes.size()),
            HS_MODE_BLOCK,
            nullptr,
            &database_,
            &failure
        );
        if (status != HS_SUCCESS) {
            const std::string message = failure != nullptr ? failure->message : "unknown";
            hs_free_compile_error(failure);
            throw base::Error(
                base::ErrorCode::internal, fmt::format("the literals do not compile: {}", message)
            );
        }
        allocate();
    }

    /// Those that do not compile are handed back: they are for ever seen.
    std::vector<unsigned> compile_patterns(Sources sources) {
        std::vector<unsigned> dropped;
        while (!sources.texts.empty()) {
            hs_compile_error_t* failure = nullptr;
            const auto status = hs_compile_multi(
                sources.pointers().data(),
                sources.flags.data(),
                sources.numbers.data(),
                static_cast<unsigned>(sources.texts.size()),
                HS_MODE_BLOCK,
                nullptr,
                &database_,
                &failure
            );
            if (status == HS_SUCCESS) {
                allocate();
                return dropped;
            }
            const int at = failure != nullptr ? failure->expression : -1;
            hs_free_compile_error(failure);
            if (at < 0 || dropped.size() >= kMaxDropped) {
                dropped.insert(dropped.end(), sources.numbers.begin(), sources.numbers.end());
                return dropped;
            }
            dropped.push_back(sources.numbers[static_cast<std::size_t>(at)]);
            sources.remove(static_cast<std::size_t>(at));
        }
        return dropped;
    }

    void scan(std::string_view text, std::vector<std::uint64_t>& found) const {
        if (database_ == nullptr || text.empty()) {
            return;
        }
        constexpr std::size_t kMaxText = std::numeric_limits<unsigned>::max();
        const auto size = static_cast<unsigned>(text.size() < kMaxText ? text.size() : kMaxText);
        hs_scan(database_, text.data(), size, 0, scratch_, note, &found);
    }

private:
    void allocate() {
        FENGSUI_CHECK(hs_alloc_scratch(database_, &scratch_) == HS_SUCCESS, "no memory for a scan");
    }
    static int note(
        unsigned number,
        unsigned long long /*from*/,
        unsigned long long /*to*/,
        unsigned /*flags*/,
        void* context
    ) {
        auto& found = *static_cast<std::vector<std::uint64_t>*>(context);
        found[number / 64] |= std::uint64_t{1} << (number % 64);
        return 0;
    }

    hs_database_t* database_ = nullptr;
    hs_scratch_t* scratch_ = nullptr;
};

} // namespace

class LiteralScanner::Body {
public:
    explicit Body(const std::vector<Literal>& literals) {
        Sources plain;
        Sources patterns;
        for (std::size_t i = 0; i < literals.size(); ++i) {
            if (literals[i].is_pattern) {
                patterns.add(literals[i], i, HS_FLAG_PREFILTER | HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY);
            } else {
                plain.add(literals[i], i, 0);
            }
        }
        literals_.compile_literals(plain);
        all_patterns_ = patterns.numbers;
        always_ = patterns_.compile_patterns(std::move(patterns));
    }

    void scan(std::string_view text, bool is_clean, std::vector<std::uint64_t>& found) const {
        literals_.scan(text, found);
        // A vertical tab is a blank there and none in Go; without valid UTF-8 nothing is promised.
        const bool is_strange = !is_clean || text.find('\v') != std::string_view::npos;
        for (const auto number : is_strange ? all_patterns_ : always_) {
            found[number / 64] |= std::uint64_t{1} << (number % 64);
        }
        if (!is_strange) {
            patterns_.scan(text, found);
        }
    }

private:
    Database literals_;
    Database patterns_;
    std::vector<unsigned> all_patterns_;
    std::vector<unsigned> always_;
};

LiteralScanner::LiteralScanner(const std::vector<Literal>& literals)
    : body_(std::make_unique<Body>(literals)) {}
LiteralScanner::~LiteralScanner() = default;

void LiteralScanner::scan(std::string_view text, bool is_clean, std::vector<std::uint64_t>& found) const {
    body_->scan(text, is_clean, found);
}

} // namespace fengsui::templates
