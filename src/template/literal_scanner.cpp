#include "template/literal_scanner.h"

#include "base/error.h"

#include <fmt/format.h>
#include <hs/hs.h>

#include <limits>

namespace fengsui::templates {

class LiteralScanner::Body {
public:
    explicit Body(const std::vector<Literal>& literals) {
        if (literals.empty()) {
            return;
        }
        std::vector<const char*> texts;
        std::vector<unsigned> flags;
        std::vector<unsigned> numbers;
        std::vector<std::size_t> sizes;
        for (std::size_t i = 0; i < literals.size(); ++i) {
            texts.push_back(literals[i].bytes.data());
            sizes.push_back(literals[i].bytes.size());
            flags.push_back(HS_FLAG_SINGLEMATCH | (literals[i].ignores_case ? HS_FLAG_CASELESS : 0U));
            numbers.push_back(static_cast<unsigned>(i));
        }
        hs_compile_error_t* failure = nullptr;
        const auto status = hs_compile_lit_multi(
            texts.data(),
            flags.data(),
            numbers.data(),
            sizes.data(),
            static_cast<unsigned>(literals.size()),
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
        FENGSUI_CHECK(hs_alloc_scratch(database_, &scratch_) == HS_SUCCESS, "no memory for a literal scan");
    }
    ~Body() {
        hs_free_scratch(scratch_);
        hs_free_database(database_);
    }
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;

    void scan(std::string_view text, std::vector<std::uint64_t>& found) const {
        if (database_ == nullptr || text.empty()) {
            return;
        }
        constexpr std::size_t kMaxText = std::numeric_limits<unsigned>::max();
        const auto size = static_cast<unsigned>(text.size() < kMaxText ? text.size() : kMaxText);
        hs_scan(database_, text.data(), size, 0, scratch_, note, &found);
    }

private:
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

LiteralScanner::LiteralScanner(const std::vector<Literal>& literals)
    : body_(std::make_unique<Body>(literals)) {}
LiteralScanner::~LiteralScanner() = default;

void LiteralScanner::scan(std::string_view text, std::vector<std::uint64_t>& found) const {
    body_->scan(text, found);
}

} // namespace fengsui::templates
