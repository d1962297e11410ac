// Whose is this address or name? Answered from memory, built once, never changed: any thread.
#pragma once

#include "model/registry.h"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace fengsui::registry {

enum class MatchKind : std::uint8_t { prefix, address, name, suffix };
std::string_view to_string(MatchKind kind);

/// Points into the RegistryData that the index was built from.
struct Owner {
    const model::Asset* asset = nullptr; ///< its unit and its value, the entry that says so
    MatchKind how = MatchKind::name;
};

/// Longest prefix match for addresses; the nearest registered name above for names.
class OwnerIndex {
public:
    /// `data` outlives the index.
    explicit OwnerIndex(const model::RegistryData& data);
    ~OwnerIndex();
    OwnerIndex(OwnerIndex&&) noexcept;
    OwnerIndex& operator=(OwnerIndex&&) noexcept;

    [[nodiscard]] std::optional<Owner> find(const model::IpAddress& address) const;
    /// As `find`, of many: memory is asked for all of them together.
    void find(std::span<const model::IpAddress> addresses, std::span<std::optional<Owner>> owners) const;
    /// `name` is a lower-case A-label without trailing dot (model::normalise_host).
    [[nodiscard]] std::optional<Owner> find_name(std::string_view name) const;
    /// An address, name or URL as a person writes it; the error says what is wrong with it.
    [[nodiscard]] base::Result<std::optional<Owner>> find_text(std::string_view text) const;

private:
    struct Tables;
    std::unique_ptr<const Tables> tables_;
};

} // namespace fengsui::registry
