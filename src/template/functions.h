// The helper functions of expressions, in tables by theme.
#pragma once

#include "template/dsl.h"

#include <span>

namespace fengsui::templates {

/// Arguments of one call, texts on demand.
class Arguments {
public:
    Arguments(std::span<const Value> values, Environment& environment)
        : values_(values), environment_(&environment) {}

    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] const Value& operator[](std::size_t index) const { return values_[index]; }
    /// Functions see numbers and bools as text, too.
    [[nodiscard]] std::string text(std::size_t index) const { return values_[index].to_text(); }
    /// As a whole number: a number cut, or a text that is one.
    [[nodiscard]] base::Result<std::int64_t> whole(std::size_t index) const;
    [[nodiscard]] Environment& environment() const { return *environment_; }
    [[nodiscard]] std::span<const Value> values() const { return values_; }

private:
    std::span<const Value> values_;
    Environment* environment_;
};

constexpr std::size_t kAnyCount = 1000;

struct Function {
    std::string_view name;
    std::size_t min = 0;
    std::size_t max = 0;
    base::Result<Value> (*call)(const Arguments& arguments) = nullptr;
    std::string_view refusal{}; ///< why templates may not call it; empty: they may
};

base::Error function_error(std::string_view what);
/// Results above this are refused: `repeat` and friends must not fill the memory.
constexpr std::size_t kMaxResult = 4U << 20U;

std::span<const Function> text_functions();
std::span<const Function> search_functions();
std::span<const Function> codec_functions();
std::span<const Function> digest_functions();
std::span<const Function> random_functions();
std::span<const Function> number_functions();
std::span<const Function> refused_functions();

/// Hex form of md5, sha1 or sha256.
std::string body_digest(std::string_view algorithm, std::string_view bytes);

/// hashicorp/go-version: does `version` hold to all comma-separated constraints? The error: not readable.
base::Result<bool> version_satisfies(std::string_view version, std::string_view constraints);

/// MurmurHash3 x86 32 with seed 0, as favicon hashes are written.
std::int32_t murmur3(std::string_view bytes);

} // namespace fengsui::templates
