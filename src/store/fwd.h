#pragma once

namespace fengsui::store {
class Database;
class DataDirLock;
class AuditStore;
class FindingStore;
class QueryStore;
class RegistryStore;
class RunStore;
class UserStore;
} // namespace fengsui::store
