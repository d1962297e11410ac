// Private keys that protect nothing: they exist so that ranges are the same everywhere and start at once.
#pragma once

#include <string_view>

namespace fengsui::range {

enum class TestKey { root, intermediate, stranger, leaf, short_leaf, published };

/// PEM. `published` is content/test_keys/published_key.pem, whose public half our lists of compromised keys
/// name.
std::string_view test_key_pem(TestKey key);

} // namespace fengsui::range
