#include "base/pattern.h"

#include <re2/re2.h>

namespace fengsui::base {

struct Pattern::Program {
    explicit Program(std::string_view text, const RE2::Options& options)
        : expression(re2::StringPiece(text.data(), text.size()), options) {}
    RE2 expression;
};

Pattern::Pattern(std::unique_ptr<Program> program) : program_(std::move(program)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(std::string_view text) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(std::int64_t{1024} * 1024);
    options.set_encoding(RE2::Options::EncodingLatin1); // bytes: a script's charset does not matter here
    auto program = std::make_unique<Program>(text, options);
    if (!program->expression.ok()) {
        return Error(ErrorCode::invalid_argument, program->expression.error());
    }
    return Pattern(std::move(program));
}

std::optional<std::string> Pattern::find(std::string_view text) const {
    const auto& expression = program_->expression;
    const re2::StringPiece piece(text.data(), text.size());
    re2::StringPiece groups[2];
    const int wanted = expression.NumberOfCapturingGroups() > 0 ? 2 : 1;
    if (!expression.Match(piece, 0, piece.size(), RE2::UNANCHORED, groups, wanted)) {
        return std::nullopt;
    }
    return wanted == 2 && groups[1].data() != nullptr ? std::string(groups[1].data(), groups[1].size())
                                                      : std::string();
}

} // namespace fengsui::base
