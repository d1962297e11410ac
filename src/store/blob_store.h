// Bytes of documents and attachments: files named by their SHA-256, outside the database. Blocking.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace fengsui::store {

class BlobStore {
public:
    /// Keeps its files below DIR/documents.
    explicit BlobStore(const std::filesystem::path& data_dir) : root_(data_dir / "documents") {}

    /// On the disk when it returns: write first, then the record that names it. Returns the SHA-256 in hex.
    /// A file that no record names is harmless. Throws io.
    std::string put(std::string_view bytes);
    /// Nothing when there is no such file; throws corrupt when the bytes are not those of the name.
    [[nodiscard]] std::optional<std::string> get(std::string_view sha256) const;

private:
    [[nodiscard]] std::filesystem::path path_of(std::string_view sha256) const;
    std::filesystem::path root_;
};

} // namespace fengsui::store
