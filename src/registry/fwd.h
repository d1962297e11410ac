#pragma once

namespace fengsui::registry {
class OwnerIndex;
class ScopeAuthority;
struct ImportReading;
struct Problem;
struct RegistrySource;
} // namespace fengsui::registry
